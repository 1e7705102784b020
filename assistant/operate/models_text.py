"""The models of the bank, for a terminal."""

from collections.abc import Sequence

from assistant.content.evaluation import ALL
from assistant.content.model_bank import Model


def models_table(models: Sequence[Model], live: Model | None, previous: Model | None) -> str:
    """A line for each model."""
    rows = [f"{'version':<24} {'is':<8} {'content':<13} {'right':>7}  {'by':<12} note"]
    for each in models:
        right = each.scores.get(ALL, {}).get("acted_right")
        shown = "-" if right is None else f"{100 * right:.1f} %"
        made = each.made
        rows.append(
            f"{each.version:<24} {_standing(each, live, previous):<8} {_content(each):<13} {shown:>7}  "
            f"{made.by or '-':<12} {made.note}".rstrip()
        )
    return "\n".join(rows)


def model_text(model: Model) -> str:
    """All that is known of a model."""
    made = model.made
    facts = {
        "version": model.version,
        "engine's name": model.model_id,
        "trained": f"{model.trained_at:%Y-%m-%d %H:%M:%S} UTC, in {made.seconds:.0f} s",
        "by": made.by,
        "authors": ", ".join(made.authors),
        "note": made.note,
        "content": _content(model),
        "content's fingerprint": made.content_sha256,
        "pinned": "yes" if model.is_pinned else "",
    }
    lines = [f"{name + ':':<22} {value}" for name, value in facts.items() if value]
    for language, figures in model.scores.items():
        lines.append(f"{language + ':':<22} " + ", ".join(f"{name} {value:.3f}" for name, value in figures.items()))
    return "\n".join(lines)


def _standing(model: Model, live: Model | None, previous: Model | None) -> str:
    if model == live:
        return "live"
    if model == previous:
        return "previous"
    return "pinned" if model.is_pinned else ""


def _content(model: Model) -> str:
    made = model.made
    return f"{(made.content_commit or made.content_sha256)[:12]}{'+' if made.content_is_changed else ''}"
