"""Which of the service's addresses a request is for: few, however many paths clients make up."""

from collections.abc import Sequence
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
        self._routes = list(iter_route_contexts(routes))

    def find(self, scope: Scope) -> Address | None:
        """Return the address that a request is for, or None where there is nothing.

        A request with a wrong method is for the first address with that path.
        """
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        found = [each for each in self._routes if each.path_regex.match(path)]
        fitting = (each for each in found if scope["method"] in _methods(each))
        best = next(fitting, next(iter(found), None))
        if best is None or best.path_format is None:
            return None
        return Address(best.path_format, tuple(getattr(best, "tags", None) or ()))


def _methods(route: RouteContext) -> set[str]:
    return set() if route.methods is None else route.methods
