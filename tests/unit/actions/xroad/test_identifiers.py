import pytest

from actions.xroad.identifiers import ClientId, ServiceId, build_path, build_query, parse_represented_party
from assistant.core.errors import ServiceRefused

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("EE/GOV/70009999/kratt", "EE/GOV/70009999/kratt"),
        ("EE/GOV/70009999/a+b=c?", "EE/GOV/70009999/a%2Bb%3Dc%3F"),
        ("EE/GOV/7000.9999/(x),-'", "EE/GOV/7000.9999/%28x%29%2C-%27"),
    ],
)
def test_client_id_when_allowed_then_encodes_each_part_by_itself(text: str, encoded: str) -> None:
    assert str(ClientId.parse(text)) == encoded


@pytest.mark.parametrize(
    "text",
    [
        "",
        "EE/GOV/70009999",
        "EE/GOV/70009999/kratt/more",
        "EE/GOV/70009999/",
        "EE/GOV/../kratt",
        "EE/GOV/70009999/kr%61tt",
        "EE/GOV/70009999/kr_att",
        "EE/GOV/70009999/kratt\r\nX-Road-Client: other",
        "EE/GOV/70009999/kõrts",
        "EE/GOV/70009999/kratt\n",
    ],
)
def test_client_id_when_not_in_the_alphabet_then_is_refused(text: str) -> None:
    with pytest.raises(ServiceRefused):
        ClientId.parse(text)


def test_service_id_when_five_parts_then_knows_the_member() -> None:
    assert ServiceId.parse("EE/GOV/70008747/itds/documents").member_code == "70008747"


def test_service_id_when_four_parts_then_is_refused() -> None:
    with pytest.raises(ServiceRefused):
        ServiceId.parse("EE/GOV/70008747/itds")


@pytest.mark.parametrize(
    ("value", "segment"),
    [
        ("EE60001019906", "EE60001019906"),
        ("pärnu", "p%C3%A4rnu"),
        ("O’CONNEŽ ŠUSLIK", "O%E2%80%99CONNE%C5%BD%20%C5%A0USLIK"),
        ("a?b#c&d=e:f", "a%3Fb%23c%26d%3De%3Af"),
    ],
)
def test_build_path_when_value_is_harmless_then_encodes_it_as_one_segment(value: str, segment: str) -> None:
    assert build_path("/v1/persons/{subject}/documents", {"subject": value}) == f"/v1/persons/{segment}/documents"


@pytest.mark.parametrize(
    "value",
    [
        "",
        ".",
        "..",
        "a..b",
        "a/b",
        "a%2Fb",
        "%2e%2e",
        "a;b",
        "user@host",
        "a\\b",
        "a\r\nb",
        "\x00",
        "a\u2028b",
        "\ud800",
        "x" * 201,
        "\uff0e\uff0e",
        "\u2025",
        "a\uff0fb",
        "a\uff05b",
        "a\u037eb",
        "\uff0e",
        "\u2105",
    ],
)
def test_build_path_when_value_could_mean_something_then_is_refused_without_quoting_it(value: str) -> None:
    with pytest.raises(ServiceRefused) as refusal:
        build_path("/v1/offices/{office}", {"office": value})
    assert len(value) < 2 or value not in str(refusal.value)


@pytest.mark.parametrize(
    "template", ["v1/x", "/v1//x", "/v1/{office}.json", "/v1/../x", "/v1/x?y=1", "/v1/%2e", "/v1/x#y", "/"]
)
def test_build_path_when_template_is_not_plain_segments_then_is_refused(template: str) -> None:
    with pytest.raises(ServiceRefused):
        build_path(template, {"office": "tallinn"})


def test_build_path_when_value_is_missing_then_is_refused() -> None:
    with pytest.raises(ServiceRefused):
        build_path("/v1/offices/{office}", {"document_type": "passport"})


@pytest.mark.parametrize(
    ("template", "query"),
    [
        ({}, ""),
        ({"since": "2026-01-01"}, "since=2026-01-01"),
        ({"userCode": "{subject}", "page-size": "5"}, "userCode=EE60001019906&page-size=5"),
        ({"words": "{words}"}, "words=a%26owner%3DEE38001085718%23%3F%2F%3B%2B%20%C3%B5"),
        ({"words": "x{words}"}, "words=x%7Bwords%7D"),
    ],
)
def test_build_query_when_values_are_harmless_then_encodes_each_by_itself(template: dict[str, str], query: str) -> None:
    values = {"subject": "EE60001019906", "words": "a&owner=EE38001085718#?/;+ õ"}
    assert build_query(template, values) == query


@pytest.mark.parametrize("value", ["", "a\r\nb", "\x00", "%26", "a\\b", "\ud800", "x" * 201, "\uff05"])
def test_build_query_when_value_could_mean_something_then_is_refused_without_quoting_it(value: str) -> None:
    with pytest.raises(ServiceRefused) as refusal:
        build_query({"words": "{words}"}, {"words": value})
    assert not value or value not in str(refusal.value)
    with pytest.raises(ServiceRefused):
        build_query({"words": value}, {})


@pytest.mark.parametrize("name", ["", "a=b", "a&b", "a b", "õ", "a\n", "{subject}"])
def test_build_query_when_name_is_not_plain_then_is_refused(name: str) -> None:
    with pytest.raises(ServiceRefused):
        build_query({name: "x"}, {"subject": "EE60001019906"})


@pytest.mark.parametrize(
    ("text", "value"), [("12345678", "12345678"), ("COM/12345678", "COM/12345678"), ("a+b", "a%2Bb")]
)
def test_represented_party_when_one_or_two_parts_then_encodes_each(text: str, value: str) -> None:
    assert parse_represented_party(text) == value


@pytest.mark.parametrize("text", ["", "/", "a/b/c", "a/", "..", "a/..", "a b", "a\r\nb", "a%2Fb", "õ", "x" * 201])
def test_represented_party_when_anything_else_then_is_refused(text: str) -> None:
    with pytest.raises(ServiceRefused) as refusal:
        parse_represented_party(text)
    assert len(text) < 2 or text not in str(refusal.value)
