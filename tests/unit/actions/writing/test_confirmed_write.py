import pytest

from actions.writing.confirmed_write import ConfirmedWrite, confirmation_hash
from actions.xroad.identifiers import ServiceId, build_path

pytestmark = pytest.mark.unit

CONFIRMED = ("address_change", "EE60001019906", "dialogue", {"newAddress": "Pikk 1", "validFrom": "2026-12-01"})


def test_hash_when_computed_from_the_documented_form_then_is_the_same():
    # echo -n '{"body":{"name":"\u00c4"},"dialogue":"d","service":"s","subject":"EE1"}' | sha256sum
    expected = "1b01ecd5537dbd2bb1220bd4221211f59186646d9f13f40f8910d7a97d84b8a7"
    assert confirmation_hash("s", "EE1", "d", {"name": "Ä"}) == expected


def test_hash_when_the_body_is_in_another_order_then_is_the_same():
    *others, body = CONFIRMED
    assert confirmation_hash(*CONFIRMED) == confirmation_hash(*others, dict(reversed(body.items())))


@pytest.mark.parametrize(
    ("place", "other"),
    [(0, "other"), (1, "EE38001085718"), (2, "other"), (3, {"newAddress": "Pikk 2", "validFrom": "2026-12-01"})],
)
def test_hash_when_anything_differs_then_is_another(place: int, other: object):
    changed = [*CONFIRMED]
    changed[place] = other
    assert confirmation_hash(*changed) != confirmation_hash(*CONFIRMED)


def test_questions_when_made_then_bear_the_confirmation_and_the_one_who_is_represented():
    register = ServiceId.parse("EE/GOV/70008440/rr/addresschange")
    paths = (build_path("/v1/changes", {}), build_path("/v1/changes/{key}", {"key": "k"}))
    write = ConfirmedWrite("k" * 64, "EE60001019906", "x", "submit", register, *paths, {}, (), "en", "COM/12345678")
    for question, path in ((write.question, paths[0]), (write.status_question, paths[1])):
        assert (question.service, question.path) == (register, path)
        assert question.headers == {
            "X-Road-UserId": "EE60001019906",
            "X-Road-Issue": "k" * 64,
            "X-Road-Represented-Party": "COM/12345678",
        }
