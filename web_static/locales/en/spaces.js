/** English: the list of spaces. */
export default {
  "spaces.title": "Spaces",
  "spaces.lead": "Models that link out from where they run, and answer here.",
  "spaces.search": "Search spaces",
  "spaces.loading": "Loading the spaces…",
  "spaces.no_match": "No space matches “{query}”.",
  "spaces.empty": "No spaces yet",
  "spaces.empty_words": "Create the first one from a terminal, in the project's folder. It prints the command that links a worker to it; the space appears here by itself.",
  "spaces.last_requests": "Your last requests",
};
