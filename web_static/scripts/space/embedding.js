/** Checks whether the surrounding site may show the space in a frame. */

/** Whether the space allows all surrounding sites; true if there are none. */
export function isEmbeddingAllowed({ embed_origins: allowed = [] }) {
  if (window === window.top) return true;
  const around = ancestorOrigins();
  return around.length > 0 && around.every((origin) => allowed.includes(origin));
}

// Firefox has no ancestorOrigins; there, the referrer names the nearest site, if it sends one.
function ancestorOrigins() {
  if (location.ancestorOrigins) return [...location.ancestorOrigins];
  const nearest = window.parent === window.top && document.referrer;
  return nearest ? [new URL(nearest).origin] : [];
}
