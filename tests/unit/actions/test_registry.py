from typing import Any

import pytest

from actions.registry import build_actions, build_executor
from actions.xroad.client import XRoadClient
from assistant.content.service_spec import Service
from assistant.core.errors import ServiceRefused

pytestmark = pytest.mark.unit


def test_build_actions_when_services_differ_then_each_gets_what_it_needs_and_nothing_else(
    documents: Service, debts: Service, offices: Service, xroad: XRoadClient, terms: Any, secret: str
) -> None:
    actions = build_actions((documents, debts, offices), terms, xroad, secret)
    assert list(build_executor(actions).actions) == [
        "action_document_expiry",
        "action_debts_and_fines",
        "action_office_information",
        "validate_office_information_form",
        "action_repeat",
        "action_stop",
    ]


def test_build_actions_when_a_call_names_no_xroad_service_then_refuses_at_once(
    documents: Service, xroad: XRoadClient, terms: Any, secret: str
) -> None:
    call = documents.calls[0].model_copy(update={"service": "EE/GOV/70008747/itds/doc%75ments"})
    with pytest.raises(ServiceRefused):
        build_actions((documents.model_copy(update={"calls": (call,)}),), terms, xroad, secret)
