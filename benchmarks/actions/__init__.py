"""The price of each action that a stranger, a user or a worker can repeat, and what bounds it."""
