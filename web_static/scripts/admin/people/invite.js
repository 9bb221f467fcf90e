/** Invites a person by e-mail. */
import { t } from "../../lib/text.js";
import { invitePerson } from "../lib/admin_api.js";
import { askInDialog, problemInDetail } from "../ui/dialog.js";
import { makeField } from "../ui/form_field.js";

const FIELDS = [
  { name: "user", kind: "text", max: 128, required: true, pattern: /^[^\s@]+$/ },
  { name: "email", kind: "text", type: "email", max: 254, required: true, pattern: /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/ },
  { name: "administrator", kind: "switch" },
];
const TAKEN = { user_exists: "user", email_taken: "email" };

/** Ask for name and address and send the invitation. Resolves with the person, or null. */
export function invite() {
  const fields = FIELDS.map((field) => makeField({ ...field, text: `person_${field.name}` }, () => undefined));
  const act = () => invitePerson(Object.fromEntries(fields.map(({ field, read }) => [field.name, read()])));
  return askInDialog({ title: t("admin.people.invite_title"), body: fields.map(({ root }) => root), action: t("admin.people.invite_action"), act, fields, problemOf });
}

/** The field that a refusal is about: the name or the address of somebody else, or one that cannot be used. */
function problemOf(error) {
  const taken = TAKEN[error.errorType];
  return taken ? [taken, t(`admin.problem.${error.errorType}`)] : problemInDetail(error);
}
