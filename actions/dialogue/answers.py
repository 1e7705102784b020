"""What the citizen's words are, with a question open: its answer, a correction, an aside, or another request."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from actions.dialogue import correcting, interpreting
from actions.dialogue.consenting import agrees, has_reservation
from actions.dialogue.denying import refuses
from actions.dialogue.doubting import is_surely_heard
from actions.dialogue.filling import NO_FACTS, Facts
from actions.dialogue.flow import Asking, ServiceFlow
from actions.dialogue.frames import DONE, LATER, MORE, OFFER, PHONE, Frame, with_values
from actions.dialogue.heard import MOST_REQUESTS, SURE, VERY_SURE, Heard
from actions.dialogue.interpreting import TAKES_ANYTHING, Answered, slots_of
from actions.dialogue.listing import first_part
from actions.dialogue.pointing import Left, Several, means_none
from actions.dialogue.questions import choices_of, yes_or_no_about
from actions.dialogue.saying import Utterance
from actions.dialogue.saying_yes import refuses_all, says, says_what_instead, yes_or_no
from actions.dialogue.situation import Reading, Situation
from actions.values.correcting import is_correction
from actions.values.found import Found, Unfit
from assistant.content.compile import FALLBACK
from assistant.content.own_responses import (
    ALL_RIGHT,
    NOT_SENT,
    OFFER_PREFIX,
    STOPPED,
    TRY_AGAIN,
    UNFIT_PREFIX,
    WHAT_FOR,
    WHY_ASK,
)
from assistant.content.service_spec import Service
from assistant.core.outcomes import Outcome

AFFIRM, DENY, CONFIRMED, GO_ON = "affirm", "deny", "confirm", "more"
CORRECT, INFORM = "correct", "inform"
WHY, WHAT = "why_ask", "what_for"
STOP_INTENT = "stop"
EMERGENCY, OTHERS = "emergency", "about_others"
"""What is answered before anything in the words is taken for a value."""
NOT_TALK = frozenset({AFFIRM, DENY, CONFIRMED, GO_ON, CORRECT, INFORM, FALLBACK, "out_of_scope", ""})
"""Intents that are not answered by themselves while a question is open."""


@dataclass(frozen=True)
class ReadAnswer:
    """Reads the citizen's words with the question of the frame on top in mind."""

    services: Mapping[str, Service]
    flow: ServiceFlow

    async def __call__(self, service: Service, frame: Frame, turn: Asking) -> Reading:
        """What the words are."""
        if frame.asked == LATER:
            return Reading("answer", frame.values)
        if frame.asked in {MORE, OFFER, PHONE}:
            is_on_phone = frame.asked == PHONE
            return (self._while_phone_asks if is_on_phone else self._more_or_offer)(frame, turn.heard)
        if frame.asked == DONE and turn.heard.intent not in {INFORM, CORRECT, FALLBACK}:
            # No register is read for words that are surely something else.
            return _follow_up(service, frame, NO_FACTS, turn, must_be_whole=True)
        known = await self.flow.known(service, frame, turn)
        if frame.asked == DONE:
            return _follow_up(service, frame, known.facts, turn)
        at = Situation.of(service, frame, known, turn)
        if turn.heard.means(WHY, WHAT):
            return at.aside(_reason(at))
        return at.aside(*self._talk(turn.heard)) if _comes_first(turn.heard) else self._read(at)

    def _read(self, at: Situation) -> Reading:
        found = self._found(at)
        decided = _left(at) or self._answered(at, found) or (None if at.entry else _decided(at))
        if decided or self._is_request(at, None):
            return decided or _answer_and_request(at) or Reading("request")
        if isinstance(found, Left):
            aside = at.without(found.out).aside(choices_of(found.answers))
            return replace(aside, out=(*at.frame.out, *found.out))
        return at.unfit(Utterance(f"{UNFIT_PREFIX}{found.reason}")) if isinstance(found, Unfit) else self._other(at)

    def _answered(self, at: Situation, found: Answered) -> Reading | None:
        """The values with those found for the question, or those that are corrected."""
        if at.entry is None or not isinstance(found, Found | Several):
            changed = self._corrected(at)
            return Reading("answer", with_values(at.frame.values, changed)) if changed else None
        restated = self._corrected(at) if at.heard.intent == at.service.service else None
        values = with_values(at.frame.values, restated or {})
        first, *others = found.values if isinstance(found, Several) else (found.value,)
        also = tuple(with_values(values, {at.entry.slot: other}) for other in others[: MOST_REQUESTS - 1])
        return Reading("answer", with_values(values, {at.entry.slot: first}), also=also)

    def _found(self, at: Situation) -> Answered:
        """What the words give to the input that was asked for; nothing, if they are a request rather."""
        if at.entry is None or _takes_back_another(at):
            return None
        found = interpreting.answer_to(at.service, at.entry, at.heard, at.known.facts, at.turn.words)
        is_value = isinstance(found, Found | Several)
        return None if is_value and self._is_request(at, found) else found

    def _more_or_offer(self, frame: Frame, heard: Heard) -> Reading:
        said = says(heard)
        if said == "yes" or heard.means(GO_ON, CONFIRMED):
            return Reading("answer", frame.values)
        if refuses_all(heard):
            return Reading("no") if frame.asked == OFFER else Reading("leave", said=(Utterance(ALL_RIGHT),))
        if heard.intent in self.services or frame.tries or frame.asked == MORE:
            return Reading("request")
        offer, talk = frame.offers[0].service, self._talk(heard)
        again = Utterance(f"{OFFER_PREFIX}{offer}") if talk else yes_or_no_about(self.services[offer], heard.language)
        return Reading("aside", said=(*(talk or (Utterance(TRY_AGAIN),)), again), tries=frame.tries + 1)

    def _while_phone_asks(self, frame: Frame, heard: Heard) -> Reading:
        """Words while the phone is asked: whatever is no refusal and nothing else looks whether it has answered."""
        if refuses_all(heard):
            return Reading("leave", said=(Utterance(NOT_SENT),))
        if heard.intent in self.services and heard.intent != frame.service and heard.confidence >= SURE:
            return Reading("request")
        if heard.intent != STOP_INTENT and (talk := self._talk(heard)):
            return Reading("aside", said=talk, outcome=Outcome.ASKED_CONFIRMATION)
        return Reading("confirm", frame.values)

    def _is_request(self, at: Situation, found: Answered) -> bool:
        """Whether the words ask for another service rather than answer this one's question."""
        heard = at.heard
        if heard.intent not in self.services or heard.intent == at.service.service:
            return False
        if isinstance(found, Found) and found.is_whole:
            # "Mari" is a name and nothing else; but nearly any words could be an address.
            return bool(at.entry and at.entry.type in TAKES_ANYTHING) and heard.confidence >= VERY_SURE
        return heard.confidence >= (VERY_SURE if _is_about_form(at) else SURE)

    def _corrected(self, at: Situation) -> dict[str, str] | None:
        """Earlier inputs that the words change; None if they change none."""
        heard = at.heard
        is_marked = heard.means(CORRECT, DENY) or is_correction(heard.text, heard.language)
        if not is_marked and self._is_request(at, None):
            return None
        if not (is_marked or heard.means(INFORM) or heard.intent == at.service.service or at.entry is None):
            return None
        return correcting.corrections(at) or None

    def _other(self, at: Situation) -> Reading:
        named = _unmet(at) or _named(at)
        if at.heard.means(DENY) and refuses_all(at.heard) and not (named and says_what_instead(at.heard)):
            return Reading("leave", said=(Utterance(STOPPED),))
        if named:
            return named
        if talk := self._talk(at.heard):
            return at.aside(*talk)
        return _heard_otherwise(at) or at.not_understood()

    def _talk(self, heard: Heard) -> tuple[Utterance, ...]:
        is_talk = heard.confidence >= SURE and heard.intent not in NOT_TALK and heard.intent not in self.services
        return (Utterance(f"utter_{heard.intent}"),) if is_talk else ()


