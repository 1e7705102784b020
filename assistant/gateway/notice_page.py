"""A page with a sentence or two, for a person who was navigated here: a login's end, or its failure."""

from collections.abc import Mapping
from html import escape

from fastapi.responses import HTMLResponse
from starlette.responses import Response

from assistant.core.languages import Language


def notice_page(
    text: str, title: str, language: Language, status: int = 200, *, data: Mapping[str, str], script: str = ""
) -> Response:
    """The page with a link back to ours; `data` are data-* attributes for whoever reads it by a program."""
    attributes = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
    module = f'<script type="module" src="{escape(script)}"></script>' if script else ""
    return HTMLResponse(
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/page/page.css">'
        f'{module}<main class="notice"{attributes}><p>{escape(text)}</p>'
        f'<p><a href="/">{escape(title)}</a></p></main>',
        status,
    )
