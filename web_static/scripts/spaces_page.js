/** The entry script of the list of spaces. */
import { makeAnnouncer } from "./lib/announce.js";
import { readSpaces } from "./api/api.js";
import { h, part, setText, show } from "./lib/dom.js";
import { poll } from "./api/poll.js";
import { mountLazy } from "./lib/lazy_part.js";
import { storedRequests } from "./request/browser_storage.js";
import { isAdministrator, isSignedIn } from "./session/session.js";
import { mountFilterButtons } from "./site/filter_buttons.js";
import { mountSiteHeader } from "./site/site_header.js";
import { findSpaces } from "./space/find_spaces.js";
import { featureWords, mountSpaceCard } from "./space/space_card.js";
import { t } from "./lib/text.js";

const TYPING_MS = 1000;

const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const search = /** @type {HTMLInputElement} */ (part(main, "search"));
const filters = mountFilterButtons(part(main, "filters"), narrowed);
const cards = new Map();
const recentRequests = mountLazy(() => import("./history/recent_requests.js"), ({ mountRecentRequests }) => mountRecentRequests(part(main, "recent-requests")), { styles: ["history"] });
const firstSpace = mountLazy(() => import("./space/first_space.js"), ({ mountFirstSpace }) => mountFirstSpace(part(main, "first-space")), { styles: ["snippets"] });
/** @type {{spaces: Json[] | null, trouble: string | null}} */
const state = { spaces: null, trouble: null };
const [announceTrouble, announceNoMatch] = [makeAnnouncer(), makeAnnouncer(TYPING_MS)];

function cardOf(space) {
  if (!cards.has(space.space)) cards.set(space.space, mountSpaceCard(space.space));
  const card = cards.get(space.space);
  card.update(space);
  return card.root;
}

function showCards(spaces) {
  const list = part(main, "cards");
  const roots = spaces.map(cardOf);
  const same = roots.length === list.children.length && roots.every((root, i) => root === list.children[i]);
  if (!same) list.replaceChildren(...roots);
  list.setAttribute("aria-busy", "false");
}

function updateTrouble() {
  const trouble = part(main, "trouble");
  const words = t(navigator.onLine ? (state.trouble ?? "connection.unreachable") : "connection.page_offline");
  show(trouble, state.trouble !== null);
  if (trouble.textContent !== words) trouble.replaceChildren(h("p", {}, words));
  announceTrouble(state.trouble === null ? null : words);
}

function updateSpaces(query) {
  if (state.spaces === null) return;
  const used = storedRequests().map(({ space }) => space);
  const found = findSpaces(state.spaces, { query, filters: filters.chosen(), used, wordsOf: featureWords });
  showCards(found);
  show(part(main, "loading"), false);
  if (state.spaces.length === 0) firstSpace.start();
  show(part(main, "empty"), state.spaces.length === 0);
  show(part(main, "cards"), state.spaces.length > 0);
  show(part(main, "find"), state.spaces.length > 0);
  show(part(main, "create-space"), isAdministrator());
  showNoMatch(state.spaces.length > 0 && found.length === 0, query ? t("spaces.no_match", { query }) : t("spaces.none_pass"));
}

function showNoMatch(none, words) {
  show(part(main, "no-match"), none);
  setText(part(main, "no-match"), words);
  announceNoMatch(none ? words : null);
}

function update() {
  updateTrouble();
  updateSpaces(search.value.trim());
  if (isSignedIn() || storedRequests().length > 0) recentRequests.start();
  recentRequests.update();
}

function holdQueryInAddress() {
  const values = new URLSearchParams([["q", search.value.trim()], ...filters.chosen().map((filter) => ["only", filter])].filter(([, value]) => value));
  history.replaceState(null, "", values.size > 0 ? `?${values}` : location.pathname);
}

function narrowed() {
  holdQueryInAddress();
  update();
}

// "/" moves to the search, unless it is typed into a field.
function keyPressed(event) {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select, dialog")) return;
  event.preventDefault();
  search.focus();
}

function start() {
  mountSiteHeader();
  if (search.value) holdQueryInAddress(); // the user has typed already
  else search.value = new URLSearchParams(location.search).get("q") ?? "";
  filters.choose(new URLSearchParams(location.search).getAll("only"));
  search.addEventListener("input", narrowed);
  document.addEventListener("keydown", keyPressed);
  window.addEventListener("storage", update);
  update();
  const pollNow = poll({
    load: readSpaces,
    onResponse({ spaces }) {
      Object.assign(state, { spaces, trouble: null });
      update();
      recentRequests.get()?.refresh();
    },
    onError({ reached }) {
      state.trouble = reached ? "connection.faulty" : "connection.unreachable";
      update();
    },
    signal: new AbortController().signal,
  });
  window.addEventListener("offline", pollNow);
}

start();
