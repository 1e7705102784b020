"""Dictionary forms of Estonian and Russian words: "passi" and "passid" are "pass", "машины" is "машина"."""

import importlib.util
import sys
from collections.abc import Callable
from functools import lru_cache
from types import ModuleType
from typing import Any

CACHED_WORDS = 50_000


def lemmatiser(language: str) -> Callable[[str], tuple[str, ...]]:
    """What gives a word its lemma, and the parts of a compound behind it; nothing in other languages than these two."""
    return {"et": _estonian, "ru": _russian}.get(language, _nothing)


def _nothing(_: str) -> tuple[str, ...]:
    return ()


@lru_cache(CACHED_WORDS)
def _estonian(word: str) -> tuple[str, ...]:
    (analysed,) = _vabamorf().analyze([word], disambiguate=False)
    found = analysed["analysis"]
    if not found:
        return ()
    # The likeliest lemma of a single word is the first; a compound's parts mean what it means.
    parts = [part for part in found[0]["root_tokens"] if part]
    return (found[0]["lemma"].lower(), *(parts if len(parts) > 1 else ()))


@lru_cache(CACHED_WORDS)
def _russian(word: str) -> tuple[str, ...]:
    return (str(_pymorphy().parse(word)[0].normal_form),)


@lru_cache(1)
def _vabamorf() -> Any:
    # `import estnltk` loads pandas, IPython and nltk, some twenty seconds and 200 MB that its morphology does not need:
    # an empty parent package lets its morphology be imported alone.
    if "estnltk" not in sys.modules:
        spec = importlib.util.find_spec("estnltk")
        if spec is None:
            raise ModuleNotFoundError("estnltk is not installed: run `make setup`")
        package = ModuleType("estnltk")
        package.__path__ = list(spec.submodule_search_locations or ())
        sys.modules["estnltk"] = package
    from estnltk.vabamorf.morf import Vabamorf  # noqa: PLC0415  # only now can it be imported

    return Vabamorf.instance()


@lru_cache(1)
def _pymorphy() -> Any:
    from pymorphy3 import MorphAnalyzer  # noqa: PLC0415  # a tenth of a second that English alone does not need

    return MorphAnalyzer()
