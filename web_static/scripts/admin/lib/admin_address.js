/** Reads and builds the addresses of the administration. */
const FIRST_VIEW = "overview";

/** The view that the address names, and its other values. */
export function readAdminAddress(search = location.search) {
  const { view = FIRST_VIEW, ...values } = Object.fromEntries(new URLSearchParams(search));
  return { view, values };
}

/** The address of a view; empty values are left out. */
export function adminAddress(view, values = {}) {
  const given = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return `./admin.html?${new URLSearchParams([["view", view], ...given])}`;
}
