"""Moving a queue on: expiry, dispatch, delivery and sweeps, one atomic change at a time."""
