/** Creates and rotates tokens and keys; the new secret is shown once. */
import { h } from "../../lib/dom.js";
import { dateTime } from "../../lib/format.js";
import { t } from "../../lib/text.js";
import { choice, labelled } from "../ui/controls.js";
import { CREDENTIALS } from "./credentials.js";
import { askInDialog } from "../ui/dialog.js";
import { makeField } from "../ui/form_field.js";
import { showSecret } from "../ui/show_secret.js";
import { KEY_LIMITS, limitFields } from "../lib/limit_fields.js";
import { valueOf, withValue } from "../lib/setting_value.js";

const LIVES_DAYS = ["30", "90", "365", ""];
const OVERLAPS_HOURS = ["0", "1", "24", "168"];

/**
 * Ask for spaces, label, lifetime and limits, create the credential and show its secret. Returns whether one was
 * created.
 */
export async function newCredential(kind, spaces) {
  const { create, hasLimits } = CREDENTIALS[kind];
  const label = makeField({ name: "label", kind: "text", max: 80, required: t("admin.problem.label"), label: t("admin.credential.label"), hint: t(`admin.${kind}.label_hint`) }, () => undefined);
  const scope = scopeField(spaces);
  const life = choice(LIVES_DAYS.map((days) => [days, days ? t("admin.credential.days", { count: Number(days) }) : t("admin.credential.never")]), "90", { class: "input" });
  const limits = hasLimits ? makeLimits() : null;
  const act = () => create({ spaces: scope.read(), label: label.read(), ...(life.value ? { expires_in_days: Number(life.value) } : {}), ...(limits ? { limits: limits.read() } : {}) });
  const body = [label.root, scope.root, labelled(t("admin.credential.expires"), life), limits?.root];
  const fields = [label, scope, ...(limits?.fields ?? [])];
  const made = await askInDialog({ title: t(`admin.${kind}.create`), body: body.filter(Boolean), action: t(`admin.${kind}.create_action`), act, fields });
  if (made) await showSecret({ kind, secret: made[kind], command: made.command });
  return made !== null;
}

function scopeField(spaces) {
  const titles = new Map(spaces.map(({ space, title }) => [space, title ? `${title} (${space})` : space]));
  const field = makeField({ name: "spaces", kind: "checks", options: [...titles.keys()], wordsOf: (space) => titles.get(space), required: t("admin.problem.spaces"), label: t("admin.credential.for_spaces") }, () => undefined);
  if (spaces.length === 1) field.write([spaces[0].space]);
  return field;
}

function makeLimits() {
  const fields = limitFields("user_limits").map((field) => makeField(field, () => undefined));
  for (const { field, write } of fields) write(valueOf({ user_limits: KEY_LIMITS }, field));
  const read = () => fields.reduce((settings, { field, read: value }) => withValue(settings, field, value()), { user_limits: {} }).user_limits;
  const root = h("fieldset", { class: "checks" }, h("legend", {}, t("admin.key.limits")), ...fields.map((field) => field.root));
  return { root, read, fields };
}

/** Replace a credential; the old one keeps working for the chosen overlap. Returns whether it was replaced. */
export async function rotateCredential(kind, each) {
  const { rotate, idOf } = CREDENTIALS[kind];
  const words = (hours) => (hours === "0" ? t("admin.credential.no_overlap") : t("admin.credential.hours", { count: Number(hours) }));
  const overlap = choice(OVERLAPS_HOURS.map((hours) => [hours, words(hours)]), "24", { class: "input" });
  const body = [h("p", {}, t(`admin.${kind}.rotate_words`)), labelled(t("admin.credential.overlap"), overlap)];
  const act = () => rotate(idOf(each), Number(overlap.value));
  const made = await askInDialog({ title: t(`admin.${kind}.rotate_title`, { label: each.label }), body, action: t("admin.credential.rotate_action"), act });
  if (made === null) return false;
  await showSecret({ kind, secret: made[kind], command: made.command, until: endOfOld(overlap.value, made) });
  return true;
}

function endOfOld(overlapHours, { open_connections: open = 0 }) {
  if (open > 0) return t("admin.credential.still_open", { count: open });
  if (overlapHours === "0") return t("admin.credential.old_ended");
  return t("admin.credential.old_until", { time: dateTime(Date.now() + Number(overlapHours) * 3_600_000) });
}
