/** What the administration shows, as held by its address. */
const FIRST_VIEW = "spaces";

/** The view that the address names, and its other values. */
export function readAdminAddress(search = location.search) {
  const { view = FIRST_VIEW, ...values } = Object.fromEntries(new URLSearchParams(search));
  return { view, values };
}

/** The address of a view; values that are empty are left out. */
export function adminAddress(view, values = {}) {
  const given = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return `./admin.html?${new URLSearchParams([["view", view], ...given])}`;
}
