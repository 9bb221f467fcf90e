/** Whether the site around this page may show the space in a frame. */

/** Whether all sites around are those that the space allows; true where there is none. */
export function isAllowedHere({ embed_origins: allowed = [] }) {
  if (window === window.top) return true;
  const around = originsAround();
  return around.length > 0 && around.every((origin) => allowed.includes(origin));
}

// Firefox has no ancestorOrigins; there the referrer names the nearest site, if it sends one.
function originsAround() {
  if (location.ancestorOrigins) return [...location.ancestorOrigins];
  const nearest = window.parent === window.top && document.referrer;
  return nearest ? [new URL(nearest).origin] : [];
}
