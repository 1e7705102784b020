"""The languages Kratt answers in."""

from enum import Enum

from assistant.core.errors import UnknownLanguage


class Language(str, Enum):
    """A language of the citizen, by its ISO 639-1 code."""

    EN = "en"
    ET = "et"
    RU = "ru"

    def __str__(self) -> str:
        """The bare code, so that it can stand in paths and messages."""
        return self.value


def parse_language(code: str) -> Language:
    """The language of a code such as `et`, `ET` or `et-EE`.

    Raises:
        UnknownLanguage: Kratt has no content in that language.
    """
    primary = code.strip().replace("_", "-").partition("-")[0].lower()
    try:
        return Language(primary)
    except ValueError:
        raise UnknownLanguage from None
