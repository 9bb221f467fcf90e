/** English: the same call from code. */
export default {
  "code.title": "Use it from code",
  "code.words": "The same call as on this page, with what the form or the conversation holds.",
  "code.reference": "All calls, fields and errors",
  "code.key": "API key",
  "code.key_words": "It only stands in the code below; this page neither stores nor sends it.",
  "code.copy_named": "Copy {name}",
  "code.options": "Options",
  "code.required": "required",
  "code.default": "default {value}",
  "code.length": "length {length}",
};
