"""The action server: runs services for the dialogue engine, by calling registers over X-Road."""
