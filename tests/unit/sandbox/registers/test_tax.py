import pytest

from assistant.sandbox.population import JAAK, MARI_LIIS, MARY, NEWCOMER

pytestmark = pytest.mark.unit

RETURNS = "EE/GOV/70000349/incometax/returns"


async def test_file_when_open_then_filed_today_and_refund_goes_to_the_account_sent(person) -> None:
    status, receipt = await person(MARY).post(RETURNS, "returns", taxYear="2026", bankAccount="EE382200221020145685")
    assert (status, receipt["state"]) == (201, "done")
    _, own = await person(MARY).get(RETURNS, "return")
    assert (own["status"], own["filedOn"], own["bankAccount"]) == ("filed", "2027-02-26", "EE382200221020145685")
    assert own["refund"] == "312.40"


@pytest.mark.parametrize(
    ("subject", "year", "code"),
    [(JAAK, "2026", "not_open"), (MARI_LIIS, "2026", "already_filed"), (MARY, "2025", "not_open")],
)
async def test_file_when_not_now_then_refused(person, subject: str, year: str, code: str) -> None:
    status, problem = await person(subject).post(RETURNS, "returns", taxYear=year)
    assert (status, problem["code"]) == (409, code)


async def test_file_when_filed_a_second_time_with_another_key_then_refused(person) -> None:
    await person(MARY).post(RETURNS, "returns", taxYear="2026")
    status, problem = await person(MARY).post(RETURNS, "returns", key="k2", taxYear="2026")
    assert (status, problem["code"]) == (409, "already_filed")


async def test_return_when_no_income_then_not_found(person) -> None:
    assert (await person(NEWCOMER).get(RETURNS, "return"))[0] == 404
