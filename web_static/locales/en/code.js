/** English: the same call from code. */
export default {
  "code.title": "Use it from code",
  "code.words": "The same call this page makes.",
  "code.copy_named": "Copy {name}",
};
