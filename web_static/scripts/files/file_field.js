/** The file field: choose, drop, paste or record files; each shows its preview and progress and can be removed. */
import { announce } from "../lib/announce.js";
import { makeAttachments } from "./attachments.js";
import { mountDragOrder } from "./drag_order.js";
import { h, part, setAttribute, setText, show } from "../lib/dom.js";
import { acceptAttribute, acceptsAudio, areNamesOf, limitWords } from "./file_rules.js";
import { mountAttachment } from "./file_item.js";
import { mountRecordButton } from "./record_button.js";
import { t } from "../lib/text.js";

/**
 * Mount the field; `onChange()` is called after every change. `update(rules)` shows it if the space accepts files.
 */
export function mountFileField(root, space, { onChange }) {
  const items = new Map();
  const list = part(root, "attachments");
  const problem = part(root, "files-problem");
  /** @type {Json | null} */
  let rules = null;

  const attachments = makeAttachments(space, { onChange: changed, onRefused: showProblem });
  const add = (files) => addAll({ files });
  const addAll = (given) => rules && attachments.add(given, rules);
  const picker = /** @type {HTMLInputElement} */ (part(root, "file-input"));
  const recorder = mountRecordButton(part(root, "record"), { onRecorded: (file) => add([file]), onProblem: (words) => showProblem([words]) });

  function changed() {
    draw();
    onChange();
  }

  function showProblem(sentences) {
    problem.replaceChildren(...sentences.map((sentence) => h("p", {}, sentence)));
  }

  function draw() {
    const keys = new Set(attachments.all().map(({ key }) => key));
    for (const [key, item] of items) if (!keys.has(key)) drop(key, item);
    attachments.all().forEach((attachment, index, { length }) => {
      const item = itemOf(attachment);
      if (!isDragging() && list.children[index] !== item.root) list.insertBefore(item.root, list.children[index] ?? null);
      if (!item.root.isConnected) list.append(item.root);
      item.update(attachment, { index, count: length });
    });
    show(list, items.size > 0);
  }

  const isDragging = () => list.querySelector("[data-dragged]") !== null;

  // The item moves with its buttons: the one that was pressed keeps the focus.
  function move(key, step) {
    const keys = attachments.all().map((each) => each.key);
    const index = keys.indexOf(key);
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    attachments.order(keys.toSpliced(index, 1).toSpliced(index + step, 0, key));
    focused?.focus();
    announce(t("files.moved_to", { name: attachments.all()[index + step].name, number: index + step + 1, count: keys.length }));
  }

  function drop(key, item) {
    item.free();
    item.root.remove();
    items.delete(key);
  }

  function removeByUser(key) {
    attachments.remove(key);
    part(root, "choose").focus();
  }

  function itemOf(attachment) {
    const { key } = attachment;
    if (!items.has(key)) {
      const actions = { remove: () => removeByUser(key), retry: () => attachments.retry(key), move: (step) => move(key, step) };
      items.set(key, mountAttachment(attachment, actions));
    }
    return items.get(key);
  }

  mountDragOrder(list, {
    onOrder: (roots) => attachments.order([...items].toSorted(([, one], [, other]) => roots.indexOf(one.root) - roots.indexOf(other.root)).map(([key]) => key)),
    onCancel: draw,
  });
  part(root, "choose").addEventListener("click", () => picker.click());
  picker.addEventListener("change", () => {
    add([...(picker.files ?? [])]);
    picker.value = "";
  });
  onFilesAdded(root, { isOpen: () => rules !== null, onFiles: addAll });
  return {
    ...attachments,
    add,
    showProblem,
    phase: () => (recorder.isRecording() ? "recording" : attachments.phase()),
    /** End the recording. Resolves with whether it was added to the files. */
    async endRecording() {
      const before = new Set(attachments.all());
      await recorder.end();
      return attachments.all().some((each) => !before.has(each));
    },
    update(wanted) {
      rules = wanted;
      show(root, wanted !== null);
      if (wanted === null) return;
      setText(part(root, "files-limits"), limitWords(wanted));
      setAttribute(picker, "accept", acceptAttribute(wanted));
      picker.multiple = wanted.max_files > 1;
      recorder.update({ possible: acceptsAudio(wanted), longestBytes: wanted.max_file_bytes });
    },
  };
}

/**
 * Listen on the surrounding form; `onFiles({files, folders})` is called for what is dropped and pasted while
 * `isOpen()`; folders are named only.
 */
function onFilesAdded(root, { isOpen, onFiles }) {
  const form = root.closest("form");
  let depth = 0; // entering a child fires a leave event on its parent

  const mark = (change) => {
    depth = Math.max(0, depth + change);
    root.toggleAttribute("data-over", depth > 0);
  };
  const carriesFiles = ({ dataTransfer }) => isOpen() && dataTransfer?.types.includes("Files");
  const listen = (name, react) => form.addEventListener(name, (event) => carriesFiles(event) && (event.preventDefault(), react(event)));

  listen("dragenter", () => mark(1));
  listen("dragover", ({ dataTransfer }) => (dataTransfer.dropEffect = "copy"));
  listen("dragleave", () => mark(-1));
  listen("drop", ({ dataTransfer }) => {
    mark(-depth);
    onFiles(filesIn(dataTransfer));
  });
  document.addEventListener("paste", (event) => handlePaste(event, { isOpen, onFiles }));
}

// Text pasted together with a picture of it (from a word processor) stays text; the names of pasted files are no text.
function handlePaste(event, { isOpen, onFiles }) {
  const data = event.clipboardData;
  const files = [...(data?.files ?? [])];
  if (!isOpen() || files.length === 0 || !areNamesOf(data.getData("text/plain"), files)) return;
  event.preventDefault();
  onFiles(filesIn(data));
}

// A folder looks like a file that cannot be read.
function filesIn({ files, items }) {
  const entries = Array.from(items).filter(({ kind }) => kind === "file").map((item) => item.webkitGetAsEntry?.());
  const folders = entries.filter((entry) => entry?.isDirectory).map(({ name }) => name);
  return { files: Array.from(files).filter((_, index) => !entries[index]?.isDirectory), folders };
}
