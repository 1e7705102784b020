"""A telephone call over ConversationRelay, with the whole of Kratt."""

from typing import Any

import pytest
from websockets.asyncio.client import connect

from assistant.content.project import Content
from assistant.core.languages import Language
from connectors.conversation_relay import PATH
from tests.relay import SETUP, Carrier, signature_of

pytestmark = pytest.mark.conversation


@pytest.mark.parametrize(
    ("lang", "question", "answer", "personal"),
    [
        ("en-US", "when is the tartu office open", "Tartu", "when does my passport expire"),
        ("et-EE", "millal tartu büroo lahti on", "Tartu", "millal mu pass aegub"),
        ("ru-RU", "когда открыт офис в тарту", "Тарту", "когда истекает мой паспорт"),
    ],
)
async def test_call_when_a_citizen_asks_then_is_answered_and_personal_things_are_left_to_their_page(
    kratt: Any, content: Content, lang: str, question: str, answer: str, personal: str
) -> None:
    address = f"ws{kratt.url.removeprefix('http')}{PATH}"
    headers = {"X-Twilio-Signature": signature_of(address)}
    async with connect(address, additional_headers=headers, proxy=None) as socket:
        carrier = Carrier(socket)
        await carrier.send(**{**SETUP, "sessionId": f"VX {lang}"})
        if lang != "en-US":
            await carrier.prompt(question, lang=lang)
            assert answer in await carrier.spoken()
        else:
            await carrier.prompt("when is your office open", lang=lang)
            assert (await carrier.spoken()).endswith("?")
            await carrier.prompt("in tartu", lang=lang)
            assert answer in await carrier.spoken()
        await carrier.prompt(personal, lang=lang)
        elsewhere = content.plain_responses()["utter_ask_elsewhere"][Language(lang[:2])]
        assert await carrier.spoken() == elsewhere
