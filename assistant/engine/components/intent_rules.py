"""What to do about an intent, looked up in the rules of the content (docs/adr/0018)."""

from __future__ import annotations

import json
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME as FALLBACK
from rasa.shared.core.constants import ACTION_LISTEN_NAME, RULE_SNIPPET_ACTION_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.engine.components.learned_json import FILE

DIALOGUE_STACK = "dialogue_stack"
Rules = dict[str, str]
"""Action by intent."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class IntentRules(Policy):
    """Answers each turn with one action, then listens.

    Rules are one intent and one action; a rule with the condition that DIALOGUE_STACK is set comes first while a
    service is open. An intent without a rule is answered as one that was not understood.
    """

    def __init__(self, *args: Any, while_open: Rules | None = None, always: Rules | None = None, **kwargs: Any) -> None:
        """Know the rules, of which there are none before training."""
        super().__init__(*args, **kwargs)
        self._always = always or {}
        self._while_open = self._always | (while_open or {})

    @staticmethod
    def supported_data() -> SupportedData:
        """Rules, no stories."""
        return SupportedData.RULE_DATA

    def train(self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **_: Any) -> Resource:
        """Learn the rules by heart.

        Raises:
            ValueError: two rules for one intent, or a rule of another shape.
        """
        learned: dict[str, Rules] = {"always": {}, "while_open": {}}
        for tracker in training_trackers:
            is_open, intent, action = _read(tracker)
            rules = learned["while_open" if is_open else "always"]
            if rules.setdefault(intent, action) != action:
                raise ValueError(f"two rules for {intent}: {rules[intent]}, {action}")
        if FALLBACK not in learned["always"]:
            raise ValueError(f"no rule for {FALLBACK}, which stands for intents without one")
        with self._model_storage.write_to(self._resource) as folder:
            (folder / FILE).write_text(json.dumps(learned), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> IntentRules:
        """The policy of a trained model."""
        with model_storage.read_from(resource) as folder:
            learned = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, execution_context, **learned)

    def predict_action_probabilities(self, tracker: DialogueStateTracker, domain: Domain, **_: Any) -> PolicyPrediction:
        """The action of the rule at the citizen's words; to listen after it."""
        action = self._answer(tracker) if tracker.latest_action_name == ACTION_LISTEN_NAME else ACTION_LISTEN_NAME
        probabilities = self._default_predictions(domain)
        probabilities[domain.index_for_action(action)] = 1.0
        return self._prediction(probabilities)

    def _answer(self, tracker: DialogueStateTracker) -> str:
        rules = self._while_open if tracker.get_slot(DIALOGUE_STACK) else self._always
        intent = tracker.latest_message.intent_name if tracker.latest_message else None
        return rules.get(intent or "") or rules[FALLBACK]


def _read(tracker: DialogueStateTracker) -> tuple[bool, str, str]:
    """Whether the rule holds while a service is open alone, its intent and its action."""
    events = tracker.applied_events()
    intents = [event.intent_name for event in events if isinstance(event, UserUttered)]
    names = [event.action_name for event in events if isinstance(event, ActionExecuted)]
    actions = [name for name in names if name not in (ACTION_LISTEN_NAME, RULE_SNIPPET_ACTION_NAME)]
    slots = [event.key for event in events if isinstance(event, SlotSet)]
    if len(intents) != 1 or len(actions) != 1 or slots not in ([], [DIALOGUE_STACK]):
        raise ValueError(
            f"a rule is one intent and one action, perhaps while {DIALOGUE_STACK} is set: {tracker.sender_id}"
        )
    return bool(slots), intents[0], actions[0]
