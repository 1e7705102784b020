"""Acts that the citizen confirmed: put on the record, then written at most once."""

from dataclasses import dataclass

from actions.asker import Asker
from actions.dialogue.acting import Act, ActResult, ActState, Body
from actions.permission import RecordedPermission
from actions.phone.confirm_on_phone import ConfirmOnPhone
from actions.register_reading import path_values
from actions.writing.confirmed_write import ConfirmedWrite, WriteResult, WriteState, confirmation_hash
from actions.writing.submit_once import SubmitOnce
from actions.xroad.identifiers import ServiceId, build_path
from assistant.content.exchange_spec import KEY
from assistant.content.service_spec import Service
from assistant.core.errors import ServiceError, ServiceRefused
from assistant.core.ports import PhoneAnswer, PhoneQuestion

_STATES = {
    WriteState.DONE: ActState.DONE,
    WriteState.REFUSED: ActState.REFUSED,
    WriteState.UNSENT: ActState.NOT_SENT,
}
"""Anything else is unknown."""


@dataclass(frozen=True)
class ConfirmedActs:
    """Does acts by the write journal."""

    permission: RecordedPermission
    submit_once: SubmitOnce
    on_phone: ConfirmOnPhone

    def key(self, service: Service, body: Body, asker: Asker, frame_id: str) -> str:
        """The hash of what was read back: it is the idempotency key, and a second request has another one."""
        return confirmation_hash(service.service, asker.subject or "", f"{asker.dialogue_id}/{frame_id}", body)

    async def refusal(self, service: Service, asker: Asker) -> ServiceError | None:
        """Why this citizen must not do what the service does; see `Writer`."""
        return await self.permission.refusal(service, asker, is_act=True)

    async def submit(self, act: Act, asker: Asker) -> ActResult:
        """Do it, unless it was done already; what has to be signed is done only once it was confirmed on the phone."""
        try:
            if act.service.confirm == "sign" and not await self.on_phone.is_confirmed(act, asker):
                raise ServiceRefused("the act was not confirmed on the citizen's own phone")
            granted = await self.permission.grant(act.service, [act.write], asker, act.key)
            if isinstance(refusal := granted[act.write.id], ServiceError):
                raise refusal
            return _told(await self.submit_once(_confirmed(act, asker), asker.deadline.remaining_seconds))
        except ServiceError as error:
            return ActResult(ActState.NOT_SENT, error=error)

    async def phone_of(self, asker: Asker, number: str | None) -> str | None:
        """Where the citizen's own phone is reached; see `Writer`."""
        return await self.on_phone.address_of(asker, number)

    async def ask_phone(self, act: Act, asker: Asker, address: str) -> PhoneQuestion | None:
        """Let the citizen's own phone ask; see `Writer`."""
        return await self.on_phone.ask(act, asker, address)

    async def phone_answer(self, act: Act, asker: Asker) -> tuple[PhoneAnswer, PhoneQuestion | None]:
        """What the phone says; see `Writer`."""
        return await self.on_phone.answer(act, asker)


def _confirmed(act: Act, asker: Asker) -> ConfirmedWrite:
    values = path_values({**act.inputs, KEY: act.key}, asker)
    return ConfirmedWrite(
        key=act.key,
        subject=asker.subject or "",
        service=act.service.service,
        write_id=act.write.id,
        register=ServiceId.parse(act.write.service),
        path=build_path(act.write.path, values),
        status_path=build_path(act.write.status_path, values),
        body=act.body,
        kept=tuple(read.from_ for read in act.write.reads.values()),
        language=act.language.value,
        represented_party=act.represented,
    )


def _told(result: WriteResult) -> ActResult:
    state = _STATES.get(result.state, ActState.UNKNOWN)
    return ActResult(state, dict(result.answer), result.problem)
