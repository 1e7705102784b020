"""Trains the acoustic network of a speech model from recordings and synthetic speech (`kratt speech train`)."""
