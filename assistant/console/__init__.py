"""Content editors' console: pages from the server, without a front-end build (docs/adr/0033)."""
