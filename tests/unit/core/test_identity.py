import json
from types import SimpleNamespace

import pytest

from assistant.core import identity
from assistant.core.errors import NotAllowed
from assistant.core.identity import Assurance, TurnContext

pytestmark = pytest.mark.unit

NOW = 1_800_000_000.5
CITIZEN = TurnContext("turn-1", "dialogue-1", "web", "et", "EE60001019906", Assurance.HIGH, NOW + 8.25, is_spoken=True)
NOBODY = TurnContext("turn-2", "dialogue-2", "speaker", "ru", None, Assurance.NONE, NOW)


@pytest.mark.parametrize("context", [CITIZEN, NOBODY], ids=["logged in", "anonymous"])
def test_claims_when_sent_as_json_then_come_back_as_the_same_context(context: TurnContext) -> None:
    assert TurnContext.from_claims(json.loads(json.dumps(context.to_claims()))) == context


def test_claims_when_made_then_last_a_minute_and_name_both_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "time", SimpleNamespace(time=lambda: NOW))
    claims = CITIZEN.to_claims()
    assert (claims["iss"], claims["aud"]) == ("kratt-gateway", "actions")
    assert (claims["iat"], claims["exp"]) == (NOW, NOW + 60)


@pytest.mark.parametrize("claim", ["jti", "dialogue", "channel", "language", "sub", "acr", "deadline"])
def test_context_when_a_claim_is_missing_then_is_refused(claim: str) -> None:
    claims = CITIZEN.to_claims()
    del claims[claim]
    with pytest.raises(NotAllowed):
        TurnContext.from_claims(claims)


@pytest.mark.parametrize(("claim", "value"), [("acr", "HIGHEST"), ("acr", ""), ("acr", 3), ("deadline", "soon")])
def test_context_when_a_claim_is_of_the_wrong_kind_then_is_refused(claim: str, value: object) -> None:
    with pytest.raises(NotAllowed):
        TurnContext.from_claims({**CITIZEN.to_claims(), claim: value})


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("none", Assurance.NONE),
        ("low", Assurance.LOW),
        ("substantial", Assurance.SUBSTANTIAL),
        ("HIGH", Assurance.HIGH),
    ],
)
def test_assurance_when_named_then_is_the_level(name: str, level: Assurance) -> None:
    assert Assurance.parse(name) is level


@pytest.mark.parametrize("name", ["", "3", "very high", "substantial "])
def test_assurance_when_name_is_unknown_then_is_refused(name: str) -> None:
    with pytest.raises(NotAllowed):
        Assurance.parse(name)


def test_assurance_when_compared_then_orders_as_eidas_does() -> None:
    assert Assurance.NONE < Assurance.LOW < Assurance.SUBSTANTIAL < Assurance.HIGH
