"""Makes the decoding graph of a speech model from content; the acoustic network stays as it is.

Runs in a process of its own (`kratt speech build`), never in one that decodes.
"""
