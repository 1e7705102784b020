"""What a table of the dialogue's words holds."""

from dataclasses import dataclass

from actions.values.words.tables import Phrases


@dataclass(frozen=True)
class DialogueWords:
    """Those of one language, folded."""

    # A yes to an act
    # True: a yes beside those of every answer; False: says nothing beside one; None: there is no yes where it stands
    agreements: Phrases[bool | None]
    finished: frozenset[str]  # said of what was to be done elsewhere: *done*
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
    leaving: frozenset[str]  # do not *forget* to renew
    undoing: Phrases[bool]  # *cancel* my application
    asking: frozenset[str]  # may stand before it, beside fillers: *could you* cancel
    matters: tuple[str, ...]  # how the words for what is asked for begin: my *applic*ation
    left_undone: Phrases[bool]  # passi *mitte pikendada*
    not_so: Phrases[bool]  # *i am not* moving; False: only behind whom it is said of, my father *did not* die
    events: Phrases[bool]  # what does not happen then: *moving*
    adverbs: frozenset[str]  # may stand between the two: i am not *really* moving
    put_offs: Phrases[bool]  # behind a "but", at the end: renew it but *not now*
    questioning: frozenset[str]  # with one of these it is asked, or depends on something: *why* am i not moving
    # Several at once
    none_of_them: Phrases[bool]
    pointed: frozenset[str]  # both *of them*
    both: Phrases[bool]
    all_of_them: Phrases[bool]
    ands: frozenset[str]
    cheaper: Phrases[bool]  # True: the one of the smallest amount; False: of the largest
    than: frozenset[str]  # behind one of them: it costs more *than* i thought
