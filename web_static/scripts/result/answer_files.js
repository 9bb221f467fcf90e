/** The files of an answer, with what shows them; it loads with the first answer that has files. */
import { h } from "../lib/dom.js";
import { mountLazy } from "../lib/lazy_part.js";

/**
 * Make the place of some files; `renew(files)` gives it their new links. `onBroken()` is called when one fails to
 * load, `inputs` are the files that were sent.
 */
export function answerFiles(files, onBroken, inputs) {
  const root = h("div", { class: "answer-files" });
  let links = linksOf(files);

  const later = mountLazy(() => import("./output_files.js"), ({ outputFiles, renewLinks }) => {
    const list = outputFiles(files, onBroken, inputs);
    root.replaceChildren(list);
    return { update: (renewed) => renewLinks(list, renewed) };
  }, { styles: ["file_icon", "output_files"] });

  function renew(renewed) {
    if (linksOf(renewed) === links) return;
    links = linksOf(renewed);
    later.update(renewed);
  }

  later.start();
  return { root, renew };
}

const linksOf = (files) => files.map(({ url }) => url).join();
