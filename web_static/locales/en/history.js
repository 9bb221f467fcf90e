/** English: requests that were sent before. */
export default {
  "history.title": "Your requests here",
  "history.empty": "Requests that you send from this browser are listed here. The list stays in this browser.",
  "history.forget": "Clear list",
  "history.forgotten": "List cleared; the requests themselves go on.",

  "history.search": "Search your requests",
  "history.no_match": "None of your requests matches “{query}”.",
  "history.none": "Your requests to this space are listed here, on every device that you sign in on.",
  "history.asking": "Looking up your requests…",
  "history.unreachable": "Your requests could not be looked up.",
  "history.more": "Show more",
  "history.no_prompt": "No prompt",
  "history.delete": "{words} “{prompt}”",
  "history.state.IN_QUEUE": "Waiting",
  "history.state.IN_PROGRESS": "Running",
  "history.state.COMPLETED": "Answered",
  "history.state.FAILED": "Failed",
  "history.state.CANCELLED": "Cancelled",
  "history.state.TIMED_OUT": "Timed out",
};
