import pytest

from assistant.content.service_spec import Service, read_services
from assistant.content.spec import holds
from assistant.core.errors import ContentError

pytestmark = pytest.mark.unit

THREE = "{en: a, et: b, ru: c}"
SERVICE = f"""
service: tax_refund
title: {THREE}
owner: {{institution: {THREE}, code: "70000349"}}
assurance: substantial
data_class: personal
purpose: {THREE}
calls:
  - id: refunds
    register: {THREE}
    service: EE/GOV/70000349/refunds/refunds
    operation: GET /v1/persons/{{subject}}/refunds
    items: refunds
    reads:
      amount: {{from: sum, as: money}}
      number: number
    where: {{year: tax_year}}
inputs:
  - slot: tax_year
    one_of: [this_year, last_year]
answers: {{each: utter_refund, none: utter_refund_none}}
sum: amount
degrade: utter_register_unavailable
"""


@pytest.fixture
def written(tmp_path):
    def write(text: str) -> list[Service]:
        folder = tmp_path / "services" / "tax_refund"
        folder.mkdir(parents=True)
        (folder / "service.yml").write_text(text)
        return list(read_services(tmp_path))

    return write


def test_service_when_it_is_right_reads_as_written(written) -> None:
    (service,) = written(SERVICE)
    (call,) = service.calls
    assert service.action == "action_tax_refund"
    assert call.path == "/v1/persons/{subject}/refunds"
    assert call.placeholders == {"subject"}
    assert {name: (read.from_, read.as_) for name, read in call.reads.items()} == {
        "amount": ("sum", "money"),
        "number": ("number", "text"),
    }


def test_service_when_an_input_is_required_has_a_question(written) -> None:
    (service,) = written(SERVICE.replace("last_year]", "last_year]\n    required: true"))
    assert service.questions == {"utter_ask_tax_year"}


def test_service_when_reads_are_a_list_keeps_the_registers_names(written) -> None:
    text = SERVICE.replace(
        "    reads:\n      amount: {from: sum, as: money}\n      number: number\n", "    reads: [sum, number]\n"
    )
    (service,) = written(text.replace("sum: amount\n", ""))
    assert {name: read.from_ for name, read in service.calls[0].reads.items()} == {"sum": "sum", "number": "number"}


@pytest.mark.parametrize(
    ("right", "wrong", "line", "complaint"),
    [
        ("as: money", "as: mony", 15, "Input should be 'text', 'date', 'money', 'term'"),
        ("assurance: substantial", "assurance: strong", 5, "assurance"),
        ("assurance: substantial", "assurance: none", 5, "personal data needs an assurance"),
        ("data_class: personal", "data_class: personal\ncolour: red", 7, "colour is not known here"),
        ("purpose:", "purpos:", 7, "purpos is not known here; did you mean purpose?"),
        ("reads:", "read:", 14, "calls.0.read is not known here; did you mean reads?"),
        ('code: "70000349"', "code: 70000349", 4, "owner.code must be text; a number needs quotes"),
        ("one_of: [this_year, last_year]", "one_of: this_year", 20, "inputs.0.one_of must be a list"),
        ("sum: amount", "sum: amount\nnumber", 0, "not valid YAML"),
        ('code: "70000349"', 'code: "7"', 4, "owner.code"),
        ("EE/GOV/70000349/refunds/refunds", "EE/GOV/70000349/refunds", 11, "service"),
        ("GET /v1", "POST /v1", 12, "operation"),
        ("title: {en: a, et: b, ru: c}", "title: {en: a, ru: c}", 3, "title: missing in et"),
        ("title: {en: a, et: b, ru: c}", "title: {en: a, et: b, ru: ' '}", 3, "title: missing in ru"),
        ("where: {year: tax_year}", "where: {year: tax_years}", 17, "not among the inputs: tax_years"),
        ("{subject}/refunds", "{person}/refunds", 12, "not among the inputs: person"),
        ("number: number", "text: number", 16, "choose another name to read into: text"),
        ("sum: amount", "sum: amounts", 22, "not read by any call: amounts"),
        ("{each: utter_refund, none", "{none", 21, "name a response in `found`"),
        ("one_of: [this_year, last_year]", "one_of: []", 19, "inputs.0: give one of one_of, type and choose"),
        ("service: tax_refund", "service: tax_return", 1, "is named tax_return but lies in tax_refund"),
        ("purpose:", "title:", 7, "duplicate key"),
        ("calls:", "calls: [", 0, "not valid YAML"),
    ],
)
def test_service_when_it_is_wrong_is_refused_with_its_line(written, right, wrong, line, complaint) -> None:
    assert right in SERVICE
    with pytest.raises(ContentError) as refused:
        written(SERVICE.replace(right, wrong, 1))
    assert complaint in str(refused.value)
    assert refused.value.file.endswith("service.yml")
    if line:
        assert refused.value.line == line


SIGNED = """calls:
  - id: contact
    register: {en: a, et: b, ru: c}
    service: EE/GOV/70008440/rr/persons
    operation: GET /v1/persons/{subject}/contact
    reads: {number: {from: phone, optional: true}}
writes:
  - id: file
    register: {en: a, et: b, ru: c}
    service: EE/GOV/70000349/refunds/refunds
    operation: POST /v1/persons/{subject}/refunds
    body: {final: true}
    status: GET /v1/persons/{subject}/refunds/{key}
confirm: sign
phone: contact.number
answers: {read_back: utter_a, done: utter_b, none: utter_c}
"""


def signed() -> str:
    before, _, rest = SERVICE.partition("calls:")
    return before + SIGNED + rest[rest.index("degrade:") :]


def test_service_when_it_is_signed_then_knows_where_the_phones_number_is(written) -> None:
    (service,) = written(signed())
    assert service.phone_source == ("contact", "number")


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("phone: contact.number\n", "", "where the phone's number is read"),
        ("confirm: sign", "confirm: read_back", "where the phone's number is read"),
        ("contact.number", "contact.mobile", "no call reads contact.mobile"),
        ("contact.number", "others.number", "no call reads others.number"),
        ("    reads: {number", "    items: contacts\n    reads: {number", "or it reads a list"),
        ("contact.number", "number", "phone"),
    ],
)
def test_service_when_the_phones_number_is_nowhere_then_is_refused(written, right, wrong, complaint) -> None:
    assert right in signed()
    with pytest.raises(ContentError, match=complaint):
        written(signed().replace(right, wrong, 1))


@pytest.mark.parametrize(
    ("when", "slots", "expected"),
    [
        ({}, {}, True),
        ({"topic": ("price",)}, {"topic": "price"}, True),
        ({"topic": ("price", "place")}, {"topic": "place"}, True),
        ({"topic": ("price",)}, {"topic": "place"}, False),
        ({"topic": ("price",)}, {}, False),
        ({"topic": ("price",), "office": ("tartu",)}, {"topic": "price", "office": "narva"}, False),
    ],
)
def test_holds_when_slots_are_given_compares_every_one(when, slots, expected) -> None:
    assert holds(when, slots) is expected
