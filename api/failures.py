"""A failure in a reply that has begun, or of one question among many: a problem in its place."""

from typing import Any

from starlette.types import Scope

from api.kinds import UNEXPECTED
from api.problems import kind_of, problem_of
from api.unexpected import log
from index.errors import CuttingsError


def as_problem(error: Exception, scope: Scope) -> dict[str, Any]:
    """Return the problem document that would have been the reply; log it and count it likewise."""
    kind, detail = UNEXPECTED, None
    if isinstance(error, CuttingsError):
        kind, detail = kind_of(error, scope)
    else:
        log(error, scope)
    # What `api.access` counts is the reply as a whole, and that is none of a problem.
    scope["app"].state.metrics.count_refusal(kind.name)
    return problem_of(kind, scope, detail).model_dump(exclude_none=True)
