"""The gateway: the queue of a space, the use cases around it, and their Lambda handlers."""
