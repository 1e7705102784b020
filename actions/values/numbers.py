"""Numbers, in words and in digits."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from actions.values.utterance import Step, Utterance
from actions.values.words.tables import Numeral

_MOST_DIGITS = 15
_SMALLEST_COUNTED = 12  # a dozen
_KILO = frozenset("kк")  # 5k
_WRITTEN = re.compile(
    r"(?P<groups>[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)"
    r"(?:[.,](?P<fraction>[0-9]{1,2}))?(?![0-9])"
)


class Number(NamedTuple):
    """A whole number; `fifth` is an ordinal."""

    value: int
    is_ordinal: bool


@dataclass
class _Sum:
    """A number while it is read: `total` holds finished thousands, `group` what is below the next scale."""

    total: int = 0
    group: int = 0
    room: int = 10_000  # what is added to the group must be less; at first even a `двухтысячный` may stand
    unit: int = 0  # the 1..9 added last, which a small scale may multiply: *two* hundred
    room_before: int = 10_000
    big_room: int = 10**9

    def add(self, numeral: Numeral) -> bool:
        """Whether the number goes on with this word."""
        if numeral.is_scale:
            return self._multiply(numeral.value)
        if numeral.value >= self.room or (numeral.value == 0 and self.room < 1000):
            return False
        self.room_before, self.room = self.room, numeral.room
        self.group += numeral.value
        self.unit = numeral.value if numeral.value < 10 else 0
        return True

    def _multiply(self, scale: int) -> bool:
        if scale >= 1000:
            if scale >= self.big_room:
                return False
            self.total += (self.group or 1) * scale
            self.group, self.unit, self.big_room = 0, 0, scale
            self.room = self.room_before = 1000
            return True
        before = self.room_before if self.unit else self.room
        if before <= scale or (self.room == 1 and not self.unit):
            return False
        self.group += (self.unit or 1) * scale - self.unit
        self.unit, self.room = 0, scale
        return True

    @property
    def value(self) -> int:
        return self.total + self.group


def read_number(said: Utterance, at: int) -> Step[Number] | None:
    """A number in words: `two hundred and five`, `kahekümne viies`, `тысяча девятьсот`."""
    table = said.table
    result = _Sum()
    end = at
    if _is_vague(said, at):
        return None
    if said.word(at) in table.articles and _is_large_scale(table.numerals.get(said.word(at + 1))):
        end = at + 1
    read = False
    while True:
        here = end + 1 if read and _goes_on_after_joiner(said, end, result) else end
        numeral = table.numerals.get(said.word(here))
        if numeral is None or not result.add(numeral):
            break
        read, end = True, here + 1
        if numeral.is_ordinal:
            return Number(result.value, True), end
        if numeral.value == 0:
            break
    return (Number(result.value, False), end) if read else None


def _is_large_scale(numeral: Numeral | None) -> bool:
    return numeral is not None and numeral.is_scale and numeral.value >= _SMALLEST_COUNTED


def _is_vague(said: Utterance, at: int) -> bool:
    """Whether a scale is counted by no number: a few *hundred*, `mitu sada`."""
    numeral = said.table.numerals.get(said.word(at))
    before = at - 1 if said.word(at - 1) not in said.table.of else at - 2
    return numeral is not None and numeral.is_scale and said.word(before) in said.table.vague


def _goes_on_after_joiner(said: Utterance, at: int, result: _Sum) -> bool:
    # "two hundred and five", "twenty-five"; but "twenty and five" are two numbers.
    word, following = said.word(at), said.table.numerals.get(said.word(at + 1))
    if following is None or following.value == 0 or following.is_scale or following.value >= result.room:
        return False
    if word == "-":
        return result.room == 10 and following.value < 10
    return word in said.table.joiners and result.room >= 100 and following.value < 100


def read_amount(said: Utterance, at: int) -> Step[Decimal] | None:
    """An amount in digits or words: `1 200,50`, `two and a half thousand`, `poolteist tuhat`, `80 thousand`."""
    if said.word(at) in said.table.minus or said.word(at) in ("-", "−"):
        step = _read_positive(said, at + 1)
        return (-step[0], step[1]) if step else None
    return _read_positive(said, at)


def _read_positive(said: Utterance, at: int) -> Step[Decimal] | None:
    step = _read_part_number(said, at) or _read_written(said, at) or _read_words(said, at)
    if step is None:
        return None
    value, end = step
    if said.word(end) in _KILO and said.is_joined(end):
        return value * 1000, end + 1
    scale = said.table.numerals.get(said.word(end))
    if scale is not None and scale.is_scale and not scale.is_ordinal and value < scale.value:
        return value * scale.value, end + 1
    return value, end


def _read_part_number(said: Utterance, at: int) -> Step[Decimal] | None:
    # "half a million" is an amount, "half" alone is too often something else.
    if said.word(at) in said.table.one_and_half:
        return Decimal("1.5"), at + 1
    parts = {"0.5": said.table.halves, "0.25": said.table.quarters, "2": said.table.couples}
    part = next((value for value, words in parts.items() if said.word(at) in words), None)
    end = said.skip(said.table.articles | said.table.of, at + 1)
    return (Decimal(part), end) if part and _is_large_scale(said.table.numerals.get(said.word(end))) else None


def _read_written(said: Utterance, at: int) -> Step[Decimal] | None:
    if not said.is_digits(at):
        return None
    match = _WRITTEN.match(said.text, said.tokens[at].start)
    if not match:
        return None
    whole = re.sub(r"[^0-9]", "", match["groups"])
    if len(whole) > _MOST_DIGITS:
        return None
    end = said.index_at(match.end(), at)
    return Decimal(f"{whole}.{match['fraction'] or 0}"), end


def _read_words(said: Utterance, at: int) -> Step[Decimal] | None:
    step = read_number(said, at)
    if step is None or step[0].is_ordinal:
        return None
    value, end = Decimal(step[0].value), step[1]
    if half := _read_half(said, end):
        return value + Decimal("0.5"), half
    if said.word(end) in said.table.decimal_points and (fraction := _read_fraction(said, end + 1)):
        digits, end = fraction
        return value + Decimal(f"0.{digits}"), end
    return value, end


def _read_half(said: Utterance, at: int) -> int | None:
    end = said.skip(said.table.half_joiners, at, most=2)
    return end + 1 if end > at and said.word(end) in said.table.halves else None


def _read_fraction(said: Utterance, at: int) -> Step[str] | None:
    """Two point *five* thousand, zero point *two five*."""
    digits, end = "", at
    while len(digits) < 2 and (numeral := said.table.numerals.get(said.word(end))):
        if numeral.is_scale or numeral.is_ordinal or numeral.value >= 100:
            break
        following = said.table.numerals.get(said.word(end + 1))
        has_unit = numeral.room == 10 and following is not None and 0 < following.value < 10
        if has_unit and following and not following.is_ordinal:
            return _in_places(said, digits + str(numeral.value + following.value), end + 2)
        digits, end = digits + str(numeral.value), end + 1
    return _in_places(said, digits, end) if digits else None


def _in_places(said: Utterance, digits: str, at: int) -> Step[str]:
    """The digits after the point: `пять сотых` are 05."""
    places = said.table.decimal_places.get(said.word(at))
    return (digits.zfill(places), at + 1) if places else (digits, at)
