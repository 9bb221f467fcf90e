/** English: requests that were sent before. */
export default {
  "history.title": "History",
  "history.empty": "Requests you send from this browser are listed here. The list is stored only in this browser.",
  "history.forget": "Clear list",
  "history.forgotten": "List cleared. The requests themselves are not affected.",

  "history.search": "Search your requests",
  "history.no_match": "No requests match “{query}”.",
  "history.none": "Your requests to this space are listed here, on every device you sign in on.",
  "history.asking": "Loading your requests…",
  "history.unreachable": "Your requests could not be loaded.",
  "history.more": "Show more",
  "history.messages": { one: "{count} message", other: "{count} messages" },
  "history.no_prompt": "No prompt",
  "history.delete": "{words} “{prompt}”",
  "history.state.IN_QUEUE": "Waiting",
  "history.state.IN_PROGRESS": "Running",
  "history.state.COMPLETED": "Answered",
  "history.state.FAILED": "Failed",
  "history.state.CANCELLED": "Cancelled",
  "history.state.TIMED_OUT": "Timed out",
};
