/**
 * Media types: their other names, the endings of file names, and which a space accepts. Pure.
 *
 * The names are those of the gateway (functions/spaces/domain/files/media_types.py), the endings those of mime-db;
 * tests compare them.
 */

/** What browsers, systems and programs also call a type. */
export const OTHER_NAMES = {
  "image/jpeg": ["image/jpg", "image/pjpeg"],
  "image/png": ["image/x-png"],
  "image/heic": ["image/heif"],
  "image/bmp": ["image/x-bmp", "image/x-ms-bmp"],
  "image/tiff": ["image/tif", "image/x-tiff"],
  "image/vnd.microsoft.icon": ["image/x-icon", "image/ico"],
  "audio/wav": ["audio/x-wav", "audio/wave", "audio/vnd.wave", "audio/x-pn-wav"],
  "audio/mpeg": ["audio/mp3", "audio/x-mp3", "audio/x-mpeg", "audio/mpeg3", "audio/x-mpeg-3", "audio/mpg", "audio/x-mpg"],
  "audio/mp4": ["audio/x-m4a", "audio/m4a"],
  "audio/aac": ["audio/x-aac", "audio/aacp", "audio/x-hx-aac-adts", "audio/vnd.dlna.adts"],
  "audio/flac": ["audio/x-flac"],
  "audio/ogg": ["application/ogg", "audio/x-ogg", "audio/vorbis", "audio/opus", "audio/x-vorbis+ogg", "audio/x-opus+ogg"],
  "audio/aiff": ["audio/x-aiff"],
  "audio/midi": ["audio/mid", "audio/x-midi"],
  "video/x-matroska": ["video/matroska", "video/mkv"],
  "video/x-msvideo": ["video/avi", "video/msvideo", "video/vnd.avi"],
  "video/mp4": ["application/mp4", "video/x-m4v"],
  "video/mpeg": ["video/mpg", "video/x-mpeg"],
  "video/3gpp": ["video/3gp"],
  "video/x-flv": ["video/flv"],
  "text/csv": ["application/csv", "text/x-csv", "text/comma-separated-values", "text/x-comma-separated-values"],
  "text/markdown": ["text/x-markdown"],
  "text/javascript": ["application/javascript", "application/x-javascript"],
  "text/vcard": ["text/x-vcard", "text/directory"],
  "application/json": ["text/json", "application/x-json"],
  "application/xml": ["text/xml"],
  "application/yaml": ["text/yaml", "text/x-yaml", "application/x-yaml"],
  "application/rtf": ["text/rtf"],
  "application/pdf": ["application/x-pdf"],
  "application/zip": ["application/x-zip-compressed", "application/x-zip"],
  "application/gzip": ["application/x-gzip"],
  "application/x-7z-compressed": ["application/7z"],
  "application/vnd.rar": ["application/x-rar-compressed", "application/x-rar", "application/x-compressed"],
};

/** Types that systems also give to files of a second type, by their extension. */
export const MISNOMERS = {
  "application/vnd.ms-excel": "text/csv",
  "application/msword": "application/rtf",
  "video/ogg": "audio/ogg",
  "video/webm": "audio/webm",
  "video/3gpp": "audio/3gpp",
};

