/** After Run, the form of a narrow screen folds into one line that says what was asked. The styles decide which are narrow. */
import { part, setAttribute, setText } from "../lib/dom.js";
import { t } from "../lib/text.js";

/** Mount it; `fold(input)` folds the form, `unfold()` opens it again. `onOpened()` is called when the user opens it. */
export function mountFoldedForm(root, onOpened) {
  const unfold = () => setAttribute(root, "data-folded", null);

  part(root, "unfold").addEventListener("click", () => {
    unfold();
    onOpened();
  });
  return {
    unfold,
    fold({ prompt, files }) {
      const count = files.length > 0 ? t("form.files_count", { count: files.length }) : "";
      setText(part(root, "folded-text"), [prompt, count].filter(Boolean).join(" · "));
      setAttribute(root, "data-folded", "true");
    },
  };
}
