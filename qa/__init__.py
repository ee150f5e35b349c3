"""The question side: a question in, a cited answer out.

For programs, `Archive` is an archive in a folder of this machine, and `qa.client.Client` one that
is served elsewhere. Both have the same methods.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.archive import Archive
    from qa.question import Question

__all__ = ["Archive", "Question"]


def __getattr__(name: str) -> Any:
    """Import what is asked for only now: the command line must not wait for all of it."""
    if name == "Archive":
        from qa.archive import Archive

        return Archive
    if name == "Question":
        from qa.question import Question

        return Question
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
