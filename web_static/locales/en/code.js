/** English: the same call from code. */
export default {
  "code.title": "Use it from code",
  "code.words": "The same call as on this page, with what the form holds.",
  "code.copy_named": "Copy {name}",
};
