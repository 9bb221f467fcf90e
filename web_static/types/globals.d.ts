/** A JSON object of the gateway; docs/api.md describes its fields. */
type Json = Record<string, any>;
