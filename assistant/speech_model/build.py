"""Builds the decoding graph of the English speech model from content."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.content.project import Content, read_content
from assistant.content.pronunciations import Wording, read_wording
from assistant.core.errors import SettingsError
from assistant.speech_model.graph import UNKNOWN, write_graph
from assistant.speech_model.language_model import LanguageModel
from assistant.speech_model.lexicon import Lexicon, pronounced, read_cmu, read_own
from assistant.speech_model.sentences import Sentence, content_sentences, own_sentences
from assistant.speech_model.sounding import sounds

OWN_WORDS, OWN_SENTENCES = Path("source") / "lexicon.tsv", Path("source") / "lm.txt"


@dataclass(frozen=True)
class BuildSpeechModel:
    """Replaces `graph/` of the model in `folder`; `names` are proper names that content need not mention."""

    content: Path
    folder: Path
    names: Sequence[str] = ()

    def __call__(self, progress: Callable[[str], None]) -> None:
        """Build; until the new graph is whole, the old one stays.

        Raises:
            ContentError: content or a pronunciation cannot be read.
            SettingsError: the folder holds no model that can be built.
            OperationFailed: a word has no pronunciation.
        """
        if missing := [name for name in (OWN_WORDS, OWN_SENTENCES) if not (self.folder / name).is_file()]:
            raise SettingsError(f"{self.folder} cannot be built: it lacks {', '.join(map(str, missing))}")
        wording = read_wording(self.content)
        sentences = self._sentences(read_content(self.content), wording)
        lexicon = self._lexicon(sentences, wording)
        progress(f"{len(lexicon)} words, {len(sentences)} sentences")
        model = LanguageModel(sentences, (UNKNOWN, *lexicon))
        with tempfile.TemporaryDirectory(dir=self.folder, prefix=".graph-") as aside:
            fresh = Path(aside) / "new"
            fresh.mkdir()
            write_graph(lexicon, model, fresh)
            _replace(self.folder / "graph", fresh, Path(aside) / "old")
        progress(f"built {self.folder / 'graph'}")

    def _sentences(self, content: Content, wording: Wording) -> list[Sentence]:
        own = own_sentences(self.folder / OWN_SENTENCES, wording)
        return [*own, *content_sentences(content, wording, self.names)]

    def _lexicon(self, sentences: Iterable[Sentence], wording: Wording) -> Lexicon:
        own = read_own(self.folder / OWN_WORDS)
        names = frozenset(word for name in (*self.names, *wording.names) for word in wording.words(name))
        unheard = frozenset(wording.spellings)
        words = {word for sentence in sentences for word in sentence.words} | (own.keys() - unheard)
        return pronounced(words, (wording.pronunciations, own, read_cmu()), lambda new: sounds(new, names))


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
