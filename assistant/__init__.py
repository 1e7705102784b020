"""Kratt, an open government voice assistant."""

__version__ = "0.1.0"
