"""Hands compiled content to Rasa's training as it is: reading and checking YAML took longer than the training."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_model_configuration

COMPILED = "compiled.json"
"""What assistant/content/compile.py made, by the names of its files; lies beside config.yml."""


EARLIER = "earlier"
"""A folder with what an earlier model has learned, if training is to go on from there; lies there, too."""


class ContentImporter(TrainingDataImporter):
    """Domain, rules and examples of compiled content; config.yml names it."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        **_: Any,
    ) -> None:
        """Read beside `config_file`; the other paths are Rasa's habit."""
        self._config_file = Path(config_file or "config.yml")

    def get_domain(self) -> Domain:
        """The domain."""
        return self._domain

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """The rules."""
        reader = YAMLStoryReader(self._domain, COMPILED)
        return StoryGraph(reader.read_from_parsed_yaml(self._compiled["data/rules.yml"]))

    def get_conversation_tests(self) -> StoryGraph:
        """None: Kratt's conversations are played by tests of its own."""
        return StoryGraph([])

    def get_config(self) -> dict[str, Any]:
        """Pipeline and policies."""
        config: dict[str, Any] = read_model_configuration(str(self._config_file))
        earlier = self._config_file.parent / EARLIER
        if earlier.is_dir():
            for component in config["pipeline"]:
                if component["name"].endswith(".RequestIntents"):
                    component["begin_with"] = str(earlier.absolute())
        return config

    def get_config_file_for_auto_config(self) -> str | None:
        """The file of `get_config`."""
        return str(self._config_file)

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The examples and phrases of all languages."""
        return _ParsedReader().take(self._compiled["data/nlu.yml"])

    @cached_property
    def _compiled(self) -> dict[str, Any]:
        compiled: dict[str, Any] = json.loads((self._config_file.parent / COMPILED).read_bytes())
        return compiled

    @cached_property
    def _domain(self) -> Domain:
        return Domain.from_dict(self._compiled["domain.yml"])


class _ParsedReader(RasaYAMLReader):
    """Rasa's reader of examples, from what is parsed already."""

    def take(self, parsed: dict[str, Any]) -> TrainingData:
        self._parse_nlu(parsed["nlu"])
        return TrainingData([Example(each.data) for each in self.training_examples], lookup_tables=self.lookup_tables)


class Example(Message):
    """A message that is compared and copied often, as Rasa does while it merges training data.

    Rasa's own hashes the JSON of all that it holds, and copies the whole of it: half of the time of a training.
    """

    def __hash__(self) -> int:
        """Equal examples have the same words and intent."""
        return hash((self.data.get(TEXT), self.data.get(INTENT)))

    def __eq__(self, other: object) -> bool:
        """As Rasa's own: by all that they hold."""
        return isinstance(other, Example) and self.data == other.data

    def __deepcopy__(self, _: object) -> Example:
        """A copy that can be added to; what it was read with is never changed."""
        return Example(dict(self.data))
