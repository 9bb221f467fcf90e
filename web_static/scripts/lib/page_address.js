/** Reads and writes the page's address. */

/** The space, the request, the view and the result to begin with that the address names; null for those it does not. */
export function readAddress(search = location.search) {
  const values = new URLSearchParams(search);
  return { space: values.get("space"), request: values.get("request"), view: values.get("view"), remix: values.get("remix") };
}

/**
 * The address of a space, or of one request in it.
 * @param {string} space
 * @param {string | null} request
 */
export function spaceAddress(space, request = null, page = "space.html") {
  const values = new URLSearchParams(request ? { space, request } : { space });
  return `./${page}?${values}`;
}

/** The address of a space whose form begins with the input of a result. */
export const remixAddress = (space, request) => `./space.html?${new URLSearchParams({ space, remix: request })}`;

// A page in a frame keeps its own file name.
const here = () => (location.pathname.endsWith("/embed.html") ? "embed.html" : "space.html");

/** The address of the read-only page of one result. */
export const resultAddress = (space, request) => `./result.html?${new URLSearchParams({ space, request })}`;

/**
 * Put a request (or none) into the address as a new history entry, which Back undoes.
 * @param {string} space
 * @param {string | null} request
 */
export function pushAddress(space, request = null) {
  const address = spaceAddress(space, request, here());
  if (new URL(address, location.href).href !== location.href) history.pushState(null, "", address);
}

/** Put a view of the space (null: the first) into the address, replacing the current history entry. */
export function replaceView(view) {
  const address = new URL(location.href);
  if (view) address.searchParams.set("view", view);
  else address.searchParams.delete("view");
  history.replaceState(null, "", address);
}

/**
 * Put a request (or none) into the address, replacing the current history entry.
 * @param {string} space
 * @param {string | null} request
 */
export function replaceAddress(space, request = null) {
  history.replaceState(null, "", spaceAddress(space, request, here()));
}
