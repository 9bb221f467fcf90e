"""The pure core: the queue of a space, requests and spaces. No I/O, no clock, no chance."""
