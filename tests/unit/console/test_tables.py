import pytest

pytestmark = pytest.mark.unit

ROWS = "intent,language,example\ngreet,en,ahoy kratt\ngreet,xx,ahoy\nnobody,en,what\n"


@pytest.fixture
async def browser(console):
    async with console.browser() as browser:
        await browser.post("/drafts", data={"name": "mine"})
        yield browser


async def test_rows_when_pasted_then_good_ones_are_taken_and_bad_ones_named(browser) -> None:
    page = (await browser.post("/drafts/mine/tables", data={"rows": ROWS})).text
    assert "1 new, 0 known already, 2 left out." in page
    assert "row 3" in page
    assert "ahoy kratt" in (await browser.get("/drafts/mine/intents/greet")).text


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_table_when_it_goes_out_and_comes_in_again_then_nothing_is_new(browser, console, form) -> None:
    out = await browser.get(f"/drafts/mine/tables/examples.{form}")
    assert f"mine-examples.{form}" in out.headers["content-disposition"]
    page = (await browser.post("/drafts/mine/tables/file", params={"file": f"e.{form}"}, content=out.content)).text
    assert "0 new," in page
    assert console.parts.drafts.get("mine").own_changes() == ()


async def test_file_when_it_is_no_table_then_says_so(browser) -> None:
    response = await browser.post("/drafts/mine/tables/file", params={"file": "a.xlsx"}, content=b"PK nothing")
    assert (response.status_code, "a.xlsx is not an XLSX file" in response.text) == (422, True)
