"""A citizen links the app on their own phone, so that acts can be confirmed there (docs/adr/0024)."""

from collections.abc import Callable
from dataclasses import dataclass

from assistant.core.languages import Language
from assistant.core.ports import AppLinking, LinkedApps
from assistant.core.secret_ids import new_secret_id
from assistant.pipeline.present import Responses

TEXT = "utter_link_app_text"
"""What the app shows, in the language of the page."""


@dataclass(frozen=True)
class LinkApp:
    """Begins in the citizen's own browser and ends there, once."""

    linking: AppLinking
    apps: LinkedApps
    responses: Responses

    async def begin(self, subject: str, language: Language, callback_url: Callable[[str], str]) -> tuple[str, str]:
        """The address that opens the app, and the state that the browser keeps; `callback_url` is made of it.

        Raises:
            NotAllowed: the citizen has no such app.
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
        await self.apps.link(begun.subject, await self.linking.finish(begun, secret_digest, verifier))
