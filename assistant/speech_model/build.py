"""Builds the decoding graph of a speech model from content."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.content.project import read_content
from assistant.core.languages import Language
from assistant.speech_model.graph import UNKNOWN, write_graph
from assistant.speech_model.ingredients import read_ingredients
from assistant.speech_model.language_model import LanguageModel
from assistant.speech_model.lexicon import Lexicon
from assistant.speech_model.phones import PhoneSet
from assistant.speech_model.vocabulary import FINGERPRINT, GRAPH


@dataclass(frozen=True)
class BuildSpeechModel:
    """Replaces `graph/` of the model in `folder`; `names` are proper names that content need not mention."""

    content: Path
    folder: Path
    names: Sequence[str] = ()
    language: Language = Language.EN

    def __call__(self, progress: Callable[[str], None]) -> None:
        """Build; until the new graph is whole, the old one stays.

        Raises:
            ContentError: content or a pronunciation cannot be read.
            SettingsError: the folder holds no model that can be built.
            OperationFailed: a word has no pronunciation.
        """
        ingredients = read_ingredients(read_content(self.content), self.folder, self.names, self.language)
        lexicon = _known(ingredients.lexicon(ingredients.words()), ingredients.phones, progress)
        progress(f"{len(lexicon)} words, {len(ingredients.sentences)} sentences")
        model = LanguageModel(ingredients.sentences, (UNKNOWN, *lexicon))
        with tempfile.TemporaryDirectory(dir=self.folder, prefix=".graph-") as aside:
            fresh = Path(aside) / "new"
            fresh.mkdir()
            write_graph(lexicon, model, fresh, ingredients.phones)
            (fresh / FINGERPRINT).write_text(f"{ingredients.fingerprint}\n")
            _replace(self.folder / GRAPH, fresh, Path(aside) / "old")
        progress(f"built {self.folder / GRAPH}")


def _known(lexicon: Lexicon, phones: PhoneSet, progress: Callable[[str], None]) -> Lexicon:
    """Without words whose sounds the network was never trained on."""
    known = {word: tuple(way for way in ways if set(way) <= set(phones.units)) for word, ways in lexicon.items()}
    if unknown := sorted(word for word, ways in known.items() if not ways):
        progress(f"cannot be heard, because the network knows not all their sounds: {', '.join(unknown)}")
    return {word: ways for word, ways in known.items() if ways}


def _replace(target: Path, fresh: Path, replaced: Path) -> None:
    # Renames within one file system; what was there comes back if the second one fails.
    had_graph = target.exists()
    if had_graph:
        target.rename(replaced)
    try:
        fresh.rename(target)
    except OSError:
        if had_graph:
            replaced.rename(target)
        raise
