/** Data as JSON that people can read: what fits on a line stands on one. Pure, and quick whatever a worker sends. */
const LINE = 64; // letters
const MOST_LAID_OUT = 100_000; // letters; larger data has one line an entry
const DEEPEST_INDENT = 40; // spaces

/** Write a value as JSON. */
export function dataText(value) {
  const json = JSON.stringify(value);
  if (json.length > MOST_LAID_OUT && !isNested(value)) return json;
  const pieces = []; // joined once: joined at every level, deep data would be copied as often
  if (json.length > MOST_LAID_OUT) writeNested(value, "", pieces, (each) => pieces.push(JSON.stringify(each)));
  else layOut(value, "", pieces);
  return pieces.join("");
}

function layOut(value, indent, pieces) {
  const flat = flatText(value, LINE - indent.length);
  if (flat === null && isNested(value)) writeNested(value, indent, pieces, layOut);
  else pieces.push(flat ?? JSON.stringify(value));
}

function writeNested(value, indent, pieces, write) {
  const deeper = indent.length < DEEPEST_INDENT ? `${indent}  ` : indent;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  let before = `${open}\n${deeper}`;
  for (const key of Object.keys(value)) {
    pieces.push(before, nameOf(value, key));
    write(value[key], deeper, pieces);
    before = `,\n${deeper}`;
  }
  pieces.push(`\n${indent}${close}`);
}

// Null as soon as there are more letters than room: nothing is read in full again by each level above it.
function flatText(value, room) {
  if (!isNested(value)) return fitting(value, room);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{ ", " }"];
  const keys = Object.keys(value);
  if (keys.length === 0) return (open + close).replaceAll(" ", "");
  const parts = keys.length * ", ".length > room ? null : flatParts(value, keys, room - open.length - close.length);
  return parts && open + parts.join(", ") + close;
}

function flatParts(value, keys, room) {
  const parts = [];
  for (const key of keys) {
    const name = nameOf(value, key);
    const flat = flatText(value[key], room - name.length);
    if (flat === null) return null;
    parts.push(name + flat);
    room -= name.length + flat.length + ", ".length;
  }
  return room + ", ".length < 0 ? null : parts;
}

function fitting(value, room) {
  if (typeof value === "string" && value.length > room) return null;
  const text = JSON.stringify(value);
  return text.length > room ? null : text;
}

const nameOf = (value, key) => (Array.isArray(value) ? "" : `${JSON.stringify(key)}: `);

const isNested = (value) => value !== null && typeof value === "object";
