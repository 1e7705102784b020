"""Pictures of an evaluation, as SVG: how far confidence can be believed, and which intents are taken for which."""

from collections import Counter
from collections.abc import Sequence

from assistant.content.scores import BINS, Bin, Judged

SIDE = 320
MARGIN = 48
CELL = 26
NAME_WIDTH = 190
MOST_INTENTS = 12
FONT = "font-family='sans-serif' font-size='11'"


def reliability_picture(title: str, bars: Sequence[Bin]) -> str:
    """The reliability plot: a bar for the share that is right at each confidence; on the diagonal all is well."""
    most = max((bar.count for bar in bars), default=0) or 1
    width = SIDE / BINS
    drawn = [_text(MARGIN, 20, title), _frame(), *_axes()]
    for place, bar in enumerate(bars):
        x, height = MARGIN + place * width, SIDE * bar.accuracy
        fill = f"fill='#2a6fb0' fill-opacity='{0.25 + 0.75 * bar.count / most:.2f}'"
        drawn.append(
            f"<rect x='{x:.1f}' y='{MARGIN + SIDE - height:.1f}' width='{width - 2:.1f}' height='{height:.1f}' {fill}/>"
        )
        if bar.count:
            drawn.append(_text(x + width / 2, MARGIN + SIDE - height - 4, str(bar.count), "middle"))
            drawn.append(_point(MARGIN + SIDE * bar.confidence, MARGIN + SIDE * (1 - bar.accuracy)))
    return _svg(SIDE + 2 * MARGIN, SIDE + 2 * MARGIN, drawn)


def confusion_picture(title: str, acted: Sequence[Judged]) -> str:
    """A row for each intent that is most often missed, a column for each that was done instead; numbers of requests."""
    wrong = Counter((each.right, each.said) for each in acted if not each.is_right)
    missed: Counter[str] = Counter()
    instead: Counter[str] = Counter()
    for (asked, done), number in wrong.items():
        missed[asked] += number
        instead[done] += number
    rows = [name for name, _ in missed.most_common(MOST_INTENTS)]
    columns = [name for name, _ in instead.most_common(MOST_INTENTS)]
    drawn = [_text(8, 20, title)]
    drawn += [_text(NAME_WIDTH - 6, _top(row) + 17, name, "end") for row, name in enumerate(rows)]
    drawn += [_upright(_left(column) + 17, NAME_WIDTH + 24, name) for column, name in enumerate(columns)]
    most = max(wrong.values(), default=1)
    for row, asked in enumerate(rows):
        for column, done in enumerate(columns):
            drawn += _cell(row, column, wrong[asked, done], most)
    return _svg(_left(len(columns)) + 16, _top(len(rows)) + 16, drawn)


def _cell(row: int, column: int, number: int, most: int) -> list[str]:
    fill = f"fill='#b03a2a' fill-opacity='{number / most:.2f}' stroke='#ccc'"
    square = f"<rect x='{_left(column)}' y='{_top(row)}' width='{CELL}' height='{CELL}' {fill}/>"
    return [square, _text(_left(column) + CELL / 2, _top(row) + 17, str(number), "middle")] if number else [square]


def _left(column: int) -> int:
    return NAME_WIDTH + column * CELL


def _top(row: int) -> int:
    return NAME_WIDTH + 30 + row * CELL


def _frame() -> str:
    low = MARGIN + SIDE
    return (
        f"<rect x='{MARGIN}' y='{MARGIN}' width='{SIDE}' height='{SIDE}' fill='none' stroke='#888'/>"
        f"<line x1='{MARGIN}' y1='{low}' x2='{low}' y2='{MARGIN}' stroke='#888' stroke-dasharray='4 3'/>"
    )


def _axes() -> list[str]:
    low, middle = MARGIN + SIDE, MARGIN + SIDE / 2
    marks = [f"{mark / 2:.1f}" for mark in range(3)]
    across = [_text(MARGIN + float(mark) * SIDE, low + 15, mark, "middle") for mark in marks]
    up = [_text(MARGIN - 5, low - float(mark) * SIDE + 4, mark, "end") for mark in marks]
    return [*across, *up, _text(middle, low + 34, "confidence", "middle"), _upright(16, middle + 30, "share right")]


def _point(x: float, y: float) -> str:
    return f"<circle cx='{x:.1f}' cy='{y:.1f}' r='3' fill='#b03a2a'/>"


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f"<text x='{x:.1f}' y='{y:.1f}' text-anchor='{anchor}' {FONT}>{words}</text>"


def _upright(x: float, y: float, words: str) -> str:
    return f"<text transform='translate({x:.1f} {y:.1f}) rotate(-90)' {FONT}>{words}</text>"


def _svg(width: float, height: float, drawn: Sequence[str]) -> str:
    size = f"width='{width:.0f}' height='{height:.0f}' viewBox='0 0 {width:.0f} {height:.0f}'"
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' {size}>\n<rect width='100%' height='100%' fill='white'/>\n"
        + "\n".join(drawn)
        + "\n</svg>\n"
    )
