"""The queue of a space as a pure state machine."""
