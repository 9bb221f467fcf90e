"""The protocol state of a connection, without I/O."""
