"""Kratt's public surface: HTTP, WebSocket and the page."""
