/** Tests of English sentences run in English only; all others run in every language. */
import { language } from "../../../web_static/scripts/lib/text.js";

/** Options of a test that asserts English sentences. */
export const english = { skip: language() === "en" ? false : "asserts English sentences" };
