"""Rules of the Model Context Protocol: messages, versions, tools, results and tasks."""
