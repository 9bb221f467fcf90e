/** Parts of the form whose code is loaded only where the space needs them: files and options. */
import { mountLater } from "../lib/lazy_part.js";

/** The file field; until it is there, it holds what a draft had. `onReady()` hears when it is. */
export function makeFileField(root, space, { onChange, onReady }) {
  let held = [];
  let wanted = false;
  const mount = ({ mountFileField }) => {
    const field = mountFileField(root, space, { onChange });
    if (held.length > 0) field.restore(held);
    return field;
  };
  const later = mountLater(() => import("../files/file_field.js"), mount, { styles: ["files"], onReady });
  const field = () => later.get();
  const onceThere = (act) => (field() ? act(field()) : later.start().then(() => act(field())));

  return {
    isReady: () => !wanted || field() !== null,
    all: () => field()?.all() ?? held,
    phase: () => field()?.phase() ?? "ready",
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

/** The options; until they are there, they hold the values of a draft. */
export function makeParamsForm(root, { onChange, onReady }) {
  let held = {};
  let wanted = false;
  const mount = ({ mountParamsForm }) => {
    const form = mountParamsForm(root, { onChange });
    form.fill(held);
    return form;
  };
  const later = mountLater(() => import("./params_form.js"), mount, { styles: ["options"], onReady });
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
