"""Responses that code says by name: they belong to no service, so nlu_data/common must have them.

What each may use stands behind it.
"""

from assistant.core.errors import CallerError
from assistant.core.outcomes import OUTCOME_RESPONSES

NOT_UNDERSTOOD = "utter_not_understood"
STILL_NOT_UNDERSTOOD = "utter_still_not_understood"  # the same failed again
MEANT_ONE = "utter_meant_one"  # {title}: the service that is probably meant
MEANT_WHICH = "utter_meant_which"  # {choices}: the titles of the two or three that may be meant
MEANT_PERHAPS = "utter_meant_perhaps"  # {choices}: the same, asked in other words
HELP = "utter_help"
SPEAK_TO_PERSON = "utter_speak_to_person"
DESK_OFFER = "utter_desk_offer"  # whether a person shall be called
DESK_TRANSCRIPT = "utter_desk_transcript"  # whether they may see what was talked about
DESK_CALLED = "utter_desk_called"  # {place}: in the queue
DESK_SHARED = "utter_desk_shared"  # they see what was talked about
DESK_NOT_SHARED = "utter_desk_not_shared"
DESK_ELSEWHERE = "utter_desk_elsewhere"  # their answers wait on the citizen's own screen
DESK_CLOSED = "utter_desk_closed"  # {day} {hours}: when it is open next
DESK_UNATTENDED = "utter_desk_unattended"  # {hours}: it is open today, and nobody is there
DESK_WAITING = "utter_desk_waiting"  # {place}: the citizen's words wait for a person
DESK_DESERTED = "utter_desk_deserted"  # they wait, and nobody is there any more
DESK_RECEIVED = "utter_desk_received"  # they went to the person who has the case
DESK_JOINED = "utter_desk_joined"  # a person has taken the case
DESK_LEFT = "utter_desk_left"  # the citizen has ended it
DESK_ENDED = "utter_desk_ended"  # the person has
TYPE_INSTEAD = "utter_type_instead"  # behind words that were spoken in vain
PAIRING_CODE = "utter_pairing_code"  # {code}: said by a speaker that is linked to nobody
LOGIN_REQUIRED = "utter_login_required"
ASK_ELSEWHERE = "utter_ask_elsewhere"  # personal, and nobody knows who asks here
UNLOCK_FIRST = "utter_unlock_first"  # personal, and the speaker is locked
SENT_TO_SCREEN = "utter_sent_to_screen"  # {title}: not said aloud, it waits on the citizen's own screen
NOTHING_TO_REPEAT = "utter_nothing_to_repeat"
STOPPED = "utter_stop"
FORGOTTEN = "utter_own_data_forgotten"  # {receipt}: by it the gateway knows that it has to forget the citizen, too

RETURN_TO = "utter_return_to"  # {title}: an interrupted service goes on
TRY_AGAIN = "utter_try_again"  # the answer to a question was not understood
CHOICES = "utter_choices"  # {choices}: what can be answered
FOR_EXAMPLE = "utter_for_example"  # {choices}: some of what can be answered
IS_IT = "utter_is_it"  # {choices}: the answers that are most like what was heard
STILL_NEEDED = "utter_still_needed"  # {label}: an answer that cannot be chosen
HEARD_RIGHT = "utter_heard_right"  # {value}: it was not heard surely
OFFER_STOP = "utter_offer_stop"  # the same question failed again and again
WHY_ASK = "utter_why_ask_input"  # {label} {purpose}
WHAT_FOR = "utter_what_for_service"  # {purpose} {institution}
ALL_RIGHT = "utter_all_right"  # an offer was left, or no more is wanted
NOT_WANTED = "utter_not_wanted"  # {title}: "i don't want to renew my passport"
MORE_QUESTION = "utter_more_question"  # {left}: items not said yet
ON_BEHALF = "utter_on_behalf"  # {label} {value}: the person for whom the citizen acts
READ_BACK_ITEM = "utter_read_back_item"  # {label} {value}
READ_BACK_KNOWN = "utter_read_back_known"  # {label} {value} {register}: taken from a register
CONFIRM_QUESTION = "utter_confirm_question"
CONFIRM_IN_WORDS = "utter_confirm_in_words"
CONFIRM_EXACTLY = "utter_confirm_exactly"  # a yes came instead
PHONE_ASKED = "utter_phone_asked"  # {code}: the verification code, digit by digit
PHONE_WAITING = "utter_phone_waiting"  # {code}: the phone has not answered yet
APP_ASKED = "utter_app_asked"  # {code}: the same, to be chosen in the app among others
APP_WAITING = "utter_app_waiting"  # {code}
PHONE_NOT_CONFIRMED = "utter_phone_not_confirmed"  # refused, not answered in time, or no such phone: nothing is sent
PHONE_UNAVAILABLE = "utter_phone_unavailable"  # {again}: the service that asks phones is down
PHONE_TOO_OFTEN = "utter_phone_too_often"  # the phone was asked too often
PHONE_NONE = "utter_phone_none"  # {register}: it knows no phone of the citizen's
PHONE_TEXT = "utter_phone_text"  # {title}: shown on the phone
LINK_APP_TEXT = "utter_link_app_text"  # shown on the phone whose app is linked
CHANGE_WHAT = "utter_change_what"  # {choices}: what was read back
CHANGED = "utter_changed"  # a register knows something else than was read back
NOT_SENT = "utter_not_sent"  # the citizen said no
WRITE_UNAVAILABLE = "utter_write_unavailable"  # {register} {again}: nothing was sent
WRITE_REFUSED = "utter_write_refused"  # {register}
WRITE_UNKNOWN = "utter_write_unknown"  # {register}: nobody knows yet whether it was done
FOLLOW_UP_DONE = "utter_follow_up_done"  # {title} {receipt}
FOLLOW_UP_REFUSED = "utter_follow_up_refused"  # {title}
FOLLOW_UP_GIVEN_UP = "utter_follow_up_given_up"  # {title}
NOTICE_DONE = "utter_notice_done"  # {title} {receipt}: in the mailbox
NOTICE_REFUSED = "utter_notice_refused"  # {title} {receipt}
NOTICE_GIVEN_UP = "utter_notice_given_up"  # {title} {receipt}
NOTICE_BROWSER_TITLE = "utter_notice_browser_title"
NOTICE_BROWSER = "utter_notice_browser"  # {day} {time}: of a login with a browser that the citizen did not use before
RESTRICTED = "utter_restricted"  # {register}: the citizen closed it to everybody
BLOCKED = "utter_blocked"  # {register}: the citizen closed it to this assistant
CONSENT_MISSING = "utter_consent_missing"  # {register}: it wants a consent that is not in force
CONSENT_MISSING_HERE = "utter_consent_missing_here"  # {register}: the same where it cannot be given
CONSENT_UNCHECKED = "utter_consent_unchecked"  # {register}: nobody can tell whether there is one
DECEASED = "utter_deceased"  # who asks, or whom they ask for, has died
ACT_OF_MINOR = "utter_act_of_minor"  # a minor may read this, and not do it
ACT_OF_WARD = "utter_act_of_ward"  # the same of somebody whose legal capacity is restricted
STANDING_UNKNOWN = "utter_standing_unknown"  # {again}: the population register cannot tell who may act
PURPOSE_PREFIX = "utter_purpose_"
"""What was done with somebody's data that no service did; in the words of the access record (`actions/record`)."""
PURPOSES = ("log_in", "lock")
RECORD_UNAVAILABLE = "utter_record_unavailable"  # nothing is read without an access record

