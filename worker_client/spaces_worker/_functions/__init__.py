"""The operator's function: arguments, context, result and its runner."""
