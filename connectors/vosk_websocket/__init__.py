"""The protocol of vosk-server, on a port of its own: telephone bridges and scripts made for it hear by Kratt unchanged.

The original is alphacep/vosk-server, websocket/asr_server.py; its protocol is tabled in docs/guides/channels/vosk.md
"""

NAME = "vosk_websocket"
DEFAULT_RATE_HERTZ = 8_000
"""What telephones send: clients such as Asterisk's say nothing of it."""
