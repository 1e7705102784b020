"""Writes the graph of a speech model that knows a handful of words; run apart, for Vosk is not loaded beside kaldifst.

python small_graph.py FOLDER < lines of a word, a tab and its phones
"""

import sys
from pathlib import Path

from assistant.speech_model.graph import UNKNOWN, write_graph
from assistant.speech_model.language_model import LanguageModel
from assistant.speech_model.sentences import Sentence

ways = [line.rstrip("\n").split("\t") for line in sys.stdin]
lexicon = {word: (tuple(phones.split()),) for word, phones in ways}
sentence = Sentence(tuple(word for word, _ in ways), 10.0)
write_graph(lexicon, LanguageModel([sentence], (UNKNOWN, *lexicon)), Path(sys.argv[1]))
