"""What this process keeps about a citizen, told to them and, as far as the law lets us, forgotten."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TypeVar

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from actions.comings_and_goings import ComingsAndGoings
from actions.dialogue.fact_cache import FactCache
from actions.phone.questions import PhoneQuestions
from actions.record.access_record import AccessRecord
from actions.record.restrictions import Restrictions
from actions.writing.journal import Entry, WriteJournal
from actions.writing.notices import Outbox, WaitingNotice
from assistant.core.identity import Assurance

PAGE = 1000

Records = list[Mapping[str, object]]


@dataclass(frozen=True)
class CitizenData:
    """The stores of this process; every method raises `ServiceUnavailable` if the database does not do its part."""

    record: AccessRecord
    restrictions: Restrictions
    journal: WriteJournal
    outbox: Outbox
    questions: PhoneQuestions
    cache: FactCache

    async def kept_of(self, subject: str) -> Records:
        """Everything, a record each; `kind` says of what."""
        return [
            *await self._accesses(subject),
            *({"kind": "restriction", **_told(asdict(each))} for each in await self.restrictions.of(subject)),
            *({"kind": "write", **_write(each)} for each in await self.journal.of(subject)),
            *({"kind": "notice", **_notice(each)} for each in await self.outbox.of(subject)),
            *({"kind": "phone_question", **_told(asdict(each))} for each in await self.questions.of(subject)),
        ]

    async def forget(self, subject: str) -> int:
        """Delete what has served its purpose; how many records that were.

        The access record stays: it proves who used the data (GDPR article 17, paragraph 3, point b). Restrictions stay,
        which to delete would lift, and what is still on its way.
        """
        self.cache.forget_person(subject)
        stores = (self.journal, self.outbox, self.questions)
        return sum([await store.forget_person(subject) for store in stores])

    async def _accesses(self, subject: str) -> Records:
        found: Records = []
        while page := (await self.record.of(subject, offset=len(found), limit=PAGE)).page:
            found += [{"kind": "access", **asdict(usage)} for usage in page]
        return found


class Asked(BaseModel):
    """Whose data it is about; in the body, for addresses end up in logs."""

    model_config = ConfigDict(extra="forbid")

    subject: str = Field(min_length=1, max_length=256)


A = TypeVar("A", bound=Asked)


class Locked(Asked):
    """Who had themselves locked out, and where."""

    assurance: str
    dialogue_id: str
    channel: str


def build_citizen_router(data: CitizenData, presence: ComingsAndGoings) -> APIRouter:
    """The routes for the gateway, which knows who is logged in."""
    router = APIRouter(prefix="/citizen")

    @router.post("/kept")
    async def tell(request: Request) -> dict[str, Records]:
        return {"records": await data.kept_of(await _subject(request))}

    @router.post("/forget")
    async def forget(request: Request) -> dict[str, int]:
        return {"records": await data.forget(await _subject(request))}

    @router.post("/login")
    async def check_login(request: Request) -> dict[str, bool]:
        return {"may_log_in": await presence.may_log_in(await _subject(request))}

    @router.post("/lock")
    async def note_lock(request: Request) -> dict[str, bool]:
        told = await _read(request, Locked)
        assurance = Assurance.parse(told.assurance)
        await presence.note_lock(told.subject, assurance, told.dialogue_id, told.channel)
        return {"noted": True}

    return router


async def _subject(request: Request) -> str:
    return (await _read(request, Asked)).subject


async def _read(request: Request, kind: type[A]) -> A:
    # Not a parameter of this type: FastAPI's answer to a wrong one quotes the body.
    try:
        return kind.model_validate_json(await request.body())
    except ValidationError:
        raise HTTPException(422, "the body is not as described") from None


def _write(entry: Entry) -> dict[str, object]:
    result = entry.result
    known = {"service": result.service, "act": result.write_id, "state": result.state.value, "since": entry.created}
    return _told(known) | {"answer": dict(result.answer)}


def _notice(notice: WaitingNotice) -> dict[str, object]:
    return _told({"state": notice.state.value, "since": notice.created}) | {"message": dict(notice.body)}


def _told(record: Mapping[str, object]) -> dict[str, object]:
    since = record["since"]
    return {**record, "since": datetime.fromtimestamp(float(str(since)), UTC).isoformat(timespec="seconds")}
