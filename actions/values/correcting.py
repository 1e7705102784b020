"""Tells a correction ("no, I meant the other one") from an answer."""

from assistant.core.languages import Language


def is_correction(text: str, language: Language) -> bool:
    """Whether the text takes back something said before."""
    raise NotImplementedError
