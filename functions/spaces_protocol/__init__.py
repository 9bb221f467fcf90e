"""The wire contract that gateway, worker client and page share: messages, limits, errors, codec."""