def _heard_otherwise(at: Situation) -> Reading | None:
    """The answer that another reading of the sound is, if the first one is none."""
    if at.entry is None:
        return None
    for heard in at.heard.otherwise():
        found = interpreting.answer_to(at.service, at.entry, heard, at.known.facts, at.turn.words)
        if isinstance(found, Found) and found.is_whole:
            return Reading("answer", with_values(at.frame.values, {at.entry.slot: found.value}))
    return None


def _comes_first(heard: Heard) -> bool:
    """Whether somebody needs help, or surely asks about somebody else, with whatever words a value could be made of."""
    return heard.means(EMERGENCY) or (heard.intent == OTHERS and heard.confidence >= VERY_SURE)


def _left(at: Situation) -> Reading | None:
    """The end of a service that the words refuse, or of one whose choices are all refused."""
    can_be_none = at.entry and (at.entry.one_of or at.entry.choose)
    is_refused = at.heard.intent == at.service.service and refuses(at.heard, slots_of(at.service))
    if not (can_be_none and means_none(at.heard)) and not (is_refused and not _is_yes_no(at)):
        return None
    return Reading("leave", said=(Utterance(STOPPED if at.entry else NOT_SENT),))


def _answer_and_request(at: Situation) -> Reading | None:
    """An answer that comes before a request to another service: "the second one, and tell me about my fines"."""
    parts = first_part(at.heard)
    if at.entry is None or at.entry.type in TAKES_ANYTHING or parts is None:
        return None
    answer, rest = parts
    heard = replace(answer, intent=INFORM)
    found = interpreting.answer_to(at.service, at.entry, heard, at.known.facts, at.turn.words)
    if not isinstance(found, Found) or not found.is_whole:
        return None
    return Reading("request", with_values(at.frame.values, {at.entry.slot: found.value}), rest=rest)


