/** Which files a space accepts, and why a file is rejected before it is uploaded. Pure. */
import { listed, size } from "../lib/format.js";
import { endingOf, endingsOf, isAccepted, namesOf, typeOfFile, usualName } from "./media_types.js";
import { t } from "../lib/text.js";
import { visibleName } from "../lib/visible_name.js";

const KINDS = ["image", "audio", "video"];
const LONGEST_NAME = 255; // bytes; the limit of file systems and of the gateway

/** "image", "audio" or "video"; otherwise "file". */
export const kindOf = (type) => KINDS.find((kind) => usualName(type).startsWith(`${kind}/`)) ?? "file";

/** Whether a space accepts recorded sound. */
export const acceptsAudio = (rules) => Boolean(rules) && isAccepted("audio/wav", rules.accept);

/** The `accept` attribute of the file input: types by all their names, and by the endings that belong to them. */
export function acceptAttribute({ accept }) {
  if (accept.some((each) => each.startsWith("*"))) return null;
  const all = accept.flatMap((each) => [each, ...namesOf(each), ...endingsOf(each).map((ending) => `.${ending}`)]);
  return Array.from(new Set(all)).join(",");
}

/** Why a file is rejected, as a sentence; null if it is accepted. */
export function refusalOf(file, rules, count) {
  const { name } = file;
  if (count >= rules.max_files) return t("files.too_many", { name, count: rules.max_files });
  if (file.size === 0) return t("files.nothing_in", { name });
  if (file.size > rules.max_file_bytes) return t("files.too_large", { name, over: size(file.size - rules.max_file_bytes), limit: size(rules.max_file_bytes) });
  if (!isAccepted(typeOfFile(file), rules.accept)) return t("files.wrong_type", { name, types: typeWords(rules) });
  return null;
}

/** Shorten a name to the limit, keeping its extension. */
export function shortenName(name) {
  const plain = visibleName(name.split(/[/\\]/).at(-1));
  const ending = /\.[^.]{1,12}$/.exec(plain)?.[0] ?? "";
  const letters = Array.from(plain.slice(0, plain.length - ending.length));
  while (bytes(letters.join("") + ending) > LONGEST_NAME) letters.pop();
  return letters.join("") + ending;
}

/** Whether a text consists of the names, paths or addresses of files, as file managers copy them. */
export function areNamesOf(text, files) {
  const names = new Set(files.map(({ name }) => name));
  const lines = text.split(/[\r\n]+/).map((line) => line.trim()).filter(Boolean);
  return lines.every((line) => names.has(lastStepOf(line)));
}

function lastStepOf(path) {
  const step = path.split(/[/\\]/).at(-1);
  if (!/^file:/i.test(path)) return step;
  try {
    return decodeURIComponent(step);
  } catch {
    return step; // a percent sign that encodes nothing
  }
}

/** What a space accepts, in words: "images, WAV, MP3". */
export function typeWords({ accept }) {
  if (accept.some((each) => each.startsWith("*"))) return t("files.any");
  const wide = KINDS.filter((kind) => accept.includes(`${kind}/*`));
  const narrow = new Set(accept.filter((each) => !each.endsWith("/*")).map(shortNameOf));
  return listed([...wide.map((kind) => t(`files.kinds.${kind}`)), ...narrow]);
}

const shortNameOf = (type) => (endingOf(type) ?? type.split("/").at(-1).replace(/^x-/, "")).toUpperCase();

/** All file limits of a space in one line. */
export function limitWords(rules) {
  const values = { types: typeWords(rules), count: rules.max_files, limit: size(rules.max_file_bytes) };
  return t("files.limits", values);
}

const bytes = (text) => new TextEncoder().encode(text).length;
