"""Synthetic speech to train from: prompts, said by changing voices."""

import itertools
from collections.abc import Callable, Iterable

import numpy as np

from assistant.speech_model.acoustic.prompts import prompts
from assistant.speech_model.acoustic.store import SpeechStore
from assistant.speech_model.acoustic.voices import Voices
from assistant.speech_model.sentences import Sentence

_SEED = 1
_EVERY = 500


def store_synthetic_speech(
    hours: float, voices: Voices, sentences: Iterable[Sentence], store: SpeechStore, progress: Callable[[str], None]
) -> None:
    """Speak until the store has so many hours.

    Raises:
        OperationFailed: a voice failed.
    """
    said = enumerate(prompts(sentences, _SEED))
    for number, words in itertools.islice(said, store.next_number, None):
        if store.hours >= hours:
            return
        text = " ".join(words)
        store.add(number, text, voices.speak(text, np.random.default_rng([_SEED, number])))
        if number % _EVERY == 0:
            progress(f"spoke {store.hours:.1f} of {hours:.1f} hours")
