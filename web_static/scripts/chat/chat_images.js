/** The images of the question that is being written: chosen, pasted or dropped. */
import { h, show } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { fitImage } from "./fit_image.js";
import { t } from "../lib/text.js";

const LEAST = 4000; // characters; no picture is recognisable with less

/**
 * Mount them; `room()` is how many characters the call has left, `onProblem(words)` says why an image was not added
 * (null: it was), and `onChange()` is called after every change.
 */
export function mountChatImages(root, { room, onProblem, onChange }) {
  /** @type {string[]} */
  let urls = [];
  const input = /** @type {HTMLInputElement} */ (h("input", { type: "file", accept: "image/*", multiple: true, hidden: true, "data-part": "chat-image-input" }));
  const list = h("ul", { class: "chat-images", "aria-label": t("chat.images"), hidden: true });
  const button = h("button", { class: "button is-icon", type: "button", title: t("chat.add_image") }, icon("picture"), h("span", { class: "icon-label" }, t("chat.add_image")));
  root.prepend(list);

  function set(images) {
    urls = images;
    show(list, urls.length > 0);
    list.replaceChildren(...urls.map(item));
    onChange();
  }

  function item(url, index) {
    const name = t("chat.remove_image", { number: index + 1 });
    const remove = h("button", { class: "button is-icon chat-image-remove", type: "button", "aria-label": name, title: name }, icon("cross"));
    remove.addEventListener("click", () => {
      set(urls.filter((_, other) => other !== index));
      button.focus();
    });
    return h("li", { class: "chat-image" }, h("img", { src: url, alt: t("chat.image", { number: index + 1 }) }), remove);
  }

  // Half of what is left, so that the conversation can go on.
  async function add(files) {
    let problem = null;
    for (const file of files) {
      const most = Math.floor(room() / 2);
      const url = most < LEAST ? null : await fitImage(file, most);
      if (url) set([...urls, url]);
      else problem = t(most < LEAST ? "chat.no_room" : "chat.no_image", { name: file.name });
    }
    onProblem(problem);
  }

  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    add([...(input.files ?? [])]);
    input.value = "";
  });
  return { button, input, urls: () => urls, set, add };
}

/** The images among what was pasted or dropped. */
export const imagesIn = (transfer) => [...(transfer?.files ?? [])].filter(({ type }) => type.startsWith("image/"));
