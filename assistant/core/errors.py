"""Every error that Kratt raises, in one tree.

    KrattError(code, retryable)
    ├─ CallerError       the caller sent something that cannot become a turn
    │  ├─ MalformedTurn          malformed_turn
    │  ├─ UnknownLanguage        unknown_language
    │  ├─ UnsupportedAudio       unsupported_audio
    │  ├─ UnknownConversation    unknown_conversation
    │  ├─ NotAllowed             not_allowed
    │  ├─ LoginRefused           login_refused
    │  ├─ UnknownDevice          unknown_device
    │  ├─ WrongCode              wrong_code
    │  ├─ UnknownApp             unknown_app
    │  ├─ TooManyGuesses         too_many_guesses
    │  ├─ UnknownCase            unknown_case
    │  ├─ AlreadyTaken           already_taken
    │  ├─ TooMuch                too_much
    │  ├─ TooOften               too_often (retryable)
    │  └─ Busy                   busy (retryable)
    ├─ StageError        one stage of a turn failed
    │  ├─ SpeechToTextFailed     speech_to_text_failed
    │  ├─ DialogueFailed         dialogue_failed (retryable)
    │  │  └─ DialogueUnreachable  dialogue_unreachable (retryable)
    │  └─ TextToSpeechFailed     text_to_speech_failed
    ├─ ServiceError      a government service did not give what it promised
    │  ├─ ServiceUnavailable     service_unavailable (retryable)
    │  │  ├─ AccessNotRecorded   access_not_recorded (retryable)
    │  │  └─ StandingUnknown     standing_unknown (retryable)
    │  ├─ ServiceRefused         service_refused
    │  │  ├─ AccessRestricted    access_restricted
    │  │  ├─ AccessBlocked       access_blocked
    │  │  ├─ PersonDeceased      person_deceased
    │  │  └─ CapacityLacking     capacity_lacking
    │  ├─ ServiceUnintelligible  service_unintelligible
    │  └─ OutcomeUnknown         outcome_unknown
    ├─ ContentError      content_error, with file and line: shown to editors as it is
    │  └─ EditRefused            edit_refused
    ├─ SettingsError     settings_error: at start only, names the setting
    └─ OperationFailed   operation_failed: for the one at the terminal who starts, stops or asks Kratt

Codes are public and unique. A message never holds what a citizen said or what a register answered.
"""

from collections.abc import Sequence
from typing import ClassVar


class KrattError(Exception):
    """Base of all errors; `detail` is for operators and editors, never citizens."""

    code: ClassVar[str] = "kratt_error"
    retryable: ClassVar[bool] = False

    def __init__(self, detail: str = "") -> None:
        """Keep the detail; without one the code speaks for itself."""
        super().__init__(detail or self.code)
        self.detail = detail


class CallerError(KrattError):
    """The caller sent something that cannot become a turn."""

    code = "caller_error"


class MalformedTurn(CallerError):
    """The payload is not a turn: wrong JSON, no text, binary instead of text."""

    code = "malformed_turn"


class UnknownLanguage(CallerError):
    """Kratt has no content in the language asked for."""

    code = "unknown_language"


class UnsupportedAudio(CallerError):
    """The audio cannot be decoded: not a WAV, truncated header, or a rate out of range."""

    code = "unsupported_audio"


class UnknownConversation(CallerError):
    """The conversation id was not issued by this gateway, or has ended."""

    code = "unknown_conversation"


class NotAllowed(CallerError):
    """The caller may not do this: a login check failed or a token is missing."""

    code = "not_allowed"


class LoginRefused(CallerError):
    """Somebody logged in whom the population register knows as deceased."""

    code = "login_refused"


class UnknownDevice(CallerError):
    """There is no such speaker, or it is somebody else's."""

    code = "unknown_device"


class UnknownApp(CallerError):
    """The citizen has no app that could be linked."""

    code = "unknown_app"


class WrongCode(CallerError):
    """No speaker waits with this pairing code, or no dialogue with this token, or not any more."""

    code = "wrong_code"


class TooManyGuesses(CallerError):
    """Too many wrong pairing codes; later the right one will do."""

    code = "too_many_guesses"


class UnknownCase(CallerError):
    """There is no such case at the desk, or it is somebody else's."""

    code = "unknown_case"


class AlreadyTaken(CallerError):
    """Another agent of the desk was quicker."""

    code = "already_taken"


class TooMuch(CallerError):
    """The text, the body or the recording is longer than the limit."""

    code = "too_much"


class TooOften(CallerError):
    """This person, device or address asks more often than allowed; `retry_after_seconds` is how long to wait."""

    code = "too_often"
    retryable = True

    def __init__(self, detail: str = "", *, retry_after_seconds: int = 1) -> None:
        """Keep when to return."""
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds


class Busy(CallerError):
    """As many people as allowed are speaking already; the same request may succeed in a moment."""

    code = "busy"
    retryable = True


class StageError(KrattError):
    """One stage of a turn failed."""

    code = "stage_error"


class SpeechToTextFailed(StageError):
    """The recogniser failed or has no model for the language."""

    code = "speech_to_text_failed"


