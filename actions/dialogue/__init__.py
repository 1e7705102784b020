"""The dialogue of services: what is open, what the words mean to it, and what is said next (docs/adr/0009)."""
