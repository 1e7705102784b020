"""Test conversations, played with registers: with the model of a draft, and those that break with the live one, too."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from assistant.console.tried import Talks, TriedKratt, session_of
from assistant.content.compare_models import keep_comparison
from assistant.content.comparison import Broken, Comparison
from assistant.content.conversations import Conversation, Exchange, read_conversations
from assistant.content.editing.conversations import FILE as TESTS
from assistant.content.editing.draft import Draft
from assistant.content.editing.drafts import Drafts
from assistant.content.gate import with_played
from assistant.content.model_bank import ModelBank
from assistant.core.errors import OperationFailed
from assistant.core.progress import Progress, Report
from assistant.core.try_outs import Subject, TryOut, TryOuts
from assistant.core.turns import Reply

STAGE = "play test conversations"
POLL_SECONDS = 0.3
START_SECONDS = 15.0
"""What the second Kratt is expected to take."""
MOST_START_SECONDS = 300.0
"""On a busy machine; after that nobody will start it: the supervisor does not run, say."""
PLAY_SECONDS = 0.3
"""A conversation."""

Conversations = Mapping[str, Conversation]


@dataclass(frozen=True)
class PlayConversations:
    """Plays what may go otherwise than in `content`, which everybody goes on from.

    The rest follows from the meanings of its sentences alone.
    """

    content: Path
    store: TryOuts
    talks: Talks
    drafts: Drafts
    bank: ModelBank
    most_start_seconds: float = MOST_START_SECONDS

    async def __call__(self, subject: Subject, comparison: Comparison, report: Report) -> Comparison:
        """The comparison with what broke when it was played, which is kept in the model's place.

        Raises:
            ContentError: the conversations cannot be read.
            OperationFailed: the second Kratt does not start, or somebody else wanted it meanwhile.
            ServiceUnavailable: it fails.
        """
        draft = await asyncio.to_thread(self.drafts.get, subject.draft)
        chosen = await asyncio.to_thread(_chosen, draft, self.content, comparison)
        if not chosen:
            return comparison
        broken = await self._broken(subject, chosen, report)
        if broken:
            again = {name: chosen[name] for name in broken}
            live = Subject("", "", comparison.against, subject.by)
            broken = {name: broken[name] for name in broken.keys() - await self._broken(live, again, report)}
        played = with_played(comparison, tuple(broken[name] for name in sorted(broken)), len(chosen))
        await asyncio.to_thread(keep_comparison, self.bank, played)
        return played

    async def _broken(self, subject: Subject, conversations: Conversations, report: Report) -> Mapping[str, Broken]:
        """Where each conversation breaks, of those that do."""
        report(Progress(STAGE, 0, len(conversations), START_SECONDS + PLAY_SECONDS * len(conversations)))
        now = await self._started(subject)
        broken = {}
        try:
            kratt = await self.talks.kratt(now)
            for at, (name, conversation) in enumerate(conversations.items()):
                report(Progress(STAGE, at, len(conversations), PLAY_SECONDS * (len(conversations) - at)))
                await self.store.use(now.number)
                if breaks := await play(name, conversation, kratt):
                    broken[name] = breaks
        finally:
            await self.store.leave(now.number)
        return broken

    async def _started(self, subject: Subject) -> TryOut:
        number = await self.store.want(subject)
        try:
            async with asyncio.timeout(self.most_start_seconds):
                while (now := await self.store.now()) and now.number == number and now.is_under_way:  # noqa: ASYNC110  # another process
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError:
            await self.store.leave(number)
            raise OperationFailed(
                "the test conversations could not be played: no second Kratt has started, see `kratt status`"
            ) from None
        if now is None or now.number != number or not now.is_ready:
            why = now.detail if now and now.number == number else "somebody else tries a draft at the moment"
            raise OperationFailed(f"the test conversations could not be played: {why}")
        return now


async def play(name: str, conversation: Conversation, kratt: TriedKratt) -> Broken | None:
    """Where a conversation goes otherwise than it should; None if it does not."""
    person = conversation.as_ or ""
    await kratt.registers.begin_anew(person)
    faults = {**dict.fromkeys(conversation.down, "server_error"), **conversation.faults}
    await kratt.registers.disturb(faults, {person: conversation.phone} if conversation.phone else {})
    session = session_of(person)
    for turn, exchange in enumerate(conversation.turns, start=1):
        reply = (await kratt.take(exchange.say, conversation.language, session)).reply
        for wanted, got in _differences(exchange, reply):
            return Broken(name, exchange.say, wanted, got, turn)
    return None


def _differences(exchange: Exchange, reply: Reply) -> Iterable[tuple[str, str]]:
    intent = reply.understanding.intent.name if reply.understanding.intent else "nothing"
    if exchange.intent and intent != exchange.intent:
        yield exchange.intent, intent
    if reply.outcome is not exchange.outcome:
        yield exchange.outcome.value, reply.outcome.value
    for words in exchange.reply:
        if words.lower() not in reply.text.lower():
            yield f"answered with “{words}”", f"answered with “{reply.text}”"


def _chosen(draft: Draft, content: Path, comparison: Comparison) -> dict[str, Conversation]:
    """Those that are new, in which something is understood otherwise, or whose service answers otherwise by now.

    Broken ones are known as such. An app that is linked, and a person at the desk, are the gateway's: conversations
    with them are left out. Examples answer by what the sentences mean.
    """
    files = (PurePosixPath(path) for path in draft.changed_since_main())
    changed = {file.parent.name for file in files if file.name != TESTS and not file.name.startswith("nlu.")}
    known, broken = read_conversations(content), {each.conversation for each in comparison.broken}

    def may_go_otherwise(name: str, conversation: Conversation) -> bool:
        is_new = known.get(name) != conversation
        return is_new or name in comparison.touched or name.partition("-")[0] in changed

    return {
        name: conversation
        for name, conversation in read_conversations(draft.folder).items()
        if may_go_otherwise(name, conversation) and not (name in broken or conversation.app or conversation.desk)
    }
