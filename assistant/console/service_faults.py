"""What is wrong with a service.yml, at the fields of its form: as it was saved, or as it is being written."""

from collections.abc import Iterable, Mapping

from assistant.console.drafts import complaints
from assistant.console.forms import Form
from assistant.console.service_fields import Field, Shown, field_of, meant, sections, sent
from assistant.content.editing.draft import Draft
from assistant.content.editing.services import Place, at, edited_service, service_path
from assistant.content.editing.yaml_text import Plain, YamlText, yaml_text
from assistant.content.service_spec import Service
from assistant.content.yaml_source import faults
from assistant.core.errors import ContentError, EditRefused

Wrong = Mapping[str, list[str]]
"""What is wrong by the name of the field; under the empty name what is about none."""
Said = Mapping[Field, Shown]


def said_in(form: Form, text: YamlText) -> dict[Field, Shown]:
    """What a form has in each field of the service that it was made from."""
    return {field: sent(field, form) for field in _fields(text)}


def values_of(said: Said, text: YamlText) -> tuple[dict[str | Place, Plain], dict[str, list[str]]]:
    """What the fields mean, and what is wrong with those that mean nothing."""
    values: dict[str | Place, Plain] = {}
    wrong: dict[str, list[str]] = {}
    for field, each in said.items():
        try:
            values[field.place] = meant(field, each, at(text.value, field.place))
        except EditRefused as error:
            wrong[field.name] = [error.detail]
    return values, wrong


def wrong_as_saved(draft: Draft, service: str, text: YamlText) -> Wrong:
    """What is wrong with a service that was saved."""
    return _misfits(text) or _at_fields(complaints(draft, draft.head()), service, text)


def wrong_as_typed(draft: Draft, service: str, form: Form) -> Wrong:
    """What would be wrong with a service, and with what goes by it, if its form was saved as it stands."""
    path = service_path(service)
    text = yaml_text(draft.text_of(form["version"]), path)
    values, wrong = values_of(said_in(form, text), text)
    changed = edited_service(text, values)
    misfits = {**_misfits(changed), **wrong}
    return misfits or wrong_as_written(draft, service, changed.text, form["version"])


def wrong_as_written(draft: Draft, service: str, text: str, version: str) -> Wrong:
    """The same of the file itself, which its editor saw in a version."""
    path = service_path(service)
    merged = draft.merged(path, text, version)
    if not isinstance(merged, str):
        return {"": [f"somebody else changed {path} meanwhile, in the same lines"]}
    becomes = yaml_text(merged, path)
    if misfits := _misfits(becomes):
        return misfits
    known = complaints(draft, draft.head())
    if merged == draft.read(path).text:
        return _at_fields(known, service, becomes)
    now = draft.broken_by(lambda files: files.change(path, merged), ())
    before = {(each.file, each.what) for each in known}  # lines move
    elsewhere = [str(each) for each in now if not _is_of(service, each) and (each.file, each.what) not in before]
    wrong = _at_fields(now, service, becomes)
    return {**wrong, "": [*wrong.get("", ()), *elsewhere]} if elsewhere else wrong


def _fields(text: YamlText) -> tuple[Field, ...]:
    return tuple(field for section in sections(text.value) for field in section.fields)


def _misfits(text: YamlText) -> dict[str, list[str]]:
    """What does not fit a service.yml, whatever the rest of the content is."""
    fields = _fields(text)
    found: dict[str, list[str]] = {}
    for fault in faults(text.value, Service):
        field = field_of(fault.place, fields)
        found.setdefault(field.name if field else "", []).append(fault.detail)
    return found


def _at_fields(errors: Iterable[ContentError], service: str, text: YamlText) -> Wrong:
    """What the check says of a service, at its fields."""
    fields = _fields(text)
    found: dict[str, list[str]] = {}
    for error in errors:
        if error.file == service_path(service):
            found.setdefault(_name_at(error.line, text, fields), []).append(str(error))
        elif _is_of(service, error):
            found.setdefault("", []).append(str(error))
    return found


def _is_of(service: str, error: ContentError) -> bool:
    return error.file.startswith(f"services/{service}/")


def _name_at(line: int, text: YamlText, fields: tuple[Field, ...]) -> str:
    """The name of the field that stands in a line, or begins above it."""
    lines = {field.name: text.line(*field.place) for field in fields if at(text.value, field.place) is not None}
    before = {name: first for name, first in lines.items() if first <= line}
    return max(before, key=lambda name: before[name], default="") if line else ""
