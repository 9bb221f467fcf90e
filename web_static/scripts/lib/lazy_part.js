/** Parts of a page that come after its first look, with the styles that go with them. */
const AGAIN_MS = 3000;

/**
 * A part that is there later: `load()` gives its module, `mount(module)` what it mounts, `styles` names its
 * sheets. `start()` brings it, as soon as the network does, and is fulfilled when it is there; until then
 * the newest `update(…)` is kept for it. `onReady()` hears when it is there.
 */
export function mountLater(load, mount, { styles = [], onReady = () => undefined } = {}) {
  let [mounted, wanted, brought] = [null, null, null];

  async function bring() {
    const [module] = await Promise.all([persist(load), ...styles.map(loadStyle)]);
    mounted = mount(module);
    if (wanted) mounted.update(...wanted);
    onReady();
  }

  return {
    start: () => (brought ??= bring()),
    get: () => mounted,
    update: (...values) => ((wanted = values), mounted?.update(...values)),
  };
}

/** Do what `load` does until it can be had: an import, as a fetch, fails with a TypeError where the network is gone. */
export async function persist(load) {
  for (;;) {
    try {
      return await load();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

const sheets = new Map();

// A sheet that cannot be had is no reason to keep what it would adorn.
function loadStyle(name) {
  if (!sheets.has(name)) sheets.set(name, addSheet(name));
  return sheets.get(name);
}

const addSheet = (name) =>
  new Promise((resolve) => {
    const link = document.createElement("link");
    const href = new URL(`../../styles/${name}.css`, import.meta.url).href;
    Object.assign(link, { rel: "stylesheet", href, onload: resolve, onerror: resolve });
    document.head.append(link);
  });
