/** Resolves a property of a JSON Schema: references, and "or null". Pure; accepts any input. */
const DETOURS = new Set(["$ref", "allOf", "anyOf", "oneOf"]);
const MOST_DETOURS = 8; // a reference may lead back to itself

/** The resolved property, with `nullable`. Keywords beside a reference override those that it refers to. */
export function resolveProperty(property, schema) {
  const own = isObject(property) ? property : {};
  let plain = { nullable: false, ...own };
  for (let detours = 0; detours < MOST_DETOURS; detours += 1) {
    const target = detourOf(plain, schema);
    if (target === null) break;
    const rest = Object.fromEntries(Object.entries(plain).filter(([keyword]) => !DETOURS.has(keyword)));
    plain = { ...target, ...rest, nullable: plain.nullable || hasNull(plain.anyOf ?? plain.oneOf) };
  }
  const nullable = plain.nullable === true || [plain.type].flat().includes("null") || hasNull(plain.anyOf ?? plain.oneOf);
  return { ...plain, title: own.title, nullable }; // the title of a referenced schema is the name of a class
}

// The schema that a reference leads to; null if there is no reference left, or it leads nowhere.
function detourOf({ $ref, allOf, anyOf, oneOf }, schema) {
  if (typeof $ref === "string") return resolve($ref, schema);
  if (Array.isArray(allOf) && allOf.length === 1) return objectOrNull(allOf[0]);
  const ways = [anyOf, oneOf].find(Array.isArray) ?? [];
  const others = ways.filter((each) => !isNull(each));
  const only = others.length === 1 ? objectOrNull(others[0]) : null;
  return ways.length === 1 && only && Object.hasOwn(only, "const") ? null : only;
}

function resolve(reference, schema) {
  if (!reference.startsWith("#/")) return null;
  const steps = reference.slice(2).split("/").map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  return objectOrNull(steps.reduce((at, step) => (isObject(at) && Object.hasOwn(at, step) ? at[step] : null), schema));
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

const objectOrNull = (value) => (isObject(value) ? value : null);

const isNull = (each) => isObject(each) && (each.type === "null" || each.const === null);

const hasNull = (ways) => Array.isArray(ways) && ways.some(isNull);
