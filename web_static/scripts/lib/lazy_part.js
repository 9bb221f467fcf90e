/** Parts of a page that load after its first view, with their style sheets. */
const RETRY_MS = 3000;

/**
 * A part that loads later: `load()` imports its module, `mount(module)` mounts it, `styles` names its style
 * sheets. `start()` loads it, waiting for the network if necessary, and resolves when it is mounted; until then,
 * only the latest `update(…)` is kept. `onReady()` is called when the part is mounted.
 * @param {() => Promise<any>} load
 * @param {(module: any) => any} mount
 * @param {{styles?: string[], onReady?: () => void}} options
 */
export function mountLazy(load, mount, { styles = [], onReady = () => undefined } = {}) {
  /** @type {any} */
  let mounted = null;
  /** @type {any[] | null} */
  let wanted = null;
  /** @type {Promise<void> | null} */
  let brought = null;

  async function bring() {
    const [module] = await Promise.all([loadWithRetry(load), ...styles.map(loadStyle)]);
    mounted = mount(module);
    if (wanted) mounted.update(...wanted);
    onReady();
  }

  return {
    start: () => (brought ??= bring()),
    get: () => mounted,
    update(...values) {
      wanted = values;
      return mounted?.update(...values);
    },
  };
}

/** Call `load` until it succeeds: without a network, an import or a fetch fails with a TypeError. */
export async function loadWithRetry(load) {
  for (;;) {
    try {
      return await load();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      await new Promise((resolve) => void setTimeout(resolve, RETRY_MS));
    }
  }
}

const sheets = new Map();

/** Load a style sheet once; a missing one does not keep its part from being shown. */
export function loadStyle(name) {
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
