"""All the pages, to be added to an application."""

from fastapi import FastAPI

from api.web import choosing, routes, static, talks
from api.web.problem_pages import ProblemPages


def add_pages(app: FastAPI) -> None:
    """Add the pages to `app`, whose problems become pages too where a browser asks."""
    for each in (routes, choosing, talks):
        app.include_router(each.router)
    app.mount(f"/{static.ADDRESS}", static.Static(directory=static.FOLDER))
    app.add_middleware(ProblemPages)
