/** The files of an answer; what shows them loads with the first. */
import { h, show } from "../lib/dom.js";
import { mountLazy } from "../lib/lazy_part.js";

/** Mount them; `update(files)` draws what changed. `onBrokenLink()` is called when a file fails to load. */
export function mountAnswerFiles(onBrokenLink) {
  const root = h("div", { hidden: true });
  const list = mountLazy(() => import("../result/output_files.js"), (module) => mountList(root, module, onBrokenLink), { styles: ["file_icon", "output_files"] });

  function update(files) {
    show(root, files.length > 0);
    if (files.length === 0) return;
    list.start();
    list.update(files);
  }

  return { root, update };
}

// Links that were renewed do not interrupt what is being played.
function mountList(root, { outputFiles, renewLinks }, onBrokenLink) {
  const shown = { names: "", links: "" };

  function update(files) {
    const names = JSON.stringify(files.map(({ name, size }) => [name, size]));
    const links = files.map(({ url }) => url).join();
    if (names !== shown.names) root.replaceChildren(outputFiles(files, onBrokenLink));
    else if (links !== shown.links) renewLinks(root.firstElementChild, files);
    Object.assign(shown, { names, links });
  }

  return { update };
}
