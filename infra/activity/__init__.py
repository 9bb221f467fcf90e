"""What happened on a gateway, counted from the lines that its functions log."""
