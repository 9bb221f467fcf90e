/** English: a result that somebody shared. */
export default {
  "result_page.shared": "Shared result",
  "result_page.title": "Result of {space} · WebSocket Spaces",
  "result_page.try_it": "Ask something yourself",
  "result_page.incomplete": "This link is incomplete",
  "result_page.incomplete_words": "It has to name a space and a request. Ask whoever gave it to you for the whole link.",
};
