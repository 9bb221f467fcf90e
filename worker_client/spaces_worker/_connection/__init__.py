"""The WebSocket connection: transport, reconnection, proxies and TLS."""
