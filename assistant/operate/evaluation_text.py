"""An evaluation as tables for a terminal or a document, and as files."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.content.evaluation import ALL, Changes, Evaluation, Figures, to_json
from assistant.content.evaluation_pictures import confusion_picture, reliability_picture
from assistant.content.judging import Verdict
from assistant.core.languages import Language

FIGURES: Mapping[str, str] = {
    "number": "held-out requests",
    "accuracy": "first intent right",
    "acted_right": "right at the threshold",
    "macro_f1": "macro F1 at the threshold",
    "wrong_acts": "taken for something else",
    "out_of_scope_recall": "out of scope: not acted upon",
    "false_acceptance": "out of scope: starts a service",
    "calibration_error": "ECE",
    "value_precision": "values, precision",
    "value_recall": "values, recall",
    "value_f1": "values, F1",
    "success": "intent and values right",
    "language_kept": "language kept",
    "language_found": "language found",
    "p50_ms": "time of a parse, p50",
    "p95_ms": "time of a parse, p95",
    "word_errors": "words wrong",
    "transcripts_right": "transcript right",
    "real_time_factor": "real-time factor",
}
"""What each figure is called."""
SPOKEN = (
    *(
        "number",
        "word_errors",
        "transcripts_right",
        "accuracy",
        "acted_right",
        "wrong_acts",
        "value_recall",
        "value_f1",
    ),
    *("success", "calibration_error", "real_time_factor"),
)
PLAIN = frozenset({"calibration_error", "macro_f1", "real_time_factor"})
"""Figures that are no shares."""
SHOWN_CONFUSIONS = 5


def evaluation_text(evaluation: Evaluation) -> str:
    """All tables."""
    parts = [figures_table(evaluation.typed, list(FIGURES)), *_confusions(evaluation.typed)]
    for language, by_condition in evaluation.conditions.items():
        sides = {f"{language} typed": evaluation.typed[language], f"{language} spoken": evaluation.spoken[language]}
        parts += [figures_table({**sides, **by_condition}, SPOKEN), figures_table(evaluation.voices[language], SPOKEN)]
    return "\n\n".join(parts)


def changes_text(changes: Changes) -> str:
    """What changed: sentences with what is done with them, and figures before and now."""
    lines = [f"{len(changes.lost)} sentences were right and are wrong now:", *map(_lost_line, changes.lost)]
    lines += ["", f"{len(changes.won)} sentences were wrong and are right now:"]
    lines += [f"  {each.language} {each.text}: {each.intent}" for each in changes.won]
    lines += ["", "figures that differ:"]
    lines += [
        f"  {language} {FIGURES[name]}: {_shown(name, before)} -> {_shown(name, now)}"
        for language, name, before, now in changes.figures
    ]
    return "\n".join(lines)


def figures_table(columns: Mapping[str, Figures], names: Sequence[str]) -> str:
    """A Markdown table with a row for each figure that is known in some column."""
    rows = [["", *columns], ["---"] * (len(columns) + 1)]
    for name in names:
        values = [getattr(figures, name) for figures in columns.values()]
        if any(value is not None for value in values):
            rows.append([FIGURES[name], *(_shown(name, value) for value in values)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def write_files(evaluation: Evaluation, kept: Path, pictures: Path) -> list[Path]:
    """Keep the evaluation and draw its pictures; the files that were written."""
    kept.mkdir(parents=True, exist_ok=True)
    pictures.mkdir(parents=True, exist_ok=True)
    file = kept / evaluation.origin.file_name(is_spoken=bool(evaluation.spoken))
    file.write_text(to_json(evaluation), encoding="utf-8")
    written = [file]
    for language in evaluation.typed:
        acted = [each.acted for each in evaluation.wrong if language in {ALL, each.language.value}]
        drawn = {
            f"reliability-{language}.svg": reliability_picture(
                f"Confidence and share right, {language}", evaluation.typed[language].reliability
            ),
            f"confusion-{language}.svg": confusion_picture(f"Asked (rows) and done (columns), {language}", acted),
        }
        if heard := evaluation.spoken.get(language):
            title = f"Confidence and share right, {language} spoken"
            drawn[f"reliability-{language}-spoken.svg"] = reliability_picture(title, heard.reliability)
        for name, picture in drawn.items():
            (pictures / name).write_text(picture, encoding="utf-8")
            written.append(pictures / name)
    return written


def _confusions(columns: Mapping[str, Figures]) -> list[str]:
    found = []
    for language in Language:
        if language.value in columns:
            pairs = columns[language.value].confusions[:SHOWN_CONFUSIONS]
            told = [f"  {each.number} {each.asked} -> {each.done}" for each in pairs]
            found.append("\n".join([f"{language}: most often taken for something else", *told]))
    return found


def _lost_line(each: Verdict) -> str:
    values = ", ".join(f"{slot}={value}" for slot, value in sorted(each.found.items()))
    return f"  {each.language} {each.text}: {each.intent} -> {each.act} {values}".rstrip()


def _shown(name: str, value: float | None) -> str:
    if value is None:
        return "-"
    if name == "number":
        return str(value)
    if name.endswith("_ms"):
        return f"{value:.1f} ms"
    return f"{value:.3f}" if name in PLAIN else f"{100 * value:.1f} %"
