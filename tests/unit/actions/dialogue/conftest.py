"""A citizen who talks to services of all kinds; only the registers are a fake."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from actions.asker import Asker
from actions.dialogue.answers import ReadAnswer
from actions.dialogue.fact_cache import FactCache
from actions.dialogue.flow import Asking, ServiceFlow
from actions.dialogue.frames import Stack, owner_of, read_stack, write_stack
from actions.dialogue.heard import Heard, Mention
from actions.dialogue.hold import HoldDialogue
from actions.register_reading import Reading, read_item, select_records
from actions.values.saying import SpokenValues
from assistant.content.exchange_spec import Call
from assistant.content.service_spec import Service
from assistant.core.deadline import Deadline
from assistant.core.desk_now import NO_DESK, DeskNow
from assistant.core.errors import ServiceError, ServiceUnavailable
from assistant.core.identity import Assurance
from assistant.core.languages import Language
from tests.unit.actions.dialogue.fake_writer import FakeWriter

TODAY = date(2026, 11, 23)
SUBJECT = "EE60001019906"
MARI, JUKU = "EE51001091072", "EE51107121760"


def trip(place: str, day: int, kind: str = "bus") -> dict[str, str]:
    return {"place": place, "day": f"2026-11-{day:02}", "fare": "2.50", "kind": kind}


def in_all(text: str) -> dict[str, str]:
    return dict.fromkeys(("en", "et", "ru"), text)


TERMS = {
    name: dict.fromkeys(Language, name.replace("_", " "))
    for name in ("sale", "gift", "passport", "id_card", "yes", "no", "bus", "train", "tartu", "narva")
}


@dataclass
class FakeRegisters:
    """Answers by call; what is not here is down."""

    answers: dict[str, Any]
    asked: list[str] = field(default_factory=list)
    represented: list[str | None] = field(default_factory=list)

    async def read(
        self, service: Service, calls: Sequence[Call], inputs: Mapping[str, str], asker: Asker, words: SpokenValues
    ) -> tuple[Reading, ...]:
        self.asked += [call.id for call in calls]
        self.represented += [asker.represented for _ in calls]
        return tuple(self._read(service, call, inputs, words) for call in calls)

    def _read(self, service: Service, call: Call, inputs: Mapping[str, str], words: SpokenValues) -> Reading:
        answer = self.answers.get(call.id, ServiceUnavailable())
        if isinstance(answer, ServiceError):
            return Reading(call, error=answer)
        records = select_records(answer, call, inputs)
        return Reading(call, tuple(read_item(record, call, words, service.sum) for record in records))


def hear_in(
    text: str,
    intent: str,
    confidence: float,
    mentions: Mapping[str, str | tuple[str, ...]],
    language: Language = Language.EN,
) -> Heard:
    named = [(s, v) for s, values in mentions.items() for v in ((values,) if isinstance(values, str) else values)]
    found = [(slot, value, text.find(value.replace("_", " "))) for slot, value in named]
    marked = tuple(Mention(slot, value, at, at + len(value)) for slot, value, at in found)
    return Heard(text, intent, confidence, marked, language, TODAY)


def values_in(text: str) -> dict[str, tuple[str, ...]]:
    """What the engine would find: the fixed values of the inputs here."""
    known = {"document_type": ("passport", "id_card"), "kind": ("gift", "sale"), "trip_kind": ("bus", "train")}
    return {slot: tuple(v for v in values if v.replace("_", " ") in text) for slot, values in known.items()}


@dataclass
class Citizen:
    """Says things in one conversation, with the intent that the engine would find; hears the responses."""

    hold: HoldDialogue
    registers: FakeRegisters
    writer: FakeWriter
    subject: str | None = SUBJECT
    slot: object = None
    turn: Any = None
    language: Language = Language.EN
    channel: str = "web"
    turns: int = 0
    desk: DeskNow = NO_DESK

    async def says(
        self, text: str, intent: str = "nlu_fallback", confidence: float = 0.9, **mentions: str | tuple[str, ...]
    ) -> list[str]:
        return await self.hears(hear_in(text, intent, confidence, mentions, self.language))

    async def says_several(self, **requests: str) -> list[str]:
        """Several requests in one sentence, by service; what they name is found in the words of each."""
        parts = tuple(hear_in(text, intent, 0.9, values_in(text)) for intent, text in requests.items())
        whole = hear_in(" and ".join(requests.values()), next(iter(requests)), 0.9, {})
        return await self.hears(replace(whole, requests=parts))

    async def hears(self, heard: Heard) -> list[str]:
        self.turns += 1
        assurance = Assurance.HIGH if self.subject else Assurance.NONE
        who = (
            self.subject,
            assurance,
            "d-1",
            f"t-{self.turns}",
            self.channel,
            Deadline.after(5),
            None,
            None,
            self.desk,
        )
        self.turn = await self.hold(self.stack, Asking(Asker(*who), heard, SpokenValues(self.language, TERMS)))
        self.slot = json.loads(json.dumps(write_stack(self.turn.stack)))  # as the engine keeps it
        return self.responses

    @property
    def responses(self) -> list[str]:
        return [said.response.removeprefix("utter_") for said in self.turn.said]

    @property
    def stack(self) -> Stack:
        return read_stack(self.slot, owner_of(self.subject))

    def values_of(self, response: str) -> Mapping[str, object]:
        return next(said.values for said in self.turn.said if said.response == f"utter_{response}")


def known_to_registers() -> dict[str, Any]:
    return {
        "cars": {
            "cars": [
                {"plate": "123ABC", "make": "Volvo", "inspectionValidUntil": "2027-05-01", "registered": True},
                {"plate": "456DEF", "make": "Skoda", "inspectionValidUntil": "2026-12-01", "registered": True},
            ]
        },
        "contact": {"email": "mary@example.com"},
        "state": {"deregistered": False},
        "fees": [{"fee": "5.00"}],
        "place": {"details": "Here"},
        "trips": {"trips": [trip("Tartu", 1), trip("Narva", 3), trip("Elva", 2, kind="train")]},
        "children": {"children": [{"code": MARI, "name": "Mari"}, {"code": JUKU, "name": "Juku"}]},
        "job": {"endedOn": "2026-10-30"},
        "times": {"times": [{"id": "T1", "day": "2026-11-27"}, {"id": "T2", "day": "2026-11-30"}]},
        "appointments": {
            "appointments": [
                {"id": "A1", "at": "2026-12-01T10:00:00+02:00", "place": "Tartu"},
                {"id": "A2", "at": "2026-12-04T12:00:00+02:00", "place": "Narva"},
            ]
        },
    }


def make_citizen(services: dict[str, Service]) -> Citizen:
    registers, writer = FakeRegisters(known_to_registers()), FakeWriter()
    flow = ServiceFlow(registers, writer, FactCache())  # type: ignore[arg-type]
    return Citizen(HoldDialogue(services, flow, ReadAnswer(services, flow)), registers, writer)


@pytest.fixture
def citizen(services: dict[str, Service]) -> Citizen:
    return make_citizen(services)


@pytest.fixture(scope="session")
def new_citizen() -> Callable[[], Citizen]:
    return lambda: make_citizen(dict(SERVICES))


def spec(name: str, **parts: Any) -> Service:
    return Service.model_validate(
        {
            "service": name,
            "title": in_all(f"the title of {name}"),
            "owner": {"institution": in_all("Transport Administration"), "code": "70001490"},
            "assurance": "substantial",
            "data_class": "personal",
            "purpose": in_all(f"To do {name}"),
            "degrade": "utter_register_unavailable",
            **parts,
        }
    )


def labelled(en: str, et: str, ru: str) -> dict[str, str]:
    return {"en": en, "et": et, "ru": ru}


def writes(**body: str) -> list[dict[str, Any]]:
    return [
        {
            "id": "submit",
            "register": in_all("the register"),
            "service": "EE/GOV/70001490/traffic/writes",
            "operation": "POST /v1/persons/{subject}/writes",
            "status": "GET /v1/persons/{subject}/writes/{key}",
            "body": body,
            "reads": {"receipt": "receiptNumber"},
        }
    ]


def call(name: str, **parts: Any) -> dict[str, Any]:
    return {
        "id": name,
        "register": in_all(f"register of {name}"),
        "service": f"EE/GOV/70001490/traffic/{name}",
        "operation": f"GET /v1/persons/{{subject}}/{name}",
        **parts,
    }


CARS = call(
    "cars",
    items="cars",
    reads={
        "plate": "plate",
        "make": "make",
        "inspection_until": {"from": "inspectionValidUntil", "as": "date"},
        "registered": "registered",
    },
)

VEHICLE = spec(
    "vehicle",
    calls=[CARS],
    inputs=[{"slot": "car", "choose": {"calls": ["cars"], "key": "plate", "label": "make"}}],
    answers={"found": "utter_vehicle", "each": "utter_vehicle_item", "none": "utter_vehicle_none"},
)
NOTICE = spec(
    "notice",
    calls=[
        CARS,
        call("contact", reads={"email_known": {"from": "email", "optional": True}}),
        call("state", reads={"deregistered": "deregistered"}),
    ],
    inputs=[
        {
            "slot": "car",
            "choose": {"calls": ["cars"], "key": "plate", "label": "make"},
            "label": in_all("car"),
            "required": True,
        },
        {"slot": "kind", "one_of": ["sale", "gift"], "default": "sale", "label": in_all("kind of notice")},
        {"slot": "sold_on", "type": "date", "at_most": 0, "label": in_all("day"), "required": True},
        {"slot": "email", "type": "email", "prefill": "contact.email_known", "label": in_all("e-mail")},
    ],
    stops=[{"when": {"deregistered": ["yes"]}, "say": "utter_notice_stopped"}],
    writes=[
        {
            "id": "submit",
            "register": in_all("the traffic register"),
            "service": "EE/GOV/70001490/traffic/notices",
            "operation": "POST /v1/persons/{subject}/notices",
            "status": "GET /v1/persons/{subject}/notices/{key}",
            "body": {"plate": "car.plate", "soldOn": "sold_on", "kind": "kind", "email": "email", "final": True},
            "reads": {"receipt": "receiptNumber"},
            "refusals": {"not_owner": "utter_notice_not_owner"},
        }
    ],
    confirm="read_back",
    answers={"read_back": "utter_notice_read_back", "done": "utter_notice_done", "none": "utter_notice_none"},
    next=["vehicle", {"offer": "documents", "with": {"document_type": "passport"}}],
)
DOCUMENTS = spec(
    "documents",
    calls=[call("fees", reads={"fee": {"from": "fee", "as": "money"}})],
    inputs=[
        {"slot": "document_type", "one_of": ["passport", "id_card"], "required": True, "label": in_all("document")}
    ],
    answers={"each": "utter_documents_item", "none": "utter_documents_none"},
)
SIGNED = spec(
    "signed",
    calls=[
        call("contact", reads={"own_phone": {"from": "phone", "optional": True}}),
        call("job", reads={"ended_on": {"from": "endedOn", "as": "date", "optional": True}}),
    ],
    inputs=[{"slot": "ended_on", "type": "date", "prefill": "job.ended_on", "label": in_all("day"), "required": True}],
    writes=writes(day="ended_on"),
    confirm="sign",
    phone="contact.own_phone",
    answers={"read_back": "utter_signed_read_back", "done": "utter_signed_done"},
)
SOLEMN = NOTICE.model_copy(update={"service": "solemn", "confirm": "in_words", "next": ()})
TRIPS = spec(
    "trips",
    calls=[
        call(
            "trips",
            items="trips",
            query={"since": "{today-30}"},
            where={"kind": "trip_kind"},
            reads={
                "day": {"from": "day", "as": "date"},
                "place": "place",
                "fare": {"from": "fare", "as": "money"},
            },
        )
    ],
    inputs=[{"slot": "trip_kind", "one_of": ["bus", "train"]}],
    answers={
        "found": "utter_trips",
        "each": [{"when": {"place": ["nowhere"]}, "say": None}, {"say": "utter_trips_item"}],
        "none": "utter_trips_none",
        "page": 2,
        "newest_first": "day",
        "distinct": True,
    },
    sum="fare",
    next=[{"when": {"place": ["Tartu"]}, "offer": "vehicle"}, {"when": {"place": ["Rakvere"]}, "offer": "summary"}],
)
SUMMARY = spec(
    "summary",
    calls=[{**CARS, "all": "utter_summary_cars"}, call("fees", reads={"fee": {"from": "fee", "as": "money"}})],
    answers={"each": "utter_summary_fee", "none": "utter_summary_none"},
)
CHILD = spec(
    "child",
    calls=[
        call("children", items="children", reads={"child_code": "code", "child_name": "name"}),
        call(
            "appointments",
            operation="GET /v1/persons/{child}/appointments",
            items="appointments",
            reads={"appointment_id": "id", "day": {"from": "at", "as": "date"}, "place": "place"},
        ),
        call("contact", reads={"phone_known": {"from": "phone", "optional": True}}),
    ],
    inputs=[
        {
            "slot": "child",
            "choose": {"calls": ["children"], "key": "child_code", "label": "child_name", "represents": True},
            "label": in_all("child"),
            "required": True,
        },
        {
            "slot": "appointment",
            "choose": {"calls": ["appointments"], "key": "appointment_id", "label": ["place", "day"]},
            "label": in_all("appointment"),
            "why": in_all("So that you need not wait"),
            "required": True,
        },
        {
            "slot": "phone",
            "type": "phone",
            "prefill": "contact.phone_known",
            "label": in_all("telephone"),
            "required": True,
        },
    ],
    writes=[
        {
            "id": "book",
            "register": in_all("the register of appointments"),
            "service": "EE/GOV/70001490/traffic/bookings",
            "operation": "POST /v1/persons/{child}/bookings",
            "status": "GET /v1/persons/{child}/bookings/{key}",
            "body": {"appointment": "appointment", "place": "appointment.place", "phone": "phone", "kind": "=visit"},
            "reads": {"receipt": "receiptNumber"},
        }
    ],
    confirm="read_back",
    answers={"read_back": "utter_child_read_back", "done": "utter_child_done", "none": "utter_child_none"},
)

JOBLESS = spec(
    "jobless",
    calls=[
        call("job", reads={"ended_on": {"from": "endedOn", "as": "date", "optional": True}}),
        call("times", items="times", reads={"time_id": "id", "day": {"from": "day", "as": "date"}}),
    ],
    inputs=[
        {
            "slot": "ended_on",
            "type": "date",
            "prefill": "job.ended_on",
            "at_most": 0,
            "label": labelled("last working day", "viimane tööpäev", "последний рабочий день"),
        },
        {
            "slot": "wants_benefit",
            "type": "yes_no",
            "label": labelled("benefit", "hüvitis", "выплата"),
            "required": True,
        },
        {
            "slot": "time",
            "choose": {"calls": ["times"], "key": "time_id", "label": "day"},
            "label": labelled("first appointment", "esimene vastuvõtt", "первый приём"),
            "required": True,
        },
    ],
    writes=writes(endedOn="ended_on", benefit="wants_benefit", time="time"),
    confirm="read_back",
    answers={"read_back": "utter_jobless_read_back", "done": "utter_jobless_done", "none": "utter_jobless_none"},
)
BABY = spec(
    "baby",
    inputs=[
        {
            "slot": "given_name",
            "type": "name",
            "label": labelled("first name", "eesnimi", "имя"),
            "required": True,
        }
    ],
    writes=writes(name="given_name"),
    confirm="read_back",
    answers={"read_back": "utter_baby_read_back", "done": "utter_baby_done", "none": "utter_baby_none"},
)
MOVE = spec(
    "move",
    inputs=[
        {
            "slot": "new_address",
            "type": "address",
            "label": labelled("new address", "uus aadress", "новый адрес"),
            "required": True,
        },
        {
            "slot": "moving_date",
            "type": "date",
            "label": labelled("living there from", "elan seal alates", "дата переезда"),
            "required": True,
        },
        {
            "slot": "family_moves",
            "type": "yes_no",
            "label": labelled("family moves along", "pere kolib kaasa", "семья переезжает вместе с вами"),
            "required": True,
        },
    ],
    writes=writes(address="new_address", date="moving_date", family="family_moves"),
    confirm="read_back",
    answers={"read_back": "utter_move_read_back", "done": "utter_move_done", "none": "utter_move_none"},
)

PLACES = spec(
    "places",
    assurance="none",
    data_class="public",
    calls=[
        call(
            "place",
            operation="GET /v1/places/{place}/{kind_of_news}",
            reads={"details": "details"},
        )
    ],
    inputs=[
        {"slot": "kind_of_news", "one_of": ["bus", "train"], "required": True},
        {"slot": "place", "one_of": ["tartu", "narva"], "required": True},
    ],
    answers={"each": "utter_places_item", "none": "utter_places_none"},
)

ALL = (VEHICLE, NOTICE, DOCUMENTS, SIGNED, SOLEMN, TRIPS, SUMMARY, CHILD, JOBLESS, BABY, MOVE, PLACES)
SERVICES = {each.service: each for each in ALL}


@pytest.fixture
def services() -> dict[str, Service]:
    return dict(SERVICES)
