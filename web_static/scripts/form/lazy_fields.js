/** The parts of the form that load only if the space needs them: files and options. */
import { mountLazy } from "../lib/lazy_part.js";

/** The file field; until it has loaded, this holds the files of a draft. `onReady()` is called when it has. */
export function makeFileField(root, space, { onChange, onReady }) {
  let held = [];
  let wanted = false;
  const mount = ({ mountFileField }) => {
    const field = mountFileField(root, space, { onChange });
    if (held.length > 0) field.restore(held);
    return field;
  };
  const later = mountLazy(() => import("../files/file_field.js"), mount, { styles: ["files", "file_icon"], onReady });
  const field = () => later.get();
  const onceThere = (act) => (field() ? act(field()) : later.start().then(() => act(field())));

  return {
    isReady: () => !wanted || field() !== null,
    all: () => field()?.all() ?? held,
    phase: () => field()?.phase() ?? "ready",
    canRetry: () => field()?.canRetry() ?? true,
    uploaded: () => field()?.uploaded() ?? held,
    restore: (files) => (field() ? field().restore(files) : held.push(...files)),
    clear: () => (field() ? field().clear() : (held = [])),
    endRecording: async () => field()?.endRecording() ?? false,
    add: (files) => onceThere(({ add }) => add(files)),
    renew: () => onceThere(({ renew }) => renew()),
    showProblem: (sentences) => onceThere(({ showProblem }) => showProblem(sentences)),
    update(rules) {
      wanted = rules !== null;
      later.update(rules);
      if (wanted) later.start();
    },
  };
}

/** The options; until they have loaded, this holds the values of a draft. */
export function makeParamsForm(root, { onChange, onReady }) {
  let held = {};
  let wanted = false;
  const mount = ({ mountParamsForm }) => {
    const form = mountParamsForm(root, { onChange });
    form.fill(held);
    return form;
  };
  const later = mountLazy(() => import("./params_form.js"), mount, { styles: ["options"], onReady });
  const form = () => later.get();

  return {
    isReady: () => !wanted || form() !== null,
    values: () => form()?.values() ?? held,
    fill: (params) => (form() ? form().fill(params) : (held = params)),
    check: () => form()?.check() ?? true,
    update(schema) {
      wanted = Object.keys(schema?.properties ?? {}).length > 0;
      later.update(schema);
      if (wanted) later.start();
    },
  };
}
