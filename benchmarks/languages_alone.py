"""Which language two libraries take texts for; benchmarks/languages.py runs this file in an environment of its own."""

import json
import sys

import py3langid
from lingua import Language, LanguageDetectorBuilder

CODES = {Language.ENGLISH: "en", Language.ESTONIAN: "et", Language.RUSSIAN: "ru"}


def main() -> None:
    """Read texts as JSON, print the language of each by each library, both told of the three languages alone."""
    texts = json.load(sys.stdin)
    lingua = LanguageDetectorBuilder.from_languages(*CODES).build()
    py3langid.set_languages(list(CODES.values()))
    found = {
        "lingua": [CODES.get(lingua.detect_language_of(text), "") for text in texts],
        "py3langid": [py3langid.classify(text)[0] for text in texts],
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
