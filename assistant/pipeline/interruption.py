"""When somebody makes a sound while a reply is read aloud: whether they have interrupted it, or it goes on."""

from dataclasses import replace

from assistant.core.plain_words import plain
from assistant.core.turns import Transcript
from assistant.pipeline.end_of_speech import HESITATIONS, Patience

BACKCHANNELS = HESITATIONS.union(
    ["mhm", "mhmh", "mm", "hm", "ah", "aha", "oh", "ahem", "huh", "wow", "right"],
    ["ahah", "ahaa", "ohoo", "nii", "nojah"],
    ["угу", "ага", "хм", "мгм", "ой", "ах", "так", "ох"],
)
"""What listeners say to be polite, in all languages; with it alone they want to hear on."""
GO_ON = frozenset(["go on", "please go on", "continue", "carry on", "keep going"]).union(
    ["jätka", "jätkake", "palun jätka", "räägi edasi", "edasi"],
    ["продолжай", "продолжайте", "говори дальше", "дальше"],
)
"""What asks for the rest in words, in all languages."""
BRIEF_WORDS, SURE = 2, 0.7
"""A cough or a hum that is taken for words is taken for few, and with less confidence than this; "stop" with more."""
START_SECONDS = 1.5
"""So long the reply waits for a word of whoever has made a sound."""


def patience_with(patience: Patience) -> Patience:
    """The patience of a question, with one who may just have coughed."""
    return replace(patience, start=START_SECONDS)


def is_interruption(heard: Transcript) -> bool:
    """Whether what was heard ends the reply: "stop" does, a cough, "mhm" and "go on" do not."""
    is_noise = len(heard.words) <= BRIEF_WORDS and heard.confidence < SURE
    return not (is_noise or wants_rest(heard.text))


def wants_rest(words: str) -> bool:
    """Whether words that were said into a reply leave it to go on."""
    said = plain(words)
    return said in GO_ON or BACKCHANNELS.issuperset(said.split())
