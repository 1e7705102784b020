"""service.yml as a form: single fields are changed, and the rest keeps its comments and order."""

from collections.abc import Mapping

from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.yaml_text import Key, Plain, yaml_text
from assistant.core.errors import EditRefused


def service_path(service: str) -> str:
    """The file of a service."""
    return f"services/{service}/service.yml"


def read_service(files: ContentFiles, service: str) -> Plain:
    """What a service.yml says, as plain values.

    Raises:
        ContentError: there is no such service.
    """
    path = service_path(service)
    return yaml_text(files.read(path), path).value


def edit_service(files: ContentFiles, service: str, values: Mapping[str | tuple[Key, ...], Plain]) -> None:
    """Give fields of a service other values: `{"assurance": "high", ("title", "et"): "Pension"}`; None takes one out.

    Only what is different within a value is written. What is wrong with the result, the check tells with its line.

    Raises:
        EditRefused: the name of the service is not changed here, but with its intent.
        ContentError: there is no such service, or no place for a value.
    """
    path = service_path(service)
    text = yaml_text(files.read(path), path)
    for key, value in values.items():
        place = (key,) if isinstance(key, str) else key
        if place == ("service",) and value != service:
            raise EditRefused(f"rename the intent {service}: everything that names the service follows")
        if value is not None:
            text = text.set(value, *place)
        elif text.get(*place) is not None:
            text = text.remove(*place)
    files.change(path, text.text)
