"""Content editors' console: pages from the server, without a front-end build (docs/adr/0033)."""

OUR_FAULT = "This is our fault. Please try again."
