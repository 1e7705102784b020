"""Wyoming, as `wyoming` 1.10 speaks it: by it Home Assistant hears, answers and speaks with Kratt.

The library's dataclasses write what is sent. What is received is read here, as
the library's reader believes every length. docs/guides/channels/wyoming.md
"""

NAME = "wyoming"
