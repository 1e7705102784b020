"""What a table of the dialogue's words holds."""

from dataclasses import dataclass

from actions.values.words.tables import Phrases


@dataclass(frozen=True)
class DialogueWords:
    """Those of one language, folded."""

    # A yes to an act
    # True: a yes beside those of every answer; False: says nothing beside one; None: there is no yes where it stands
    agreements: Phrases[bool | None]
    reservations: frozenset[str]  # takes something back of a yes, beside "but" and "other": yes, *if* ...
    # What is not meant
    denials: Phrases[bool]  # before what is not meant: *instead of* the passport; False: denies nothing, *not only*
    all_but: Phrases[bool]  # those of them that leave the rest
    denials_behind: Phrases[bool]  # behind it: passi *asemel*
    wanting: frozenset[str]  # may stand between the two, beside fillers: not *renew* the passport
    telling: frozenset[str]  # may not, although they are fillers: i do not *have* a passport
    joiners: frozenset[str]  # what was said of one is said of the next: not the passport *or* the ID card
    # A request that is none
    refusals: Phrases[bool]  # *i do not want to* renew
    prohibitions: Phrases[bool]  # the same as the first words: *do not* renew
    openings: frozenset[str]  # may come before them: *please* do not renew
    of_others: Phrases[bool]  # behind one of them: it is somebody else who shall not, or what follows is wanted
    infinitives: frozenset[str]  # directly behind one of them it is the citizen's own act: i don't want *to* renew
    stopping: frozenset[str]  # i do not want to *cancel*
    # Several at once
    none_of_them: Phrases[bool]
    pointed: frozenset[str]  # both *of them*
    both: Phrases[bool]
    all_of_them: Phrases[bool]
    ands: frozenset[str]
    cheaper: Phrases[bool]  # True: the one of the smallest amount; False: of the largest
    than: frozenset[str]  # behind one of them: it costs more *than* i thought
