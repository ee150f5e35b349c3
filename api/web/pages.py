"""All the pages, to be added to an application."""

from fastapi import FastAPI

from api.web import choosing, routes, signing_in, static, talks
from api.web.key_cookie import KeyCookie
from api.web.problem_pages import ProblemPages


def add_pages(app: FastAPI) -> None:
    """Add the pages to `app`, whose problems become pages too where a browser asks."""
    for each in (routes, choosing, talks, signing_in):
        app.include_router(each.router)
    app.mount(f"/{static.ADDRESS}", static.Static(directory=static.FOLDER))
    app.add_middleware(ProblemPages)
    app.add_middleware(KeyCookie)
