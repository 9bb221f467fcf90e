/** English: the list of spaces. */
export default {
  "spaces.title": "Spaces",
  "spaces.lead": "Use models running on other people's machines.",
  "spaces.search": "Search spaces",
  "spaces.filters": "Filters",
  "spaces.filter.online": "Online",
  "spaces.filter.text": "Text",
  "spaces.filter.image": "Image",
  "spaces.filter.audio": "Audio",
  "spaces.filter.video": "Video",
  "spaces.loading": "Loading spaces…",
  "spaces.no_match": "No spaces match “{query}”.",
  "spaces.none_pass": "No spaces pass these filters.",
  "spaces.empty": "No spaces yet",
  "spaces.empty_words": "Create the first one from a terminal in the project folder. The output includes the command that connects a worker; the space then appears here automatically.",
  "spaces.create": "Create a space",
  "spaces.last_requests": "Continue",
};
