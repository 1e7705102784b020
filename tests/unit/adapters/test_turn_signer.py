import time

import jwt
import pytest

from assistant.adapters.turn_signer import JwtTurnSigner
from assistant.core.deadline import Deadline
from assistant.core.errors import SettingsError
from assistant.core.identity import Assurance, TurnContext
from assistant.core.languages import Language
from assistant.core.ports import Session
from assistant.core.turns import Turn

pytestmark = pytest.mark.unit

SECRET = "s" * 32
TURN = Turn("turn-1", "web", Language.ET, "mida mari võlgneb")
CITIZEN = Session("secret-conversation", "dialogue-1", "EE60001019906", "MARY", Assurance.HIGH)
NOBODY = Session("secret-conversation", "dialogue-1")


def _claims(token: str, secret: str = SECRET) -> dict[str, object]:
    return jwt.decode(token, secret, algorithms=["HS256"], audience="actions", issuer="kratt-gateway")


@pytest.mark.parametrize("session", [CITIZEN, NOBODY], ids=["logged in", "anonymous"])
def test_sign_when_verified_by_its_reader_then_gives_the_session_and_the_turn(session: Session) -> None:
    ends = time.time() + 7
    context = TurnContext.from_claims(_claims(JwtTurnSigner(SECRET).sign(TURN, session, Deadline.after(7))))
    assert (context.turn_id, context.channel, context.language) == ("turn-1", "web", "et")
    assert context.dialogue_id == "dialogue-1"
    assert (context.subject, context.assurance) == (session.subject, session.assurance)
    assert context.deadline_epoch_seconds == pytest.approx(ends, abs=0.5)


def test_sign_when_deadline_has_passed_then_says_that_no_time_is_left() -> None:
    claims = _claims(JwtTurnSigner(SECRET).sign(TURN, CITIZEN, Deadline.after(-30)))
    assert float(str(claims["deadline"])) == pytest.approx(time.time(), abs=0.5)


def test_sign_when_read_by_the_engine_then_holds_neither_words_nor_the_conversations_secret() -> None:
    claims = str(_claims(JwtTurnSigner(SECRET).sign(TURN, CITIZEN, Deadline.after(7))))
    assert not [word for word in ("võlgneb", "secret-conversation", "MARY") if word in claims]


def test_sign_when_read_with_another_secret_then_is_not_believed() -> None:
    with pytest.raises(jwt.InvalidSignatureError):
        _claims(JwtTurnSigner(SECRET).sign(TURN, CITIZEN, Deadline.after(7)), "x" * 32)


@pytest.mark.parametrize("secret", ["", "s" * 31])
def test_signer_when_secret_is_short_then_refuses_to_start_without_quoting_it(secret: str) -> None:
    with pytest.raises(SettingsError, match="KRATT_TURN_SECRET") as caught:
        JwtTurnSigner(secret)
    assert "ss" not in str(caught.value)