UNFIT_PREFIX = "utter_unfit_"
"""What is wrong with a value; the reasons are those of `actions.values`."""

SAY_PREFIX = "utter_say_"
"""How a value of a kind is said, with {label}; the kinds are those of an input (assistant/content/input_spec.py)."""

OFFER_PREFIX = "utter_offer_"
"""Offers a service as the next one."""

ONLY_READ = ("utter_notice_", "utter_error_", PHONE_TEXT, LINK_APP_TEXT)
"""Beginnings of responses that no voice speaks: letters in the mailbox, refusals of a request, what a phone shows."""

RESPONSES_OF_CODE = frozenset(
    {NOT_UNDERSTOOD, LOGIN_REQUIRED, NOTHING_TO_REPEAT, STOPPED, *OUTCOME_RESPONSES.values()}
    | {STILL_NOT_UNDERSTOOD, MEANT_ONE, MEANT_WHICH, MEANT_PERHAPS, HELP, SPEAK_TO_PERSON, TYPE_INSTEAD}
    | {RETURN_TO, TRY_AGAIN, CHOICES, OFFER_STOP, WHY_ASK, WHAT_FOR, ALL_RIGHT, NOT_WANTED, MORE_QUESTION}
    | {FOR_EXAMPLE, IS_IT, STILL_NEEDED, HEARD_RIGHT, CONFIRM_EXACTLY, CHANGE_WHAT}
    | {PHONE_ASKED, PHONE_WAITING, PHONE_NOT_CONFIRMED, PHONE_UNAVAILABLE, PHONE_TOO_OFTEN, PHONE_NONE, PHONE_TEXT}
    | {CONSENT_MISSING, CONSENT_MISSING_HERE, CONSENT_UNCHECKED}
    | {DECEASED, ACT_OF_MINOR, ACT_OF_WARD, STANDING_UNKNOWN, *(f"{PURPOSE_PREFIX}{each}" for each in PURPOSES)}
    | {APP_ASKED, APP_WAITING, LINK_APP_TEXT}
    | {READ_BACK_ITEM, READ_BACK_KNOWN, CONFIRM_QUESTION, CONFIRM_IN_WORDS, CHANGED, NOT_SENT}
    | {WRITE_UNAVAILABLE, WRITE_REFUSED, WRITE_UNKNOWN, FOLLOW_UP_DONE, FOLLOW_UP_REFUSED, FOLLOW_UP_GIVEN_UP}
    | {NOTICE_DONE, NOTICE_REFUSED, NOTICE_GIVEN_UP, NOTICE_BROWSER_TITLE, NOTICE_BROWSER}
    | {RESTRICTED, BLOCKED, RECORD_UNAVAILABLE, ASK_ELSEWHERE, UNLOCK_FIRST, SENT_TO_SCREEN, PAIRING_CODE, ON_BEHALF}
    | {DESK_OFFER, DESK_TRANSCRIPT, DESK_CALLED, DESK_SHARED, DESK_NOT_SHARED, DESK_ELSEWHERE, DESK_CLOSED}
    | {DESK_UNATTENDED, DESK_WAITING, DESK_DESERTED, DESK_RECEIVED, DESK_JOINED, DESK_LEFT, DESK_ENDED}
    | {f"utter_error_{error.code}" for error in CallerError.__subclasses__()}
    | {"utter_error_not_found", "utter_error_method_not_allowed"}
)
