/** The short name of a request, as the administration shows it. */

/** A request's short name: its space and ticket, without the part that is a key. */
export const ticketOf = (id) => id.split(".").slice(0, 2).join(".");
