/** What a person would see as cut off or broken, as a list of sentences. Evaluated in the page. */
const isSeen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
const named = (element) => `${element.localName}.${element.className} “${element.textContent.trim().slice(0, 40)}”`;

function tooWide() {
  const pixels = document.documentElement.scrollWidth - innerWidth;
  return pixels > 0 ? [`the page is ${pixels} px too wide`] : [];
}

function cutTexts() {
  const all = [...document.body.querySelectorAll("*")].filter(isSeen);
  return all.filter((element) => clips(element) && holdsText(element)).map((element) => `cut: ${named(element)}`);
}

function clips(element) {
  const { overflowX, textOverflow } = getComputedStyle(element);
  return ["hidden", "clip"].includes(overflowX) && textOverflow !== "ellipsis" && element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1;
}

const holdsText = ({ childNodes }) => [...childNodes].some(({ nodeType, data }) => nodeType === Node.TEXT_NODE && data.trim());

function brokenWords() {
  const labels = [...document.querySelectorAll("button, [role=tab], .pill, .badge, th")].filter(isSeen);
  return labels.filter((label) => isOneWord(label) && linesOf(label) > 1).map((label) => `broken word: ${named(label)}`);
}

const isOneWord = (label) => !/\s|\p{scx=Han}/u.test(label.textContent.trim()) && !label.querySelector("svg, img");

function linesOf(label) {
  const range = document.createRange();
  range.selectNodeContents(label);
  const boxes = [...range.getClientRects()].filter(({ width }) => width > 1);
  return new Set(boxes.map(({ bottom }) => Math.round(bottom / 8))).size;
}

[...tooWide(), ...cutTexts(), ...brokenWords()]; // eslint-disable-line no-unused-expressions -- what evaluating it gives
