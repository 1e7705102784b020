"""A citizen links the app on their own phone, so that acts can be confirmed there (docs/adr/0024)."""

from collections.abc import Callable
from dataclasses import dataclass

from assistant.core.errors import NotAllowed
from assistant.core.languages import Language
from assistant.core.ports import AppLinking, LinkedApps, PhoneAnswer
from assistant.core.secret_ids import new_secret_id
from assistant.pipeline.present import Responses

TEXT = "utter_link_app_text"
"""What the app shows, in the language of the page."""


@dataclass(frozen=True)
class LinkLook:
    """What has come of an app on another device; while it is waited for, `address` is what its QR code has to hold."""

    answer: PhoneAnswer
    address: str = ""


@dataclass(frozen=True)
class LinkApp:
    """Begins in the citizen's own browser and ends there, once."""

    linking: AppLinking
    apps: LinkedApps
    responses: Responses

    async def begin(self, subject: str, language: Language, callback_url: Callable[[str], str]) -> tuple[str, str]:
        """The address that opens the app, and the state that the browser keeps; `callback_url` is made of it.

        Raises:
            UnknownApp: the citizen has no such app.
            ServiceUnavailable: the provider or the database is down.
        """
        state, text = new_secret_id(), self.responses[TEXT][language]
        address, begun = await self.linking.begin(subject, text, language, callback_url(state))
        await self.apps.note_link(state, begun)
        return address, state

    async def finish(self, state: str, secret_digest: str, verifier: str) -> None:
        """Remember the app whose citizen is back with these proofs of it.

        Raises:
            WrongCode: no link has begun with this state, or it is over.
            NotAllowed: it was not confirmed, or the answer fails a check.
            ServiceUnavailable: as `begin`.
        """
        begun = await self.apps.take_link(state)
        if begun.shown_since is not None:
            raise NotAllowed("the link was begun for another device")
        await self.apps.link(begun.subject, await self.linking.finish(begun, secret_digest, verifier))

    async def show(self, subject: str, language: Language) -> tuple[LinkLook, str]:
        """Begin for an app on another device: what a QR code has to hold, and the state that the browser keeps.

        Raises as `begin`.
        """
        state = new_secret_id()
        begun = await self.linking.show(subject, self.responses[TEXT][language], language)
        await self.apps.note_link(state, begun)
        return LinkLook(PhoneAnswer.WAITING, self.linking.address_now(begun)), state

    async def look(self, state: str, subject: str) -> LinkLook:
        """What has come of it, after a second at most; once the app has confirmed, it is remembered.

        Raises:
            WrongCode: no link has begun with this state, or it is over.
            NotAllowed: somebody else is logged in now, or the answer fails a check.
            ServiceUnavailable: as `begin`.
        """
        begun = await self.apps.find_link(state)
        if begun.subject != subject or begun.shown_since is None:
            raise NotAllowed("the link was begun by somebody else, or for this device")
        try:
            answer, document = await self.linking.look(begun)
        except NotAllowed:  # it will not get better
            await self.apps.take_link(state)
            raise
        if answer is PhoneAnswer.WAITING:
            return LinkLook(answer, self.linking.address_now(begun))
        await self.apps.take_link(state)
        if answer is PhoneAnswer.CONFIRMED:
            await self.apps.link(subject, document)
        return LinkLook(answer)
