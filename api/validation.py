"""What is wrong with a request, in words for whoever sent it."""

from typing import Any, Final

from fastapi.exceptions import RequestValidationError

MOST_SHOWN: Final = 5
"""Faults that are named in one message."""

LONGEST_NAME: Final = 60
"""Characters of a field's name that are shown; a client may have made it up."""

_WORDED: Final = {
    "missing": "is missing; add it",
    "extra_forbidden": "is not known here; remove it, or check its spelling",
    "string_unicode": "is not valid text (a lone surrogate); send it as UTF-8",
}


def is_malformed(error: RequestValidationError) -> bool:
    """Say whether the body was not even JSON."""
    return any(each["type"] == "json_invalid" for each in error.errors())


def describe(error: RequestValidationError) -> str:
    """Return which fields do not fit and what would, on one line."""
    faults = error.errors()
    shown = [_describe(each) for each in faults[:MOST_SHOWN]]
    if len(faults) > MOST_SHOWN:
        shown.append(f"and {len(faults) - MOST_SHOWN} more")
    return "; ".join(shown)


def field_of(error: RequestValidationError) -> str | None:
    """Return the field that the first fault is in, if it is in one."""
    path = error.errors()[0]["loc"][1:]
    return path[0] if path and isinstance(path[0], str) else None


def _describe(fault: dict[str, Any]) -> str:
    place, *path = fault["loc"]
    if fault["type"] == "json_invalid":
        return f"the body is not JSON at character {path[0]}: {fault['ctx']['error']}"
    if not path and fault["type"] != "string_unicode":
        return f"the {place} must be a JSON object, sent with Content-Type: application/json"
    found = _WORDED.get(fault["type"])
    if found is not None:
        return f"{_name(path)} {found}"
    message = fault["msg"].removeprefix("Value error, ")
    return f"{_name(path)}: {message[:1].lower()}{message[1:]}"


def _name(path: list[str | int]) -> str:
    """Return a field's name as one would write it: `messages[2].content`."""
    if not path:
        return "the name of a field"
    first, *rest = path
    steps = [f"[{each}]" if isinstance(each, int) else f".{each}" for each in rest]
    name = str(first) + "".join(steps)
    return name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME] + "..."
