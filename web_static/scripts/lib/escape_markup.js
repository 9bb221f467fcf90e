/** Writes text into markup. Pure. */

/** A text as the content of an element, or as the value of an attribute. */
export const escaped = (text) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
