"""Which of several forms of a reply a client would rather have: the Accept header (RFC 9110)."""

import re
from collections.abc import Mapping, Sequence

from starlette.requests import Request

_RANGE = re.compile(
    r"\s*([^\s;,/]+/[^\s;,/]+)\s*"  # application/json, text/*, */*
    r"((?:;[^;,]*)*)"  # what may follow it
)
_QUALITY = re.compile(r";\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*(?=;|$)", re.IGNORECASE)
_ANY_QUALITY = re.compile(r";\s*q\s*=", re.IGNORECASE)


def preferred(request: Request, offered: Sequence[str]) -> str:
    """Return the media type that a client ranks first; of equals, the one that is offered first.

    A client that takes none of them gets the first one, as RFC 9110 allows: a reply that it can
    look at helps more than none.
    """
    accepted = _ranges(", ".join(request.headers.getlist("accept")))
    return max(offered, key=lambda each: _quality(accepted, each))


def _ranges(header: str) -> dict[str, float]:
    """Return the quality of each range of media types; what cannot be read is left out."""
    found: dict[str, float] = {}
    for each in header.split(","):
        match = _RANGE.fullmatch(each)
        if match is None:
            continue
        quality = _QUALITY.search(match[2])
        if quality is not None:
            found[match[1].lower()] = float(quality[1])
        elif _ANY_QUALITY.search(match[2]) is None:
            found[match[1].lower()] = 1.0
    return found


def _quality(accepted: Mapping[str, float], media_type: str) -> float:
    """Return what the range that names a media type most closely says of it."""
    ranges = (media_type, media_type.partition("/")[0] + "/*", "*/*")
    return next((accepted[each] for each in ranges if each in accepted), 0.0)
