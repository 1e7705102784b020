"""Whether somebody lives, and may act for themselves: asked of the population register in each turn, never remembered.

Death ends everything that is done in somebody's name. Who is not of age, or whose legal capacity is restricted, acts
by a parent or a guardian, whom the register lists with those they decide for (`represents` of a service).
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from enum import StrEnum

from actions.asker import Asker
from actions.register_reading import NO_RECORD_PROBLEM
from actions.xroad.client import XRoadClient
from actions.xroad.identifiers import ServiceId, build_path
from actions.xroad.question import Question
from assistant.core.calendar import citizens_today
from assistant.core.errors import (
    CapacityLacking,
    PersonDeceased,
    ServiceError,
    ServiceRefused,
    ServiceUnintelligible,
    StandingUnknown,
)
from assistant.core.personal_code import birth_date, is_personal_code

ANSWER_SECONDS = 3.0
"""The most that it may take of the turn; the data are still to be read."""
FULL_AGE = 18
FIELDS = ("alive", "capacity")
"""What is read of a person; for the access record."""

_MOST_TURNS = 200


class Capacity(StrEnum):
    """The active legal capacity of a person (General Part of the Civil Code Act, section 8)."""

    FULL = "full"
    MINOR = "minor"
    RESTRICTED = "restricted"


@dataclass(frozen=True)
class Standing:
    """What the register says of a person."""

    is_alive: bool
    capacity: Capacity


@dataclass(frozen=True)
class Standings:
    """Asks the register, once for each person in a turn."""

    xroad: XRoadClient
    service: ServiceId
    _told: OrderedDict[tuple[str, str], Standing] = field(default_factory=OrderedDict)

    async def refusal(self, asker: Asker, issue: str, *, is_act: bool) -> ServiceError | None:
        """Why what is asked for must not be done, for the asker or for whom they act; None if it may.

        `issue` is the access record that it is asked under; `is_act`: it needs full legal capacity. Where the register
        cannot tell, citizens go on reading their own data, as the login service vouches for them; nothing else is done.
        """
        represented = asker.represented if asker.represented and asker.represented[:2].isalpha() else None
        for person in filter(None, (asker.subject, represented)):
            try:
                standing = await self._of(person, asker, issue)
            except ServiceError as error:
                if is_act or asker.represented:
                    return StandingUnknown(error.detail)
                continue
            if not standing.is_alive:
                return PersonDeceased()
            if is_act and person == asker.subject and standing.capacity is not Capacity.FULL:
                return CapacityLacking(is_minor=standing.capacity is Capacity.MINOR)
        return None

    async def is_alive(self, asker: Asker, issue: str) -> bool:
        """Whether nothing speaks against the asker's being alive."""
        return not isinstance(await self.refusal(asker, issue, is_act=False), PersonDeceased)

    async def _of(self, person: str, asker: Asker, issue: str) -> Standing:
        at = (asker.turn_id, person)
        if at not in self._told:
            self._told[at] = await self._ask(person, asker, issue)
            while len(self._told) > _MOST_TURNS:
                self._told.popitem(last=False)
        return self._told[at]

    async def _ask(self, person: str, asker: Asker, issue: str) -> Standing:
        question = Question(
            self.service,
            build_path("/v1/persons/{person}/standing", {"person": person}),
            subject=asker.subject,
            issue=issue,
            represented_party=None if person == asker.subject else person,
        )
        try:
            answer = await self.xroad.get(question, min(ANSWER_SECONDS, asker.deadline.remaining_seconds))
        except ServiceRefused as error:
            if error.problem != NO_RECORD_PROBLEM:
                raise
            return _by_code(person)
        return _read(answer.body)


def _read(body: object) -> Standing:
    match body:
        case {"alive": bool(is_alive), "capacity": str(capacity)} if capacity in set(Capacity):
            return Standing(is_alive, Capacity(capacity))
    raise ServiceUnintelligible("the answer tells no standing of a person")


def _by_code(person: str) -> Standing:
    """Of somebody whom the register does not know: a foreigner, of whose age a foreign code says nothing."""
    code = person.removeprefix("EE")
    if not person.startswith("EE") or not is_personal_code(code):
        return Standing(is_alive=True, capacity=Capacity.FULL)
    born, today = birth_date(code), citizens_today()
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return Standing(is_alive=True, capacity=Capacity.FULL if age >= FULL_AGE else Capacity.MINOR)
