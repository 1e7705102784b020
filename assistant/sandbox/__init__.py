"""A small faithful state for development and tests: X-Road security server, registers, TARA. Never in production."""
