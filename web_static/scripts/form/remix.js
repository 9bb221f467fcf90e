/** Fills the form with the input of a shared result, for a person who wants to go on from it. */
import { GatewayError, readResult } from "../api/api.js";
import { announce } from "../lib/announce.js";
import { readAddress, replaceAddress } from "../lib/page_address.js";
import { t } from "../lib/text.js";

/** Fill the form with the result that the address names; files stay with the person who sent them. */
export async function remix(space, form) {
  const { remix: id } = readAddress();
  replaceAddress(space, null);
  form.clearFiles();
  form.fill({});
  try {
    const { input } = await readResult(space, id);
    if (form.values().prompt !== "" || !input?.prompt) return; // the person has typed meanwhile
    form.fill({ prompt: input.prompt, params: input.params ?? {}, files: [] });
    announce(t("form.remixed"));
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error; // the result is gone: the form begins empty
  }
}
