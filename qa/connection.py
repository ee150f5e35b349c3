"""What both clients have in common: patience, and errors in our own words."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final, TypeVar

from index.errors import NoService
from qa.calls import Call
from qa.defaults import MOST_QUESTIONS
from qa.question import Question
from qa.refusals import as_error

try:
    import httpx
    from httpx_retries import Retry, RetryTransport
    from httpx_sse import aconnect_sse, connect_sse
except ModuleNotFoundError as error:
    raise ImportError(
        "a client needs an extra; install it: pip install 'cuttings[client]'"
    ) from error

__all__ = ["aconnect_sse", "connect_sse", "httpx"]

Reply = TypeVar("Reply")

ADDRESS: Final = "http://127.0.0.1:8000"
TIMEOUT: Final = 60.0
RETRIES: Final = 3

_LATER: Final = (429, 503)
"""Statuses that ask to come again later, and mostly say when."""


def options(
    address: str,
    timeout: float,
    retries: int,
    headers: Mapping[str, str] | None,
    transport: httpx.BaseTransport | httpx.AsyncBaseTransport | None,
) -> dict[str, Any]:
    """Return what to make either of httpx's clients with."""
    retry = Retry(
        total=retries,
        allowed_methods=("GET", "POST"),  # what is refused like that has changed nothing
        status_forcelist=_LATER,
        retry_on_exceptions=(),
        backoff_factor=0.5,
        total_timeout=timeout,
    )
    return {
        "base_url": address,
        "timeout": timeout,
        "headers": headers,
        "transport": RetryTransport(transport, retry),
    }


def received(call: Call[Reply], response: httpx.Response) -> Reply:
    """Return the reply to a call, whose response has been read.

    Raises:
        CuttingsError: the service says that something is wrong.
        NoService: what replied is none.
    """
    if not response.is_success:
        raise refusal(response)
    with reaching(response.url):
        return call.read(response.content)


def refusal(response: httpx.Response) -> Exception:
    """Return the error that a response with an error status, which has been read, stands for."""
    with suppress(ValueError):  # what stands in between may speak HTML
        told = response.json()
        if isinstance(told, dict) and {"type", "detail"} <= told.keys():
            return as_error(told)
    return NoService(
        f"{response.url} replied with status {response.status_code} and no reason, as no service "
        "of this kind does; check its address"
    )


@contextmanager
def reaching(url: object) -> Iterator[None]:
    """Put errors on the way to a service, and replies that are none of its, in our own words.

    Raises:
        NoService: instead of them.
    """
    try:
        yield
    except httpx.TimeoutException as error:
        raise NoService(
            f"{url} did not reply in time; try again, or with a longer timeout"
        ) from error
    except httpx.HTTPError as error:
        raise NoService(f"cannot reach {url}: {error}; check its address, and qa serve") from error
    except ValueError as error:
        raise NoService(
            f"{url} replied in a form that this version does not know; check its address, and the "
            "versions on both sides"
        ) from error


def in_batches(questions: Sequence[str | Question]) -> Iterator[Sequence[str | Question]]:
    """Yield as many questions at a time as a service takes in one batch."""
    for at in range(0, len(questions), MOST_QUESTIONS):
        yield questions[at : at + MOST_QUESTIONS]
