"""What the citizen is told of earlier acts: in the next turn, and in the state's mailbox."""

from collections.abc import Mapping
from dataclasses import dataclass

from actions.asker import Asker
from actions.dialogue.saying import Utterance
from actions.dialogue.telling import is_own_screen
from actions.writing.confirmed_write import WriteResult, WriteState
from actions.writing.follow_ups import FollowUps
from actions.writing.notices import Notice
from assistant.content.own_responses import (
    FOLLOW_UP_DONE,
    FOLLOW_UP_GIVEN_UP,
    FOLLOW_UP_REFUSED,
    NOTICE_DONE,
    NOTICE_GIVEN_UP,
    NOTICE_REFUSED,
)
from assistant.content.service_spec import Service
from assistant.core.errors import ServiceUnavailable
from assistant.core.languages import Language

RECEIPT = "receipt"
"""The read of a write that tells its number at the register."""

_SPOKEN = {
    WriteState.DONE: FOLLOW_UP_DONE,
    WriteState.REFUSED: FOLLOW_UP_REFUSED,
    WriteState.GIVEN_UP: FOLLOW_UP_GIVEN_UP,
}
_WRITTEN = {
    WriteState.DONE: NOTICE_DONE,
    WriteState.REFUSED: NOTICE_REFUSED,
    WriteState.GIVEN_UP: NOTICE_GIVEN_UP,
}


@dataclass(frozen=True)
class News:
    """Tells what has become known of acts whose outcome was not, each once."""

    services: Mapping[str, Service]
    follow_ups: FollowUps

    async def untold(self, asker: Asker, language: Language) -> tuple[Utterance, ...]:
        """What to say first in this turn, on the own screen; nothing while the database does not answer: it waits."""
        if asker.subject is None or not is_own_screen(asker):
            return ()
        try:
            found = await self.follow_ups.untold(asker.subject)
            results = [result for result in found if result.service in self.services]
            await self.follow_ups.mark_told([result.key for result in results])
        except ServiceUnavailable:
            return ()
        return tuple(
            Utterance(_SPOKEN[result.state], {"title": service.title[language], "receipt": receipt_of(service, result)})
            for result in results
            if result.state in _SPOKEN and (service := self.services.get(result.service))
        )


@dataclass(frozen=True)
class ComposeNotice:
    """Puts what became of an act into the words of the mailbox; `responses` by name and language."""

    services: Mapping[str, Service]
    responses: Mapping[str, Mapping[Language, str]]

    def __call__(self, result: WriteResult) -> Notice | None:
        """The notice of an act that is settled; nobody needs one of a refusal that was told at once."""
        service, response = self.services.get(result.service), _WRITTEN.get(result.state)
        if service is None or response is None:
            return None
        receipt = receipt_of(service, result)
        return Notice(
            title={language.value: service.title[language] for language in Language},
            text={
                language.value: words.format(title=service.title[language], receipt=receipt)
                for language, words in self.responses[response].items()
            },
            reference=receipt,
        )


def receipt_of(service: Service, result: WriteResult) -> str:
    """The number of the act at its register; a dash if the register gave none."""
    write = next((write for write in service.writes if write.id == result.write_id), None)
    read = write.reads.get(RECEIPT) if write else None
    return str(result.answer.get(read.from_, "-")) if read else "-"
