/**
 * When to follow a request by its event stream instead of polls. Pure.
 *
 * A stream costs as long as it is open, a poll costs each time: the stream is used only while text arrives, or is
 * about to. It is closed after a pause of the model, and left alone for a while, longer each time, if it does not work here,
 * for example because a proxy holds it back.
 */
import { streamOf } from "./request_state.js";

const MOST_CUTS = 3;
const FIRST_REST_MS = 10_000; // one refusal may be a moment's: a limit, a deployment
const LONGEST_REST_MS = 5 * 60_000;

/** What is known about streams before the first: `cuts` and `rests` in a row, the `pause` that closed one, `restUntil`. */
export const NEW_USE = Object.freeze({ cuts: 0, rests: 0, pause: null, restUntil: 0 });

/**
 * How a stream can end: `done` with the request, `left` by this tab, `waiting` because the request is back in the
 * queue, `pause` without text, `cut` midway, `refused` or `late` before its first event.
 */
const USE_AFTER = {
  done: () => NEW_USE,
  left: (use) => use,
  waiting: (use) => use,
  pause: (use, request, now) => ({ ...afterCut(use, now), pause: positionOf(request) }),
  cut: (use, request, now) => afterCut(use, now),
  refused: (use, request, now) => resting(use, now),
  late: (use, request, now) => afterCut(use, now),
};

/** What is known after a stream of this request has ended. */
export const useAfter = (use, ending, request, now) => USE_AFTER[ending](use, request, now);

/** Whether to open the stream of a request; `known` says whether its space is known to stream text. */
export function isWorthStreaming(use, request, known, now) {
  if (request.phase !== "open" || request.status.status !== "IN_PROGRESS" || request.trouble) return false;
  if (now < use.restUntil || use.pause === positionOf(request)) return false;
  return known || streamOf(request).after !== null;
}

// After a pause, the next text is found by a poll.
const positionOf = (request) => `${request.id} ${streamOf(request).after}`;

// Four times as long with each rest, until a stream works to its end.
const resting = ({ rests }, now) => ({ ...NEW_USE, rests: rests + 1, restUntil: now + Math.min(LONGEST_REST_MS, FIRST_REST_MS * 4 ** rests) });

const afterCut = (use, now) => (use.cuts + 1 < MOST_CUTS ? { ...use, cuts: use.cuts + 1 } : resting(use, now));
