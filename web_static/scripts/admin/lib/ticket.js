/** The short name of a request in the administration. */

/** A request id without its secret part: the space and the ticket. */
export const ticketOf = (id) => id.split(".").slice(0, 2).join(".");
