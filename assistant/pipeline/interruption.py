"""When somebody makes a sound while a reply is read aloud: whether they have interrupted it, or it goes on."""

from dataclasses import replace

from assistant.core.turns import Transcript
from assistant.pipeline.end_of_speech import HESITATIONS, Patience

BACKCHANNELS = HESITATIONS.union(
    ["mhm", "mhmh", "mm", "hm", "ah", "aha", "oh", "ahem", "huh", "wow", "right"],
    ["ahah", "ahaa", "ohoo", "nii", "nojah"],
    ["угу", "ага", "хм", "мгм", "ой", "ах", "так", "ох"],
)
"""What listeners say to be polite, in all languages; with it alone they want to hear on."""
BRIEF_WORDS, SURE = 2, 0.7
"""A cough or a hum that is taken for words is taken for few, and with less confidence than this; "stop" with more."""
START_SECONDS = 1.5
"""So long the reply waits for a word of whoever has made a sound."""


def patience_with(patience: Patience) -> Patience:
    """The patience of a question, with one who may just have coughed."""
    return replace(patience, start=START_SECONDS)


def is_interruption(heard: Transcript) -> bool:
    """Whether what was heard is meant for us: "stop" is, a cough and "mhm" are not."""
    is_polite = BACKCHANNELS.issuperset(heard.text.split())
    is_noise = len(heard.words) <= BRIEF_WORDS and heard.confidence < SURE
    return not (is_polite or is_noise)
