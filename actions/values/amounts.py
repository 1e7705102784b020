"""Sums of money and numbers."""

from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal

from actions.values.candidates import Candidate
from actions.values.found import Limits, Unfit
from actions.values.numbers import read_amount
from actions.values.utterance import Step, Utterance

_CENT = Decimal("0.01")
_MOST_BARE_DIGITS = 7  # longer ones are codes
_TOO_LARGE = Decimal(10) ** 15  # as in `parse_money`


def find_money(said: Utterance, limits: Limits) -> Iterator[Candidate]:
    """Amounts of euros such as `80.00`; without the word euro only as a whole answer."""
    for (amount, has_unit), first, end in said.each(_read_money):
        if not has_unit and len(said.words[first]) > _MOST_BARE_DIGITS and said.is_digits(first):
            continue
        if not has_unit and said.words[first] in said.table.choice_nouns and len(said) > 1:  # that *one*
            continue
        yield Candidate(_check(amount, limits, _with_cents), first, end, needs_whole=not has_unit)


def find_numbers(said: Utterance, limits: Limits) -> Iterator[Candidate]:
    """Numbers such as `3` or `2.5`."""
    for amount, first, end in said.each(_read_count):
        before = said.table.numerals.get(said.word(first - 1))
        if before and before.is_ordinal:  # the second *one*
            continue
        yield Candidate(_check(amount, limits, _plain), first, end)


def _read_count(said: Utterance, at: int) -> Step[Decimal] | None:
    """A number, also a couple if that is all."""
    is_all = len(said) - at == 1 and at <= 1
    return read_amount(said, at) or ((Decimal(2), at + 1) if is_all and said.word(at) in said.table.couples else None)


def _read_money(said: Utterance, at: int) -> Step[tuple[Decimal, bool]] | None:
    """An amount, and whether a currency stands by it."""
    table = said.table
    if said.word(at) in table.euros and (step := read_amount(said, at + 1)):  # € 80
        return (step[0], True), said.skip(table.euros, step[1], most=1)
    amount = read_amount(said, at)
    if amount is None:
        return None
    value, end = amount
    if said.word(end) == "." and said.word(end + 1) in table.euros:  # 5 тыс. евро
        end += 1
    if said.word(end) in table.cents:
        return (value / 100, True), end + 1
    if said.word(end) not in table.euros:
        return (value, False), end
    return _with_trailing_cents(said, value, end + 1)


def _with_trailing_cents(said: Utterance, euros: Decimal, at: int) -> Step[tuple[Decimal, bool]]:
    """Eighty euros (and) fifty (cents)."""
    joined = said.skip(said.table.joiners, at, most=1)
    cents = read_amount(said, joined)
    if cents is None or not 0 < cents[0] < 100 or cents[0] % 1 or euros % 1:
        return (euros, True), at
    end = cents[1]
    if said.word(end) in said.table.cents:
        return (euros + cents[0] / 100, True), end + 1
    # "eighty euros fifty" ends there; "eighty euros 3 times" goes on.
    is_last = end >= len(said) or not said.word(end)[0].isalnum() or said.word(end) in said.table.fillers
    if joined > at or not is_last or said.word(end) in said.table.months or cents[0] < 10:
        return (euros, True), at
    return (euros + cents[0] / 100, True), end


def _check(amount: Decimal, limits: Limits, spell: Callable[[Decimal], str]) -> str | Unfit:
    least = Decimal(0) if limits.at_least is None else limits.at_least
    if amount < least:
        return Unfit("too_small")
    if amount >= _TOO_LARGE or (limits.at_most is not None and amount > limits.at_most):
        return Unfit("too_large")
    return spell(amount)


def _with_cents(amount: Decimal) -> str:
    return f"{amount.quantize(_CENT, ROUND_HALF_UP)}"


def _plain(amount: Decimal) -> str:
    return f"{amount:f}".rstrip("0").rstrip(".") if amount % 1 else f"{amount.to_integral_value():f}"
