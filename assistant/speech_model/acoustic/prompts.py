"""What synthetic speakers say: sentences of the content, single words, and words in no order."""

from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np

from assistant.speech_model.sentences import Sentence

_LONGEST = 14
_KINDS = {"sentence": 0.6, "word": 0.2, "words": 0.2}
_MOST_IN_NO_ORDER = 7


def prompts(sentences: Iterable[Sentence], seed: int) -> Iterator[tuple[str, ...]]:
    """Without end, the same for the same seed.

    Words are drawn by the square root of how often sentences have them: digits and answers such as "yes" come often,
    and every word sometimes, at the edges of an utterance as well as in the middle of others.
    """
    counts: Counter[str] = Counter()
    distinct = sorted({each.words for each in sentences if 0 < len(each.words) <= _LONGEST})
    for each in distinct:
        counts.update(each)
    words = np.array(sorted(counts))
    likely = np.sqrt([counts[word] for word in words])
    likely /= likely.sum()
    random = np.random.default_rng(seed)
    while True:
        kind = random.choice(list(_KINDS), p=list(_KINDS.values()))
        if kind == "sentence":
            yield distinct[random.integers(len(distinct))]
        else:
            length = 1 if kind == "word" else random.integers(2, _MOST_IN_NO_ORDER + 1)
            yield tuple(map(str, random.choice(words, size=length, p=likely)))
