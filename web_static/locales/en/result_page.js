/** English: a result that somebody shared. */
export default {
  "result_page.shared": "Shared result",
  "result_page.title": "Result from {space} · WebSocket Spaces",
  "result_page.remix": "Remix",
  "result_page.try_it": "Try it yourself",
  "result_page.incomplete": "This link is incomplete",
  "result_page.incomplete_words": "It must name a space and a request. Ask the person who gave it to you for the full link.",
};
