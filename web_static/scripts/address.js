/** What the page shows, as held by its address. */

/** The space and the request that the address names; null where it names none. */
export function readAddress(search = location.search) {
  const values = new URLSearchParams(search);
  return { space: values.get("space"), request: values.get("request") };
}

/** The address of a space, or of one request in it. */
export function addressOf(space, request = null) {
  const values = new URLSearchParams(request ? { space, request } : { space });
  return `./space.html?${values}`;
}

/** Let the address name a request (or none), as a new step that Back undoes. */
export function goTo(space, request = null) {
  const address = addressOf(space, request);
  if (new URL(address, location.href).href !== location.href) history.pushState(null, "", address);
}

/** Let the address name a request in place of what it named. */
export function replaceWith(space, request) {
  history.replaceState(null, "", addressOf(space, request));
}
