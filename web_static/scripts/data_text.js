/** Data as JSON that people can read: what fits on a line stands on one. Pure. */
const LINE = 64; // letters

/** Write a value as JSON. */
export function dataText(value, indent = "") {
  const flat = flatText(value);
  if (value === null || typeof value !== "object" || flat.length + indent.length <= LINE) return flat;
  const deeper = `${indent}  `;
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((each) => deeper + dataText(each, deeper))
    : Object.entries(value).map(([key, each]) => `${deeper}${JSON.stringify(key)}: ${dataText(each, deeper)}`);
  const [open, close] = isList ? "[]" : "{}";
  return `${open}\n${parts.join(",\n")}\n${indent}${close}`;
}

function flatText(value) {
  if (Array.isArray(value)) return `[${value.map(flatText).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const parts = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${flatText(each)}`);
  return parts.length > 0 ? `{ ${parts.join(", ")} }` : "{}";
}
