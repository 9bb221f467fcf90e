"""The three tables: one module per kind of item, one function per access pattern."""
