/** Reads and changes one setting in the settings of a space or key. Pure. */

/** The value of a field in the settings; a dot in its name leads one level deeper. */
export function valueOf(settings, { name, scale = 1 }) {
  const value = name.split(".").reduce((held, key) => held?.[key], settings) ?? null;
  return typeof value === "number" ? value / scale : value;
}

/** Whether two settings have different values for a field. */
export const differ = (field, one, other) => JSON.stringify(valueOf(one, field)) !== JSON.stringify(valueOf(other, field));

/** A copy of the settings with one field changed. */
export function withValue(settings, { name, scale = 1 }, value) {
  const scaled = typeof value === "number" ? Math.round(value * scale) : value;
  const [first, second] = name.split(".");
  return { ...settings, [first]: second ? { ...settings[first], [second]: scaled } : scaled };
}
