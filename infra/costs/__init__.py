"""What AWS charges: one table of prices, and what turns counted use into money."""