def _is_about_form(at: Situation) -> bool:
    """Whether the words name a value of the open form, or are a yes or a no that it asks for, with a reservation."""
    known = {entry.slot for entry in at.service.inputs if entry is at.entry or entry.slot in at.raw}
    if any(each.slot in known for each in at.heard.mentions):
        return True
    return _is_yes_no(at) and isinstance(yes_or_no(at.heard), Found | Unfit)


def _is_yes_no(at: Situation) -> bool:
    return at.entry is not None and at.entry.type == "yes_no"


def _decided(at: Situation) -> Reading | None:
    """A yes or a no to what was read back; anything between the two is neither."""
    heard = at.heard
    if heard.means(GO_ON):  # "go on" is no yes to an act
        return None
    said, is_yes = says(heard), agrees(heard.text, heard.language)
    # Both must say so, the engine and all of the words: "yes, but ..." is no yes to what was read back.
    if is_yes and heard.means(CONFIRMED, *([] if at.service.confirm == "in_words" else [AFFIRM])):
        return Reading("confirm", at.frame.values) if is_surely_heard(heard) else at.reconfirm()
    if said == "no" and (named := _named(at)):
        return named
    if refuses_all(heard) and not says_what_instead(heard):
        return Reading("leave", said=(Utterance(NOT_SENT),))
    if is_yes or ((said == "yes" or heard.means(CONFIRMED)) and not has_reservation(heard.text, heard.language)):
        return at.reconfirm()
    return None


def _follow_up(service: Service, frame: Frame, facts: Facts, turn: Asking, *, must_be_whole: bool = False) -> Reading:
    """The same request for something else: "and my passport?", "and the other car?".

    `must_be_whole`: the engine takes the words for something else, so they must name a value and say nothing beside it.
    """
    current = {e.slot: frame.values.get(e.slot, "") for e in service.inputs if e.one_of or e.choose}
    named = interpreting.named_values(service, current, turn.heard, facts, turn.words)
    if must_be_whole:
        named = ((e, found) for e, found in named if found.is_whole and interpreting.is_mentioned(e, turn.heard))
    if changed := {entry.slot: found.value for entry, found in named}:
        return Reading("answer", {**frame.values, **changed})
    return Reading("request")


def _named(at: Situation) -> Reading | None:
    """The question for an input that the words name, or that shall not be what it is: "the date is wrong"."""
    named = (
        interpreting.named_input(at.service, at.raw, at.heard)
        or interpreting.left_out(at.service, at.raw, at.heard)
        or correcting.unclear_input(at)
        or interpreting.named_by_noun(at.service, at.raw, at.heard)
    )
    if named is None or at.asks(named):
        return None
    return Reading("aside", said=(at.question_for(named),), asked=named.slot, outcome=Outcome.ASKED_DETAIL)


def _unmet(at: Situation) -> Reading | None:
    """The question for an input that the words give a day which it cannot be: "no, friday", where none is offered."""
    is_marked = at.entry is None or is_correction(at.heard.text, at.heard.language)
    if not is_marked or not (unmet := correcting.unmet(at)):
        return None
    entry, why = unmet
    return Reading("aside", said=(*why, at.question_for(entry)), asked=entry.slot, outcome=Outcome.ASKED_DETAIL)


def _takes_back_another(at: Situation) -> bool:
    """Whether the words take back another input by its name: "no, the second child" is no answer to "which school"."""
    named = interpreting.named_input(at.service, at.known.fillings, at.heard)
    is_another = named is not None and not at.asks(named)
    return is_another and is_correction(at.heard.text, at.heard.language)


def _reason(at: Situation) -> Utterance:
    """Why this is asked, or what becomes of it."""
    language, entry = at.turn.words.language, at.entry
    label = entry.label if entry and entry.label else at.service.title
    values = {
        "purpose": entry.why[language] if entry and entry.why else at.service.purpose[language],
        "institution": at.service.owner.institution[language],
        "label": label[language],
    }
    return Utterance(WHY_ASK if at.heard.intent == WHY else WHAT_FOR, values)
