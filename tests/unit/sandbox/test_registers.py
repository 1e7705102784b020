"""Every register of the sandbox, and the example that the next one is written after."""

import json
import re
import textwrap
from datetime import date, timedelta
from typing import Any

import pytest

from assistant.sandbox import population, registers
from assistant.sandbox.personal import RESTRICTIONS, Restriction
from assistant.sandbox.population import JAAK, MARI_LIIS, MARY, NEWCOMER, newborn, school_child
from assistant.sandbox.provider import Answer
from assistant.sandbox.register import Register
from assistant.sandbox.registers import find_registers
from assistant.sandbox.service import Service
from assistant.sandbox.state import State
from assistant.sandbox.xroad_message import RestRequest, read_identifier

pytestmark = pytest.mark.unit

TODAY = date(2027, 2, 28)
PPA = "EE/GOV/70008747"
DOCUMENTS, FINES, DEBTS = f"{PPA}/itds/documents", f"{PPA}/fines/fines", "EE/GOV/70000349/debts/taxdebts"
OFFICES, ERRANDS = f"{PPA}/offices/offices", f"{PPA}/offices/errands"
VEHICLES = "EE/GOV/70001490/traffic/vehicles"
CAR, SALES = f"v1/persons/{MARY}/vehicles", f"v1/persons/{MARY}/sale-notices"
SALE = {"plate": "123ABC", "soldOn": "2027-02-27"}


class Registers:
    """Services over one state, called without anything between."""

    def __init__(self, services: dict[str, Service], state: State) -> None:
        self.services = services
        self.state = state

    async def ask(
        self,
        service: str,
        path: str,
        user: str | None = MARY,
        body: dict[str, object] | None = None,
        *,
        key: str = "",
        method: str = "",
    ) -> Answer:
        headers = {"X-Road-UserId": user, "Idempotency-Key": key}
        path, _, _ = (target := path).partition("?")
        request = RestRequest(
            verb=method or ("GET" if body is None else "POST"),
            target=target,
            headers=tuple((name, value) for name, value in headers.items() if value),
            client=read_identifier("EE/GOV/70009999/kratt"),
            service=read_identifier(service),
            path=tuple(path.split("/")),
        )
        sent = b"" if body is None else json.dumps(body).encode()
        return await Register(service, self.services[service], self.state).answer(request, sent)

    async def read(self, service: str, path: str, user: str | None = MARY) -> Any:
        answer = await self.ask(service, path, user)
        assert answer.status == 200, answer
        return json.loads(answer.content)


def code_of(answer: Answer) -> object:
    return json.loads(answer.content).get("code")


@pytest.fixture(scope="module")
def sandbox() -> Registers:
    found = find_registers()
    return Registers(dict(found.services), State(None, found.seeds, lambda: TODAY))


PERSONAL = pytest.mark.parametrize(("service", "key"), [(DOCUMENTS, "documents"), (FINES, "fines"), (DEBTS, "debts")])


@PERSONAL
@pytest.mark.parametrize("person", ["EE51307149560", "LV010180-12345"])
async def test_list_when_person_unknown_then_empty(sandbox: Registers, service: str, key: str, person: str) -> None:
    assert await sandbox.read(service, f"v1/persons/{person}/{key}", person) == {key: []}


@PERSONAL
@pytest.mark.parametrize("user", [None, "", "38001085718", "EE12345678901", "LV0101 80", "lv010180", "LV"])
async def test_list_when_nobody_asks_then_bad_request(
    sandbox: Registers, service: str, key: str, user: str | None
) -> None:
    answer = await sandbox.ask(service, f"v1/persons/{MARY}/{key}", user)
    assert (answer.status, answer.media_type) == (400, "application/problem+json")


@PERSONAL
@pytest.mark.parametrize("person", ["EE12345678901", "38001085718", "EE38001085718/x", "*", ""])
async def test_list_when_person_impossible_then_no_list(
    sandbox: Registers, service: str, key: str, person: str
) -> None:
    assert (await sandbox.ask(service, f"v1/persons/{person}/{key}")).status in {400, 404}


