"""X-Road, consumer side: Message Protocol for REST r1 (PR-REST 1.0.4)."""
