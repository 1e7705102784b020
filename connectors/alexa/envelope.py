"""What Alexa posts (ASK, "Request and Response JSON Reference"): the part of it that is used."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AliasGenerator, AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Text = Annotated[str, Field(max_length=2000)]
Id = Annotated[str, Field(min_length=1, max_length=1000)]


class _Part(BaseModel):
    """A part of the envelope; what it has besides is passed over."""

    model_config = ConfigDict(frozen=True, alias_generator=AliasGenerator(validation_alias=to_camel))


class Slot(_Part):
    """What was heard for a slot; without a value it was not filled."""

    value: Text | None = None


class Intent(_Part):
    """What Alexa understood, by the interaction model."""

    name: Id
    slots: Mapping[str, Slot] | None = None

    def value_of(self, slot: str) -> str:
        """What was heard for a slot; empty if nothing was."""
        found = (self.slots or {}).get(slot)
        return (found.value or "").strip() if found else ""


class Error(_Part):
    """What went wrong at Alexa's or with our last answer."""

    type: Id


class AlexaRequest(_Part):
    """The request itself, of any type."""

    type: Id
    request_id: Id
    timestamp: AwareDatetime
    locale: Id | None = None
    intent: Intent | None = None
    error: Error | None = None


class Application(_Part):
    """A skill."""

    application_id: Id


class User(_Part):
    """Who uses the skill; with a token, a citizen has linked their account."""

    access_token: Annotated[str, Field(max_length=200)] | None = None


class AlexaSession(_Part):
    """The conversation with the skill, from its opening to its end."""

    session_id: Id
    application: Application
    new: bool = False


class System(_Part):
    """Where the request comes from, and where what is said meanwhile may be sent."""

    application: Application
    user: User = User()
    api_endpoint: Id | None = None
    api_access_token: Annotated[str, Field(max_length=10_000, pattern=r"^[!-~]+$")] | None = None


class Context(_Part):
    """The state of the device."""

    system: System = Field(validation_alias="System")


class Envelope(_Part):
    """One request; events and the like have no session."""

    request: AlexaRequest
    context: Context
    session: AlexaSession | None = None

    @property
    def application_ids(self) -> frozenset[str]:
        """The skills that the envelope names: it should be one."""
        session = {self.session.application.application_id} if self.session else set()
        return frozenset({self.context.system.application.application_id} | session)
