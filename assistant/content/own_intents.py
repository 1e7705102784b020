"""Intents that code goes by: an editor changes their words, not their names."""

from assistant.content.compile import ACTIONS_BY_INTENT

INTENTS_OF_CODE = frozenset(
    {
        "affirm",
        "deny",
        "confirm",
        "more",
        "correct",
        "inform",
        "why_ask",
        "what_for",
    }  # what an open question makes of them
    | {"about_others", "emergency", "help", "greet", "out_of_scope", *ACTIONS_BY_INTENT}
    | {"speak_slower", "speak_faster", "speak_louder", "speak_quieter", "lock_speaker", "continue_on_screen"}
)
"""A test compares them with what stands in code."""
