"""No request leaves with a subject other than the one who is logged in, or one whom they may act for at that moment.

Kratt may read about everybody; so what the citizen says, what the dialogue's slots hold, and what the engine makes of
it are all made up here, over the services as they are.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.asker import Asker
from actions.confirmed_acts import ConfirmedActs
from actions.dialogue.answers import ReadAnswer
from actions.dialogue.fact_cache import FactCache
from actions.dialogue.flow import Asking, ServiceFlow
from actions.dialogue.frames import CONFIRM, DONE, LATER, MORE, OFFER, owner_of, read_stack, write_stack
from actions.dialogue.heard import Heard, Mention
from actions.dialogue.hold import HoldDialogue
from actions.register_reading import RegisterReader
from actions.values.saying import SpokenValues
from actions.writing.confirmed_write import ConfirmedWrite, WriteResult, WriteState
from actions.xroad.breaker import Breaker
from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ClientId
from assistant.content.service_spec import read_services, read_terms
from assistant.core.channels import MATRIX
from assistant.core.deadline import Deadline
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from assistant.settings import PROJECT

pytestmark = pytest.mark.attack

CITIZEN, VICTIM = "EE60001019906", "EE38001085718"
CHILD, MARI, FORMER = "EE61204040018", "EE61107121760", "EE51001091072"
"""Children of the citizen's; for the last one they may decide in some turns only."""
COMPANY, OTHERS_COMPANY, FORMER_COMPANY = "16000017", "16000038", "16000022"
"""Companies: that of the citizen, the victim's, and one that they may represent in some turns only."""
SERVICES = {each.service: each for each in read_services(PROJECT / "nlu_data")}
WORDS = SpokenValues(Language.EN, read_terms(PROJECT / "nlu_data"))
PERSON = re.compile(r"EE\d{11}|(?<=/companies/)\d{8}")
"""Whom an address is about: a person, or a company."""


@dataclass
class Registers:
    """Lists whom the citizen may decide for now, children and companies, and knows everybody named in an address."""

    may_decide_for: frozenset[str] = frozenset()
    listed: set[str] = field(default_factory=set)
    requests: list[httpx.Request] = field(default_factory=list)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        echo = {name: request.headers[name] for name in ("X-Road-Client", "X-Road-Id")}
        service = "/".join(request.url.path.split("/")[2:7])
        headers = {**echo, "X-Road-Service": service, "X-Road-Request-Id": "request-1"}
        return httpx.Response(200, json=self._answer(request.url), headers=headers)

    def _answer(self, url: httpx.URL) -> Mapping[str, object]:
        if url.path.endswith("/children") and url.params.get("named") == "false":
            return {"children": []}
        if url.path.endswith("/children"):
            codes = {code for code in self.may_decide_for if code.startswith("EE")}
            self.listed |= codes
            return {"children": [{"subject": code, "givenName": "Mari", "birthDate": "2012-04-04"} for code in codes]}
        if url.path.endswith("/roles"):
            companies = {code for code in self.may_decide_for if not code.startswith("EE")}
            self.listed |= companies if url.params.get("representation") == "represents_alone" else set()
            return {"roles": [{"registryCode": code, "companyName": f"Company {code}"} for code in sorted(companies)]}
        text = dict.fromkeys(("en", "et", "ru"), "Tartu")
        places = [{"institution": id_, "name": text, "address": text, "position": 3} for id_ in ("K1", "K2")]
        return {"institutions": places, "places": places, "offered": True, "offerNumber": "O-1"}


class Granted:
    async def grant(
        self, _: object, exchanges: Sequence[Any], asker: Asker, confirmation_id: str | None = None
    ) -> Mapping[str, str]:
        return {each.id: "record-1" for each in exchanges}

    async def refusal(self, _: object, asker: Asker, *, is_act: bool) -> None:
        return None


class Consented:
    async def reference(self, purpose: str, asker: Asker, *, link: bool) -> str:
        return "c-1"


@dataclass
class Writes:
    writes: list[ConfirmedWrite] = field(default_factory=list)

    async def __call__(self, write: ConfirmedWrite, _: float) -> WriteResult:
        self.writes.append(write)
        return write.result(WriteState.DONE)


