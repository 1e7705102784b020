from typing import Any

import pytest

from actions.dialogue.fact_cache import FactCache
from actions.dialogue.flow import ServiceFlow
from actions.news import News
from actions.registry import build_actions, build_executor, translations_of
from assistant.content.service_spec import Service
from assistant.core.errors import ServiceRefused
from assistant.core.languages import Language

pytestmark = pytest.mark.unit


@pytest.fixture
def build(terms: Any, secret: str, reader: Any, follow_ups: Any) -> Any:
    def make(*services: Service) -> Any:
        writer: Any = None  # these services write nothing
        return build_actions(services, terms, ServiceFlow(reader, writer, FactCache()), News({}, follow_ups), secret)

    return make


def test_build_actions_when_services_differ_then_each_has_one_and_the_dialogue_has_its_own(
    documents: Service, debts: Service, offices: Service, build: Any
) -> None:
    assert list(build_executor(build(documents, debts, offices)).actions) == [
        "action_document_expiry",
        "action_debts_and_fines",
        "action_office_information",
        "action_continue",
        "action_stop",
        "action_repeat",
    ]


def test_build_actions_when_a_call_names_no_xroad_service_then_refuses_at_once(documents: Service, build: Any) -> None:
    call = documents.calls[0].model_copy(update={"service": "EE/GOV/70008747/itds/doc%75ments"})
    with pytest.raises(ServiceRefused):
        build(documents.model_copy(update={"calls": (call,)}))


def test_translations_when_content_names_it_then_a_registers_estonian_is_said_in_every_language(
    documents: Service, terms: Any
) -> None:
    found = translations_of([documents], terms)
    assert found["police (et)"][Language.RU] == "Police (ru)"
    assert found["the documents register (et)"][Language.EN] == "the documents register (en)"
    assert found["passport (et)"][Language.EN] == "passport (en)"
