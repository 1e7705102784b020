"""The cache of spoken sounds."""

import pytest

from assistant.adapters.espeak_voice import SoundCache
from assistant.core.audio import Pcm
from assistant.core.languages import Language

pytestmark = pytest.mark.unit

TEN = Pcm(bytes(10), 22_050)


def test_cache_finds_what_it_keeps_by_text_and_language() -> None:
    cache = SoundCache(100)
    cache.keep("auto", Language.ET, TEN)
    assert cache.find("auto", Language.ET) is TEN
    assert cache.find("auto", Language.RU) is None


def test_cache_when_full_forgets_what_was_asked_for_longest_ago() -> None:
    cache = SoundCache(30)
    for text in ("a", "b", "c"):
        cache.keep(text, Language.EN, TEN)
    cache.find("a", Language.EN)
    cache.keep("d", Language.EN, TEN)
    assert [cache.find(text, Language.EN) for text in "abcd"] == [TEN, None, TEN, TEN]


def test_cache_keeping_a_text_again_counts_it_once() -> None:
    cache = SoundCache(20)
    for _ in range(5):
        cache.keep("a", Language.EN, TEN)
    cache.keep("b", Language.EN, TEN)
    assert cache.find("a", Language.EN) is TEN


def test_cache_keeps_nothing_that_is_larger_than_itself() -> None:
    cache = SoundCache(5)
    cache.keep("a", Language.EN, TEN)
    assert cache.find("a", Language.EN) is None
