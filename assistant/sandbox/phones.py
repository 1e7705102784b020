"""How the citizens' phones behave, until told otherwise; among other things, every lie that an answer may hold.

A phone answers as soon as it is asked after: nobody has to press anything here.
"""

from enum import StrEnum
from http import HTTPStatus

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict

from assistant.sandbox.population import POPULATION


class Behaviour(StrEnum):
    """What comes of a question; `unknown` has no account, and `down` is a provider that does not work."""

    OK = "ok"
    REFUSED = "refused"
    WRONG_CODE = "wrong_code"
    TIMEOUT = "timeout"
    UNREACHED = "unreached"
    SILENT = "silent"
    UNKNOWN = "unknown"
    GONE = "gone"
    DOWN = "down"


class Lie(StrEnum):
    """What is wrong with an answer that says OK: its certificate, what is signed, or the rest.

    `status_...` is what the OCSP responder says. With `list_...` it is down, and so it is with `status_down`, where the
    list of revoked certificates is down as well. `list_only` is no lie: the list is honest.
    """

    OTHER_PERSON = "other_person"
    OTHER_COUNTRY = "other_country"
    OTHER_AUTHORITY = "other_authority"
    ISSUED_BY_A_PERSON = "issued_by_a_person"
    SELF_SIGNED = "self_signed"
    AUTHORITY_ITSELF = "authority_itself"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    NO_POLICY = "no_policy"
    OTHER_POLICY = "other_policy"
    OTHER_USAGE = "other_usage"
    OTHER_EXTENDED_USAGE = "other_extended_usage"
    REVOKED = "revoked"
    STATUS_UNKNOWN = "status_unknown"
    STATUS_OLD = "status_old"
    STATUS_OF_ANOTHER = "status_of_another"
    STATUS_BY_ANOTHER = "status_by_another"
    STATUS_REPLAYED = "status_replayed"
    STATUS_DOWN = "status_down"
    LIST_ONLY = "list_only"
    LIST_REVOKED = "list_revoked"
    LIST_EXPIRED = "list_expired"
    LIST_OLD = "list_old"
    LIST_BY_ANOTHER = "list_by_another"
    LIST_OF_AUTHORITIES = "list_of_authorities"
    LIST_GARBLED = "list_garbled"
    LIST_HUGE = "list_huge"
    NO_CERTIFICATE = "no_certificate"
    GARBLED_CERTIFICATE = "garbled_certificate"
    OTHER_KEY = "other_key"
    OTHER_CHALLENGE = "other_challenge"
    REPLAY = "replay"
    NO_SIGNATURE = "no_signature"
    GARBLED_SIGNATURE = "garbled_signature"
    OTHER_ALGORITHM = "other_algorithm"
    LOWER_CASE_RESULT = "lower_case_result"
    OTHER_RESULT = "other_result"
    OTHER_STATE = "other_state"
    OTHER_FLOW = "other_flow"
    OTHER_INTERACTION = "other_interaction"
    OTHER_TEXT = "other_text"
    OTHER_SCHEME = "other_scheme"
    OTHER_RELYING_PARTY = "other_relying_party"
    OTHER_PROTOCOL = "other_protocol"
    OTHER_DOCUMENT = "other_document"
    LOWER_LEVEL = "lower_level"
    WEAKER_HASH = "weaker_hash"
    SHORTER_SALT = "shorter_salt"
    OTHER_SECRET = "other_secret"  # noqa: S105  # a name
    OTHER_VERIFIER = "other_verifier"


class Phone(BaseModel):
    """How one phone behaves."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    behaviour: Behaviour = Behaviour.OK
    lie: Lie | None = None


class Phones:
    """The phones that behave in their own way, by person, and the endpoints that tell them how."""

    def __init__(self) -> None:
        self._told: dict[str, Phone] = {}

    def of(self, subject: str) -> Phone:
        """How a person's phone behaves."""
        return self._told.get(subject, Phone())

    def router(self) -> APIRouter:
        """`PUT /sandbox/phones/{subject}` and `DELETE /sandbox/phones`."""
        router = APIRouter(prefix="/sandbox/phones", tags=["phones"])
        router.add_api_route("/{subject}", self.put, methods=["PUT"], status_code=HTTPStatus.NO_CONTENT)
        router.add_api_route("", self.clear, methods=["DELETE"], status_code=HTTPStatus.NO_CONTENT)
        return router

    async def put(self, subject: str, phone: Phone) -> None:
        """Let a person's phone behave this way."""
        if subject not in POPULATION:
            raise HTTPException(HTTPStatus.NOT_FOUND, "no such person")
        self._told[subject] = phone

    async def clear(self) -> None:
        """Let every phone say yes again."""
        self._told.clear()
