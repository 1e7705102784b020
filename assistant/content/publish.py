"""Who may publish which model: checked before the publisher gets to know of a wish."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from assistant.content.compare_models import kept_comparison
from assistant.content.model_bank import Model, ModelBank
from assistant.core.errors import OperationFailed
from assistant.core.publishing import ALL_CONVERSATIONS, Act, Publication, Publications, Wish


class ContentReviews(Protocol):
    """Knows what reviewers have approved."""

    def covers(self, commit: str) -> bool:
        """Whether the content of a commit may be published."""


@dataclass(frozen=True)
class AskToPublish:
    """Takes wishes of people; with `is_four_eyes` nobody publishes what they have made themselves.

    With `reviews` a reviewer has to have approved a model's content. With `is_gated` a model is published only if it
    was compared with the live one, and the gate let it through.
    """

    bank: ModelBank
    publications: Publications
    is_four_eyes: bool = False
    is_gated: bool = False
    reviews: ContentReviews | None = None

    async def __call__(self, wish: Wish) -> Publication:
        """Keep a wish for the publisher, if it may be seen to.

        Raises:
            OperationFailed: there is no such model, the share is none, or the one who wishes may not; says why.
            ServiceUnavailable: the database fails.
        """
        await asyncio.to_thread(self.check, wish)
        return await self.publications.ask(wish)

    def check(self, wish: Wish) -> None:
        """Raise if a wish may not be seen to.

        Raises:
            OperationFailed: see above.
        """
        if not _name(wish.by):
            raise OperationFailed("say who wants it: --by NAME")
        if wish.act is Act.ROLL_BACK:
            return  # whoever sees citizens suffer may end it
        model = self.bank.model(wish.version)
        if not 1 <= wish.share <= ALL_CONVERSATIONS:
            raise OperationFailed(f"a share is 1 to {ALL_CONVERSATIONS} per cent of the conversations")
        if self.is_four_eyes and _name(wish.by) in _makers(model):
            raise OperationFailed(
                f"{wish.by} has made {model.version}: another person has to publish it (KRATT_FOUR_EYES)"
            )
        if self.reviews and not _is_approved(model, self.reviews):
            raise OperationFailed(
                f"no reviewer has approved the content of {model.version} as it is: that is done in the console, "
                "on the draft's page (KRATT_REVIEW)"
            )
        if self.is_gated:
            self._check_gate(model)

    def _check_gate(self, model: Model) -> None:
        live, comparison = self.bank.live, kept_comparison(self.bank, model.version)
        if live is None or live.version == model.version:
            return
        if comparison is None or comparison.against != live.version:
            raise OperationFailed(
                f"{model.version} was not compared with the live model yet: "
                f"`kratt model compare {model.version}` does that"
            )
        if comparison.refusals:
            raise OperationFailed("\n".join((f"{model.version} is worse than the live model:", *comparison.refusals)))


def _is_approved(model: Model, reviews: ContentReviews) -> bool:
    made = model.made
    return not made.content_is_changed and reviews.covers(made.content_commit or "")


def _makers(model: Model) -> set[str]:
    return {_name(each) for each in (model.made.by, *model.made.authors)}


def _name(name: str) -> str:
    return " ".join(name.casefold().split())