class DialogueFailed(StageError):
    """The dialogue engine was unreachable, late, or answered something that is no answer."""

    code = "dialogue_failed"
    retryable = True


class DialogueUnreachable(DialogueFailed):
    """There was no connection to the engine: nothing was sent, so another one may be asked the same."""

    code = "dialogue_unreachable"


class TextToSpeechFailed(StageError):
    """The voice was unreachable, late, or crashed."""

    code = "text_to_speech_failed"


class ServiceError(KrattError):
    """A government service did not give what it promised.

    `may_have_acted` is False where it is proven that the service did nothing; only then may a write be tried again.
    """

    code = "service_error"
    may_have_acted: bool = True


class ServiceUnavailable(ServiceError):
    """The service, or the way to it, is down or late; `retry_after_seconds` if somebody said when to return."""

    code = "service_unavailable"
    retryable = True

    def __init__(
        self, detail: str = "", *, retry_after_seconds: float | None = None, may_have_acted: bool = True
    ) -> None:
        """Keep when to return, and whether something may have happened."""
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds
        self.may_have_acted = may_have_acted


class ServiceRefused(ServiceError):
    """The call was not executed: no right, unknown service, wrong identifiers, or the register's own no.

    `problem` is the register's code for why (RFC 9457 with an extra `code`), for content to put into words.
    """

    code = "service_refused"

    def __init__(
        self, detail: str = "", *, problem: str | None = None, status: int | None = None, may_have_acted: bool = False
    ) -> None:
        """Keep the register's code, and its own status where the answer has one.

        `may_have_acted` if it is not proven that the answer is the register's.
        """
        super().__init__(detail)
        self.problem = problem
        self.status = status
        self.may_have_acted = may_have_acted


class AccessNotRecorded(ServiceUnavailable):
    """The access record cannot be written; so nothing was read."""

    code = "access_not_recorded"


class AccessRestricted(ServiceRefused):
    """The register refused because the citizen closed their data to everybody."""

    code = "access_restricted"


class AccessBlocked(ServiceRefused):
    """The citizen told this assistant not to read here; so the register was not asked."""

    code = "access_blocked"


class PersonDeceased(ServiceRefused):
    """Who asks, or whom they ask for, has died, says the population register; so nothing was read or done."""

    code = "person_deceased"


class CapacityLacking(ServiceRefused):
    """Who asks may not do this by themselves: they are a minor, or their legal capacity is restricted."""

    code = "capacity_lacking"

    def __init__(self, detail: str = "", *, is_minor: bool = False) -> None:
        """Keep which of the two."""
        super().__init__(detail)
        self.is_minor = is_minor


class StandingUnknown(ServiceUnavailable):
    """Nobody can tell whether the person lives and may act; so nothing was done."""

    code = "standing_unknown"


class ConsentMissing(ServiceError):
    """The citizen's consent is needed and none is in force, so nothing was read; `link` is where they can give it."""

    code = "consent_missing"
    may_have_acted = False

    def __init__(self, detail: str = "", *, link: str | None = None) -> None:
        """Keep the address, which works once."""
        super().__init__(detail)
        self.link = link


class ConsentUnchecked(ServiceUnavailable):
    """Nobody can tell whether the citizen has consented; so nothing was read."""

    code = "consent_unchecked"


class ServiceUnintelligible(ServiceError):
    """The answer is not what the service's description promises (HTML, broken JSON, a wrong echo).

    `is_alarming` if it may have been tampered with on its way.
    """

    code = "service_unintelligible"

    def __init__(self, detail: str = "", *, is_alarming: bool = False) -> None:
        """Keep whether somebody has to be woken."""
        super().__init__(detail)
        self.is_alarming = is_alarming


class OutcomeUnknown(ServiceError):
    """A write may or may not have happened; it must not be repeated blindly.

    `message_id` (`X-Road-Id`) finds it in the message logs of both sides.
    """

    code = "outcome_unknown"

    def __init__(self, detail: str = "", *, message_id: str = "") -> None:
        """Keep the only thing that we hold of it."""
        super().__init__(detail)
        self.message_id = message_id


class ContentError(KrattError):
    """Content that an editor has to mend; reads `file:line: what is wrong`."""

    code = "content_error"

    def __init__(self, detail: str, *, file: str = "", line: int = 0) -> None:
        """Keep the place; `line` counts from 1, 0 means the whole file. `what` is the detail without the place."""
        place = f"{file}:{line}: " if line else f"{file}: " if file else ""
        super().__init__(place + detail)
        self.what = detail
        self.file = file
        self.line = line


class EditRefused(ContentError):
    """An edit that does not fit the content as it stands; `reasons` are the places that speak against it."""

    code = "edit_refused"

    def __init__(self, detail: str, *, reasons: Sequence[str] = ()) -> None:
        """Keep the reasons, each `file:line: what stands there`."""
        super().__init__("; ".join((detail, *reasons)))
        self.reasons = tuple(reasons)


class SettingsError(KrattError):
    """A setting is missing or wrong; raised at start only and names the variable."""

    code = "settings_error"


class OperationFailed(KrattError):
    """Kratt could not be started, stopped or asked from a terminal; the detail says what to do."""

    code = "operation_failed"
