"""The only code that calls AWS: tables, sockets, files. This module imports nothing."""
