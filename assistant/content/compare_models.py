"""Compares a model of the bank with the live one, before it is published."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.content.batch_parsing import Meanings, ParseBatch, Text
from assistant.content.comparison import (
    Comparison,
    SpokenFigures,
    broken_conversations,
    changed_requests,
    figures_of_both,
    intents_of_both,
    read_comparison,
    spoken_of_both,
    taken_for,
    to_json,
)
from assistant.content.conversations import read_conversations
from assistant.content.cross_validation import CrossValidated
from assistant.content.evaluation import ALL
from assistant.content.evaluation_pictures import confusion_picture
from assistant.content.gate import Limits, refusals
from assistant.content.held_out import HeldOut, read_held_out
from assistant.content.judging import Answer, Verdict, judge
from assistant.content.model_bank import Model, ModelBank
from assistant.content.service_spec import Service, read_services
from assistant.content.spoken_requests import Spoken
from assistant.core.errors import OperationFailed
from assistant.core.progress import Stages
from assistant.core.turns import Understanding

COMPARISON = "comparison.json"
EXPECTED = {"ask the live model": 1.0, "ask the new model": 20.0, "compare": 1.0}
"""Stages, and the seconds that each takes; the live model has mostly answered before."""
FOLDS = "hold examples against each other"
"""A stage that only some comparisons have."""


@dataclass(frozen=True)
class Aside:
    """What is found out of the content, whatever the new model is: what is heard, and how its examples fit each other.

    `folds` waits for that, in the stage FOLDS.
    """

    folds: Callable[[], CrossValidated] | None = None
    spoken: Spoken | None = None


@dataclass(frozen=True)
class CompareModels:
    """Has both models understand all held-out requests and every sentence of the test conversations.

    `content` is the folder that the new model was trained from.
    """

    content: Path
    bank: ModelBank
    parse: ParseBatch
    limits: Limits = field(default_factory=Limits)

    def __call__(self, version: str, stages: Stages, against: str = "", aside: Aside = Aside()) -> Comparison:
        """The comparison with the live model or another, which is kept beside the new one; its stages are EXPECTED.

        Raises:
            ContentError: the content cannot be read.
            OperationFailed: there is no such model, none to compare with, or nothing to ask.
            SettingsError: the engine's environment is missing, or fails; names the log.
        """
        model, other = self.bank.model(version), self._other(against)
        requests, services = read_held_out(self.content), read_services(self.content)
        conversations = read_conversations(self.content)
        if not requests:
            raise OperationFailed(f"{self.content} has no held-out requests")
        texts: list[Text] = [(each.text, each.language) for each in requests]
        texts += [(turn.say, each.language) for each in conversations.values() for turn in each.turns]
        texts += aside.spoken.texts if aside.spoken else ()
        with stages.stage("ask the live model"):
            before = self.parse(other.version, texts)
        with stages.stage("ask the new model"):
            now = self.parse(model.version, texts)
        folds = None
        if aside.folds:
            with stages.stage(FOLDS):
                folds = aside.folds()
        with stages.stage("compare"):
            old, new = (_verdicts(requests, services, meanings) for meanings in (before, now))
            broken, touched = broken_conversations(conversations, before, now)
            comparison = Comparison(
                model.version,
                other.version,
                figures_of_both(old, new),
                intents_of_both(old, new),
                changed_requests(old, new),
                broken,
                touched,
                len(conversations),
                taken_for=taken_for(new),
                folds=folds,
                spoken=_spoken(aside.spoken, services, before, now) if aside.spoken else None,
            )
        comparison = replace(comparison, refusals=refusals(comparison, self.limits), seconds=stages.seconds)
        self._keep(model, comparison, new)
        return comparison

    def _other(self, against: str) -> Model:
        if against:
            return self.bank.model(against)
        if (live := self.bank.live) is None:
            raise OperationFailed("there is no live model to compare with: run `kratt train`")
        return live

    def _keep(self, model: Model, comparison: Comparison, verdicts: Sequence[Verdict]) -> None:
        keep_comparison(self.bank, comparison)
        for language in comparison.figures:
            acted = [each.acted for each in verdicts if language in {ALL, each.language.value}]
            picture = confusion_picture(f"Asked (rows) and done (columns), {language}", acted)
            confusion_file(self.bank, model.version, language).write_text(picture, encoding="utf-8")
        scores = {
            language: {name: pair.now for name, pair in figures.items() if pair.now is not None}
            for language, figures in comparison.figures.items()
        }
        self.bank.change(replace(model, scores=scores))


def confusion_file(bank: ModelBank, version: str, language: str) -> Path:
    """The picture of what a model takes for what, in a language or in ALL of them."""
    return bank.archive(version).with_name(f"confusion-{language}.svg")


def keep_comparison(bank: ModelBank, comparison: Comparison) -> None:
    """Keep a comparison beside the model that it is of."""
    bank.archive(comparison.version).with_name(COMPARISON).write_text(to_json(comparison), encoding="utf-8")


def kept_comparison(bank: ModelBank, version: str) -> Comparison | None:
    """The last comparison of a model, if there was one."""
    return read_comparison(bank.archive(version).with_name(COMPARISON))


def _verdicts(requests: Sequence[HeldOut], services: Sequence[Service], meanings: Meanings) -> tuple[Verdict, ...]:
    return judge((Answer(each, meanings[each.text, each.language], 0.0) for each in requests), services)


def _spoken(spoken: Spoken, services: Sequence[Service], before: Meanings, now: Meanings) -> SpokenFigures:
    def verdicts(meanings: Meanings) -> tuple[Verdict, ...]:
        understood = ((request, meanings.get(heard, Understanding())) for request, heard in spoken.transcripts)
        return judge((Answer(request, meaning, 0.0) for request, meaning in understood), services)

    return spoken_of_both(verdicts(before), verdicts(now), spoken.heard)
