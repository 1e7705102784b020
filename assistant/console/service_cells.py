"""Lists and mappings of a service.yml as rows of a form, and back.

Conditions are written `topic: inspection, tax; owner: yes`, names `plate, year`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast, get_args

from assistant.content.editing.yaml_text import Plain
from assistant.content.spec import Kind
from assistant.core.errors import EditRefused

Row = tuple[str, ...]
NOTHING = "nothing"
"""What stands for a response where nothing is to be said."""
_SWITCHES = {True: "true", False: "false"}


@dataclass(frozen=True)
class Column:
    """A column of rows; with options it is chosen from them."""

    name: str
    label: str
    options: tuple[str, ...] = ()
    listed: str = ""
    """The id of a list of suggestions."""


@dataclass(frozen=True)
class Rows:
    """How values become rows of `columns`, and rows become values."""

    columns: tuple[Column, ...]
    shown: Callable[[Plain], tuple[Row, ...]]
    meant: Callable[[Sequence[Row]], Plain]

    def value(self, rows: tuple[Row, ...], before: Plain) -> Plain:
        """What rows mean; what they do not change stays as it is spelled.

        Raises:
            EditRefused: a row cannot be understood.
        """
        if rows == self.shown(before):
            return before
        value = self.meant(rows)
        if isinstance(value, dict) and isinstance(before, dict):
            known = dict(zip(before, self.shown(before), strict=True))
            new = dict(zip(value, rows, strict=True))
            return {key: before[key] if known.get(key) == new[key] else each for key, each in value.items()}
        return value or None


def names(text: str) -> list[str]:
    """Names with commas or blanks between them."""
    return text.replace(",", " ").split()


def conditions(text: str) -> dict[str, list[str]]:
    """Names and the values one of which each must have.

    Raises:
        EditRefused: a condition is none.
    """
    found: dict[str, list[str]] = {}
    for each in filter(None, (part.strip() for part in text.split(";"))):
        name, colon, values = each.partition(":")
        wanted = [value.strip() for value in values.split(",") if value.strip()]
        if not colon or not wanted:
            raise EditRefused(f"“{each}” is no condition; write it as name: value, value")
        found[name.strip()] = wanted
    return found


def of_conditions(value: Plain) -> str:
    """Conditions as they are written in a row."""
    return "; ".join(f"{name}: {', '.join(_texts(each))}" for name, each in _mapping(value).items())


def _texts(value: Plain) -> list[str]:
    return [_text(each) for each in value] if isinstance(value, list) else [_text(value)]


def _text(value: Plain) -> str:
    if value is None:
        return ""
    return _SWITCHES[value] if isinstance(value, bool) else str(value)


def _mapping(value: Plain) -> dict[str, Plain]:
    return value if isinstance(value, dict) else {}


def _keyed(rows: Sequence[Row]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for key, *cells in rows:
        if not key or key in found:
            raise EditRefused(f"{key} stands there twice" if key else "a row has no name")
        found[key] = tuple(cells)
    return found


def _show_pairs(value: Plain) -> tuple[Row, ...]:
    return tuple((key, _text(each)) for key, each in _mapping(value).items())


def _mean_pairs(rows: Sequence[Row]) -> Plain:
    switches = {text: value for value, text in _SWITCHES.items()}
    return {key: switches.get(text, text) for key, (text,) in _keyed(rows).items()}


def _mean_conditions(rows: Sequence[Row]) -> Plain:
    return {key: cast("Plain", conditions(f"{key}: {text}")[key]) for key, (text,) in _keyed(rows).items()}


def _show_conditions(value: Plain) -> tuple[Row, ...]:
    return tuple((name, ", ".join(_texts(each))) for name, each in _mapping(value).items())


def _show_reads(value: Plain) -> tuple[Row, ...]:
    if isinstance(value, list):
        value = {str(each): each for each in value}
    rows = []
    for name, each in _mapping(value).items():
        read: dict[str, Plain] = each if isinstance(each, dict) else {"from": each}
        rows.append((name, _text(read.get("from")), _text(read.get("as")), _yes(read.get("optional"))))
    return tuple(rows)


def _mean_reads(rows: Sequence[Row]) -> Plain:
    found: dict[str, Plain] = {}
    for name, (field, kind, optional) in _keyed(rows).items():
        further: dict[str, Plain] = {"as": kind} if kind not in ("", "text") else {}
        further |= {"optional": True} if optional == "yes" else {}
        found[name] = {"from": field or name, **further} if further else field or name
    return found


def _yes(value: Plain) -> str:
    return "yes" if value is True else ""


def _show_cases(value: Plain) -> tuple[Row, ...]:
    cases: list[Plain] = value if isinstance(value, list) else [] if value is None else [{"say": value}]
    return tuple(_show_case(_mapping(each)) for each in cases)


def _show_case(case: Mapping[str, Plain]) -> Row:
    say = case.get("say")
    return _text(say) if say is not None else NOTHING, of_conditions(case.get("when")), ", ".join(_listed(case))


def _listed(case: Mapping[str, Plain]) -> list[str]:
    return _texts(case.get("has")) if case.get("has") else []


def _mean_cases(rows: Sequence[Row]) -> Plain:
    cases: list[Plain] = [_case(*row) for row in rows]
    only = cases[0] if len(cases) == 1 else None
    return only["say"] if isinstance(only, dict) and only.keys() == {"say"} and only["say"] else cases


def _case(say: str, when: str, has: str) -> dict[str, Plain]:
    if not say:
        raise EditRefused(f"a row says what must hold and not what is said then; “{NOTHING}” says nothing")
    case: dict[str, Plain] = {"when": cast("Plain", conditions(when))} if when else {}
    case |= {"has": cast("Plain", names(has))} if has else {}
    return case | {"say": None if say == NOTHING else say}


def _mean_stops(rows: Sequence[Row]) -> Plain:
    return [_case(*row) for row in rows]


def _show_offers(value: Plain) -> tuple[Row, ...]:
    offers = value if isinstance(value, list) else []
    spelled: list[dict[str, Plain]] = [each if isinstance(each, dict) else {"offer": each} for each in offers]
    return tuple(
        (_text(each.get("offer")), of_conditions(each.get("when")), of_conditions(each.get("with"))) for each in spelled
    )


def _mean_offers(rows: Sequence[Row]) -> Plain:
    return [_offer(*row) for row in rows]


def _offer(offer: str, when: str, known: str) -> Plain:
    more: dict[str, Plain] = {"when": cast("Plain", conditions(when))} if when else {}
    told: dict[str, Plain] = {"with": {name: value for name, (value, *_) in conditions(known).items()}} if known else {}
    return {**more, "offer": offer, **told} if more or told else offer


_WHEN, _HAS = Column("when", "only if"), Column("has", "only if there is")
_SAY = Column("say", "is said", listed="responses")
PAIRS = Rows((Column("key", "name"), Column("value", "value")), _show_pairs, _mean_pairs)
FIELDS = Rows((Column("key", "field of the register"), Column("value", "is")), _show_pairs, _mean_pairs)
CONDITIONS = Rows((Column("key", "name"), Column("value", "is one of")), _show_conditions, _mean_conditions)
READS = Rows(
    (
        Column("name", "name"),
        Column("from", "field of the register"),
        Column("as", "what it is", ("", *get_args(Kind))),
        Column("optional", "may be missing", ("", "yes")),
    ),
    _show_reads,
    _mean_reads,
)
SAYING = Rows((_SAY, _WHEN, _HAS), _show_cases, _mean_cases)
STOPS = Rows((_SAY, _WHEN, _HAS), _show_cases, _mean_stops)
OFFERS = Rows(
    (Column("offer", "service", listed="services"), _WHEN, Column("with", "knowing")), _show_offers, _mean_offers
)
REFUSALS = Rows(
    (Column("key", "the register's code"), Column("value", "is said", listed="responses")), _show_pairs, _mean_pairs
)
