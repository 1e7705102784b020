"""A page with a sentence or two, for a person who was navigated here: a login's end, its failure, or a question."""

from collections.abc import Mapping
from html import escape

from fastapi.responses import HTMLResponse
from starlette.responses import Response

from assistant.core.languages import Language
from assistant.shield import security_headers


def notice_page(
    text: str, title: str, language: Language, status: int = 200, *, data: Mapping[str, str], script: str = ""
) -> Response:
    """The page with a link back to ours; `data` are data-* attributes for whoever reads it by a program."""
    attributes = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
    module = f'<script type="module" src="{escape(script)}"></script>' if script else ""
    body = f'<main class="notice"{attributes}><p>{escape(text)}</p><p><a href="/">{escape(title)}</a></p></main>'
    return HTMLResponse(_page(title, language, module + body), status)


def consent_page(
    words: Mapping[str, str], language: Language, action: str, public_url: str, client: str, warning: str = ""
) -> Response:
    """The question whether an account may be linked, below a warning; its form may lead on to the origin `client`."""
    said = [warning] if warning else []
    said += [words[name] for name in ("link_what", "link_cloud", "link_beware")]
    paragraphs = "".join(f"<p>{escape(each)}</p>" for each in said)
    buttons = "".join(
        f'<button name="answer" value="{answer}">{escape(words[name])}</button> '
        for answer, name in (("yes", "link_yes"), ("no", "link_no"))
    )
    heading = f"<h1>{escape(words['link_title'])}</h1>"
    body = f'<main class="notice">{heading}{paragraphs}<form method="post" action="{action}">{buttons}</form></main>'
    page = HTMLResponse(_page(words["link_title"], language, body))
    policy = security_headers(public_url)["Content-Security-Policy"]
    page.headers["Referrer-Policy"] = "same-origin"  # with none at all, browsers send the form from the origin "null"
    page.headers["Content-Security-Policy"] = policy.replace("form-action 'self'", f"form-action 'self' {client}")
    return page


def _page(title: str, language: Language, body: str) -> str:
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width">'
        '<link rel="icon" href="/page/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="/page/page.css">'
        f"{body}"
    )
