"""Pages, and parts of them for the script to put in place: templates in, responses out."""

from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.web import static
from api.web.text import showable

PART: Final = "x-part"
"""The header by which the script asks for what is new on a page, without what surrounds it."""

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    # The script makes no HTML out of text at all: the browser parses parts as they come.
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""The Content-Security-Policy of every page: nothing from elsewhere, and nothing inline."""

HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # With no-referrer, a browser would not say where a form comes from, not even to ourselves.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Kept for going back, asked again otherwise; and a part is no page.
    "Cache-Control": "private, no-cache",
    "Vary": "X-Part",
}


def wants_part(request: Request) -> bool:
    """Say whether the script asks, not the browser."""
    return PART in request.headers


def page(name: str, status: int = 200, root: str = "", **values: Any) -> HTMLResponse:
    """Return what a template makes of some values.

    Args:
        name: the template's.
        status: the response's.
        root: what leads from the page's address to the service's root. Pages lie beside each other
            there, so that their links hold wherever a proxy puts them.
        values: what the template is about.
    """
    html = _templates.get_template(name).render(root=root, static=root + static.ADDRESS, **values)
    return HTMLResponse(html, status, HEADERS)


def in_words(day: date) -> str:
    """Return a day as one writes it: 5 September 2017."""
    return f"{day.day} {day:%B %Y}"


def _sentence(message: str) -> str:
    """Return an error's message, which begins small and ends bare, as a sentence."""
    return f"{message[:1].upper()}{message[1:]}{'' if message.endswith(('.', '?', '!')) else '.'}"


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(str(files("api.web"))) / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["day"] = in_words
    made.filters["sentence"] = _sentence
    made.filters["showable"] = showable
    return made


_templates: Final = _environment()
