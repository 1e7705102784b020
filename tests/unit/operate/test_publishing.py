from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.content.model_bank import Made, Model, ModelBank
from assistant.core.errors import OperationFailed
from assistant.core.publishing import Act, Figures, Publication, State, Trial, Wish
from assistant.operate.publishing import figures_table, publications_table, publishing_of, when, wish_and_wait
from assistant.settings import Settings

pytestmark = pytest.mark.unit

AT = datetime(2026, 11, 26, 9, 12, tzinfo=UTC)
MODEL = Model("20261126-091200-cccccccc", Made("c" * 64), AT, "d" * 64, "f00")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(state=tmp_path / "state", models=tmp_path / "models", gate=False)


@pytest.fixture
def versions(settings: Settings, tmp_path: Path) -> list[str]:
    """Two models in the bank, of which the first is live."""
    bank, found = ModelBank(settings.models), []
    for words in ("one", "two"):
        (tmp_path / "trained").write_text(words)
        found.append(bank.add(tmp_path / "trained", Made(words.encode().hex().ljust(64, "0"))).version)
    bank.make_live(found[0])
    return found


async def test_wishes_when_kratt_does_not_run_then_the_next_start_has_the_model_and_the_log_has_who(settings, versions):
    said: list[str] = []
    for wish in (Wish(Act.PUBLISH, "Ann", "try", versions[1]), Wish(Act.ROLL_BACK, "Jaan")):
        await wish_and_wait(settings, wish, said.append)
    assert said == [f"{version} is live from the next start on" for version in reversed(versions)]
    assert ModelBank(settings.models).live.version == versions[0]
    async with publishing_of(settings) as store:
        kept = await store.publications()
    assert [(each.wish.by, each.state, each.detail) for each in reversed(kept)] == [
        (by, State.DONE, detail) for by, detail in zip(("Ann", "Jaan"), said, strict=True)
    ]


@pytest.mark.parametrize("changes", [{"share": 10}, {"due_epoch_seconds": 9e9}])
async def test_wish_when_kratt_does_not_run_and_it_needs_to_then_it_says_so(settings, versions, changes):
    with pytest.raises(OperationFailed, match="kratt up"):
        await wish_and_wait(settings, Wish(Act.PUBLISH, "Ann", version=versions[1], **changes), print)


async def test_wish_when_it_may_not_be_then_kratt_need_not_run(settings, versions):
    with pytest.raises(OperationFailed, match="--by"):
        await wish_and_wait(settings, Wish(Act.PUBLISH, "", version=versions[1]), print)


def test_log_when_shown_then_each_wish_has_who_what_when_why_and_how_it_ended():
    later = Wish(Act.PUBLISH, "Ann", "at night", "v2", 10, due_epoch_seconds=2e9)
    shown = publications_table(
        [
            Publication(2, later, State.WAITING, "", 1e9, 1e9),
            Publication(1, Wish(Act.ROLL_BACK, "Jaan"), State.FAILED, "no earlier model", 1e9, 1e9),
        ]
    )
    assert shown.splitlines() == [
        f"   2  {when(1e9)}  Ann: publish v2 for 10 % at {when(2e9)} (at night)",
        "      waiting",
        f"   1  {when(1e9)}  Jaan: roll back",
        "      failed: no earlier model",
    ]


def test_figures_when_shown_then_a_model_on_trial_is_marked_and_one_nobody_talked_to_is_left_out():
    counts = {"answered": 6, "answered_partly": 1, "handed_over": 1, "failed_dialogue": 2, "fallback": 1, "grade_4": 1}
    shown = figures_table({"f00": Figures(counts)}, [MODEL], Trial(MODEL.version, 10, 0.0)).splitlines()
    assert shown[1].split() == [
        *(MODEL.version, "10", "70.0", "%", "10.0", "%", "10.0", "%", "20.0", "%", "4.0"),
        *("10", "%", "of", "the", "conversations"),
    ]
    assert len(figures_table({"other": Figures(counts)}, [MODEL], None).splitlines()) == 1