/** The endings of file names, the usual one first; browsers do not know the type of every file. */
export const ENDINGS = {
  "image/png": "png",
  "image/jpeg": "jpeg jpg",
  "image/webp": "webp",
  "image/gif": "gif",
  "image/avif": "avif",
  "image/heic": "heic",
  "image/heif": "heif",
  "image/jxl": "jxl",
  "image/bmp": "bmp",
  "image/tiff": "tiff tif",
  "image/svg+xml": "svg",
  "image/vnd.microsoft.icon": "ico",
  "image/vnd.adobe.photoshop": "psd",
  "image/x-adobe-dng": "dng",
  "audio/wav": "wav",
  "audio/mpeg": "mp3",
  "audio/mp4": "m4a",
  "audio/aac": "aac",
  "audio/flac": "flac",
  "audio/ogg": "ogg oga opus spx",
  "audio/amr": "amr",
  "audio/x-caf": "caf",
  "audio/aiff": "aiff aif",
  "audio/midi": "midi mid",
  "audio/x-ms-wma": "wma",
  "audio/webm": "weba",
  "audio/x-matroska": "mka",
  "audio/basic": "au",
  "video/mp4": "mp4 m4v",
  "video/quicktime": "mov",
  "video/x-matroska": "mkv",
  "video/webm": "webm",
  "video/x-msvideo": "avi",
  "video/x-ms-wmv": "wmv",
  "video/mpeg": "mpeg mpg",
  "video/ogg": "ogv",
  "video/3gpp": "3gp",
  "video/3gpp2": "3g2",
  "video/mp2t": "m2ts",
  "video/x-flv": "flv",
  "text/plain": "txt log",
  "text/markdown": "md markdown",
  "text/csv": "csv",
  "text/tab-separated-values": "tsv",
  "text/html": "html htm",
  "text/css": "css",
  "text/javascript": "js mjs",
  "text/calendar": "ics",
  "text/vcard": "vcf",
  "text/vtt": "vtt",
  "application/x-subrip": "srt",
  "application/json": "json",
  "application/xml": "xml",
  "application/yaml": "yaml yml",
  "application/toml": "toml",
  "application/x-tex": "tex",
  "application/x-ipynb+json": "ipynb",
  "message/rfc822": "eml",
  "application/pdf": "pdf",
  "application/rtf": "rtf",
  "application/msword": "doc",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "application/vnd.ms-excel": "xls",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
  "application/vnd.ms-powerpoint": "ppt",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
  "application/vnd.oasis.opendocument.text": "odt",
  "application/vnd.oasis.opendocument.spreadsheet": "ods",
  "application/vnd.oasis.opendocument.presentation": "odp",
  "application/epub+zip": "epub",
  "application/zip": "zip",
  "application/gzip": "gz",
  "application/x-tar": "tar",
  "application/x-bzip2": "bz2",
  "application/x-xz": "xz",
  "application/x-7z-compressed": "7z",
  "application/vnd.rar": "rar",
  "model/gltf-binary": "glb",
  "model/gltf+json": "gltf",
  "model/stl": "stl",
  "model/obj": "obj",
};

const UNKNOWN = "application/octet-stream";
const USUAL_NAMES = new Map(Object.entries(OTHER_NAMES).flatMap(([name, others]) => others.map((other) => [other, name])));
const BY_ENDING = new Map(Object.entries(ENDINGS).flatMap(([type, endings]) => endings.split(" ").map((ending) => [ending, type])));

/** The usual name of a type: "audio/wav" for "audio/x-wav". */
export const usualName = (type) => USUAL_NAMES.get(type) ?? type;

/** The usual ending of a type's files; undefined if it is not known. */
export const endingOf = (type) => endingsOf(type)[0];

/** All endings of a type's files. */
export const endingsOf = (type) => (ENDINGS[type] ?? ENDINGS[usualName(type)] ?? "").split(" ").filter(Boolean);

/** All names of a type. */
export const namesOf = (type) => [usualName(type), ...(OTHER_NAMES[usualName(type)] ?? [])];

/** The type of a file, from the browser; from the ending where the browser has none, or one that is often wrong. */
export function typeOfFile({ type, name }) {
  const given = (type ?? "").split(";")[0].trim().toLowerCase();
  const byEnding = BY_ENDING.get(name.split(".").at(-1).toLowerCase());
  const isMisnomer = byEnding !== undefined && MISNOMERS[usualName(given)] === byEnding;
  return isMisnomer || given === "" || given === UNKNOWN ? (byEnding ?? UNKNOWN) : given;
}

/** Whether one of the patterns (types, kinds or all) matches a type by one of its names. */
export function isAccepted(type, patterns) {
  const usual = usualName(type);
  const names = [type, usual, MISNOMERS[usual] ?? usual];
  const wanted = new Set([...names, ...names.map((name) => `${name.split("/")[0]}/*`), "*/*"]);
  return patterns.some((pattern) => wanted.has(usualName(pattern)));
}
