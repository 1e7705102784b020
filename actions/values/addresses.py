"""Estonian addresses: a street and a house, often a flat, a town and a postcode; `Pikk 5-3, Tallinn`."""

import re
from dataclasses import dataclass, field
from datetime import date

from actions.values.answers import capitalised
from actions.values.calendar import Calendar
from actions.values.candidates import is_filler
from actions.values.dates import DateReader
from actions.values.found import Found, Unfit
from actions.values.spelling import read_one_digit_piece
from actions.values.utterance import Step, Utterance
from actions.values.words.towns import TOWNS

_POSTCODE_DIGITS = 5
_MOST_STREET_WORDS = 5
_MOST_PLACE_WORDS = 6
_ANY_CALENDAR = Calendar(date(2026, 1, 1))
_WRITTEN = re.compile(r"(?P<street>.+?) (?P<house>\d\S*?)(?:-(?P<flat>\d+))?(?P<place>, .*)?")
_HOUSE_LETTER = re.compile(r"[a-zа-я]")


@dataclass
class _Address:
    """An address while it is read; `places` are towns, parishes and the like in the order they were said."""

    street: list[str] = field(default_factory=list)
    house: str = ""
    flat: str = ""
    places: list[str] = field(default_factory=list)
    postcode: str = ""

    def __str__(self) -> str:
        house = f"{self.house}-{self.flat}" if self.flat else self.house
        place = " ".join(filter(None, [self.postcode, ", ".join(self.places)]))
        return ", ".join(filter(None, [f"{' '.join(self.street)} {house}", place]))


def find_address(said: Utterance) -> Found | Unfit | None:
    """The address that the answer is, tidied."""
    first = _first_of_address(said)
    if first == len(said):
        return None
    found = _AddressReader(said).read(first)
    is_other_answer = any(said.table.answers.read(said.words, at) for at in range(len(said))) or (
        not any(_is_kind_of_street(said, at) or word in TOWNS for at, word in enumerate(said.words))
        and any(word in said.table.nots for word in said.words)
    )
    return None if isinstance(found, Unfit) and is_other_answer else found


def amend_address(said: Utterance, address: str) -> Found | None:
    """The address with another flat, house or town, if the words say nothing but that: "no, flat five"."""
    written = _WRITTEN.fullmatch(address)
    flat, house = _part_behind(said, said.table.flats), _part_behind(said, said.table.houses)
    towns = [TOWNS[word] for word in said.words if word in TOWNS]
    named = said.table.flats | said.table.houses | TOWNS.keys()
    taken = {at for part in (flat, house) if part for at in range(part[1], part[2])}
    is_whole = all(at in taken or word in named or is_filler(said, at) for at, word in enumerate(said.words))
    if not written or not is_whole or not (flat or house or len(towns) == 1):
        return None
    street, old_house, old_flat, old_place = written.group("street", "house", "flat", "place")
    number = "-".join(filter(None, (house[0] if house else old_house, flat[0] if flat else old_flat)))
    place = f", {towns[-1]}" if towns else old_place or ""
    return Found(f"{street} {number}{place}", 0, len(said.text), is_whole=True)


def _part_behind(said: Utterance, nouns: frozenset[str]) -> tuple[str, int, int] | None:
    """The number of a flat or a house, and where it stands."""
    for noun in (at for at, word in enumerate(said.words) if word in nouns and word not in said.table.denials):
        at = noun + 1
        while at < len(said) and is_filler(said, at):
            at += 1
        if number := read_one_digit_piece(said, at):
            return number[0], at, number[1]
    return None


def _first_of_address(said: Utterance) -> int:
    at = 0
    while at < len(said) and not said.is_digits(at) and _leads_up(said, at):
        at += 1
    return at


def _leads_up(said: Utterance, at: int) -> bool:
    """Whether the word only leads up to the address; but *Uus* tänav 5, *Vana*-Lõuna 3 and *Uus* 5 are streets."""
    if not is_filler(said, at) or _is_kind_of_street(said, at):
        return False
    if said.word(at + 1) == "." and said.is_joined(at + 1) and said.tokens[at].text.isupper():
        return False  # *A.* H. Tammsaare tee 47
    if said.words[at][0].isalpha() and (_is_kind_of_street(said, at + 1) or _is_hyphened(said, at)):
        return said.words[at] not in said.table.street_names and not _is_hyphened(said, at)
    is_capital = said.tokens[at].text[0].isupper() and said.words[at] not in said.table.houses
    return not (is_capital and said.is_digits(at + 1))


def _is_hyphened(said: Utterance, at: int) -> bool:
    return said.word(at + 1) == "-" and said.is_joined(at + 1) and said.is_joined(at + 2)


def _is_kind_of_street(said: Utterance, at: int) -> bool:
    return said.word(at) in said.table.streets or said.word(at) in said.table.roads


