"""What the console needs to let editors try drafts."""

import asyncio
from dataclasses import dataclass

from assistant.adapters.rasa_dialogue import RasaDialogue
from assistant.adapters.sql_try_outs import SqlTryOuts
from assistant.adapters.tried_registers import TriedRegisters
from assistant.adapters.turn_signer import JwtTurnSigner
from assistant.bootstrap.lifespan import Connection, Store
from assistant.console.parts import TryItParts
from assistant.console.tried import Talks, TriedKratt, Uncounted, WatchedDialogue
from assistant.content.project import read_common_responses
from assistant.content.service_spec import read_services
from assistant.core.try_outs import TryOut
from assistant.database import SqlDatabase
from assistant.pipeline.answer_turn import AnswerTurn
from assistant.pipeline.listen import Listen
from assistant.pipeline.speaking import Speak
from assistant.sandbox.population import POPULATION
from assistant.settings import Settings
from assistant.tryout_settings import has_try_outs, settings_of_try_outs


@dataclass(frozen=True)
class TryOutsHere:
    """What the page needs, and what the process opens and closes for it; nothing where there are no try-outs."""

    parts: TryItParts | None = None
    stores: tuple[Store, ...] = ()
    connections: tuple[Connection, ...] = ()


def build_try_outs(settings: Settings, database: SqlDatabase, listen: Listen, speak: Speak) -> TryOutsHere:
    """With the ears that citizens talk to, and their voice; nothing is asked yet."""
    if not has_try_outs(settings):
        return TryOutsHere()
    own = settings_of_try_outs(settings)
    dialogue = RasaDialogue(own.process_url("engine"), own.secret("engine_token"), own.secret("data_key"))
    registers = TriedRegisters(own.process_url("sandbox"), own.process_url("actions"), own.xroad_client)
    attach = _Attach(own, dialogue, registers, listen, speak)
    people = {person.subject: person.given_name for person in POPULATION.values()}
    store = SqlTryOuts(database)
    return TryOutsHere(TryItParts(store, Talks(attach, people)), (store,), (dialogue, registers))


@dataclass(frozen=True)
class _Attach:
    """Puts together what takes turns with the second Kratt, as the draft that it runs with has it."""

    settings: Settings
    dialogue: RasaDialogue
    registers: TriedRegisters
    listen: Listen
    speak: Speak

    async def __call__(self, _: TryOut) -> TriedKratt:
        own, dialogue = self.settings, WatchedDialogue(self.dialogue)
        services = await asyncio.to_thread(read_services, own.content)
        answer_turn = AnswerTurn(
            listen=self.listen,
            dialogue=dialogue,
            speak=self.speak,
            signer=JwtTurnSigner(own.secret("turn_secret")),
            responses=await asyncio.to_thread(read_common_responses, own.content),
            turn_seconds=own.turn_seconds,
            text_characters=own.text_characters,
            metrics=Uncounted(),
        )
        by_name = {each.service: each for each in services}
        return TriedKratt(answer_turn, dialogue, self.registers, by_name, self.listen.speech.languages())
