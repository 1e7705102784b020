from datetime import datetime

import pytest

from assistant.console.drafts import author
from assistant.content.publish import AskToPublish
from assistant.core.errors import EditRefused
from tests.unit.console.conftest import EDITOR, REVIEWER
from tests.unit.console.test_training import FORM, trained

pytestmark = pytest.mark.unit


@pytest.fixture
def reviewed(console):
    """A console that publishes nothing without a reviewer's word."""
    ask = console.parts.ask_to_publish
    reviews = console.parts.drafts.reviews
    console.change(ask_to_publish=AskToPublish(ask.bank, ask.publications, is_gated=True, reviews=reviews))
    return console


@pytest.fixture
async def draft(reviewed):
    """A draft with a change of Mari's, trained."""
    async with reviewed.browser(EDITOR) as mari:
        await mari.post("/drafts", data={"name": "mine"})
        await mari.post("/drafts/mine/intents/greet", data=FORM)
        await trained(mari)
        yield reviewed.parts.drafts.get("mine")


async def approve(browser, draft, head: str = "") -> int:
    form = {"head": head or draft.head(), "why": "read it all"}
    return int((await browser.post("/drafts/mine/approve", data=form)).status_code)


async def publish(browser) -> int:
    return int((await browser.post("/drafts/mine/training/publish", data={"why": "now", "share": "10"})).status_code)


async def test_draft_when_nobody_has_approved_it_then_is_not_published(reviewed, draft) -> None:
    async with reviewed.browser(REVIEWER) as rein:
        assert "A reviewer has to approve" in (await rein.get("/drafts/mine/training")).text
        assert await publish(rein) == 422
        version = reviewed.parts.bank.models()[0].version
        refused = await rein.post("/models/publish", data={"version": version, "why": "then so"})
        assert (refused.status_code, "KRATT_REVIEW" in refused.text) == (422, True)
        assert await approve(rein, draft) == 303
        assert "Approved as it stands by Rein Raud" in (await rein.get("/drafts/mine")).text
        assert await publish(rein) == 303


async def test_approval_when_the_draft_changes_then_falls_and_holds_again_when_that_is_undone(reviewed, draft) -> None:
    reviews = reviewed.parts.drafts.reviews
    async with reviewed.browser(REVIEWER) as rein, reviewed.browser(EDITOR) as mari:
        await approve(rein, draft)
        await mari.post("/drafts/mine/intents/greet", data={**FORM, "text": "hi"})
        changed = draft.head()
        assert (reviews.approval(changed), reviews.covers(changed)) == (None, False)
        await mari.post("/drafts/mine/undo", data={"commit": changed})
        assert reviews.approval(draft.head()).why == "read it all"


async def test_approval_when_the_draft_has_changed_since_it_was_read_then_is_refused(reviewed, draft) -> None:
    read = draft.head()
    async with reviewed.browser(REVIEWER) as rein, reviewed.browser(EDITOR) as mari:
        await mari.post("/drafts/mine/intents/greet", data={**FORM, "text": "hi"})
        assert await approve(rein, draft, read) == 422
    assert reviewed.parts.drafts.reviews.approval(draft.head()) is None


async def test_approval_when_the_reviewer_wrote_some_of_it_then_is_refused(reviewed, draft) -> None:
    draft.edit(lambda files: files.change("note.txt", "mine"), author(REVIEWER), "A note")
    async with reviewed.browser(REVIEWER) as rein:
        assert await approve(rein, draft) == 422


async def test_approval_when_somebody_is_no_reviewer_then_is_refused(reviewed, draft) -> None:
    async with reviewed.browser(EDITOR) as mari:
        assert await approve(mari, draft) == 403


async def test_draft_when_it_has_changed_while_it_is_merged_then_stays_a_draft(reviewed, draft) -> None:
    head = draft.head()
    draft.edit(lambda files: files.change("note.txt", "mine"), author(EDITOR), "A note")
    with pytest.raises(EditRefused, match="has changed since"):
        reviewed.parts.drafts.merge("mine", author(REVIEWER), "now", head=head)
    assert [each.name for each in reviewed.parts.drafts.all()] == ["mine"]


async def test_publication_when_it_has_a_time_then_waits_for_it_and_can_be_cancelled(reviewed, draft) -> None:
    due = "2099-12-31T06:00"
    async with reviewed.browser(REVIEWER) as rein:
        await approve(rein, draft)
        form = {"why": "new year", "share": "10", "due": due}
        await rein.post("/drafts/mine/training/publish", data=form)
        (publication,) = await reviewed.parts.publications.publications()
        assert publication.wish.due_epoch_seconds == datetime.fromisoformat(due).astimezone().timestamp()
        assert "31.12.2099 06:00" in (await rein.get("/models")).text
        number = {"number": str(publication.number)}
        assert (await rein.post("/models/cancel", data=number)).status_code == 303
        assert "31.12.2099" not in (await rein.get("/models")).text
        assert (await rein.post("/models/cancel", data=number)).status_code == 422


@pytest.mark.parametrize("due", ["soon", "2026-13-01T00:00", "0001-01-01T00:00"])
async def test_time_when_it_is_none_then_says_so(reviewed, draft, due) -> None:
    async with reviewed.browser(REVIEWER) as rein:
        await approve(rein, draft)
        response = await rein.post("/drafts/mine/training/publish", data={"why": "then", "share": "10", "due": due})
    assert (response.status_code, "a day and a time" in response.text) == (400, True)
