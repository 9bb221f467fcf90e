/** The fields of a space's settings: their controls, limits and units. */
import { limitFields, numberField } from "../lib/limit_fields.js";

const KB = 1024;
const MB = 1024 * KB;

const takesFiles = ({ features }) => features.some((feature) => feature !== "prompt" && feature !== "call");

/**
 * The fields by group, in the order of the form.
 * @type {{ name: string, fields: ({ name: string } & Record<string, any>)[] }[]}
 */
export const GROUPS = [
  {
    name: "looks",
    fields: [
      { name: "space", kind: "text", required: true, max: 48, pattern: /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, onlyNew: true },
      { name: "title", kind: "text", max: 100 },
      { name: "description", kind: "long", max: 2000 },
    ],
  },
  {
    name: "about",
    fields: [
      { name: "about", kind: "long", max: 20_000, rows: 8 },
      { name: "model", kind: "text", max: 200 },
      { name: "licence", kind: "text", max: 200 },
      { name: "links", kind: "links", each: isLink },
      { name: "examples", kind: "examples" },
    ],
  },
  {
    name: "takes",
    fields: [
      { name: "features", kind: "checks", options: ["prompt", "call", "image", "audio", "video", "file"], texts: "admin.feature", required: true },
      numberField("max_input_bytes", "kilobytes", 1, 4096, { scale: KB }),
      numberField("max_files", "files", 1, 10, { shownIf: takesFiles }),
      numberField("max_file_bytes", "megabytes", 1, 5119, { scale: MB, shownIf: takesFiles }),
      { name: "accept", kind: "lines", empty: null, shownIf: takesFiles },
    ],
  },
  {
    name: "who",
    fields: [
      { name: "visibility", kind: "radio", options: ["public", "members", "private"], texts: "admin.visibility", described: true },
      { name: "members", kind: "lines", shownIf: ({ visibility }) => visibility === "private" },
      { name: "disabled", kind: "switch" },
    ],
  },
  {
    name: "queue",
    fields: [
      numberField("timeout_seconds", "seconds", 1, 3600),
      numberField("queue_timeout_seconds", "seconds", 1, 86_400),
      numberField("max_queue_length", "requests", 1, 1_000_000),
      { name: "when_offline", kind: "radio", options: ["queue", "refuse"], texts: "admin.when_offline" },
      numberField("max_workers", "workers", 1, 20),
      { name: "prefetch", kind: "switch" },
    ],
  },
  {
    name: "limits",
    fields: [
      numberField("requests_per_minute", "per_minute", 1, 100_000, { empty: null }),
      { kind: "title", name: "user_limits" },
      ...limitFields("user_limits"),
      { kind: "title", name: "anonymous_limits", shownIf: isPublic },
      ...limitFields("anonymous_limits", { shownIf: isPublic }),
    ],
  },
  { name: "embed", fields: [{ name: "embed_origins", kind: "lines", each: isOrigin }] },
];

/** What a new space is asked for first; the other fields are advanced. */
export const BASICS = ["space", "template", "visibility", "members"];

/** What a new space takes, by its template. */
export const TEMPLATES = {
  text: ["prompt"],
  chat: ["prompt", "call"],
  image: ["prompt", "image"],
  speech: ["audio"],
  any: ["prompt", "image", "audio", "video", "file"],
};

/** The field that chooses a template; it is no setting of its own. */
export const TEMPLATE = { name: "template", kind: "radio", options: Object.keys(TEMPLATES), texts: "admin.template", described: true };

/** The fields of all groups that hold a value. */
export const FIELDS = GROUPS.flatMap((group) => group.fields).filter((field) => field.kind !== "title");

/** The initial settings of a new space. */
export const NEW_SPACE = {
  space: "",
  title: "",
  description: "",
  about: "",
  model: "",
  licence: "",
  links: [],
  examples: null,
  features: ["prompt"],
  accept: null,
  max_files: 1,
  max_file_bytes: 100 * MB,
  max_input_bytes: 256 * KB,
  visibility: "public",
  members: [],
  timeout_seconds: 120,
  queue_timeout_seconds: 3600,
  max_queue_length: 1000,
  max_workers: 1,
  when_offline: "queue",
  prefetch: false,
  requests_per_minute: null,
  user_limits: { requests_per_minute: 60, max_waiting: 100, upload_bytes_per_day: 10_240 * MB },
  anonymous_limits: { requests_per_minute: 30, max_waiting: 20, upload_bytes_per_day: 1024 * MB },
  embed_origins: [],
  disabled: false,
};

function isPublic({ visibility }) {
  return visibility === "public";
}

function isLink({ title, url }) {
  return title !== "" && URL.canParse(url) && url.startsWith("https://");
}

function isOrigin(text) {
  return URL.canParse(text) && new URL(text).origin === text && text.startsWith("https://");
}
