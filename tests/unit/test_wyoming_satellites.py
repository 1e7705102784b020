"""Which satellites there are, and which of them answers."""

import asyncio
import random
from pathlib import Path

import pytest

from assistant.core.errors import SettingsError
from connectors.wyoming.arbitration import Arbitration, Bid, loudest
from connectors.wyoming.registry import read_registry

pytestmark = pytest.mark.unit

REGISTRY = """
satellites:
  - name: kitchen
    uri: tcp://192.168.1.20:10700
    language: et
    area: downstairs
  - name: study
    uri: tcp://127.0.0.1:10701
    token: secret of the study
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "satellites.yml"


def test_registry_when_read_then_each_satellite_has_its_place(file: Path) -> None:
    file.write_text(REGISTRY)
    kitchen, study = read_registry(str(file))
    assert (kitchen.name, kitchen.address, kitchen.language, kitchen.area) == (
        *("kitchen", ("192.168.1.20", 10_700)),
        *("et", "downstairs"),
    )
    assert (study.language, study.area, study.token is not None) == (None, None, True)
    assert "secret" not in repr(study)
    assert read_registry("") == ()


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        (("name: study", "name: kitchen"), "two satellites are called kitchen"),
        (("tcp://192.168.1.20:10700", "192.168.1.20"), r"satellites.yml:4: .*tcp://192.168.1.20:10700"),
        (("tcp://192.168.1.20:10700", "tcp://192.168.1.20"), r"satellites.yml:4: "),
        (("tcp://192.168.1.20:10700", "tcp://192.168.1.20:99999"), r"satellites.yml:4: "),
        (("tcp://192.168.1.20:10700", "udp://192.168.1.20:10700"), r"satellites.yml:4: "),
        (("language: et", "language: tlh"), r"satellites.yml:5: "),
        (("area:", "room:"), r"satellites.yml:6: "),
        (("tcp://127.0.0.1:10701", "tcp://192.168.1.21:10700"), "Wyoming is not encrypted"),
        (("satellites:", "satellites: ["), "not valid YAML"),
    ],
)
def test_registry_when_something_is_wrong_then_the_file_and_the_line_are_named(
    file: Path, written: tuple[str, str], complaint: str
) -> None:
    file.write_text(REGISTRY.replace(*written))
    with pytest.raises(SettingsError, match=rf"^KRATT_WYOMING_SATELLITES: .*{complaint}"):
        read_registry(str(file))


def test_registry_when_the_file_is_missing_then_that_is_said(file: Path) -> None:
    with pytest.raises(SettingsError, match=r"KRATT_WYOMING_SATELLITES: .*missing"):
        read_registry(str(file))


def test_loudest_when_bids_come_in_any_order_then_it_is_always_the_same_one() -> None:
    bids = [Bid("kitchen", 200.0), Bid("hall", 900.0), Bid("study", 900.0), Bid("attic", 0.0)]
    for _ in range(10):
        random.shuffle(bids)
        assert loudest(bids) == Bid("hall", 900.0)


async def test_round_when_several_bid_then_one_answers_and_other_areas_and_words_have_rounds_of_their_own() -> None:
    arbitration = Arbitration(window_seconds=0.01)
    bids = [
        (Bid("kitchen", 200.0), "downstairs", "kratt"),
        (Bid("hall", 900.0), "downstairs", "kratt"),
        (Bid("attic", 100.0), "upstairs", "kratt"),
        (Bid("study", 50.0), "downstairs", "jarvis"),
    ]
    assert await asyncio.gather(*(arbitration.is_won(*bid) for bid in bids)) == [False, True, True, True]
    assert await arbitration.is_won(*bids[0])  # the round is over, and another one begins
