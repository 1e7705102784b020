"""The console's process."""

import logging
from functools import partial
from pathlib import Path

from fastapi import FastAPI

from assistant.adapters.json_logs import configure_logs
from assistant.adapters.jwt_editor_sessions import JwtEditorSessions
from assistant.adapters.request_meanings import assign, read_meanings
from assistant.adapters.sound_files import SoundFiles
from assistant.adapters.sql_form_counts import SqlFormCounts
from assistant.adapters.sql_inbox import Grouping, SqlInbox
from assistant.adapters.sql_publishing import SqlPublishing
from assistant.adapters.sql_request_counts import SqlRequestCounts
from assistant.adapters.sql_turn_counts import SqlTurnCounts
from assistant.bootstrap.ears import EditorsEars, ears_of
from assistant.bootstrap.lifespan import Connection, Store, lifespan_of
from assistant.bootstrap.sandbox_calls import build_sandbox_calls
from assistant.bootstrap.sandbox_writes import build_sandbox_writes
from assistant.bootstrap.spoken_sample import sample_hearing
from assistant.bootstrap.tara import editors_login
from assistant.bootstrap.try_outs import build_try_outs
from assistant.bootstrap.voices import voice_of
from assistant.bootstrap.words import word_book_of
from assistant.console.app import create_app
from assistant.console.parts import ConsoleParts
from assistant.console.playing import PlayConversations
from assistant.console.trainer import Trainer, Wanted
from assistant.content.batch_parsing import ParseBatch
from assistant.content.compare_models import CompareModels
from assistant.content.comparison import Comparison
from assistant.content.cross_validation import FOLDS, CrossValidate
from assistant.content.editing.drafts import Drafts
from assistant.content.gate import Limits
from assistant.content.model_bank import ModelBank
from assistant.content.project import Content, read_content
from assistant.content.publish import AskToPublish
from assistant.content.spoken_requests import QUICK, THOROUGH, SpeakSample
from assistant.content.train_and_compare import TrainAndCompare
from assistant.content.training import WORDS, TrainDialogue
from assistant.core.editors import read_editors
from assistant.core.errors import SettingsError
from assistant.core.progress import Report
from assistant.database import SqlDatabase
from assistant.pipeline.listen import Listen
from assistant.pipeline.speaking import Speak
from assistant.production import settings_fit_to_serve
from assistant.settings import Settings

EDITORS_WHO_SPEAK = 2
"""At the same time."""

_log = logging.getLogger("kratt.console")


def create() -> FastAPI:
    """The process that editors talk to."""
    settings = settings_fit_to_serve()
    configure_logs()
    if not settings.console_editors:
        raise SettingsError("KRATT_CONSOLE_EDITORS: is missing; `kratt console editor` makes the file")
    editors = Path(settings.console_editors)
    read_editors(editors)
    database = SqlDatabase(settings.database_url, "KRATT_DATABASE")
    content = read_content(settings.content)
    voice = voice_of(settings, content)
    speak = Speak(voice)
    sounds, speech = SoundFiles(settings.speech_seconds), ears_of(settings, EDITORS_WHO_SPEAK)
    ears = EditorsEars(Listen(sounds, speech), speech)
    try_outs = build_try_outs(settings, database, ears.listen, speak)
    bank, publishing = ModelBank(settings.models, settings.models_kept), SqlPublishing(database)
    identity, inbox = editors_login(settings), _inbox(settings, content, database)
    turn_counts, request_counts = SqlTurnCounts(database), SqlRequestCounts(database)
    form_counts = SqlFormCounts(database)
    drafts, try_it = Drafts(settings.content, settings.state), try_outs.parts
    play = PlayConversations(settings.content, try_it.store, try_it.talks, drafts, bank) if try_it else None
    sandbox_calls = build_sandbox_calls(settings)
    parts = ConsoleParts(
        identity=identity,
        editors=lambda: read_editors(editors),
        sessions=JwtEditorSessions(settings.secret("console_key")),
        public_url=settings.console_address,
        inbox=inbox,
        content=settings.content,
        drafts=drafts,
        trainer=Trainer(partial(_train_and_compare, settings, bank), play),
        bank=bank,
        publications=publishing,
        ask_to_publish=AskToPublish(
            bank, publishing, settings.four_eyes, settings.gate, drafts.reviews if settings.review else None
        ),
        counted_turns=turn_counts,
        counted_requests=request_counts,
        counted_forms=form_counts,
        speak=speak,
        words=partial(word_book_of, settings),
        ears=ears,
        call_sandbox=sandbox_calls,
        write_sandbox=build_sandbox_writes(settings),
        try_it=try_it,
    )
    stores: list[Store] = [inbox, publishing, turn_counts, request_counts, form_counts, *try_outs.stores]
    connections: list[Connection] = [database, identity, voice, *try_outs.connections]
    connections += [sandbox_calls] if sandbox_calls else []
    return create_app(parts, lifespan_of(stores, connections, (speech, sounds), _log))


def _train_and_compare(settings: Settings, bank: ModelBank, wanted: Wanted, report: Report) -> Comparison:
    logs = settings.state / "logs"
    train = TrainDialogue(
        wanted.content,
        bank,
        settings.engine_python,
        logs / "train-draft.log",
        by=wanted.by,
        note=wanted.note,
        authors=wanted.authors,
        is_quick=True,
    )
    parse = ParseBatch(bank, settings.engine_python, logs / "parse-draft.log")
    limits = Limits.of_points(
        settings.gate_accuracy_points,
        settings.gate_intent_points,
        settings.gate_out_of_scope_points,
        settings.gate_spoken_points,
    )
    compare = CompareModels(wanted.content, bank, parse, limits)
    fold = CrossValidate(settings.engine_python, logs / "folds-draft.log", settings.state / "folds")
    sample = THOROUGH if wanted.is_thorough else QUICK
    speak = SpeakSample(wanted.content, settings.content, sample, sample_hearing(settings))
    return TrainAndCompare(
        train,
        compare,
        lambda: fold(read_content(wanted.content), FOLDS, is_whole=wanted.is_thorough),
        speak,
        wanted.is_thorough,
    )(report)


def _inbox(settings: Settings, content: Content, database: SqlDatabase) -> SqlInbox:
    examples = (text for by_language in content.intents.values() for texts in by_language.values() for text in texts)
    grouping = Grouping(read_meanings(WORDS, examples), assign)
    return SqlInbox(database, settings.secret("data_key"), settings.inbox_days, grouping)
