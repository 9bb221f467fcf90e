/** English: the same call from code. */
export default {
  "code.title": "Use it from code",
  "code.words": "The same call that this page makes.",
  "code.copy_named": "Copy {name}",
};
