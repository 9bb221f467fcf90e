/** Which files a space accepts, and why a file is rejected before it is uploaded. Pure. */
import { listed, size } from "../lib/format.js";
import { t } from "../lib/text.js";

const KINDS = ["image", "audio", "video"];
const LONGEST_NAME = 255; // bytes; the limit of file systems and of the gateway
// Browsers do not know the type of every file; these extensions are common.
const BY_ENDING = { flac: "audio/flac", m4a: "audio/mp4", mkv: "video/x-matroska", md: "text/markdown", heic: "image/heic", opus: "audio/ogg" };

/** The media type of a file, from the browser or from its extension. */
export function typeOf({ type, name }) {
  const bare = (type ?? "").split(";")[0].trim().toLowerCase();
  return bare || (BY_ENDING[name.split(".").at(-1).toLowerCase()] ?? "application/octet-stream");
}

/** "image", "audio" or "video"; otherwise "file". */
export const kindOf = (type) => KINDS.find((kind) => type.startsWith(`${kind}/`)) ?? "file";

/** Whether a space accepts recorded sound. */
export const acceptsAudio = (rules) => Boolean(rules) && isAccepted("audio/wav", rules.accept);

/** The `accept` attribute of the file input. */
export const acceptAttribute = ({ accept }) => (accept.some((each) => each.startsWith("*")) ? null : accept.join(","));

/** Why a file is rejected, as a sentence; null if it is accepted. */
export function refusalOf(file, rules, count) {
  const { name } = file;
  if (count >= rules.max_files) return t("files.too_many", { name, count: rules.max_files });
  if (file.size === 0) return t("files.nothing_in", { name });
  if (file.size > rules.max_file_bytes) return t("files.too_large", { name, over: size(file.size - rules.max_file_bytes), limit: size(rules.max_file_bytes) });
  if (!isAccepted(typeOf(file), rules.accept)) return t("files.wrong_type", { name, types: typeWords(rules) });
  return null;
}

/** A file name without invisible characters, some of which would reverse "exe.png". */
export const visibleName = (name) => name.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "") || "file";

/** Shorten a name to the limit, keeping its extension. */
export function shortenName(name) {
  const plain = visibleName(name.split(/[/\\]/).at(-1));
  const ending = /\.[^.]{1,12}$/.exec(plain)?.[0] ?? "";
  const letters = Array.from(plain.slice(0, plain.length - ending.length));
  while (bytes(letters.join("") + ending) > LONGEST_NAME) letters.pop();
  return letters.join("") + ending;
}

/** What a space accepts, in words: "images, WAV, MP3". */
export function typeWords({ accept }) {
  if (accept.some((each) => each.startsWith("*"))) return t("files.any");
  const wide = KINDS.filter((kind) => accept.includes(`${kind}/*`));
  const narrow = accept.filter((each) => !each.endsWith("/*")).map((each) => each.split("/").at(-1).replace(/^x-/, "").toUpperCase());
  return listed([...wide.map((kind) => t(`files.kinds.${kind}`)), ...narrow]);
}

/** All file limits of a space in one line. */
export function limitWords(rules) {
  const values = { types: typeWords(rules), count: rules.max_files, limit: size(rules.max_file_bytes) };
  return t("files.limits", values);
}

const bytes = (text) => new TextEncoder().encode(text).length;

const isAccepted = (type, accept) =>
  accept.some((each) => each === "*/*" || each === "*" || each === type || (each.endsWith("/*") && type.startsWith(each.slice(0, -1))));
