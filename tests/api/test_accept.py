"""Which form of a reply a client would rather have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from api.accept import preferred

JSON, EVENTS = "application/json", "text/event-stream"


def _request(*headers: str) -> Request:
    raw = [(b"accept", each.encode("latin-1")) for each in headers]
    return Request({"type": "http", "method": "POST", "path": "/ask", "headers": raw})


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], JSON),
        ([""], JSON),
        (["*/*"], JSON),
        (["application/json"], JSON),
        (["text/event-stream"], EVENTS),
        (["TEXT/Event-Stream"], EVENTS),
        (["text/event-stream; charset=utf-8"], EVENTS),
        (["text/*"], EVENTS),
        # Of equals, what is offered first.
        (["application/json, text/event-stream"], JSON),
        (["text/event-stream, application/json"], JSON),
        (["text/event-stream;q=0.5, application/json;q=0.5"], JSON),
        # By quality, in several headers too.
        (["text/event-stream, application/json;q=0.9"], EVENTS),
        (["text/event-stream;q=0.9, application/json"], JSON),
        (["application/json ; Q=0.001,text/event-stream ;q=1.000"], EVENTS),
        (["application/json;q=0.2", "text/event-stream;q=0.3"], EVENTS),
        # The closest range counts, not the best.
        (["*/*, text/event-stream;q=0.1"], JSON),
        (["*/*;q=0.1, text/event-stream"], EVENTS),
        (["*/*;q=0.8, text/*;q=0.9"], EVENTS),
        (["text/event-stream;q=0, */*"], JSON),
        (["application/json;q=0, */*"], EVENTS),
        # What neither of them fits.
        (["text/html"], JSON),
        (["text/event-stream;q=0"], JSON),
        # What cannot be read is left out.
        (["text/event-stream;q=high"], JSON),
        (["text/event-stream;q=2"], JSON),
        (["text/event-stream;q=-1, text/*;q=0.1"], EVENTS),
        (["event-stream, ;, /, text/event-stream"], EVENTS),
        (["\xff\xfe"], JSON),
    ],
)
def test_what_is_preferred(headers: list[str], expected: str) -> None:
    assert preferred(_request(*headers), (JSON, EVENTS)) == expected


@given(st.text(st.characters(codec="latin-1")))
def test_any_header_leads_to_something_that_is_offered(header: str) -> None:
    assert preferred(_request(header), (JSON, EVENTS)) in (JSON, EVENTS)


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_a_higher_quality_wins(one: int, other: int) -> None:
    header = f"{JSON};q={one / 1000:.3f}, {EVENTS};q={other / 1000:.3f}"
    assert preferred(_request(header), (JSON, EVENTS)) == (EVENTS if other > one else JSON)
