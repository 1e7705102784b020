from collections.abc import Sequence

import pytest

from assistant.engine.understanding.requests import requests_in

pytestmark = pytest.mark.unit

SERVICES = {"document_renew", "debts_and_fines", "vehicle", "pension"}
WORDS = {
    "passport": "document_renew",
    "pass": "document_renew",
    "паспорт": "document_renew",
    "fines": "debts_and_fines",
    "trahvid": "debts_and_fines",
    "штрафы": "debts_and_fines",
    "car": "vehicle",
    "pension": "pension",
}  # fmt: skip


def rank(texts: Sequence[str]) -> list[tuple[str, float]]:
    """The intent of the first known word; unsure where there is none, or "maybe" stands."""
    found = [next((WORDS[word] for word in text.split() if word in WORDS), "inform") for text in texts]
    return [(intent, 0.4 if "maybe" in text else 0.9) for intent, text in zip(found, texts, strict=True)]


def parts(text: str) -> list[tuple[str, str]]:
    return [(each.intent, text[each.start : each.end]) for each in requests_in(text, SERVICES, rank)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "renew my passport and tell me about fines",
            [("document_renew", "renew my passport"), ("debts_and_fines", "tell me about fines")],
        ),
        (
            "uuenda mu pass ja näita mu trahvid",
            [("document_renew", "uuenda mu pass"), ("debts_and_fines", "näita mu trahvid")],
        ),
        (
            "обнови мой паспорт а также покажи штрафы",
            [("document_renew", "обнови мой паспорт"), ("debts_and_fines", "покажи штрафы")],
        ),
        (
            "Renew my passport. Show my fines, and my pension please",
            [
                ("document_renew", "Renew my passport"),
                ("debts_and_fines", "Show my fines"),
                ("pension", "my pension please"),
            ],
        ),
        ("renew my passport and my other passport", []),
        ("renew my passport", []),
        ("my passport and car", []),
        ("renew my passport and maybe my car", []),
        ("renew my passport and tell me a story", []),
        ("", []),
        (" and ", []),
    ],
)  # fmt: skip
def test_requests_when_parts_are_surely_different_services_are_told_apart(text, found) -> None:
    assert parts(text) == found


def test_requests_when_there_are_many_cuts_ask_a_bounded_number_of_times() -> None:
    asked: list[int] = []

    def counting(texts: Sequence[str]) -> list[tuple[str, float]]:
        asked.append(len(texts))
        return [("inform", 0.9)] * len(texts)

    assert requests_in("one two and " * 500, SERVICES, counting) == ()
    assert sum(asked) < 100


@pytest.mark.timeout(5)
@pytest.mark.parametrize("joint", [" ", "\n", " ,", " and", ". "])
def test_requests_when_a_text_is_made_of_blanks_and_joints_are_found_in_time(joint: str) -> None:
    requests_in("renew" + joint * 1000 + "passport", SERVICES, rank)  # a minute, once
