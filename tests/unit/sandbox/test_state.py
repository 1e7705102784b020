from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from assistant.sandbox.records import Day, Record, RegisterDate, RegisterMoment
from assistant.sandbox.state import Rows, State, Table

pytestmark = pytest.mark.unit

MONDAY = date(2027, 3, 1)


class Car(Record):
    plate: str
    checked: RegisterDate
    seen: RegisterMoment | None = None


class Note(Record):
    text: str


CARS = Table("cars", Car, key="plate")
NOTES = Table("notes", Note)


class Calendar:
    def __init__(self) -> None:
        self.day = MONDAY

    def __call__(self) -> date:
        return self.day


def seed(_today: date) -> Iterator[Rows]:
    yield CARS.of("mary", Car(plate="A", checked=Day(-7), seen=Day(-1, time(14, 5))), Car(plate="B", checked=Day(30)))
    yield CARS.of("jaak", Car(plate="A", checked=date(2020, 1, 1)))


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def state(calendar: Calendar) -> State:
    return State(None, [seed], calendar)


def plates(state: State, owner: str) -> list[str]:
    with state.transaction() as records:
        return [car.plate for car in records.all(CARS, owner)]


def test_day_when_read_later_then_it_has_moved_along(state: State, calendar: Calendar) -> None:
    for day in (MONDAY, MONDAY + timedelta(days=400)):
        calendar.day = day
        with state.transaction() as records:
            car = records.find(CARS, "mary", "A")
        assert car is not None
        assert car.checked == day - timedelta(days=7)
        assert car.seen == datetime.combine(day - timedelta(days=1), time(14, 5), UTC)


def test_day_when_written_later_then_it_is_a_date_that_stays(state: State, calendar: Calendar) -> None:
    with state.transaction() as records:
        records.put(CARS, "mary", Car(plate="C", checked=Day(1)))
    calendar.day += timedelta(days=10)
    with state.transaction() as records:
        car = records.find(CARS, "mary", "C")
    assert car is not None
    assert car.checked == MONDAY + timedelta(days=1)


@pytest.mark.parametrize("day", [Day(0), Day(-7), Day(420), Day(3, time(8, 0)), Day(-1, time(23, 59, 59))])
def test_day_when_written_down_then_it_is_read_again(day: Day) -> None:
    assert Day.parse(str(day)) == day


def test_put_when_key_is_known_then_replaced_in_its_place(state: State) -> None:
    with state.transaction() as records:
        records.put(CARS, "mary", Car(plate="A", checked=MONDAY))
        assert [(car.plate, car.checked) for car in records.all(CARS, "mary")] == [
            ("A", MONDAY),
            ("B", MONDAY + timedelta(days=30)),
        ]
        assert records.find(CARS, "jaak", "A") == Car(plate="A", checked=date(2020, 1, 1))


def test_put_when_table_has_no_key_then_added(state: State) -> None:
    with state.transaction() as records:
        for _ in range(2):
            records.put(NOTES, "mary", Note(text="same"))
        assert len(records.all(NOTES, "mary")) == records.count(NOTES) == 2
        records.replace(NOTES, "mary", Note(text="only"))
        assert records.only(NOTES, "mary") == Note(text="only")


def test_remove_when_there_then_gone_for_its_owner_only(state: State) -> None:
    with state.transaction() as records:
        assert records.remove(CARS, "mary", "A")
        assert not records.remove(CARS, "mary", "A")
        assert [owner for owner, _ in records.everywhere(CARS)] == ["mary", "jaak"]


def sell_and_fail(state: State) -> None:
    with state.transaction() as records:
        records.remove(CARS, "mary", "A")
        raise ValueError


def test_transaction_when_it_fails_then_nothing_happened(state: State) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # our own, just above
        sell_and_fail(state)
    assert plates(state, "mary") == ["A", "B"]


def test_state_when_opened_again_then_what_was_written_is_there(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    with State(file, [seed]).transaction() as records:
        records.remove(CARS, "mary", "A")
    assert plates(State(file, [seed]), "mary") == ["B"]


def test_state_when_seed_has_changed_then_it_begins_anew(tmp_path: Path) -> None:
    def other(_today: date) -> Iterator[Rows]:
        yield CARS.of("mary", Car(plate="Z", checked=Day(0)))

    file = tmp_path / "sandbox.db"
    with State(file, [seed]).transaction() as records:
        records.remove(CARS, "mary", "A")
    assert plates(State(file, [other]), "mary") == ["Z"]


def test_state_when_only_the_day_has_changed_then_it_does_not_begin_anew(tmp_path: Path) -> None:
    def daily(today: date) -> Iterator[Rows]:
        yield CARS.of("mary", Car(plate=today.isoformat(), checked=Day(0)))

    file = tmp_path / "sandbox.db"
    State(file, [daily], lambda: MONDAY)
    assert plates(State(file, [daily], lambda: MONDAY + timedelta(days=9)), "mary") == ["2027-03-01"]


def test_reset_when_things_were_written_then_seed_again(state: State) -> None:
    with state.transaction() as records:
        records.remove(CARS, "mary", "A")
        records.put(NOTES, "mary", Note(text="gone soon"))
    state.reset()
    with state.transaction() as records:
        assert records.count(NOTES) == 0
    assert plates(state, "mary") == ["A", "B"]
