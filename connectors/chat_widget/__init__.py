"""The chat widget: one script tag on any web site of the state (docs/guides/channels/chat-widget.md)."""
