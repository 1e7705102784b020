from types import SimpleNamespace

import pytest

from assistant.content.held_out import HeldOut
from assistant.content.input_spec import Input
from assistant.content.judging import FALLBACK, OUT_OF_SCOPE, Answer, Utterance, judge, tally_of, values_found
from assistant.content.scores import Tally
from assistant.core.languages import Language
from assistant.core.turns import Entity, Intent, Understanding

pytestmark = pytest.mark.unit

KIND = Input(slot="kind", one_of=("passport", "id_card"), default="passport")
TASK = Input(slot="task", one_of=("list", "set"), first_wins=True)
SERVICES = [SimpleNamespace(service="renew", inputs=(KIND, TASK)), SimpleNamespace(service="fines", inputs=())]


def understood(*ranking: tuple[str, float], values: tuple[tuple[str, str], ...] = (), language=None) -> Understanding:
    entities = tuple(Entity(name, value, 0, 1) for name, value in values)
    return Understanding(tuple(Intent(*each) for each in ranking), entities, language)


def verdict_on(intent: str, understanding: Understanding, values=(), **more):
    request = HeldOut("text", Language.ET, intent, dict(values))
    return judge([Answer(request, understanding, 1.0, **more)], SERVICES)[0]


def test_verdict_when_the_first_intent_is_sure_then_it_is_acted_upon():
    verdict = verdict_on("renew", understood(("renew", 0.9), ("fines", 0.1)))
    assert (verdict.first, verdict.act, verdict.confidence) == ("renew", "renew", 0.9)
    assert verdict.is_right
    assert verdict.starts_service


def test_verdict_when_nothing_is_sure_then_the_ranking_is_judged_behind_the_fallback_and_nothing_is_done():
    verdict = verdict_on("renew", understood((FALLBACK, 0.7), ("renew", 0.3)))
    assert (verdict.first, verdict.act, verdict.confidence) == ("renew", OUT_OF_SCOPE, 0.3)
    assert verdict.ranked.is_right
    assert not verdict.is_right
    assert not verdict.starts_service


@pytest.mark.parametrize(
    ("ranking", "act", "starts"),
    [
        ((FALLBACK, 0.7), OUT_OF_SCOPE, False),
        ((OUT_OF_SCOPE, 0.9), OUT_OF_SCOPE, False),
        (("affirm", 0.9), "affirm", False),
        (("fines", 0.9), "fines", True),
    ],
)
def test_verdict_when_a_request_is_out_of_scope_then_only_what_is_not_acted_upon_is_right(ranking, act, starts):
    verdict = verdict_on(OUT_OF_SCOPE, understood(ranking))
    assert (verdict.act, verdict.starts_service, verdict.is_right) == (act, starts, act == OUT_OF_SCOPE)


def test_verdict_when_nothing_was_heard_then_nothing_is_done():
    utterance = Utterance("a voice", "clean", "", words=2, word_errors=2, seconds=1.0, recognition_seconds=0.1)
    verdict = verdict_on("renew", Understanding(), utterance=utterance)
    assert (verdict.first, verdict.act, verdict.utterance) == ("", OUT_OF_SCOPE, utterance)


def test_verdict_when_a_value_is_wrong_then_it_is_not_right():
    wrong = understood(("renew", 0.9), values=(("kind", "id_card"),))
    assert not verdict_on("renew", wrong, {"kind": "passport"}).is_right
    assert verdict_on("renew", wrong, {"kind": "id_card"}).is_right


def test_verdict_when_the_engine_tells_languages_then_both_ways_of_asking_are_judged():
    verdict = verdict_on(
        "renew", understood(("renew", 0.9), language=Language.ET), elsewhere=understood(language=Language.RU)
    )
    assert (verdict.language_kept, verdict.language_found) == (True, False)
    assert verdict_on("renew", understood(("renew", 0.9))).language_kept is None


def test_values_when_two_are_named_then_the_first_if_that_wins_else_none():
    named = [Entity(*each, 0, 1) for each in (("kind", "passport"), ("kind", "id_card"), ("task", "set"))]
    named += [Entity("task", "list", 0, 1), Entity("other", "x", 0, 1)]
    assert values_found(named, (KIND, TASK)) == {"task": "list"}


@pytest.mark.parametrize(
    ("wanted", "found", "tally"),
    [
        ({}, {}, Tally(0, 0, 0)),
        ({"kind": "id_card"}, {"kind": "id_card"}, Tally(1, 1, 1)),
        ({"kind": "id_card"}, {"kind": "passport"}, Tally(1, 1, 0)),
        ({"kind": "id_card"}, {}, Tally(1, 0, 0)),
        ({"kind": "passport"}, {}, Tally(1, 1, 1)),  # the default
        ({}, {"kind": "passport"}, Tally(0, 0, 0)),
        ({}, {"kind": "id_card"}, Tally(0, 1, 0)),
        ({}, {"task": "set"}, Tally(0, 1, 0)),
        ({"kind": "id_card", "task": "set"}, {"task": "set"}, Tally(2, 1, 1)),
    ],
)
def test_tally_when_there_is_a_default_then_it_is_neither_missed_nor_too_much(wanted, found, tally):
    assert tally_of(wanted, found, {"kind": "passport"}) == tally
