"""Acts in registers: done at most once, whatever fails on the way, and told to the citizen in the end."""
