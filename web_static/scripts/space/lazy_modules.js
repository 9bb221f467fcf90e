/** What the page of a space needs after its first look; one module, so that it is asked for at once. */
export { mountNoWorker } from "./no_worker.js";
export { refreshHistory } from "../history/refresh_history.js";
export { mountRequestHistory } from "../history/history_panel.js";
export { mountResult } from "../result/result_panel.js";
export { runAgain } from "../form/run_again.js";
export { mountSnippets } from "./snippets.js";
