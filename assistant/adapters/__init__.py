"""Outside things behind the ports of `assistant.core.ports`, one module each."""
