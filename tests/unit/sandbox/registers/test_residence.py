import pytest

from assistant.sandbox.population import JAAK, MARI_LIIS, MARY, NEWCOMER

pytestmark = pytest.mark.unit

ADDRESSES = "EE/GOV/70008440/rr/addresses"
DEATHS, TASKS = "EE/GOV/70008440/rr/deaths", "EE/GOV/70008440/rr/estatetasks"
HOME = "Tartu mnt 84a-12, Tallinn"


async def _home(somebody) -> dict[str, object]:
    return (await somebody.get(ADDRESSES, "residence"))[1]


async def test_residence_when_children_live_there_then_they_are_named(person) -> None:
    home = await _home(person(MARY))
    assert (home["address"], home["livesWithFamily"]) == (HOME, True)
    assert home["familyMembers"][0] == "Mari"
    assert len(home["familyMembers"]) == 2


@pytest.mark.parametrize(("answer", "stay"), [("yes", False), ("no", True)])
async def test_move_when_done_then_family_moves_only_if_said(person, answer: str, stay: bool) -> None:
    change = {"newAddress": "Kreutzwaldi 12-4, Tartu", "validFrom": "2027-03-01", "previousAddress": HOME}
    assert (await person(MARY).post(ADDRESSES, "address-changes", **change, familyMovesAlong=answer))[0] == 201
    home = await _home(person(MARY))
    assert (home["address"], home["validFrom"]) == ("Kreutzwaldi 12-4, Tartu", "2027-03-01")
    assert home["livesWithFamily"] is not stay


@pytest.mark.parametrize(
    ("subject", "address", "status", "code"),
    [
        (JAAK, "Kuninga 30-2, Pärnu", 409, "owner_consent_missing"),
        (JAAK, "Кунинга 30-2, Пярну", 409, "owner_consent_missing"),
        (JAAK, "Moon 1, Atlantis", 422, "unknown_address"),
        (JAAK, "Tallinn 1, Atlantis", 422, "unknown_address"),
        (MARI_LIIS, "PIKK 5 - 1,  Narva", 409, "same_address"),
    ],
)
async def test_move_when_register_cannot_then_refused(
    person, subject: str, address: str, status: int, code: str
) -> None:
    change = {"newAddress": address, "validFrom": "2027-03-01"}
    answer = await person(subject).post(ADDRESSES, "address-changes", **change)
    assert (answer[0], answer[1]["code"]) == (status, code)


async def test_move_when_address_is_not_what_was_read_back_then_refused(person) -> None:
    change = {"newAddress": "Pikk 5-3, Tallinn", "validFrom": "2027-03-01", "previousAddress": "Pikk 1, Tallinn"}
    answer = await person(JAAK).post(ADDRESSES, "address-changes", **change)
    assert (answer[0], answer[1]["code"]) == (409, "address_changed")


@pytest.mark.parametrize("address", ["Pikk 5-3, Tallinn", "Pikk 5-3, 10123 Tallinn", "Pikk 5, Viimsi, Harjumaa"])
async def test_move_when_town_is_known_then_done_even_without_an_address_before(person, address: str) -> None:
    assert (await person(NEWCOMER).get(ADDRESSES, "residence"))[0] == 404
    change = {"newAddress": address, "validFrom": "2027-03-01"}
    assert (await person(NEWCOMER).post(ADDRESSES, "address-changes", **change))[0] == 201
    assert (await _home(person(NEWCOMER)))["address"] == address


async def test_deaths_when_one_is_registered_then_with_what_the_state_and_the_family_do(person) -> None:
    assert len((await person(MARY).get(DEATHS, "deaths"))[1]["deaths"]) == 1
    assert {task["doneBy"] for task in (await person(MARY).get(TASKS, "estate-tasks"))[1]["tasks"]} == {
        "state",
        "relative",
    }
    assert (await person(JAAK).get(DEATHS, "deaths"))[1] == {"deaths": []}
