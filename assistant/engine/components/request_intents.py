"""What a citizen wants: intents ranked by words, their lemmas, their meaning and their spelling (docs/adr/0014)."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.engine.components.familiar_text import RANKING
from assistant.engine.components.words_language import WORDS_LANGUAGE, language_of_example
from assistant.engine.understanding.encoding import Encoded, Encoder, new_words
from assistant.engine.understanding.heard import Hypothesis, hypotheses
from assistant.engine.understanding.ranker import Earlier, Ranker, Trained, train_ranker
from assistant.engine.understanding.requests import REQUESTS, requests_in
from assistant.engine.understanding.train_network import Plan
from assistant.engine.understanding.word_vectors import Floats, WordVectors, read_word_vectors

WORDS = Path(__file__).resolve().parents[3] / "models" / "words" / "words.npz"
FACTS = "facts.json"
BEGIN_WITH = "begin_with"
"""Key of the configuration: a folder, as assistant/engine/content_importer.py finds it."""


@dataclass(frozen=True)
class Learned:
    """What is known after training: the intents by the ranker's columns, those that are services, and the ranker."""

    intents: tuple[str, ...]
    services: frozenset[str]
    ranker: Ranker
    encoder: Encoder


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class RequestIntents(IntentClassifier, GraphComponent):
    """Ranks the intents of a request, and finds several requests in one sentence."""

    def __init__(
        self,
        storage: ModelStorage,
        resource: Resource,
        learned: Learned | None,
        plan: Plan | None = None,
        begin: Path | None = None,
    ) -> None:
        """Remember where to keep what is learned; `learned` is None before training, `plan` says how to train.

        `begin` is a folder with what an earlier model has learned.
        """
        self._begin = begin
        self._plan = plan or Plan()
        self._storage = storage
        self._resource = resource
        self._learned = learned

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """How often the network goes over the examples; more is better and slower. What to begin with, if anything."""
        return {"epochs": Plan.epochs, BEGIN_WITH: ""}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RequestIntents:
        """A component that knows nothing yet."""
        begin = Path(config[BEGIN_WITH]) if config[BEGIN_WITH] else None
        return cls(model_storage, resource, None, Plan(epochs=config["epochs"]), begin)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> RequestIntents:
        """The component of a trained model.

        Raises:
            ValueError: the word vectors are not those that it was trained with.
        """
        with model_storage.read_from(resource) as folder:
            facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
            trained = Trained.load(folder)
        if facts["words_sha256"] != _digest(WORDS):
            raise ValueError(f"{WORDS} has changed since the model was trained: run `kratt train`")
        vectors = read_word_vectors(WORDS).extended(facts["new_words"])
        ranker = Ranker(trained, vectors)
        learned = Learned(tuple(facts["intents"]), frozenset(facts["services"]), ranker, Encoder(vectors.rows))
        return cls(model_storage, resource, learned)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the examples; an intent with `service` in its metadata can be one of several requests."""
        examples = [each for each in training_data.intent_examples if each.get(TEXT)]
        texts = [(each.get(TEXT), language_of_example(each)) for each in examples]
        known = read_word_vectors(WORDS)
        new = new_words(texts, Encoder(known.rows))
        vectors = known.extended(new)
        encode = Encoder(vectors.rows)
        intents, labels = np.unique([each.get(INTENT) for each in examples], return_inverse=True)
        encoded = [encode(text, language) for text, language in texts]
        known_by = [zlib.crc32(f"{each.get(INTENT)} {each.get(TEXT)}".encode()) for each in examples]
        earlier = _earlier(self._begin, intents.tolist(), known_by, vectors) if self._begin else None
        trained = train_ranker(encoded, labels, len(intents), vectors, self._plan, earlier)
        services = sorted({each.get(INTENT) for each in examples if _is_service(each)})
        facts = {
            "intents": intents.tolist(),
            "services": services,
            "new_words": new,
            "examples": sorted(set(known_by)),
            "words_sha256": _digest(WORDS),
        }
        with self._storage.write_to(self._resource) as folder:
            trained.save(folder)
            (folder / FACTS).write_text(json.dumps(facts), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank the intents of each message; messages without a text are left as they are."""
        if self._learned is None:
            return messages
        for message in messages:
            if message.get(TEXT):
                self._rank(message, self._learned)
        return messages

    def _rank(self, message: Message, learned: Learned) -> None:
        text, language = message.get(TEXT), message.get(WORDS_LANGUAGE) or ""
        metadata: Mapping[str, Any] = message.get(METADATA) or {}
        heard = hypotheses(text, metadata.get("heard"))
        probabilities = _weighed(learned, heard, language)
        order = np.argsort(-probabilities)
        ranking = [{"name": learned.intents[at], "confidence": float(probabilities[at])} for at in order]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(RANKING, ranking, add_to_output=True)

        def best(parts: Sequence[str]) -> list[tuple[str, float]]:
            rows = learned.ranker.probabilities([learned.encoder(part, language) for part in parts])
            return [(learned.intents[int(row.argmax())], float(row.max())) for row in rows]

        if found := requests_in(text, learned.services, best):
            message.set(REQUESTS, [asdict(each) for each in found], add_to_output=True)
            first = {"name": found[0].intent, "confidence": found[0].confidence}
            others = [each for each in ranking if each["name"] != first["name"]]
            message.set(INTENT, first, add_to_output=True)
            message.set(RANKING, [first, *others], add_to_output=True)


def _weighed(learned: Learned, heard: Sequence[Hypothesis], language: str) -> Floats:
    """Of each intent the sum over what may have been said, as likely as that is."""
    encoded: list[Encoded] = [learned.encoder(each.text, language, each.certainty) for each in heard]
    weights = np.array([each.weight for each in heard], np.float32)
    summed: Floats = weights @ learned.ranker.probabilities(encoded)
    return summed


def _earlier(folder: Path, intents: list[str], examples: list[int], vectors: WordVectors) -> Earlier | None:
    """What an earlier model has learned, with the rows of these vectors; None if it is of no use for these intents."""
    try:
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        trained = Trained.load(folder)
        learned = frozenset(facts["examples"])
    except (OSError, ValueError, KeyError):
        return None
    if facts["intents"] != intents or facts["words_sha256"] != _digest(WORDS):
        return None
    # Words that training gave a row of its own have it behind all others, in an order that changes.
    fixed = len(vectors.rows) - len(vectors.added)
    moved = {fixed + number: vectors.rows.get(word, -1) for number, word in enumerate(facts["new_words"])}
    rows = np.array([moved.get(row, row) for row in trained.network.tuned_rows.tolist()], np.int32)
    new = np.array([at for at, each in enumerate(examples) if each not in learned], np.int64)
    return Earlier(replace(trained, network=replace(trained.network, tuned_rows=rows)), new)


def _is_service(example: Message) -> bool:
    metadata: Mapping[str, Any] = example.get(METADATA) or {}
    return bool((metadata.get("intent") or {}).get("service"))


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
