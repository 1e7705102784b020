from pathlib import Path

import pytest

from assistant.content.model_bank import Made, ModelBank
from assistant.content.publish import AskToPublish
from assistant.core.errors import OperationFailed
from assistant.core.publishing import Act, Publication, State, Wish

pytestmark = pytest.mark.unit


class FakePublications:
    def __init__(self) -> None:
        self.wishes: list[Wish] = []

    async def ask(self, wish: Wish) -> Publication:
        self.wishes.append(wish)
        return Publication(len(self.wishes), wish, State.WAITING, "", 0.0, 0.0)


@pytest.fixture
def bank(tmp_path: Path) -> ModelBank:
    (tmp_path / "trained").write_text("model")
    bank = ModelBank(tmp_path / "models")
    bank.add(tmp_path / "trained", Made("c" * 64, by="Mari Mets", authors=("jaan@city.ee",)))
    return bank


@pytest.fixture
def version(bank: ModelBank) -> str:
    return bank.models()[0].version


async def test_wish_when_all_is_well_then_the_publisher_gets_it(bank, version):
    ask = AskToPublish(bank, FakePublications())
    for wish in (Wish(Act.PUBLISH, "Mari Mets", version=version, share=1), Wish(Act.ROLL_BACK, "Mari Mets")):
        assert (await ask(wish)).wish == wish


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"by": " "}, "--by NAME"),
        ({"version": "20200101-000000-00000000"}, "kratt model list"),
        ({"share": 0}, "1 to 100"),
        ({"share": 101}, "1 to 100"),
    ],
)
async def test_wish_when_it_makes_no_sense_then_it_says_why_and_nobody_gets_it(bank, version, changes, says):
    publications = FakePublications()
    with pytest.raises(OperationFailed, match=says):
        await AskToPublish(bank, publications)(Wish(**{"act": Act.PUBLISH, "by": "Ann", "version": version, **changes}))
    assert publications.wishes == []


@pytest.mark.parametrize("by", ["Mari Mets", "mari  METS", " Jaan@city.ee"])
async def test_four_eyes_when_the_maker_publishes_then_another_person_is_wanted(bank, version, by):
    ask = AskToPublish(bank, FakePublications(), is_four_eyes=True)
    with pytest.raises(OperationFailed, match="another person"):
        await ask(Wish(Act.PUBLISH, by, version=version))
    await ask(Wish(Act.ROLL_BACK, by))
    await ask(Wish(Act.PUBLISH, "Ann", version=version))


class FakeReviews:
    def covers(self, commit: str) -> bool:
        return commit == "approved"


@pytest.mark.parametrize(
    ("made", "is_published"),
    [
        (Made("d" * 64, content_commit="approved"), True),
        (Made("d" * 64, content_commit="approved", content_is_changed=True), False),
        (Made("d" * 64, content_commit="other"), False),
        (Made("d" * 64), False),
    ],
)
async def test_review_when_wanted_then_only_content_that_was_approved_word_for_word_is_published(
    bank, tmp_path, made, is_published
):
    publications = FakePublications()
    wish = Wish(Act.PUBLISH, "Ann", version=bank.add(tmp_path / "trained", made).version)
    ask = AskToPublish(bank, publications, reviews=FakeReviews())
    if is_published:
        await ask(wish)
    else:
        with pytest.raises(OperationFailed, match="KRATT_REVIEW"):
            await ask(wish)
    assert len(publications.wishes) == is_published
    assert await ask(Wish(Act.ROLL_BACK, "Ann"))
