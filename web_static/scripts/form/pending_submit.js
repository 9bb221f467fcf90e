/** A press of Run that has to wait: for lazy fields, a recording or uploads. Uses no elements. */

/**
 * Make it. `read()` gives what will be sent, as far as it can be edited now. If that changes after the press, the
 * submit is dropped and `onEdited()` is called once.
 */
export function makePendingSubmit({ read, onEdited }) {
  /** @type {{ cause: string, input: string } | null} */
  let pending = null;

  return {
    /** Wait for `cause`, which `is(cause)` tests. */
    hold: (cause) => (pending = { cause, input: JSON.stringify(read(cause)) }),
    drop: () => (pending = null),
    is: (cause) => pending?.cause === cause,
    isPending: () => pending !== null,
    check() {
      if (pending === null || pending.input === JSON.stringify(read(pending.cause))) return;
      pending = null;
      onEdited();
    },
  };
}