NAMES = st.sampled_from(sorted(SERVICES))
CODES = st.sampled_from([CITIZEN, VICTIM, CHILD, FORMER, "../persons/" + VICTIM])
COMPANIES = st.sampled_from([COMPANY, OTHERS_COMPANY, FORMER_COMPANY, CITIZEN, "../companies/" + OTHERS_COMPANY])
SLOTS = sorted({entry.slot for each in SERVICES.values() for entry in each.inputs} | {"subject", "represented"})
CHOICES = sorted({value for each in SERVICES.values() for entry in each.inputs for value in entry.one_of})
VALUES = st.one_of(CODES, st.sampled_from(CHOICES), st.sampled_from(["K1", "2026-12-01", "Mari", "yes"]))
ANY_FRAMES = st.fixed_dictionaries(
    {
        "service": NAMES,
        "asked": st.sampled_from([None, CONFIRM, MORE, DONE, OFFER, LATER, *SLOTS]),
        "values": st.dictionaries(st.sampled_from(SLOTS), VALUES, max_size=4),
        "confirmation": st.sampled_from([None, "guessed"]),
    }
)
CHILDS_FRAMES = st.fixed_dictionaries(
    {
        "service": st.just("school_place"),
        "asked": st.sampled_from([LATER, DONE, CONFIRM, "school_child", "school_institution", "school_start"]),
        "values": st.fixed_dictionaries(
            {"school_topic": st.sampled_from(["queue_position", "apply_for_place"]), "school_child": CODES},
            optional={"school_institution": st.just("K1"), "school_start": st.just("2026-12-01")},
        ),
    }
)
COMPANYS_FRAMES = st.fixed_dictionaries(
    {
        "service": st.just("company"),
        "asked": st.sampled_from([LATER, DONE, MORE, "own_company"]),
        "values": st.fixed_dictionaries({"company_topic": st.just("company_debts"), "own_company": COMPANIES}),
    }
)
FRAMES = st.builds(
    lambda frame, id_: {**frame, "id": id_, "owner": owner_of(CITIZEN)},
    st.one_of(ANY_FRAMES, CHILDS_FRAMES, COMPANYS_FRAMES),
    st.sampled_from(["frame-1", "frame-2"]),  # what was read for one of them may be known still
)
INTENTS = st.sampled_from([*SERVICES, "affirm", "confirm", "inform", "correct", "deny", "more", "nlu_fallback"])
TEXTS = st.sampled_from(
    ["yes", "i confirm", "mari", "the first one", "the queue", f"it is {VICTIM}", "no, the other one"]
)


@st.composite
def turns(draw: Any) -> dict[str, Any]:
    text = draw(TEXTS)
    mentions = draw(st.lists(st.tuples(st.sampled_from(SLOTS), VALUES), max_size=2))
    return {
        "heard": Heard(
            text,
            draw(INTENTS),
            draw(st.sampled_from([0.5, 0.99])),
            tuple(Mention(slot, value, 0, len(text)) for slot, value in mentions),
            Language.EN,
            date(2026, 11, 26),
        ),
        "subject": draw(st.sampled_from([CITIZEN, CITIZEN, CITIZEN, None])),
        "channel": draw(st.sampled_from([each.value for each in MATRIX] + ["web"] * 6)),
        "stack": draw(st.one_of(st.none(), st.lists(FRAMES, max_size=2))),
        "may_decide_for": draw(st.frozensets(st.sampled_from([CHILD, FORMER, COMPANY, FORMER_COMPANY]))),
    }


async def play(script: Sequence[Mapping[str, Any]]) -> tuple[Registers, Writes]:
    """Take the turns; each is checked for itself: what was listed in the last one is no mandate in this."""
    registers, writes = Registers(), Writes()
    us = ClientId.parse("EE/GOV/70009999/kratt")
    xroad = XRoadClient("http://ss.test", us, httpx.MockTransport(registers), new_breaker=lambda: Breaker(failures=0))
    acts = ConfirmedActs(Granted(), writes, on_phone=None)  # type: ignore[arg-type]
    flow = ServiceFlow(RegisterReader(xroad, Granted(), Consented()), acts, FactCache())  # type: ignore[arg-type]
    hold = HoldDialogue(SERVICES, flow, ReadAnswer(SERVICES, flow))
    slot: object = None
    for number, turn in enumerate(script):
        subject = turn["subject"]
        registers.may_decide_for, registers.listed = turn["may_decide_for"], set()
        seen, written = len(registers.requests), len(writes.writes)
        assurance = Assurance.HIGH if subject else Assurance.NONE
        asker = Asker(subject, assurance, "dialogue", f"turn-{number}", turn["channel"], Deadline.after(5))
        stack = read_stack(slot if turn["stack"] is None else turn["stack"], owner_of(subject))
        slot = write_stack((await hold(stack, Asking(asker, turn["heard"], WORDS))).stack)
        allowed = {subject} | registers.listed
        for request in registers.requests[seen:]:
            assert named_in(request) <= allowed
        for write in writes.writes[written:]:
            assert (write.subject, turn["channel"]) == (subject, "web")
            assert {*PERSON.findall(str(write.path)), write.represented_party or subject} <= allowed
    await xroad.close()
    return registers, writes


