/** Where files come from besides the button: dropped on the form, or pasted into it. */

/** Listen on the form around the field; `onFiles(files)` hears them while `isOpen()`. */
export function listenForFiles(root, { isOpen, onFiles }) {
  const form = root.closest("form");
  let depth = 0; // entering a child leaves its parent

  const mark = (change) => {
    depth = Math.max(0, depth + change);
    root.toggleAttribute("data-over", depth > 0);
  };
  const carriesFiles = ({ dataTransfer }) => isOpen() && dataTransfer?.types.includes("Files");
  const listen = (name, react) => form.addEventListener(name, (event) => carriesFiles(event) && (event.preventDefault(), react(event)));

  listen("dragenter", () => mark(1));
  listen("dragover", ({ dataTransfer }) => (dataTransfer.dropEffect = "copy"));
  listen("dragleave", () => mark(-1));
  listen("drop", ({ dataTransfer }) => (mark(-depth), onFiles([...dataTransfer.files])));
  document.addEventListener("paste", (event) => pasted(event, { isOpen, onFiles }));
}

// Text that is pasted together with its picture (from a word processor) stays text.
function pasted(event, { isOpen, onFiles }) {
  const files = [...(event.clipboardData?.files ?? [])];
  if (!isOpen() || files.length === 0 || event.clipboardData.types.includes("text/plain")) return;
  event.preventDefault();
  onFiles(files);
}
