/** A press of Run that has to wait: for parts of the form, a recording or uploads. No elements here. */

/**
 * Make it. `read()` gives what is going to be sent, as far as somebody can edit it now. What was edited
 * since the press is not sent by itself: `onEdited()` hears of it, once.
 */
export function makeHeldBack({ read, onEdited }) {
  let held = null;

  return {
    /** Hold it back for the sake of `cause`, which `is(cause)` asks about. */
    hold: (cause) => (held = { cause, input: JSON.stringify(read(cause)) }),
    drop: () => (held = null),
    is: (cause) => held?.cause === cause,
    isHeld: () => held !== null,
    check() {
      if (held === null || held.input === JSON.stringify(read(held.cause))) return;
      held = null;
      onEdited();
    },
  };
}
