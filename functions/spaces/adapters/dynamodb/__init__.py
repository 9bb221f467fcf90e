"""The three tables: one module for each kind of item, one function for each access pattern."""
