"""Services of a draft: service.yml as a form, and as the text that it is."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as InPath
from starlette.responses import Response

from assistant.console.access import Reader, Teacher
from assistant.console.drafts import OpenDraft, author, complaints, conflict_page, save
from assistant.console.forms import Form, Sent
from assistant.console.pages import page, seen
from assistant.console.service_faults import Wrong, said_in, values_of, wrong_as_saved
from assistant.console.service_fields import PARTS, Shown, new_part, sections, shown
from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.draft import Draft, Seen
from assistant.content.editing.merging import Conflict
from assistant.content.editing.responses import list_responses
from assistant.content.editing.services import (
    Place,
    at,
    edited_service,
    list_services,
    new_service,
    service_path,
)
from assistant.content.editing.yaml_text import Plain, YamlText, yaml_text
from assistant.core.editors import Editor
from assistant.core.errors import ContentError
from assistant.core.languages import Language

ServiceName = Annotated[str, InPath(pattern=r"^[a-z][a-z0-9_]{0,126}$")]
_LISTED: tuple[Place, ...] = (("title", "en"), ("data_class",), ("assurance",), ("confirm",))

router = APIRouter(prefix="/drafts/{name}/services")


@router.get("")
async def show_all(me: Reader, draft: OpenDraft) -> Response:
    """Every service, and a form for a new one."""
    found = await asyncio.to_thread(list_services, ContentFiles(draft.folder))
    services = {name: [at(service, place) or "" for place in _LISTED] for name, service in found.items()}
    return page("services.html", title="Services", me=me, draft=draft, services=services, languages=list(Language))


@router.post("")
async def add(me: Teacher, draft: OpenDraft, form: Sent) -> Response:
    """Begin a service that reads one register; what it needs further, its form tells."""
    service = form["service"]
    examples = {each: form.lines(f"examples.{each.value}") for each in Language}
    answers = {
        f"utter_{service}_{key}": {each: form.get(f"{key}.{each.value}") for each in Language}
        for key in ("each", "none")
    }
    values = _first_values(service, form)
    await save(draft, lambda files: new_service(files, service, values, examples, answers), me, f"New: {service}")
    return seen(f"/drafts/{draft.name}/services/{service}")


@router.get("/{service}")
async def show(me: Reader, draft: OpenDraft, service: ServiceName) -> Response:
    """A service as a form, with what is wrong at its fields."""
    form = await asyncio.to_thread(draft.read, service_path(service))
    return await _form_page(me, draft, service, form)


@router.post("/{service}")
async def change(me: Teacher, draft: OpenDraft, service: ServiceName, form: Sent) -> Response:
    """Save the fields that are different from those that the editor saw; add a part, or take one out."""
    path, version = service_path(service), form["version"]
    text = yaml_text(await asyncio.to_thread(draft.text_of, version), path)
    said = said_in(form, text)
    values, wrong = values_of(said, text)
    if wrong:
        shown_again = {field.name: each for field, each in said.items()}
        return await _form_page(me, draft, service, Seen(text.text, version), shown_again, wrong)
    changed = _with_parts(edited_service(text, values), form)
    why = form.note or f"{service}: the service is described otherwise"
    return await _save(me, draft, service, changed.text, version, why)


@router.get("/{service}/text")
async def show_text(me: Reader, draft: OpenDraft, service: ServiceName) -> Response:
    """The file itself."""
    form = await asyncio.to_thread(draft.read, service_path(service))
    return _text_page(me, draft, service, form)


@router.post("/{service}/text")
async def change_text(me: Teacher, draft: OpenDraft, service: ServiceName, form: Sent) -> Response:
    """Save the file as it was written; what is no YAML is not saved, and not lost."""
    text = text_of(form)
    try:
        yaml_text(text, service_path(service))
    except ContentError as error:
        return _text_page(me, draft, service, Seen(text, form["version"]), error.detail)
    return await _save(me, draft, service, text, form["version"], f"{service}: service.yml is written otherwise")


def text_of(form: Form) -> str:
    """The file that a form has, as it was before a browser sent it."""
    return form["text"].replace("\r\n", "\n") + "\n"


async def _save(me: Editor, draft: Draft, service: str, text: str, version: str, why: str) -> Response:
    path = service_path(service)
    done = await asyncio.to_thread(draft.save, {path: text}, {path: version}, author(me), why)
    return (
        conflict_page(done, me, draft)
        if isinstance(done, Conflict)
        else seen(f"/drafts/{draft.name}/services/{service}")
    )


async def _form_page(
    me: Editor,
    draft: Draft,
    service: str,
    form: Seen,
    said: Mapping[str, Shown] | None = None,
    wrong: Wrong | None = None,
) -> Response:
    text = yaml_text(form.text, service_path(service))
    parts = sections(text.value)
    files = ContentFiles(draft.folder)
    found = wrong if wrong else await asyncio.to_thread(wrong_as_saved, draft, service, text)
    opened = {part.name for part in parts if any(field.name in found for field in part.fields)}
    return page(
        "service.html",
        422 if wrong else 200,
        title=service,
        me=me,
        draft=draft,
        service=service,
        version=form.version,
        sections=parts,
        opened=opened,
        shown=said or {field.name: shown(field, text.value) for part in parts for field in part.fields},
        wrong=found,
        elsewhere=0 if found else len(complaints(draft, draft.head())),
        parts=PARTS,
        responses=list(await asyncio.to_thread(list_responses, files)),
        services=list(await asyncio.to_thread(list_services, files)),
    )


def _text_page(me: Editor, draft: Draft, service: str, form: Seen, wrong: str = "") -> Response:
    facts = {"title": service_path(service), "me": me, "draft": draft, "service": service, "form": form, "wrong": wrong}
    return page("service_text.html", 422 if wrong else 200, **facts)


def _with_parts(text: YamlText, form: Form) -> YamlText:
    """With the part that a button asks for, or without it."""
    what, _, name = form.get("do").partition(":")
    if what == "add":
        place, value = new_part(text.value, name)
        return edited_service(text, {place: value})
    if what == "remove":
        key, _, number = name.partition(".")
        return edited_service(text, {(key, int(number)): None}) if key in PARTS and number.isdecimal() else text
    return text


def _first_values(service: str, form: Form) -> dict[str, Plain]:
    def words(name: str) -> dict[str, Plain]:
        return {each.value: form.get(f"{name}.{each.value}") for each in Language}

    call: dict[str, Plain] = {
        "id": form["call"],
        "register": words("register"),
        "service": form["xroad"],
        "operation": form["operation"],
        "reads": {form["read"]: form["field"]},
    }
    return {
        "title": words("title"),
        "owner": {"institution": words("institution"), "code": form["code"]},
        "assurance": "none" if form["data_class"] == "public" else "substantial",
        "data_class": form["data_class"],
        "purpose": words("purpose"),
        "calls": [call],
        "answers": {"each": f"utter_{service}_each", "none": f"utter_{service}_none"},
        "degrade": "utter_register_unavailable",
    }
