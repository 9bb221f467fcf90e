"""How long callers wait, by each way to wait and beside other designs."""
