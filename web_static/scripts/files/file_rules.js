/** Which files a space takes, and why one is refused, before anything is sent. Pure. */
import { listed, size } from "../lib/format.js";
import { t } from "../lib/text.js";

const KINDS = ["image", "audio", "video"];
const LONGEST_NAME = 255; // bytes, as file systems and the gateway have it
// Browsers do not know the type of every file; these endings are common.
const BY_ENDING = { flac: "audio/flac", m4a: "audio/mp4", mkv: "video/x-matroska", md: "text/markdown", heic: "image/heic", opus: "audio/ogg" };

/** The media type of a file, by what the browser says or by its ending. */
export function typeOf({ type, name }) {
  const bare = (type ?? "").split(";")[0].trim().toLowerCase();
  return bare || (BY_ENDING[name.split(".").at(-1).toLowerCase()] ?? "application/octet-stream");
}

/** "image", "audio" or "video"; "file" for all else. */
export const kindOf = (type) => KINDS.find((kind) => type.startsWith(`${kind}/`)) ?? "file";

/** Whether a space takes recorded sound. */
export const takesSound = (rules) => Boolean(rules) && isAccepted("audio/wav", rules.accept);

/** What an `<input type=file>` may offer. */
export const acceptAttribute = ({ accept }) => (accept.some((each) => each.startsWith("*")) ? null : accept.join(","));

/** Why a file is not taken, as a sentence; null if it is. */
export function refusalOf(file, rules, count) {
  const { name } = file;
  if (count >= rules.max_files) return t("files.too_many", { name, count: rules.max_files });
  if (file.size === 0) return t("files.nothing_in", { name });
  if (file.size > rules.max_file_bytes) return t("files.too_large", { name, over: size(file.size - rules.max_file_bytes), limit: size(rules.max_file_bytes) });
  if (!isAccepted(typeOf(file), rules.accept)) return t("files.wrong_type", { name, types: typeWords(rules) });
  return null;
}

/** A name as it is shown and saved: without letters that nobody sees, some of which turn "exe.png" round. */
export const seenName = (name) => name.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "") || "file";

/** A name that fits: its ending stays, whatever is too long is cut before it. */
export function fittingName(name) {
  const plain = seenName(name.split(/[/\\]/).at(-1));
  const ending = /\.[^.]{1,12}$/.exec(plain)?.[0] ?? "";
  const letters = Array.from(plain.slice(0, plain.length - ending.length));
  while (bytes(letters.join("") + ending) > LONGEST_NAME) letters.pop();
  return letters.join("") + ending;
}

/** What a space takes, in words: "images, WAV, MP3". */
export function typeWords({ accept }) {
  if (accept.some((each) => each.startsWith("*"))) return t("files.any");
  const wide = KINDS.filter((kind) => accept.includes(`${kind}/*`));
  const narrow = accept.filter((each) => !each.endsWith("/*")).map((each) => each.split("/").at(-1).replace(/^x-/, "").toUpperCase());
  return listed([...wide.map((kind) => t(`files.kinds.${kind}`)), ...narrow]);
}

/** All limits of a space's files in one line. */
export function limitWords(rules) {
  const values = { types: typeWords(rules), count: rules.max_files, limit: size(rules.max_file_bytes) };
  return t("files.limits", values);
}

const bytes = (text) => new TextEncoder().encode(text).length;

const isAccepted = (type, accept) =>
  accept.some((each) => each === "*/*" || each === "*" || each === type || (each.endsWith("/*") && type.startsWith(each.slice(0, -1))));
