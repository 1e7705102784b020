"""Comparing models from a terminal."""

from collections.abc import Callable, Mapping

from assistant.content.batch_parsing import ParseBatch
from assistant.content.compare_models import EXPECTED, CompareModels
from assistant.content.comparison import Changed, Comparison, Pair
from assistant.content.cross_validation import CrossValidated
from assistant.content.gate import Limits
from assistant.content.model_bank import ModelBank
from assistant.core.progress import Progress, Stages
from assistant.operate.evaluation_text import FIGURES
from assistant.settings import Settings

PERCENT = 100
MOST_INTENTS = 10
MOST_CONTRADICTED = 20


def compare(settings: Settings, version: str, against: str, say: Callable[[str], None]) -> Comparison:
    """Compare a model with the live one or another, telling how far it is.

    Raises:
        KrattError: see `CompareModels`.
    """
    bank = ModelBank(settings.models, settings.models_kept)
    parse = ParseBatch(bank, settings.engine_python, settings.state / "logs" / "parse.log")
    limits = Limits.of_points(
        settings.gate_accuracy_points,
        settings.gate_intent_points,
        settings.gate_out_of_scope_points,
        settings.gate_spoken_points,
    )

    def report(progress: Progress) -> None:
        say(f"{progress.stage}, {progress.done + 1} of {progress.of}, about {progress.seconds_left:.0f} s left")

    return CompareModels(settings.content, bank, parse, limits)(version, Stages(EXPECTED, report), against)


def comparison_text(comparison: Comparison) -> str:
    """All of it that a person wants to read."""
    parts = [
        f"{comparison.against} -> {comparison.version}",
        _figures(comparison.figures),
        _intents(comparison.intents),
        _sentences("were right and are wrong now", [each for each in comparison.changed if each.is_lost]),
        _sentences(
            "were wrong and are right now",
            [each for each in comparison.changed if each.is_right and not each.was_right],
        ),
        _sentences(
            "are done otherwise, and were and are wrong",
            [each for each in comparison.changed if not each.is_right and not each.was_right],
        ),
        "\n".join(
            [
                f"{len(comparison.broken)} of {comparison.conversations} test conversations break, "
                f"in {len(comparison.touched)} more something is understood otherwise:",
                *(f"  {each}" for each in (*comparison.broken, *comparison.touched)),
            ]
        ),
        "\n".join(["the gate does not let it through:", *comparison.refusals])
        if comparison.refusals
        else "the gate lets it through",
    ]
    return "\n\n".join(filter(None, parts))


def folds_text(validated: CrossValidated) -> str:
    """The accuracy of each language, the intents that are understood worst, what for, and examples in wrong places."""
    lines = [f"{language}: {100 * share:.1f} % first intent right" for language, share in validated.accuracy.items()]
    worst = sorted(validated.intents.items(), key=lambda each: each[1])[:MOST_INTENTS]
    lines += ["", "lowest F1:", *(f"  {intent}: {100 * f1:.1f} %" for intent, f1 in worst)]
    confused = (f"  {number} {right} -> {said}" for (right, said), number in validated.confused[:MOST_INTENTS])
    contradicted = (
        f"  {each.language} “{each.text}” ({each.intent}): {each.said}, {100 * each.sure:.0f} %"
        for each in validated.contradicted[:MOST_CONTRADICTED]
    )
    return "\n".join(
        [
            *(*lines, "", "most often taken for something else:", *confused),
            *("", f"contradicted by the others, {len(validated.contradicted)} in all:", *contradicted),
        ]
    )


def _figures(figures: Mapping[str, Mapping[str, Pair]]) -> str:
    rows = [["", *figures], ["---"] * (len(figures) + 1)]
    names = next(iter(figures.values()))
    for name in names:
        rows.append([FIGURES[name], *(_shown(by_name[name]) for by_name in figures.values())])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _intents(intents: Mapping[str, Pair]) -> str:
    moved = [(name, pair) for name, pair in intents.items() if pair.before != pair.now]
    moved.sort(key=lambda each: -abs(each[1].drop))
    more = f"\n  and {len(moved) - MOST_INTENTS} more" if len(moved) > MOST_INTENTS else ""
    lines = [f"  {name}: {_shown(pair)}" for name, pair in moved[:MOST_INTENTS]]
    return "\n".join([f"F1 of {len(moved)} of {len(intents)} intents differs:", *lines]) + more


def _sentences(what: str, changed: list[Changed]) -> str:
    return "\n".join([f"{len(changed)} sentences {what}:", *(f"  {each}" for each in changed)])


def _shown(pair: Pair) -> str:
    before, now = ("-" if value is None else f"{100 * value:.1f}" for value in (pair.before, pair.now))
    return f"{before} -> {now} %" if before != now else f"{now} %"
