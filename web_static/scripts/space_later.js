/** What the page of a space needs after its first look; one module, so that it is asked for at once. */
export { mountNoWorker } from "./no_worker.js";
export { refreshHistory } from "./refresh_history.js";
export { mountRequestHistory } from "./request_history.js";
export { mountResult } from "./result.js";
export { runAgain } from "./run_again.js";
export { mountSnippets } from "./snippets.js";
