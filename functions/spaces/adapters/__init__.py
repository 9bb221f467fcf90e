"""The only code that reaches AWS: tables, sockets, files. Imports nothing by itself."""
