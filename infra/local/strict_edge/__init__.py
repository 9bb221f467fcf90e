"""The strict edge: a proxy in front of the emulator that enforces what AWS enforces.

It stands on the local cloud's port, and the emulator behind it. It is the WebSocket API itself:
it reads the deployed routes from the emulator and invokes their functions. Everything else passes
through it to the emulator, by the rules of the service that is called.

``docs/local-cloud.md`` lists each rule with its source and its test.
"""
