import json
from typing import Any

import pytest

from assistant.sandbox.provider import Answer
from assistant.sandbox.registers import CLOSED_SERVICE, OPEN_SERVICES, published_services

pytestmark = pytest.mark.unit

SERVICES = published_services()
DOCUMENTS, FINES, DEBTS, OFFICES, ERRANDS = OPEN_SERVICES
USER = "EE38001085718"


def ask(service: str, path: str, user: str | None = USER, method: str = "GET") -> Answer:
    return SERVICES[service].answer(method, tuple(path.split("/")), user)


def read(answer: Answer) -> Any:
    return json.loads(answer.content)


@pytest.mark.parametrize(
    ("service", "key"), [(DOCUMENTS, "documents"), (FINES, "fines"), (DEBTS, "debts"), (CLOSED_SERVICE, "addresses")]
)
class TestPersonalRegister:
    @pytest.mark.parametrize("person", ["EE51307149560", "LV010180-12345"])
    def test_answer_when_person_unknown_then_empty_list(self, service: str, key: str, person: str) -> None:
        answer = ask(service, f"v1/persons/{person}/{key}")
        assert answer.status == 200
        assert read(answer) == {key: []}

    @pytest.mark.parametrize("user", [None, "", "38001085718", "EE12345678901", "LV0101 80", "lv010180", "LV"])
    def test_answer_when_nobody_asks_then_bad_request(self, service: str, key: str, user: str | None) -> None:
        answer = ask(service, f"v1/persons/{USER}/{key}", user)
        assert (answer.status, answer.media_type) == (400, "application/problem+json")

    @pytest.mark.parametrize("person", ["EE12345678901", "38001085718", "EE38001085718/x", "*", ""])
    def test_answer_when_person_impossible_then_no_list(self, service: str, key: str, person: str) -> None:
        assert ask(service, f"v1/persons/{person}/{key}").status in {400, 404}


@pytest.mark.parametrize("office", ["tallinn", "tartu", "narva", "parnu", "johvi"])
def test_offices_when_known_then_in_every_language(office: str) -> None:
    record = read(ask(OFFICES, f"v1/offices/{office}", user=None))
    assert record.pop("office") == office
    assert record.keys() == {"name", "address", "openingHours"}
    assert all(set(texts) == {"en", "et", "ru"} and all(texts.values()) for texts in record.values())


@pytest.mark.parametrize(("errand", "fee"), [("id_card", "30.00"), ("passport", "60.00"), ("driving_licence", "26.00")])
def test_errands_when_known_then_fee_and_what_to_bring(errand: str, fee: str) -> None:
    record = read(ask(ERRANDS, f"v1/errands/{errand}", user=None))
    assert record["bring"].keys() == {"en", "et", "ru"}
    assert record | {"bring": {}} == {"errand": errand, "fee": fee, "bring": {}}


@pytest.mark.parametrize(
    ("service", "path", "method", "status"),
    [
        (OFFICES, "v1/offices/atlantis", "GET", 404),
        (OFFICES, "v1/offices", "GET", 404),
        (OFFICES, "v1/offices/tallinn/", "GET", 404),
        (OFFICES, "v1/offices/tallinn", "POST", 405),
        (ERRANDS, "v1/offices/tallinn", "GET", 404),
    ],
)
def test_answer_when_no_such_operation_then_the_registers_own_refusal(
    service: str, path: str, method: str, status: int
) -> None:
    answer = ask(service, path, method=method)
    assert (answer.status, answer.media_type) == (status, "application/problem+json")
