"""Reads, checks and compiles what editors write in nlu_data/."""
