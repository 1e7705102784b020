"""The figures of an evaluation, its file, and what changed between two."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from assistant.content import scores
from assistant.content.judging import OUT_OF_SCOPE, Utterance, Verdict
from assistant.core.errors import ContentError
from assistant.core.languages import Language

ALL = "all"
MOST_CONFUSIONS = 10


@dataclass(frozen=True)
class Confusion:
    """How often something else was done than what was asked."""

    asked: str
    done: str
    number: int


@dataclass(frozen=True)
class Figures:
    """Shares are 0-1, None of nothing. docs/guides/evaluation.md says what each means."""

    number: int
    accuracy: float
    acted_right: float
    wrong_acts: float | None
    macro_f1: float
    out_of_scope_recall: float | None
    false_acceptance: float | None
    calibration_error: float
    value_precision: float | None
    value_recall: float | None
    value_f1: float | None
    success: float
    language_kept: float | None
    language_found: float | None
    p50_ms: float
    p95_ms: float
    confusions: tuple[Confusion, ...]
    reliability: tuple[scores.Bin, ...]
    word_errors: float | None = None
    transcripts_right: float | None = None
    real_time_factor: float | None = None


@dataclass(frozen=True)
class Origin:
    """Which content (its last commit, if it is in git) and which model; `sample` requests a language, None for all."""

    date: str
    content_commit: str | None
    content_is_changed: bool
    content_sha256: str
    model_sha256: str
    sample: int | None = None

    def file_name(self, *, is_spoken: bool) -> str:
        """The same content and model have one file for each way to ask."""
        changed = "-changed" if self.content_is_changed else ""
        content = f"{(self.content_commit or self.content_sha256)[:12]}{changed}"
        sample = f"-{self.sample}-a-language" if self.sample else ""
        return f"{content}-{self.model_sha256[:8]}{'-spoken' if is_spoken else ''}{sample}.json"


@dataclass(frozen=True)
class Evaluation:
    """All figures, by language and in all, and every sentence: the wrong ones with all that is known of them.

    Spoken requests have figures by language and condition, and by language and voice, too.
    """

    origin: Origin
    typed: Mapping[str, Figures]
    wrong: tuple[Verdict, ...]
    right: Mapping[Language, tuple[str, ...]]
    spoken: Mapping[str, Figures]
    wrong_spoken: tuple[Verdict, ...]
    conditions: Mapping[Language, Mapping[str, Figures]] = field(default_factory=dict)
    voices: Mapping[Language, Mapping[str, Figures]] = field(default_factory=dict)


@dataclass(frozen=True)
class Changes:
    """Sentences that were right and are wrong now, those that were wrong and are right, and figures that differ.

    A difference is a language (and "spoken"), a figure, and its value before and now.
    """

    lost: tuple[Verdict, ...]
    won: tuple[Verdict, ...]
    figures: tuple[tuple[str, str, float, float], ...]


def evaluation_of(origin: Origin, typed: Sequence[Verdict], spoken: Sequence[Verdict] = ()) -> Evaluation:
    """The evaluation of typed requests, and of spoken ones if there are any."""
    right = {
        language: tuple(each.text for each in typed if each.language is language and each.is_right)
        for language in Language
    }
    wrong, wrong_spoken = (tuple(each for each in some if not each.is_right) for some in (typed, spoken))
    return Evaluation(
        origin,
        figures_by_language(typed),
        wrong,
        right,
        figures_by_language(spoken),
        wrong_spoken,
        _by_language_and(attrgetter("condition"), spoken),
        _by_language_and(attrgetter("voice"), spoken),
    )


def figures_by_language(verdicts: Sequence[Verdict]) -> dict[str, Figures]:
    """The figures of each language that has a request, and of all together under ALL."""
    by_language = {
        language.value: [each for each in verdicts if each.language is language] for language in Language
    } | {ALL: list(verdicts)}
    return {name: figures_of(some) for name, some in by_language.items() if some}


def figures_of(verdicts: Sequence[Verdict]) -> Figures:
    """The figures of at least one verdict."""
    ranked, acted = [each.ranked for each in verdicts], [each.acted for each in verdicts]
    outside = [each for each in verdicts if each.intent == OUT_OF_SCOPE]
    inside = [each for each in verdicts if each.intent != OUT_OF_SCOPE]
    values = sum((each.tally for each in verdicts), start=scores.Tally())
    times = [each.milliseconds for each in verdicts]
    said = [each.utterance for each in verdicts if each.utterance]
    return Figures(
        number=len(verdicts),
        accuracy=scores.accuracy(ranked),
        acted_right=scores.accuracy(acted),
        wrong_acts=share_of(each.act not in {each.intent, OUT_OF_SCOPE} for each in inside),
        macro_f1=scores.macro_f1(acted),
        out_of_scope_recall=share_of(each.act == OUT_OF_SCOPE for each in outside),
        false_acceptance=share_of(each.starts_service for each in outside),
        calibration_error=scores.expected_calibration_error(ranked),
        value_precision=values.precision,
        value_recall=values.recall,
        value_f1=values.f1,
        success=share_of(each.is_right for each in verdicts) or 0.0,
        language_kept=share_of(each.language_kept for each in verdicts),
        language_found=share_of(each.language_found for each in verdicts),
        p50_ms=scores.percentile(times, 50),
        p95_ms=scores.percentile(times, 95),
        confusions=tuple(Confusion(*pair, number) for pair, number in scores.confusions(acted)[:MOST_CONFUSIONS]),
        reliability=tuple(scores.reliability(ranked)),
        word_errors=scores.share(sum(each.word_errors for each in said), sum(each.words for each in said)),
        transcripts_right=share_of(not each.word_errors for each in said),
        real_time_factor=scores.share(
            sum(each.recognition_seconds for each in said), sum(each.seconds for each in said)
        ),
    )


def _by_language_and(
    key: Callable[[Utterance], str], verdicts: Sequence[Verdict]
) -> dict[Language, dict[str, Figures]]:
    """The figures of utterances that have the same key, in the order in which the keys come."""
    grouped: dict[Language, dict[str, list[Verdict]]] = {}
    for each in verdicts:
        if each.utterance:
            grouped.setdefault(each.language, {}).setdefault(key(each.utterance), []).append(each)
    return {language: {name: figures_of(some) for name, some in groups.items()} for language, groups in grouped.items()}


def share_of(answers: Iterable[bool | None]) -> float | None:
    """The share of yes among the answers that are known."""
    known = [each for each in answers if each is not None]
    return scores.share(sum(known), len(known))


def changes(before: Evaluation, now: Evaluation) -> Changes:
    """What is different; sentences that only one of the two has are left out, and of those spoken all but figures."""
    was_right = {(language, text) for language, texts in before.right.items() for text in texts}
    is_right = {(language, text) for language, texts in now.right.items() for text in texts}
    return Changes(
        tuple(each for each in now.wrong if (each.language, each.text) in was_right),
        tuple(each for each in before.wrong if (each.language, each.text) in is_right),
        (*_differences(before.typed, now.typed), *_differences(before.spoken, now.spoken, " spoken")),
    )


def to_json(evaluation: Evaluation) -> str:
    """The text of an evaluation's file."""
    return json.dumps(_SHAPE.dump_python(evaluation, mode="json"), ensure_ascii=False, indent=1) + "\n"


def read_evaluation(path: Path) -> Evaluation:
    """An evaluation that was kept.

    Raises:
        ContentError: it cannot be read as one.
    """
    try:
        return _SHAPE.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        raise ContentError("this is no evaluation that `kratt evaluate` has written", file=str(path)) from None


_SHAPE = TypeAdapter(Evaluation)


def _differences(
    before: Mapping[str, Figures], now: Mapping[str, Figures], way: str = ""
) -> Iterable[tuple[str, str, float, float]]:
    for language in (each for each in now if each in before):
        old, new = vars(before[language]), vars(now[language])
        for name, value in new.items():
            if isinstance(value, float) and isinstance(old[name], float) and value != old[name]:
                yield f"{language}{way}", name, old[name], value
