"""The page on which one asks: what was asked so far, and what comes next."""

from collections.abc import Sequence
from typing import Any, Final

from starlette.responses import HTMLResponse

from api.web import exchange
from api.web.draft import Draft, limits
from api.web.exchange import Exchange
from api.web.page import page
from api.web.reading import Reading
from api.web.visit import Visit
from index import catalogue
from qa import conversations, kept
from qa.reply import notices_of
from qa.talk import KeptAnswer

SHOWN: Final = 50
"""Questions of a conversation on a page."""

NAMED: Final = 5
"""Conversations, and documents, that the first page names."""

_NAME: Final = "Cuttings"
_WELCOME: Final = "What does the archive say?"


def start(visit: Visit, draft: Draft) -> HTMLResponse:
    """Return the page with nothing asked yet."""
    documents, _ = visit.archive.store.count()
    return _page(
        visit,
        draft,
        _WELCOME,
        title=_NAME,
        documents=documents,
        recent=conversations.newest(visit.notebook, limit=NAMED, owner=visit.owner),
        shelf=catalogue.find(visit.archive.store, "", limit=NAMED),
    )


def talk(
    visit: Visit, draft: Draft, after: int | None = None, before: int | None = None
) -> HTMLResponse:
    """Return the page of the conversation that a draft belongs to.

    Args:
        visit: who asks.
        draft: what is typed already. Limits that it leaves open are the conversation's.
        after: the number of the answer after which the page begins; None ends it with the last.
        before: the number of the answer before which the page ends, if `after` is None.

    Raises:
        UnknownConversation: the owner has none of that id.
    """
    found = conversations.find(visit.notebook, draft.talk, visit.owner)
    if after is None:
        answers = kept.last(visit.notebook, found.id, SHOWN, visit.owner, before)
    else:
        answers = kept.thread(visit.notebook, found.id, after, SHOWN, visit.owner)
    scope, gone = found.scope.among(visit.archive.store)
    fetch = visit.fetching()
    name = "A conversation" if found.name is None else found.name
    earlier, later = _beyond(visit, found.id, answers)
    return _page(
        visit,
        draft if draft.limited else draft.within(scope),
        name,
        given=not answers or not answers[0].question.startswith(name.removesuffix(" …")),
        exchanges=[exchange.of_kept(each, fetch, visit.owner) for each in answers],
        notices=notices_of(gone),
        earlier=earlier,
        later=later,
    )


def alone(visit: Visit, shown: Exchange, draft: Draft) -> HTMLResponse:
    """Return the page of one question and what became of it."""
    return _page(visit, draft, shown.question, exchanges=[shown])


def beside(visit: Visit, reading: Reading) -> HTMLResponse:
    """Return the page of a document, beside which one can ask."""
    return _page(visit, Draft(), _WELCOME, title=reading.title, reading=reading)


def limits_of(visit: Visit, draft: Draft) -> HTMLResponse:
    """Return the part that says what may be looked at."""
    return page("_limits.html", **_limits(visit, draft), opened=True)


def _page(visit: Visit, draft: Draft, heading: str, **values: Any) -> HTMLResponse:
    shown = {
        "title": heading,
        "heading": heading,
        "documents": None,
        "recent": [],
        "shelf": [],
        "exchanges": [],
        "given": False,
        "earlier": None,
        "later": None,
        "notices": [],
        "reading": None,
        "longest": visit.longest_question,
        "opened": False,
        **_limits(visit, draft),
        **values,
    }
    return page("thread.html", **shown)


def _limits(visit: Visit, draft: Draft) -> dict[str, Any]:
    scope = draft.scope
    chosen = () if scope.documents is None else scope.documents
    found = catalogue.named(visit.archive.store, chosen)
    return {"draft": draft, "limits": limits(scope), "chosen": found}


def _beyond(
    visit: Visit, talk_id: str, answers: Sequence[KeptAnswer]
) -> tuple[int | None, int | None]:
    """Return the numbers before and after which there are more answers, or None."""
    if not answers:
        return None, None
    first, last = answers[0].number, answers[-1].number
    return (
        first if kept.last(visit.notebook, talk_id, 1, visit.owner, first) else None,
        last if kept.thread(visit.notebook, talk_id, last, 1, visit.owner) else None,
    )
