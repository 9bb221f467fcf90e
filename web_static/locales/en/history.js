/** English: requests that were sent before. */
export default {
  "history.title": "Your requests here",
  "history.empty": "Requests that you send from this browser are listed here. The list stays in this browser.",
  "history.forget": "Clear list",
  "history.forgotten": "List cleared; the requests themselves go on.",
};
