"""A failure in a reply that has begun, or of one question among many: a problem in its place."""

from starlette.types import Scope

from api.kinds import UNEXPECTED
from api.problems import kind_of, problem_of
from api.schemas import Problem
from api.unexpected import log
from index.errors import CuttingsError


def as_problem(error: Exception, scope: Scope) -> Problem:
    """Return the problem that a reply of its own would have been; log what is logged of those."""
    if isinstance(error, CuttingsError):
        kind, detail = kind_of(error, scope)
        return problem_of(kind, scope, detail)
    log(error, scope)
    return problem_of(UNEXPECTED, scope)
