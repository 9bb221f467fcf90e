/** The form fields for the limits of a caller: a user of a space, or an API key. */
const MB = 1024 * 1024;

/** A field for a number. */
export const numberField = (name, unit, min, max, more = {}) => ({ name, kind: "number", unit, min, max, ...more });

/** The three limits of one caller; `whose` is the setting that holds them. */
export const limitFields = (whose, more = {}) => [
  numberField(`${whose}.requests_per_minute`, "per_minute", 1, 100_000, { text: "requests_each", empty: null, ...more }),
  numberField(`${whose}.max_waiting`, "requests", 1, 500, { text: "max_waiting", empty: null, ...more }),
  numberField(`${whose}.upload_bytes_per_day`, "megabytes", 0, 900_000_000, { text: "upload_bytes_per_day", scale: MB, empty: null, ...more }),
];

/** The limits that the gateway gives a new key by default. */
export const KEY_LIMITS = { requests_per_minute: 120, max_waiting: 200, upload_bytes_per_day: 10_240 * MB };
