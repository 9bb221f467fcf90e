/** The first view of the administration: how the gateway is doing, and what needs attention. */
import { h } from "../../lib/dom.js";
import { t } from "../../lib/text.js";
import { adminAddress } from "../lib/admin_address.js";
import { readLive, readSpaces } from "../lib/admin_api.js";
import { actionButton, emptyState, viewHead } from "../ui/controls.js";
import { showLive } from "../ui/load_view.js";
import { needsAttention } from "./attention.js";
import { attentionList } from "./attention_list.js";
import { figures } from "./figures.js";
import { mergeActivity } from "./merge_activity.js";
import { MOST_SPACES, mostActive, readActivities } from "./read_activities.js";

/** Show the overview. Live states are polled; activities are read once, and again on demand. */
export function showView(root, { signal }) {
  const area = h("div", { class: "admin-view" });
  /** @type {{ read: Map<string, any> | null, begun: boolean }} */
  const activities = { read: null, begun: false };
  const create = h("a", { class: "button is-primary", href: adminAddress("space") }, t("admin.spaces.create"));
  const refresh = actionButton(t("admin.requests.refresh"), () => readAgain(), { className: "button" });
  root.append(viewHead(t("admin.tab.overview"), t("admin.overview.lead"), create, refresh), area);

  async function load(turn) {
    const [spaces, live] = await Promise.all([readSpaces(turn), readLive(turn)]);
    if (!activities.begun) {
      activities.begun = true;
      readAll(spaces, live);
    }
    return { spaces, live: [...live], read: activities.read && [...activities.read] };
  }

  async function readAll(spaces, live) {
    const found = await readActivities(mostActive(spaces, live), signal);
    if (signal.aborted) return;
    activities.read = found;
    pollNow();
  }

  function readAgain() {
    activities.begun = false;
    pollNow();
  }

  const pollNow = showLive(area, { load, draw: ({ spaces, live, read }) => draw(spaces, new Map(live), read && new Map(read)), signal });
}

function draw(spaces, live, read) {
  if (spaces.length === 0) return emptyState(t("admin.overview.empty"), h("a", { class: "button is-primary", href: adminAddress("space") }, t("admin.overview.first")));
  const now = Date.now();
  const titles = new Map(spaces.map(({ space, title }) => [space, title || space]));
  const titleOf = (space) => titles.get(space) ?? space;
  const items = needsAttention(spaces, live, read, now);
  const heading = h("h3", {}, t("admin.overview.attention"));
  return [figures(live, read && mergeActivity(read, now), titleOf), partial(spaces.length, read), h("section", { class: "attention-section" }, heading, attentionList(items, titleOf))].filter((each) => each !== null);
}

// The sums say which spaces they leave out.
function partial(count, read) {
  if (read === null) return null;
  const wanted = Math.min(count, MOST_SPACES);
  if (read.size < wanted) return h("p", { class: "notice", "data-tone": "warn" }, t("admin.overview.unread", { count: wanted - read.size }));
  return count > MOST_SPACES ? h("p", { class: "muted" }, t("admin.overview.most_active", { most: MOST_SPACES, count })) : null;
}
