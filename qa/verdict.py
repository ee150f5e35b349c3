"""What became of a quotation, as JSON."""

from typing import Any

from index.verify import Earlier, Place, Verdict
from qa.types import Citation, in_utc


def describe_verdict(quote: str, verdict: Verdict) -> dict[str, Any]:
    """Return what `qa verify --json` prints and `POST /verify` replies."""
    return {
        "quote": quote,
        "result": verdict.result,
        "places": [_place(each) for each in verdict.places],
        "earlier": [_earlier(each) for each in verdict.earlier],
        "more": verdict.more,
    }


def citation_of(place: Place) -> Citation:
    """Return a place as one cites it."""
    return Citation(place.document, place.kind, place.span, place.sentence_span)


def _place(place: Place) -> dict[str, Any]:
    cited = citation_of(place)
    return {
        **cited.as_json(),
        "text": cited.answer,
        "sentence": cited.sentence,
        "torn": place.is_torn,
    }


def _earlier(earlier: Earlier) -> dict[str, Any]:
    return {
        **_place(earlier.place),
        "superseded": in_utc(earlier.superseded),
        "now": None if earlier.now is None else _place(earlier.now),
        "vanished": earlier.vanished,
    }
