/** About a space: what its administrator and its workers say, and what it accepts. */
import { h } from "../lib/dom.js";
import { number, roughDuration, size } from "../lib/format.js";
import { mountLongText } from "../result/long_text.js";
import { hasText, t } from "../lib/text.js";

/** Mount the panel; `update(space)` draws what changed. */
export function mountAboutPanel(root) {
  const about = mountLongText();
  const list = h("dl", { class: "about-facts" });
  const links = h("ul", { class: "about-links" });
  root.replaceChildren(about.root, links, list);
  let shown = "";

  return {
    update(space) {
      const facts = factsOf(space);
      const key = JSON.stringify([space.about, space.description, space.links, facts]);
      if (key === shown) return;
      shown = key;
      about.update(space.about || space.description || t("space.no_description"), true);
      links.replaceChildren(...(space.links ?? []).filter(isWeb).map(linkItem));
      list.replaceChildren(...facts.map(([name, words]) => fact(t(`about.${name}`), words)));
    },
  };
}

const isWeb = ({ url }) => /^https:\/\//i.test(url ?? "");

const linkItem = ({ title, url }) => h("li", {}, h("a", { href: url, rel: "noopener noreferrer nofollow", target: "_blank" }, title || url));

const fact = (name, words) => h("div", {}, h("dt", {}, name), h("dd", { dir: "auto" }, words));

/** @returns {[string, string][]} */
function factsOf({ limits, files, features, endpoints = [], workers, model, licence, visibility }) {
  const feature = (name) => (hasText(`space.feature.${name}`) ? t(`space.feature.${name}`) : name);
  /** @type {[string, string | null | undefined][]} */
  const facts = [
    ["model", model],
    ["licence", licence],
    ["accepts", features.map(feature).join(", ")],
    ["input", size(limits.max_input_bytes)],
    ["files", files ? t("about.files_words", { count: number(files.max_files), size: size(files.max_file_bytes), types: files.accept.join(", ") }) : null],
    ["running", roughDuration(limits.timeout_seconds)],
    ["waiting", roughDuration(limits.queue_timeout_seconds)],
    ["queue", number(limits.max_queue_length)],
    ["endpoints", endpoints.join(", ")],
    ["workers", workers.map(({ worker_id: id }) => id).join(", ")],
    ["visibility", hasText(`about.visibility.${visibility}`) ? t(`about.visibility.${visibility}`) : visibility],
  ];
  return /** @type {[string, string][]} */ (facts.filter(([, words]) => words));
}
