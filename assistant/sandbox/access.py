"""Who may call what."""

CLOSED_SERVICES = ("EE/GOV/70000310/karr/convictions",)
"""Services that the assistant has no right to."""
