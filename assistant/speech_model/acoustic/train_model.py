"""Makes the acoustic part of a speech model: gathers speech, trains, writes what `kratt speech build` goes on from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.content.pronunciations import Phones
from assistant.core.errors import OperationFailed
from assistant.speech_model.acoustic.examples import Examples, Pronouncing
from assistant.speech_model.acoustic.features import MFCC_OPTIONS, SIZE
from assistant.speech_model.acoustic.network import SUBSAMPLING, AcousticNetwork, Shape
from assistant.speech_model.acoustic.nnet3 import write_acoustic_model
from assistant.speech_model.acoustic.phone_model import PhoneModel, Units, phone_model
from assistant.speech_model.acoustic.recordings import store_recordings
from assistant.speech_model.acoustic.store import SpeechStore
from assistant.speech_model.acoustic.synthesis import store_synthetic_speech
from assistant.speech_model.acoustic.train import Plan, Progress, Training
from assistant.speech_model.acoustic.voices import installed_voices
from assistant.speech_model.ingredients import OWN_PHONES, OWN_SENTENCES, OWN_WORDS, Ingredients
from assistant.speech_model.lexicon import Lexicon
from assistant.speech_model.phones import PhoneSet

Tell = Callable[[str], None]
Stores = Sequence[tuple[SpeechStore, float]]

DECODING_OPTIONS = {
    "min-active": "200",
    "max-active": "2000",
    "beam": "13.0",
    "lattice-beam": "6.0",
    "acoustic-scale": "1.0",
    "frame-subsampling-factor": str(SUBSAMPLING),
    "endpoint.silence-phones": "1:2",
    "endpoint.rule2.min-trailing-silence": "0.5",
    "endpoint.rule3.min-trailing-silence": "0.75",
    "endpoint.rule4.min-trailing-silence": "1.0",
}
"""conf/model.conf. After training by mutual information scores are used as they are: the scale is 1."""
_LEARNED = Path("source") / "network.npz"
"""Of a model: what a training goes on from that has no checkpoint of its own."""
_RECORDED = "recordings"
_TRANSCRIPT_WEIGHT = 0.3
"""Of a transcript in the language model of a new language: it says how people speak, not what they ask a state."""


@dataclass(frozen=True)
class Speech:
    """Where speech comes from: a folder of recordings or none, hours of synthetic speech, and its share in training."""

    recordings: Path | None
    synthetic_hours: float
    synthetic_share: float = 0.4


@dataclass(frozen=True)
class TrainAcousticModel:
    """Trains in the folder `work` and writes to `folder`; what is there already is gone on from."""

    ingredients: Ingredients
    folder: Path
    speech: Speech
    work: Path
    plan: Plan
    network: Callable[[int], Shape] = Shape
    """From a number of pdfs."""

    def __call__(self, tell: Tell) -> None:
        """Gather, train, write.

        Raises:
            SettingsError: the folder of recordings has no transcripts.
            ContentError: a transcript or a recording cannot be read.
            OperationFailed: there is nothing to learn from, a voice failed, or a word has a sound that is no phone of
                the model.
        """
        stores = self._stores(tell)
        lexicon = self.ingredients.lexicon({word for store, _ in stores for word in store.words})
        phones = self._phones(lexicon)
        pronouncing = Pronouncing({word: _units(word, ways, phones) for word, ways in lexicon.items()})
        likely = self._phone_model(stores, pronouncing, len(phones.units))
        learned = self.folder / _LEARNED
        training = Training(self.work, self.network(2 * len(phones.units)), likely, self.plan, learned)
        if training.progress.is_further:
            tell(f"going on from {learned}")
        tell(f"{len(lexicon)} words, {len(phones.units)} units, {sum(store.hours for store, _ in stores):.1f} hours")
        training(
            Examples(stores, pronouncing, self.plan.batch_seconds, self.plan.pool),
            lambda progress, value: tell(_line(progress, value)),
        )
        self._write(training.network, phones)
        self._write_source(lexicon, phones)
        training.keep(learned)
        tell(f"wrote {self.folder / 'am'}; `kratt speech build {self.ingredients.language}` makes its graph")

    def _stores(self, tell: Tell) -> list[tuple[SpeechStore, float]]:
        recorded, synthetic = SpeechStore(self.work, _RECORDED), SpeechStore(self.work, "synthetic")
        if self.speech.recordings:
            store_recordings(self.speech.recordings, recorded, self.ingredients.wording, tell)
        if synthetic.hours < self.speech.synthetic_hours:
            voices = installed_voices(self.ingredients.language)
            store_synthetic_speech(self.speech.synthetic_hours, voices, self.ingredients.sentences, synthetic, tell)
        share = self.speech.synthetic_share
        stores = [(recorded, 1 - share), (synthetic, share)]
        if not (there := [(store, share) for store, share in stores if store.utterances]):
            raise OperationFailed("there is nothing to learn from: no recordings and no synthetic speech")
        return there

    def _phones(self, lexicon: Lexicon) -> PhoneSet:
        """Those that are fixed, or for a new language all that its words have."""
        if self.ingredients.phones.phones:
            return self.ingredients.phones
        return PhoneSet(sorted({phone for ways in lexicon.values() for way in ways for phone in way}))

    def _phone_model(self, stores: Stores, pronouncing: Pronouncing, count: int) -> PhoneModel:
        random = np.random.default_rng(0)
        texts = (each.text.split() for store, _ in stores for each in store.utterances)
        return phone_model((pronouncing(words, random) for words in texts), count, random)

    def _write(self, network: AcousticNetwork, phones: PhoneSet) -> None:
        folder = self.folder
        for name in ("am", "conf", "source"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "conf" / "mfcc.conf").write_text(_options(MFCC_OPTIONS))
        (folder / "conf" / "model.conf").write_text(_options(DECODING_OPTIONS))
        model, fresh = folder / "am" / "final.mdl", folder / "am" / "final.new"
        write_acoustic_model(fresh, network.components(), SIZE, network.shape.context, phones.pdfs())
        fresh.replace(model)

    def _write_source(self, lexicon: Lexicon, phones: PhoneSet) -> None:
        """What the graph is made from beside the content; what a model has come with stays as it is."""
        transcripts = sorted({each.text for each in SpeechStore(self.work, _RECORDED).utterances})
        said = [f"{word}\t{' '.join(way)}" for word, ways in sorted(lexicon.items()) for way in ways]
        lines = {
            OWN_WORDS: said,
            OWN_SENTENCES: [f"{_TRANSCRIPT_WEIGHT}\t{text}" for text in transcripts],
            OWN_PHONES: phones.phones,
        }
        if not (self.folder / OWN_WORDS).is_file():
            for name, texts in lines.items():
                (self.folder / name).write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")


def _units(word: str, ways: Sequence[Phones], phones: PhoneSet) -> list[Units]:
    if strange := {phone for way in ways for phone in way}.difference(phones.units):
        raise OperationFailed(f"{word} has the sound {min(strange)}, which is not in {OWN_PHONES}")
    return [phones.units_of(way) for way in ways]


def _options(options: Mapping[str, str]) -> str:
    return "".join(f"--{name}={value}\n" for name, value in options.items())


def _line(progress: Progress, value: float) -> str:
    return (
        f"{progress.seconds / 60:.0f} min, {progress.steps} steps, {progress.hours:.1f} h of augmented speech: "
        f"objective {value:.3f} per frame"
    )
