"""A writer that does nothing, and the phone behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from actions.asker import Asker
from actions.dialogue.acting import Act, ActResult, ActState
from assistant.content.service_spec import Service
from assistant.core.errors import ServiceError, ServiceUnavailable
from assistant.core.ports import PhoneAnswer, PhoneQuestion


@dataclass
class FakeWriter:
    """Keeps what it was told to do; `result` is what becomes of it."""

    result: ActResult = field(default_factory=lambda: ActResult(ActState.DONE, {"receiptNumber": "R-1"}))
    acts: list[Act] = field(default_factory=list)
    refused: ServiceError | None = None
    phone: PhoneAnswer | Exception | None = PhoneAnswer.CONFIRMED
    app: str | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)

    def key(self, service: Service, body: Mapping[str, str | bool], asker: Asker, frame_id: str) -> str:
        return f"{frame_id}:{sorted(body.items())}"

    async def refusal(self, service: Service, asker: Asker) -> ServiceError | None:
        return self.refused

    async def submit(self, act: Act, asker: Asker) -> ActResult:
        self.acts.append(act)
        return self.result

    async def phone_of(self, asker: Asker, number: str | None) -> str | None:
        return self.app or number

    async def ask_phone(self, act: Act, asker: Asker, address: str) -> PhoneQuestion | None:
        self.asked.append((act.key, address))
        if isinstance(self.phone, Exception):
            raise self.phone
        return self._question if self.phone else None

    async def phone_answer(self, act: Act, asker: Asker) -> tuple[PhoneAnswer, PhoneQuestion | None]:
        if not isinstance(self.phone, PhoneAnswer):
            raise ServiceUnavailable
        return self.phone, self._question

    @property
    def _question(self) -> PhoneQuestion:
        return PhoneQuestion("4271", "", is_choice=bool(self.app))
