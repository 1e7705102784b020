from collections import Counter
from dataclasses import dataclass, field, replace

import pytest

from assistant.core.errors import ServiceUnavailable
from assistant.core.form_counts import FormCame
from assistant.core.identity import Assurance
from assistant.core.inbox import Reason, Unclear
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.core.ports import Session
from assistant.core.request_counts import RequestKind
from assistant.core.turn_counts import TurnKind
from assistant.core.turns import Entity, Expected, Intent, OpenQuestion, Reply, Understanding
from assistant.pipeline.follow_forms import FollowForms
from assistant.pipeline.follow_requests import FollowRequests
from assistant.pipeline.tell_editors import TellEditors

pytestmark = pytest.mark.unit

SESSION = Session("a conversation", "a dialogue", "EE60001019906", "Mari", Assurance.SUBSTANTIAL)


@dataclass
class FakeRequests:
    fails: bool = False
    noted: list[Unclear] = field(default_factory=list)

    async def note(self, unclear: Unclear) -> None:
        if self.fails:
            raise ServiceUnavailable("no database")
        self.noted.append(unclear)


def reply(intent: str, confidence: float, outcome: Outcome = Outcome.ANSWERED, *entities: Entity) -> Reply:
    understood = Understanding((Intent(intent, confidence),), entities, Language.EN)
    return Reply("a turn", "a conversation", Language.EN, outcome, (), understood)


@pytest.fixture
def requests() -> FakeRequests:
    return FakeRequests()


class FakeCounts(Counter[TurnKind]):
    def count(self, kind: TurnKind) -> None:
        self[kind] += 1


@pytest.fixture
def counts() -> FakeCounts:
    return FakeCounts()


class FakeRequestCounts(Counter[str]):
    def count(self, kind: RequestKind, what: str) -> None:
        self[f"{kind.service} {what}"] += 1


@pytest.fixture
def request_counts() -> FakeRequestCounts:
    return FakeRequestCounts()


class FakeFormCounts(Counter[str]):
    def count(self, kind: RequestKind, step: str, what: FormCame) -> None:
        self[f"{kind.service} {step} {what.value}"] += 1


@pytest.fixture
def form_counts() -> FakeFormCounts:
    return FakeFormCounts()


@pytest.fixture
def notice(requests, counts, request_counts, form_counts) -> TellEditors:
    follow = FollowRequests({"pension"}, request_counts)
    return TellEditors(requests, counts, follow, FollowForms({"pension"}, form_counts), frozenset({"passport"}))


async def take(notice: TellEditors, text: str, answered: Reply) -> None:
    await notice(text, answered, SESSION, "web")


@pytest.mark.parametrize(
    ("answered", "reason"),
    [
        (reply("out_of_scope", 0.9, Outcome.UNANSWERABLE_OUT_OF_SCOPE), Reason.OUT_OF_SCOPE),
        (reply("pension", 0.3, Outcome.UNANSWERABLE_NOT_UNDERSTOOD), Reason.NOT_UNDERSTOOD),
        (reply("pension", 0.65), Reason.UNSURE),
    ],
)
async def test_notice_when_a_turn_was_unclear_then_leaves_it_with_the_reason(
    notice, requests, answered, reason
) -> None:
    await take(notice, "my dog licence", answered)
    assert [(each.text, each.reason, each.person) for each in requests.noted] == [
        ("my dog licence", reason, SESSION.subject)
    ]


async def test_notice_when_a_turn_was_clear_then_leaves_nothing(notice, requests) -> None:
    await take(notice, "my pension", reply("pension", 0.95))
    assert requests.noted == []


@pytest.mark.parametrize(
    ("intent", "reason"),
    [("deny", Reason.DENIED), ("correct", Reason.CORRECTED), ("speak_to_person", Reason.WANTED_A_PERSON)],
)
async def test_notice_when_a_clear_turn_is_objected_to_then_leaves_it_once(notice, requests, intent, reason) -> None:
    await take(notice, "my pension", reply("pension", 0.95))
    await take(notice, "no", reply(intent, 0.99))
    await take(notice, "no", reply(intent, 0.99))
    assert [(each.text, each.reason, each.intent) for each in requests.noted] == [("my pension", reason, "pension")]


async def test_notice_when_a_question_was_open_then_its_answer_is_nobodys_business(notice, requests) -> None:
    asking = replace(reply("pension", 0.95), expected=Expected("address"))
    await take(notice, "my pension", asking)
    await take(notice, "no", replace(reply("deny", 0.99), expected=Expected("address")))
    await take(notice, "lai 5", reply("inform", 0.2, Outcome.UNANSWERABLE_NOT_UNDERSTOOD))
    assert requests.noted == []


async def test_notice_when_values_were_found_then_masks_them(notice, requests) -> None:
    entities = (Entity("child", "Mari", 4, 8),)
    await take(notice, "for mari", reply("pension", 0.65, Outcome.ANSWERED, *entities))
    assert requests.noted[0].text == "for [child]"


async def test_notice_when_a_conversation_is_rated_badly_then_leaves_the_last_request(notice, requests) -> None:
    await take(notice, "my pension", reply("pension", 0.95))
    await notice.rated(5, SESSION)
    await notice.rated(1, SESSION)
    assert [each.reason for each in requests.noted] == [Reason.RATED_BADLY]


async def test_notice_when_nothing_can_be_kept_then_the_turn_goes_on(notice, requests) -> None:
    requests.fails = True
    await take(notice, "my dog licence", reply("pension", 0.65))


async def test_turns_when_they_are_over_then_are_counted_by_what_they_were(notice, counts) -> None:
    await take(notice, "my pension", reply("pension", 0.95))
    await take(notice, "my pension please", reply("pension", 0.95))
    assert counts == {TurnKind("web", "en", "pension", "answered"): 2}


async def test_request_when_objected_to_and_rated_then_that_is_counted(notice, request_counts) -> None:
    await take(notice, "my pension", replace(reply("pension", 0.95), service="pension"))
    await take(notice, "no", reply("deny", 0.99))
    await notice.rated(2, SESSION)
    assert request_counts == dict.fromkeys(
        ("pension asked", "pension solved", "pension mistaken", "pension grade_2"), 1
    )


async def test_notice_when_told_to_forget_then_follows_nothing(notice, request_counts) -> None:
    await take(notice, "my pension", replace(reply("pension", 0.95), service="pension"))
    notice.forget()
    await notice.rated(2, SESSION)
    assert "pension grade_2" not in request_counts


async def test_form_when_a_turn_waits_for_an_input_then_is_followed_and_forgotten_with_its_citizen(
    notice, form_counts
) -> None:
    asking = replace(reply("pension", 0.95), open_questions=(OpenQuestion("pension", "year"),))
    await take(notice, "my pension", asking)
    assert form_counts == {"pension  began": 1, "pension year asked": 1}
    notice.forget()
    await take(notice, "2030", replace(asking, open_questions=(OpenQuestion("pension", "?confirm"),)))
    assert form_counts["pension year answered"] == 0
