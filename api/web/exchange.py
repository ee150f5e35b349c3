"""A question and what became of it, as the page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.web import quotation
from api.web.quote import Fetch, Quote, passage, quote
from qa.conversations import new_id
from qa.reply import Reply
from qa.show import NEAREST, NOTHING, clean
from qa.talk import KeptAnswer, Verdict

_SURE: Final = (
    (0.9, "Almost certainly the answer"),
    (0.7, "Very likely the answer"),
    (0.5, "More likely the answer than not"),
    (0.0, "Perhaps the answer"),
)

_VERDICTS: Final[Sequence[tuple[Verdict, str]]] = (
    ("right", "Right"),
    ("wrong answer", "Wrong answer"),
    ("wrong citation", "Wrong citation"),
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what became of it.

    `read_as` is the question that was asked of the archive, where that is another one. `quote` is
    None where the archive does not say; `answer` is the short answer, where that is not the whole
    sentence; `said` is the outcome in a few words. `talk` is its conversation, if any.

    What is not `kept` has no address, and nobody can say what they think of it; `verdicts`, those
    that can be given, are also empty where somebody else asked.
    """

    id: str
    kept: bool
    talk: str | None
    question: str
    read_as: str
    answer: str
    said: str
    sure: str
    percent: int
    quote: Quote | None
    quotation: str
    also: Sequence[Quote]
    differs: Sequence[Quote]
    nearest: Sequence[Quote]
    notices: Sequence[str]
    verdicts: Sequence[tuple[Verdict, str]]
    verdict: Verdict | None


def of_reply(reply: Reply, fetch: Fetch, owner: str) -> Exchange:
    """Return what is shown of a reply that has just been given."""
    if reply.kept is None:
        return _exchange(reply.answer.as_json(), fetch, None, reply.notices, owner)
    return of_kept(reply.kept, fetch, owner, reply.notices)


def of_kept(kept: KeptAnswer, fetch: Fetch, owner: str, notices: Sequence[str] = ()) -> Exchange:
    """Return what is shown of a kept answer to `owner`, whoever's it is."""
    return _exchange(kept.answer, fetch, kept, notices, owner)


def _exchange(
    given: dict[str, Any],
    fetch: Fetch,
    kept: KeptAnswer | None,
    notices: Sequence[str],
    owner: str,
) -> Exchange:
    cited = given["citation"]
    short = cited is not None and given["answer"] != given["sentence"]
    standalone = given["standalone_question"]
    own = kept is not None and kept.owner == owner
    return Exchange(
        id=new_id() if kept is None else kept.id,
        kept=kept is not None,
        talk=kept.conversation if kept is not None and own else None,
        question=given["question"],
        read_as="" if standalone == given["question"] else standalone,
        answer=clean(given["answer"]) if short else "",
        said=NOTHING if cited is None else f"Answer: {clean(given['answer'])}",
        sure=in_words(given["confidence"]),
        percent=round(100 * given["confidence"]),
        quote=None if cited is None else quote(cited, fetch),
        quotation="" if cited is None else quotation.as_text(given),
        also=[quote(each, fetch) for each in given["also"]],
        differs=[quote(each["citation"], fetch) for each in given["differs"]],
        nearest=[]
        if cited is not None
        else [passage(each, fetch) for each in given["passages"][:NEAREST]],
        notices=notices,
        verdicts=[each for each in _VERDICTS if cited is not None or each[0] != "wrong citation"]
        if own
        else [],
        verdict=None if kept is None or kept.feedback is None else kept.feedback.verdict,
    )


def in_words(confidence: float) -> str:
    """Return how sure an answer is, as one would say it."""
    return next(words for least, words in _SURE if confidence >= least)