def named_in(request: httpx.Request) -> set[str]:
    headers = (request.headers.get(name) for name in ("X-Road-UserId", "X-Road-Represented-Party"))
    return {*PERSON.findall(request.url.path + str(request.url.query)), *(value for value in headers if value)}


@settings(max_examples=200)
@given(st.lists(turns(), min_size=1, max_size=4))
async def test_requests_when_everything_is_made_up_then_each_is_about_whom_the_citizen_may_ask(script: Any) -> None:
    await play(script)


@pytest.mark.parametrize(("child", "is_read"), [(CHILD, True), (FORMER, False), (VICTIM, False), (CITIZEN, False)])
async def test_child_when_a_slot_names_one_then_is_asked_about_only_with_a_mandate(child: str, is_read: bool) -> None:
    values = {"school_topic": "queue_position", "school_child": child}
    frame = {"service": "school_place", "owner": owner_of(CITIZEN), "values": values, "asked": LATER}
    heard = Heard("go on", "more", 0.99, (), Language.EN, date(2026, 11, 26))
    both = {"heard": heard, "subject": CITIZEN, "channel": "web", "may_decide_for": frozenset({CHILD, MARI})}
    registers, _ = await play([{**both, "stack": [frame]}])
    assert {code for request in registers.requests for code in named_in(request)} == {
        CITIZEN,
        *([child] if is_read else []),
    }


async def test_mandate_when_it_has_ended_since_the_last_turn_then_nothing_more_is_asked_about_that_person() -> None:
    heard = Heard("go on", "more", 0.99, (), Language.EN, date(2026, 11, 26))
    turn = {"heard": heard, "subject": CITIZEN, "channel": "web"}
    frame = {"service": "school_place", "owner": owner_of(CITIZEN), "asked": LATER, "id": "frame-1"}
    before, after = (
        {**frame, "values": {"school_topic": topic, "school_child": FORMER}}
        for topic in ("apply_for_place", "queue_position")
    )
    registers, _ = await play([{**turn, "stack": [before], "may_decide_for": frozenset({FORMER, CHILD})}])
    assert any(FORMER in named_in(request) for request in registers.requests)
    registers, _ = await play(
        [
            {**turn, "stack": [before], "may_decide_for": frozenset({FORMER, CHILD})},
            {**turn, "stack": [after], "may_decide_for": frozenset({CHILD, MARI})},
        ]
    )
    assert not any(request.url.path.endswith("/places") for request in registers.requests)


GO_ON = Heard("go on", "more", 0.99, (), Language.EN, date(2026, 11, 26))


def company_frame(company: str) -> dict[str, Any]:
    values = {"company_topic": "company_debts", "own_company": company}
    return {"service": "company", "owner": owner_of(CITIZEN), "id": "frame-1", "values": values, "asked": LATER}


@pytest.mark.parametrize(
    ("company", "is_read"), [(COMPANY, True), (FORMER_COMPANY, False), (OTHERS_COMPANY, False), (VICTIM, False)]
)
async def test_company_when_a_slot_names_one_then_is_asked_about_only_by_who_may_represent_it_now(
    company: str, is_read: bool
) -> None:
    turn = {"heard": GO_ON, "subject": CITIZEN, "channel": "web", "may_decide_for": frozenset({COMPANY, "16000055"})}
    registers, _ = await play([{**turn, "stack": [company_frame(company)]}])
    about = {code for request in registers.requests for code in named_in(request)}
    assert about == {CITIZEN, *([company] if is_read else [])}
    parties = {request.headers.get("X-Road-Represented-Party") for request in registers.requests} - {None}
    assert parties == ({company} if is_read else set())


async def test_company_when_its_board_has_changed_since_the_last_turn_then_it_is_not_asked_about_again() -> None:
    turn = {"heard": GO_ON, "subject": CITIZEN, "channel": "web", "stack": [company_frame(FORMER_COMPANY)]}
    before, after = frozenset({COMPANY, FORMER_COMPANY}), frozenset({COMPANY, "16000055"})
    registers, _ = await play([{**turn, "may_decide_for": before}, {**turn, "may_decide_for": after}])
    about_it = [request for request in registers.requests if FORMER_COMPANY in named_in(request)]
    assert len(about_it) == 1
