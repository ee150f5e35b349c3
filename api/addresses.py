"""Which of the service's addresses a request is for: few, however many paths clients make up."""

import re
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import BaseRoute
from starlette.types import Scope

PROBES: Final = ("/healthz", "/readyz", "/metrics")
"""What machines ask for every few seconds."""

QUESTIONS: Final = "questions"
"""The tag of the routes that take questions."""


class Address(NamedTuple):
    """A route's template, such as `/documents/{id}`, and its tags."""

    template: str
    tags: tuple[str, ...]

    @property
    def takes_questions(self) -> bool:
        """Whether questions are asked there."""
        return QUESTIONS in self.tags


class Addresses:
    """The addresses of an application.

    They are found by the path alone, because some requests are refused before they are routed.
    """

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        """Know these routes, and those below them."""
        self._routes = [_known(each) for each in iter_route_contexts(routes)]

    def find(self, scope: Scope) -> Address | None:
        """Return the address that a request is for, or None where there is nothing.

        A request with a wrong method is for the first address with that path.
        """
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        found = [each for each in self._routes if each.path.match(path)]
        fitting = (each for each in found if scope["method"] in each.methods)
        best = next(fitting, next(iter(found), None))
        return None if best is None else best.address


class _Known(NamedTuple):
    path: re.Pattern[str]
    methods: Collection[str]
    address: Address


def _known(route: RouteContext) -> _Known:
    # Applications that are mounted have neither methods nor tags.
    methods = () if route.methods is None else route.methods
    tags = tuple(getattr(route, "tags", ()))
    return _Known(route.path_regex, methods, Address(str(route.path_format), tags))
