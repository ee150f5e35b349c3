"""A quotation as text, to be put into an article: the sentence and where it stands."""

from datetime import date
from typing import Any

from api.web.page import in_words
from api.web.quote import KINDS
from qa.show import one_line


def as_text(given: dict[str, Any]) -> str:
    """Return the quotation of an answer that has one, with its reference on the next line.

    Args:
        given: the answer, as `Answer.as_json` has it.
    """
    return f"“{one_line(given['sentence'])}”\n{_reference(given['citation'])}"


def _reference(cited: dict[str, Any]) -> str:
    document = cited["document"]
    published = document["published"]
    named = [
        document["author"],
        f"“{document['title']}”",
        document["publisher"],
        None if published is None else in_words(date.fromisoformat(published)),
        KINDS.get(cited["kind"]),
    ]
    page = cited["original"].get("page")
    place = [
        document["source"],
        None if page is None else f"page {page}",
        f"characters {cited['sentence_start']}–{cited['sentence_end']}",
        document["url"],
    ]
    return f"{_listed(named)} ({_listed(place)})"


def _listed(facts: list[str | None]) -> str:
    return ", ".join(one_line(each) for each in facts if each)
