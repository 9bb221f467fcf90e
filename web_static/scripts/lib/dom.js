/** Creates and changes elements. Text is only ever set as text, so nothing needs escaping. */
const SVG = "http://www.w3.org/2000/svg";

/** @typedef {string | number | boolean | null | undefined} AttributeValue */
/** @typedef {Node | string | null | undefined} Child */

/**
 * Create an HTML element; attributes that are false or null are left out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, AttributeValue>} attributes
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/**
 * Create an SVG element.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, AttributeValue>} attributes
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/**
 * @template {Element} Filled
 * @param {Filled} element
 * @param {Record<string, AttributeValue>} attributes
 * @param {Child[]} children
 * @returns {Filled}
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/**
 * Find the element with this `data-part`, which the HTML must have.
 * @param {ParentNode | null} root an element that the HTML must have
 * @param {string} name
 * @returns {HTMLElement}
 */
export function part(root, name) {
  return /** @type {HTMLElement} */ (/** @type {ParentNode} */ (root).querySelector(`[data-part="${name}"]`));
}

/**
 * Set the text, only if it differs.
 * @param {Node} element
 * @param {string | null} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Set an attribute, or remove it (null and false), only if it differs.
 * @param {Element} element
 * @param {string} name
 * @param {AttributeValue} value
 */
export function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

/**
 * Show or hide an element.
 * @param {HTMLElement} element
 * @param {any} visible anything truthy shows it
 */
export function show(element, visible) {
  if (element.hidden === Boolean(visible)) element.hidden = !visible;
}

/** Whether this click is the second of a double-click, which may hit what the first one put in its place. */
export const isSecondClick = ({ detail }) => detail > 1;

/**
 * Move the focus to `heading` if `change()` removes or hides the focused element inside `root`.
 * @param {Element} root
 * @param {HTMLElement} heading
 * @param {() => void} change
 */
export function keepFocusIn(root, heading, change) {
  const held = root.contains(document.activeElement) ? document.activeElement : null;
  change();
  const isLost = held !== null && (!held.isConnected || held.closest("[hidden]") !== null);
  if (isLost) heading.focus({ preventScroll: true });
}

/**
 * Show one paragraph per line, reusing existing ones.
 * @param {Element} element
 * @param {string[]} lines
 */
export function setLines(element, lines) {
  while (element.children.length > lines.length) element.lastElementChild?.remove();
  while (element.children.length < lines.length) element.append(h("p"));
  lines.forEach((line, index) => setText(element.children[index], line));
}
