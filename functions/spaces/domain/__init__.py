"""The pure core: queues, requests and spaces. No I/O, no clock, no randomness."""
