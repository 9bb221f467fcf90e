"""The LAN door: a proxy that opens the page and the API of a local cloud to the local network.

The emulator itself stays on the loopback interface: whoever can reach it can do everything, for
example run code in a function. The door passes on what a visitor or a worker needs, and nothing
else: the page, the API without sign-in and administration, streams, signed file URLs, and the
WebSocket URL of workers. It writes its own address in place of the inner ones.
"""
