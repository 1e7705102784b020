"""A service.yml as fields of a form, and back."""

from urllib.parse import parse_qs, urlencode

import pytest

from assistant.console.forms import Form
from assistant.console.service_cells import NOTHING, OFFERS, READS, SAYING, Rows
from assistant.console.service_fields import Field, Kind, field_of, meant, new_part, sections, sent, shown
from assistant.content.editing.services import at, edited_service
from assistant.content.editing.yaml_text import Plain, YamlText
from assistant.core.errors import EditRefused
from assistant.settings import PROJECT

pytestmark = pytest.mark.unit


def fields(service: Plain) -> tuple[Field, ...]:
    return tuple(field for section in sections(service) for field in section.fields)


def as_sent(service: Plain) -> Form:
    """What a browser sends if nobody changes anything."""
    pairs: list[tuple[str, str]] = []
    for field in fields(service):
        is_shown = shown(field, service)
        if field.rows:
            empty = ("",) * len(field.rows.columns)
            for row in (*is_shown.rows, empty):
                pairs += [
                    (f"{field.name}:{each.name}", cell) for each, cell in zip(field.rows.columns, row, strict=True)
                ]
        elif field.kind is Kind.WORDS:
            pairs += [(f"{field.name}:{language.value}", text) for language, text in (is_shown.words or {}).items()]
        elif field.kind is not Kind.SWITCH or is_shown.text:
            pairs.append((field.name, is_shown.text))
    return Form(parse_qs(urlencode(pairs), keep_blank_values=True))


@pytest.mark.parametrize("service", ["document_renew", "family_benefits", "school_place", "who_looked_at_my_data"])
def test_form_when_nothing_is_changed_then_the_file_keeps_every_byte(service) -> None:
    text = YamlText((PROJECT / "nlu_data" / "services" / service / "service.yml").read_text(encoding="utf-8"))
    form = as_sent(text.value)
    values = {each.place: meant(each, sent(each, form), at(text.value, each.place)) for each in fields(text.value)}
    assert edited_service(text, values).text == text.text


@pytest.mark.parametrize(
    ("rows", "before", "said", "value"),
    [
        (READS, None, [("plate", "plate", "", "")], {"plate": "plate"}),
        (READS, ["a", "b"], [("a", "a", "", ""), ("b", "b", "", "")], ["a", "b"]),
        (READS, None, [("day", "", "date", "yes")], {"day": {"from": "day", "as": "date", "optional": True}}),
        (
            READS,
            {"a": {"from": "a", "as": "text"}, "b": "b"},
            [("a", "a", "text", ""), ("b", "c", "", "")],
            {"a": {"from": "a", "as": "text"}, "b": "c"},
        ),
        (SAYING, None, [("utter_x", "", "")], "utter_x"),
        (SAYING, None, [], None),
        (
            SAYING,
            "utter_x",
            [("utter_y", "topic: a, b; owner: yes", "plate, year"), (NOTHING, "", "")],
            [
                {"when": {"topic": ["a", "b"], "owner": ["yes"]}, "has": ["plate", "year"], "say": "utter_y"},
                {"say": None},
            ],
        ),
        (OFFERS, None, [("pension", "", "")], ["pension"]),
        (
            OFFERS,
            None,
            [("pension", "a: b", "part: first")],
            [{"when": {"a": ["b"]}, "offer": "pension", "with": {"part": "first"}}],
        ),
    ],
)
def test_rows_when_filled_in_then_mean_what_an_editor_would_write(rows: Rows, before, said, value) -> None:
    assert (rows.value(tuple(said), before) or None) == value
    assert rows.shown(value) == tuple(said) or before is None


@pytest.mark.parametrize(
    ("rows", "said", "complaint"),
    [
        (READS, [("", "plate", "", "")], "a row has no name"),
        (READS, [("a", "x", "", ""), ("a", "y", "", "")], "a stands there twice"),
        (SAYING, [("utter_x", "topic", "")], "“topic” is no condition; write it as name: value, value"),
        (SAYING, [("", "a: b", "")], "not what is said then"),
    ],
)
def test_rows_when_they_mean_nothing_then_say_why(rows: Rows, said, complaint) -> None:
    with pytest.raises(EditRefused, match=complaint):
        rows.value(tuple(said), None)


@pytest.mark.parametrize(("text", "value"), [("", None), ("0", 0), ("-30", -30), ("80.5", 80.5)])
def test_number_when_written_then_is_one(text, value) -> None:
    (field,) = (each for each in fields({"inputs": [{"slot": "x"}]}) if each.name == "inputs.0.at_least")
    assert meant(field, sent(field, Form({field.name: [text]})), None) == value


@pytest.mark.parametrize("text", ["nan", "1e9", "much", "٣"])
def test_number_when_it_is_none_then_is_refused(text) -> None:
    (field,) = (each for each in fields({"inputs": [{"slot": "x"}]}) if each.name == "inputs.0.at_least")
    with pytest.raises(EditRefused, match="is no number"):
        meant(field, sent(field, Form({field.name: [text]})), None)


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (("title",), "title"),
        (("calls", 0, "reads", "Bad", "[key]"), "calls.0.reads"),
        (("calls", 0, "register"), "calls.0.register"),
        (("owner",), "owner.institution"),
        (("calls", 0), "calls.0.id"),
        (("colour",), None),
    ],
)
def test_field_of_a_place_when_something_is_wrong_there_then_is_the_one_that_shows_it(place, name) -> None:
    found = field_of(place, fields({"calls": [{"id": "a"}]}))
    assert (found.name if found else None) == name


def test_new_part_when_asked_for_then_stands_behind_the_others() -> None:
    assert new_part({"calls": [{"id": "a"}]}, "calls") == (("calls", 1), {"id": "call_2"})
    with pytest.raises(EditRefused, match="a service has no doors"):
        new_part({}, "doors")