class _AddressReader:
    """Reads from left to right: places and street words until the house, then flat and places."""

    def __init__(self, said: Utterance) -> None:
        self._said = said
        self._address = _Address()

    def read(self, first: int) -> Found | Unfit | None:
        said, address = self._said, self._address
        at = self._read_leading_places(first)
        if said.word(first - 1) in said.table.nots:  # *not Tartu*, Pikk 5
            address.places.clear()
        at = self._read_leading_house(at)
        at = self._read_street(at)
        if not address.house:
            at = self._read_house(at)
        if not address.street or not any(word[0].isalpha() for word in address.street):
            return Unfit("incomplete") if address.house or address.places else None
        if not address.house:
            return Unfit("incomplete")
        end, is_whole = self._read_rest(self._read_flat(at))
        return Found(str(address), said.tokens[first].start, said.tokens[end - 1].end, is_whole)

    def _read_leading_places(self, at: int) -> int:
        """`Tallinn, Pikk 5` and `tallinnas pikk viis`; but not `Tartu maantee 5`."""
        said = self._said
        while (town := TOWNS.get(said.word(at))) and not self._begins_street(at):
            self._address.places.append(town)
            at += 1
            while said.word(at) in {",", "."} or said.word(at) in said.table.fillers:
                at += 1
        return at

    def _begins_street(self, at: int) -> bool:
        said, following = self._said, at + 1
        if following >= len(said) or read_one_digit_piece(said, following):
            return True
        # Tartu maantee 5; but "Тарту, улица Пикк 5".
        name = said.word(following + 1)
        is_named = name[:1].isalpha() and name not in said.table.houses | said.table.flats
        return _is_kind_of_street(said, following) and (not is_named or bool(read_one_digit_piece(said, following + 1)))

    def _read_leading_house(self, at: int) -> int:
        """The English order: `5 Pikk street`."""
        said = self._said
        begin = said.skip(said.table.houses, at, most=1)
        number = read_one_digit_piece(said, begin)
        kinds = [index for index in range(number[1], len(said)) if _is_kind_of_street(said, index)] if number else []
        if number is None or not kinds:
            return at
        numbers = [index for index in range(number[1], len(said)) if read_one_digit_piece(said, index)]
        if any(said.word(index - 1) not in said.table.flats for index in numbers):
            return at
        self._address.house = number[0]
        return self._house_letter(number[1])

    def _read_street(self, at: int) -> int:
        said, street, first = self._said, self._address.street, at
        while at < len(said) and len(street) < _MOST_STREET_WORDS:
            word = said.words[at]
            if at > first and read_one_digit_piece(said, at):
                break
            if word == "," or word in said.table.houses:
                break
            if self._address.house and _is_kind_of_street(said, at - 1):
                break
            if word[0].isalpha() and said.tokens[at].text.islower() and _leads_up(said, at):
                street.clear()  # the new place is *on* Pikk 5
                at += 1
                continue
            at = self._street_word(at)
        return at

    def _street_word(self, at: int) -> int:
        said, street = self._said, self._address.street
        word, text = said.words[at], said.tokens[at].text
        if word in {"-", "."} and street:
            street[-1] += word
            return at + 1
        if word in said.table.streets:
            return said.skip(frozenset("."), at + 1, most=1)
        if word in said.table.roads:
            street.append(said.table.roads[word])
        elif street and said.is_joined(at) and said.words[at - 1] in {"-", "."}:
            street[-1] += capitalised(text)
        else:
            street.append(capitalised(text))
        return at + 1

    def _read_house(self, at: int) -> int:
        said = self._said
        at = said.skip(said.table.houses | {",", "."}, at)
        number = read_one_digit_piece(said, at)
        if number is None:
            return at
        self._address.house, at = number
        if said.word(at) == "/" and said.is_joined(at) and said.is_digits(at + 1):  # 39/1 is one house
            self._address.house, at = f"{number[0]}/{said.words[at + 1]}", at + 2
        return self._house_letter(at)

    def _house_letter(self, at: int) -> int:
        said = self._said
        word, following = said.word(at), said.word(at + 1)
        follows = said.is_joined(at) or following in {"", ",", "-"} or following in said.table.flats
        if _HOUSE_LETTER.fullmatch(word) and (follows or following in TOWNS or is_filler(said, at + 1)):
            self._address.house += word
            return at + 1
        letter = said.table.letters.get(word)
        if letter and follows and word not in said.table.letters_that_are_words:  # twenty one *bee*
            self._address.house += letter.lower()
            return at + 1
        return at

    def _read_flat(self, at: int) -> int:
        said = self._said
        begin = said.skip(said.table.flats | {"-", "/", ",", "."}, at)
        number = read_one_digit_piece(said, begin)
        if number is None or len(number[0]) >= _POSTCODE_DIGITS:
            return at
        is_named = any(said.words[index] not in {",", "."} for index in range(at, begin))
        if begin > at and not is_named:
            return at
        if not is_named and self._postcode(begin):
            return at
        self._address.flat = number[0]
        return number[1]

    def _postcode(self, at: int) -> Step[str] | None:
        digits, end = "", at
        while len(digits) < _POSTCODE_DIGITS and (step := read_one_digit_piece(self._said, end)):
            digits, end = digits + step[0], step[1]
        return (digits, end) if len(digits) == _POSTCODE_DIGITS else None

    def _read_rest(self, at: int) -> tuple[int, bool]:
        """Places and a postcode; what comes after a filler that follows them is something else."""
        said, end, is_whole, new = self._said, at, True, True
        while at < len(said) and is_whole:
            if self._is_day(at):  # Tallinn, *from Monday*
                is_whole = False
            elif postcode := self._postcode(at):
                self._address.postcode, at = postcode
                end = at
            elif is_filler(said, at) and said.words[at] not in TOWNS:
                new, at = new or said.words[at] == ",", at + 1
            else:
                is_whole = self._place_word(at, is_new=new)
                new, at = False, at + 1
                end = at if is_whole else end
        return end, is_whole

    def _is_day(self, at: int) -> bool:
        return not self._said.is_digits(at) and DateReader(self._said, _ANY_CALENDAR).read(at) is not None

    def _place_word(self, at: int, *, is_new: bool) -> bool:
        said, places = self._said, self._address.places
        word, text = said.words[at], said.tokens[at].text
        if not word[0].isalpha() or sum(len(place.split()) for place in places) >= _MOST_PLACE_WORDS:
            return False
        name = TOWNS.get(word) or (capitalised(text) if not places or is_new else text)
        if is_new or not places or word in TOWNS:
            places.append(name)
        else:
            places[-1] += f" {name}"
        return True
