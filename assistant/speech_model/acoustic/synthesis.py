"""Synthetic speech to train from: prompts, said by changing voices."""

import itertools
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from assistant.speech_model.acoustic.features import Samples
from assistant.speech_model.acoustic.prompts import prompts
from assistant.speech_model.acoustic.store import SpeechStore
from assistant.speech_model.acoustic.voices import Voices
from assistant.speech_model.sentences import Sentence

_SEED = 1
_EVERY = 500
_AT_ONCE = 100
"""Prompts that are given to the voices, which are programs of their own: one for each core speaks at a time."""


def store_synthetic_speech(
    hours: float, voices: Voices, sentences: Iterable[Sentence], store: SpeechStore, progress: Callable[[str], None]
) -> None:
    """Speak until the store has so many hours.

    Raises:
        OperationFailed: a voice failed.
    """
    said = enumerate(" ".join(words) for words in prompts(sentences, _SEED))
    ahead = itertools.islice(said, store.next_number, None)

    def speak(prompt: tuple[int, str]) -> Samples:
        number, text = prompt
        return voices.speak(text, np.random.default_rng([_SEED, number]))

    with ThreadPoolExecutor(os.cpu_count()) as speakers:
        while store.hours < hours and (batch := list(itertools.islice(ahead, _AT_ONCE))):
            for (number, text), sound in zip(batch, speakers.map(speak, batch), strict=True):
                if store.hours < hours:
                    store.add(number, text, sound)
                if number % _EVERY == 0:
                    progress(f"spoke {store.hours:.1f} of {hours:.1f} hours")
