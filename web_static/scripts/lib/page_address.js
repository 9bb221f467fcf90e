/** What the page shows, as held by its address. */

/** The space and the request that the address names; null where it names none. */
export function readAddress(search = location.search) {
  const values = new URLSearchParams(search);
  return { space: values.get("space"), request: values.get("request") };
}

/** The address of a space, or of one request in it. */
export function addressOf(space, request = null, page = "space.html") {
  const values = new URLSearchParams(request ? { space, request } : { space });
  return `./${page}?${values}`;
}

// Where a page stands in a frame, it stays the page that it is.
const here = () => (location.pathname.endsWith("/embed.html") ? "embed.html" : "space.html");

/** The address of one result, to read only. */
export const resultAddress = (space, request) => `./result.html?${new URLSearchParams({ space, request })}`;

/** Let the address name a request (or none), as a new step that Back undoes. */
export function goTo(space, request = null) {
  const address = addressOf(space, request, here());
  if (new URL(address, location.href).href !== location.href) history.pushState(null, "", address);
}

/** Let the address name a request in place of what it named. */
export function replaceWith(space, request) {
  history.replaceState(null, "", addressOf(space, request, here()));
}
