/** The view of one space: create it, or edit, cover and delete it. */
import { announce } from "../../lib/announce.js";
import { h } from "../../lib/dom.js";
import { GatewayError } from "../../api/gateway_call.js";
import { t } from "../../lib/text.js";
import { adminAddress } from "../lib/admin_address.js";
import { createSpace, readSpace, saveSpace } from "../lib/admin_api.js";
import { viewHead } from "../ui/controls.js";
import { mountCover } from "./cover.js";
import { deletePanel } from "./delete_space.js";
import { joinEdits, mergeEdits } from "./edit_conflict.js";
import { showLoaded } from "../ui/load_view.js";
import { connectNext } from "./new_space.js";
import { makeSaveBar, makeSpaceForm } from "./space_form.js";
import { NEW_SPACE } from "./space_fields.js";
import { errorNotice } from "../ui/error_notice.js";
import { guardUnsaved } from "../ui/unsaved_changes.js";

/** Show the form of the space in the address, or of a new one. */
export function showView(root, { values, signal, go }) {
  if (!values.space) return drawForm(root, { settings: NEW_SPACE, isNew: true, signal, go });
  const draw = (settings) => {
    const inner = h("div", { class: "admin-view" });
    if (settings.deleting) drawDeleting(inner, settings, go);
    else drawForm(inner, { settings, isNew: false, signal, go });
    return inner;
  };
  return showLoaded(root, { load: (turn) => readSpace(values.space, turn), draw, signal });
}

// A space that is being deleted cannot be edited; an interrupted deletion can be repeated.
function drawDeleting(root, settings, go) {
  const words = h("p", { class: "notice", "data-tone": "warn", role: "status" }, t("admin.space.deleting"));
  root.append(words, h("div", { class: "form-groups" }, section("delete", deletePanel({ saved: settings }, go))));
}

function drawForm(root, { settings, isNew, signal, go }) {
  const state = { saved: settings };
  const bar = makeSaveBar(t(isNew ? "admin.space.create" : "admin.space.save"));
  const form = makeSpaceForm({ isNew, onChange: showDirty });
  const trouble = h("div", {});
  const element = h("form", { class: "space-form", novalidate: "true" }, form.root, trouble, bar.root);
  const isDirty = () => JSON.stringify(form.read()) !== JSON.stringify(state.saved);

  // While something is unsaved, the bar stays in view; otherwise it would only cover the form.
  function showDirty() {
    bar.say(isDirty() ? t("admin.space.unsaved") : "");
    bar.stay(!isNew && isDirty());
  }

  // Keep the saved settings in the form's own notation, so that only real changes count as unsaved.
  function use(saved, shown = saved) {
    state.saved = saved;
    form.write(shown);
    state.saved = joinEdits({ base: shown, mine: saved, theirs: form.read() }).joined;
  }

  // A new picture creates a new version; continue from it unless somebody else saved in between.
  function coverChanged({ version, cover_url, updated_at }) {
    if (version !== state.saved.version + 1) return;
    form.write({ ...form.read(), version, cover_url, updated_at });
    state.saved = { ...state.saved, version, cover_url, updated_at };
    showDirty();
  }

  async function save() {
    const wanted = form.read();
    if (isNew) {
      const created = await createSpace(wanted);
      use(created);
      await connectNext(created, go);
      return;
    }
    const saved = await saveSpace(wanted);
    const { joined } = joinEdits({ base: wanted, mine: form.read(), theirs: saved }); // edits made while saving
    use(saved, joined);
    showDirty();
    bar.say(t(isDirty() ? "admin.space.saved_but" : "admin.space.saved"));
    announce(t("admin.space.saved"));
  }

  async function refused(error) {
    if (error.errorType === "edit_conflict" && error.current) {
      const merged = await mergeEdits({ base: state.saved, mine: form.read(), theirs: error.current });
      if (!merged) return;
      use(error.current, merged);
      await submit();
      return;
    }
    const ofField = error.errorType === "space_exists" && form.showProblem("space", t("admin.problem.space_exists"));
    if (!ofField) trouble.replaceChildren(errorNotice(error));
  }

  async function submit() {
    trouble.replaceChildren();
    if (bar.isBusy() || !form.check()) return;
    bar.busy(true);
    try {
      await save();
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      bar.busy(false);
      await refused(error);
    } finally {
      bar.busy(false);
    }
  }

  element.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  use(settings);
  guardUnsaved(isDirty, signal);
  root.append(...(isNew ? [newHead()] : []), element);
  if (!isNew) root.append(extras(state, go, coverChanged));
}

function newHead() {
  const back = h("nav", { class: "breadcrumb", "aria-label": t("admin.tab.spaces") }, h("a", { href: adminAddress("spaces") }, t("admin.space.all")));
  return h("div", {}, back, viewHead(t("admin.spaces.create"), t("admin.space.new_words")));
}

function section(name, content) {
  const words = h("div", { class: "form-group-head" }, h("h3", {}, t(`admin.group.${name}`)), h("p", { class: "muted" }, t(`admin.group.${name}_words`)));
  return h("section", { class: "form-group" }, words, content);
}

function extras(state, go, coverChanged) {
  const cover = h("div", { class: "form-group-fields panel" });
  mountCover(cover, state.saved, coverChanged);
  return h("div", { class: "form-groups" }, section("cover", cover), section("delete", deletePanel(state, go)));
}
