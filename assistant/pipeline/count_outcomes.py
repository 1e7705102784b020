"""Counts what comes of each model: of every turn, and once for each conversation."""

from dataclasses import dataclass, field

from assistant.core.model_trial import CONVERSATION, FAILED, HANDED_OVER, NOT_UNDERSTOOD
from assistant.core.outcomes import Outcome
from assistant.core.publishing import FALLBACK, ModelFigures, Trial, grade
from assistant.pipeline.recent import Recent

NO_INTENT = "nlu_fallback"

_OF_CONVERSATIONS = {"unanswerable": NOT_UNDERSTOOD, "handed": HANDED_OVER, "failed": FAILED}
"""By the family of an outcome."""


@dataclass
class CountOutcomes:
    """Of the latest dialogues it is remembered what they were counted for in this trial, and of which model."""

    figures: ModelFigures
    _counted: Recent[frozenset[tuple[str, str]]] = field(default_factory=Recent)
    _trial: Trial | None = None

    def during(self, trial: Trial | None) -> None:
        """What is tried now: in another trial each conversation counts anew."""
        if trial != self._trial:
            self._trial = trial
            self._counted.forget()

    def turn(self, model: str, dialogue_id: str, outcome: Outcome, intent: str = "") -> None:
        """A turn of a dialogue has ended."""
        not_understood = [FALLBACK] if intent == NO_INTENT else []
        known = self._counted.of(dialogue_id) or frozenset()
        happened = {CONVERSATION, _OF_CONVERSATIONS.get(outcome.family, CONVERSATION)}
        happened |= {NOT_UNDERSTOOD} if not_understood else set()
        new = {(model, name) for name in happened} - known
        self._counted.note(dialogue_id, known | new)
        self.figures.count(model, outcome.value, *not_understood, *sorted(name for _, name in new))

    def rated(self, model: str, stars: int) -> None:
        """A citizen has graded a conversation with a model."""
        self.figures.count(model, grade(stars))