@pytest.mark.parametrize(
    ("subject", "documents", "fines", "debts"),
    [(MARY, 3, 1, 1), (JAAK, 3, 0, 0), (NEWCOMER, 0, 1, 0), (MARI_LIIS, 1, 0, 1)],
)
async def test_list_when_person_named_then_holds_what_stories_rely_on(
    sandbox: Registers, subject: str, documents: int, fines: int, debts: int
) -> None:
    counts = [
        len((await sandbox.read(service, f"v1/persons/{subject}/{key}", subject))[key])
        for service, key in ((DOCUMENTS, "documents"), (FINES, "fines"), (DEBTS, "debts"))
    ]
    assert counts == [documents, fines, debts]


async def test_documents_when_read_then_days_count_from_today(sandbox: Registers) -> None:
    documents = (await sandbox.read(DOCUMENTS, f"v1/persons/{MARY}/documents"))["documents"]
    assert documents[0] == {
        "documentType": "id_card",
        "number": "AS0000123",
        "status": "valid",
        "validUntil": "2028-04-23",
        "certificateValidUntil": "2028-04-22",
    }
    assert "certificateValidUntil" not in documents[1]


async def test_dues_when_read_then_each_register_has_its_own_field_names(sandbox: Registers) -> None:
    (fine,) = (await sandbox.read(FINES, f"v1/persons/{MARY}/fines"))["fines"]
    (debt,) = (await sandbox.read(DEBTS, f"v1/persons/{MARY}/debts"))["debts"]
    assert fine.pop("description").keys() == debt.pop("kind").keys() == {"en", "et", "ru"}
    same = {"isOverdue": False, "isDisputed": False}
    assert fine == {"amount": "80.00", "dueDate": "2027-03-21", "reference": "2100 4417 3", **same}
    assert debt == {"amountDue": "125.40", "dueDate": "2027-03-14", "reference": "9900 1234 7", **same}


@pytest.mark.parametrize("office", ["tallinn", "tartu", "narva", "parnu", "johvi"])
async def test_offices_when_known_then_in_every_language(sandbox: Registers, office: str) -> None:
    record = await sandbox.read(OFFICES, f"v1/offices/{office}", None)
    assert record.pop("office") == office
    assert record.keys() == {"name", "address", "openingHours"}
    assert all(set(texts) == {"en", "et", "ru"} and all(texts.values()) for texts in record.values())


@pytest.mark.parametrize(("errand", "fee"), [("id_card", "30.00"), ("passport", "60.00"), ("driving_licence", "26.00")])
async def test_errands_when_known_then_fee_and_what_to_bring(sandbox: Registers, errand: str, fee: str) -> None:
    record = await sandbox.read(ERRANDS, f"v1/errands/{errand}", None)
    assert record.pop("bring").keys() == record.pop("readyIn").keys() == {"en", "et", "ru"}
    assert record == {"errand": errand, "fee": fee}


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
async def test_answer_when_no_such_operation_then_the_registers_own_refusal(
    sandbox: Registers, service: str, path: str, method: str, status: int
) -> None:
    answer = await sandbox.ask(service, path, method=method)
    assert (answer.status, answer.media_type) == (status, "application/problem+json")


