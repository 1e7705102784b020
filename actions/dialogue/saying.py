"""What is said in a turn of a service's dialogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from actions.dialogue.frames import Frame, Offered
from assistant.core.outcomes import Outcome
from assistant.core.turns import Expected


@dataclass(frozen=True)
class Utterance:
    """A response to utter, the values it may use, answers to choose from, and what it asks for if it is a question.

    `own_screen` is a request that is not answered here: it waits on the citizen's own screen. `called` is what the
    citizen agreed to who is told that a person was called (`assistant.core.desk.Called`). `consent_url` is where they
    can give the consent that is missed; it is shown, never said.
    """

    response: str
    values: Mapping[str, object] = field(default_factory=dict)
    buttons: tuple[str, ...] = ()
    expected: Expected | None = None
    own_screen: str = ""
    called: Mapping[str, object] | None = None
    consent_url: str = ""


@dataclass(frozen=True)
class Step:
    """Where a service has got to: what is said, and the frame that waits for an answer, None at the end.

    Without an outcome what was said decides it: small talk.
    """

    said: tuple[Utterance, ...]
    frame: Frame | None = None
    outcome: Outcome | None = None
    sources: tuple[str, ...] = ()
    offers: tuple[Offered, ...] = ()

    def after(self, *before: Utterance) -> "Step":
        """The same with something said first."""
        return Step((*before, *self.said), self.frame, self.outcome, self.sources, self.offers)