class TestExample:
    """The example of assistant/sandbox/registers/__init__.py does what the text beside it says."""

    @pytest.fixture
    def example(self) -> Registers:
        lines = (registers.__doc__ or "").splitlines()
        start = next(number for number, line in enumerate(lines) if line.startswith("    from"))
        end = next(number for number, line in enumerate(lines) if line == "What the pieces do:")
        module: dict[str, Any] = {"__name__": "example"}
        exec(compile(textwrap.dedent("\n".join(lines[start:end])), "example", "exec"), module)
        return Registers(module["SERVICES"], State(None, [population.seed, module["seed"]], lambda: TODAY))

    async def test_read_when_seeded_then_list_and_record_agree(self, example: Registers) -> None:
        car = {"plate": "123ABC", "make": "Volvo", "inspectionValidUntil": "2027-04-09"}
        assert await example.read(VEHICLES, CAR) == {"vehicles": [car]}
        assert await example.read(VEHICLES, f"{CAR}/123ABC") == car
        assert code_of(await example.ask(VEHICLES, f"{CAR}/999XYZ")) == "no_record"

    async def test_filter_when_given_then_only_those(self, example: Registers) -> None:
        assert len((await example.read(VEHICLES, f"{CAR}?make=Volvo"))["vehicles"]) == 1
        assert await example.read(VEHICLES, f"{CAR}?make=Saab") == {"vehicles": []}

    @pytest.mark.parametrize("query", ["colour=red", "make=Volvo&make=Saab"])
    async def test_filter_when_unknown_or_twice_then_refused(self, example: Registers, query: str) -> None:
        answer = await example.ask(VEHICLES, f"{CAR}?{query}")
        assert (answer.status, code_of(answer)) == (400, "wrong_parameter")

    async def test_submit_when_repeated_then_done_once(self, example: Registers) -> None:
        first = await example.ask(VEHICLES, SALES, body=SALE, key="k1")
        again = await example.ask(VEHICLES, SALES, body=SALE, key="k1")
        assert first.status == 201
        assert json.loads(first.content) == {"receiptNumber": "100001", "state": "done", "transferBy": "2027-03-05"}
        assert again == first
        assert await example.read(VEHICLES, CAR) == {"vehicles": []}

    async def test_submit_when_done_then_state_by_key_has_the_same_fields(self, example: Registers) -> None:
        assert code_of(await example.ask(VEHICLES, f"{SALES}/k1")) == "unknown_key"
        done = await example.ask(VEHICLES, SALES, body=SALE, key="k1")
        assert await example.read(VEHICLES, f"{SALES}/k1") == json.loads(done.content)

    async def test_submit_when_key_has_another_body_then_refused(self, example: Registers) -> None:
        await example.ask(VEHICLES, SALES, body=SALE, key="k1")
        answer = await example.ask(VEHICLES, SALES, body=SALE | {"soldOn": "2027-02-26"}, key="k1")
        assert (answer.status, code_of(answer)) == (422, "key_reused")

    async def test_submit_when_refused_then_key_stays_free(self, example: Registers) -> None:
        answer = await example.ask(VEHICLES, SALES, body=SALE | {"plate": "999XYZ"}, key="k1")
        assert (answer.status, code_of(answer)) == (422, "not_owner")
        assert (await example.ask(VEHICLES, SALES, body=SALE, key="k1")).status == 201

    @pytest.mark.parametrize(
        ("body", "key", "status", "code"),
        [
            ({}, "", 400, "key_required"),
            ({}, "k" * 256, 400, "key_required"),
            ({"plate": 7}, "k1", 422, "wrong_body"),
            ({"colour": "red"}, "k1", 422, "wrong_body"),
            ({"soldOn": "today+1"}, "k1", 422, "wrong_body"),
        ],
    )
    async def test_submit_when_malformed_then_refused(
        self, example: Registers, body: dict[str, object], key: str, status: int, code: str
    ) -> None:
        answer = await example.ask(VEHICLES, SALES, body=SALE | body, key=key)
        assert (answer.status, code_of(answer)) == (status, code)

    @pytest.mark.parametrize("path", ["vehicles", "sale-notices/k1"])
    async def test_represent_when_not_ones_child_then_forbidden(self, example: Registers, path: str) -> None:
        answer = await example.ask(VEHICLES, f"v1/persons/{MARY}/{path}", user=JAAK)
        assert (answer.status, code_of(answer)) == (403, "no_representation")

    @pytest.mark.parametrize("child", [school_child(TODAY), newborn(TODAY)])
    async def test_represent_when_ones_child_then_answered(self, example: Registers, child: str) -> None:
        assert await example.read(VEHICLES, f"v1/persons/{child}/vehicles") == {"vehicles": []}
        back = await example.ask(VEHICLES, f"v1/persons/{MARY}/vehicles", user=child)
        assert code_of(back) == "no_representation"

    @pytest.mark.parametrize(("scope", "status"), [("traffic", 403), ("health_records", 200)])
    async def test_restriction_when_set_then_closes_what_obeys_it(
        self, example: Registers, scope: str, status: int
    ) -> None:
        with example.state.transaction() as records:
            records.put(RESTRICTIONS, MARY, Restriction(scope=scope, since=TODAY - timedelta(days=1)))
        answer = await example.ask(VEHICLES, CAR)
        assert answer.status == status
        assert status == 200 or code_of(answer) == "restricted_by_person"


def test_registers_when_found_then_identifiers_are_complete() -> None:
    assert all(re.fullmatch(r"EE/[A-Z]+/\d{8}/[a-z]+/[A-Za-z-]+", name) for name in find_registers().services)
