"""Whether the quotation of a kept answer still stands in the archive, and where it can be read."""

from dataclasses import dataclass
from typing import Any

from index.store import Store
from index.types import Document, Span
from index.verify import Result, verify
from qa.types import describe


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one version of a document."""

    document: Document
    span: Span

    def as_json(self) -> dict[str, Any]:
        """Return the stretch as JSON has it."""
        return {
            "document": describe(self.document),
            "start": self.span.start,
            "end": self.span.end,
            "text": self.span.cut(self.document.text),
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a quotation; see `index.verify.Verdict`.

    `place` is where it can be read: in the document cited if that still has it, in another one, or
    in an earlier version; None if it is nowhere. `now` is what an altered document says instead,
    None where there is nothing like it.
    """

    result: Result
    place: Passage | None = None
    now: Passage | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the standing as JSON has it."""
        return {
            "result": self.result,
            "place": None if self.place is None else self.place.as_json(),
            "now": None if self.now is None else self.now.as_json(),
        }


def standing(store: Store, answer: dict[str, Any]) -> Standing | None:
    """Look for the quotation of a kept answer; None where it quotes nothing.

    Raises:
        ArchiveDamaged: the store cannot be read.
    """
    cited = answer["citation"]
    if cited is None:
        return None
    quote: str = answer["sentence"]
    document_id: int = cited["document"]["id"]
    span = Span(cited["sentence_start"], cited["sentence_end"])
    document = store.document(document_id)
    if document is not None and span.cut(document.text) == quote:
        return Standing("found", Passage(document, span))
    verdict = verify(store, quote, document_id)
    if verdict.places:
        found = verdict.places[0]
        return Standing(verdict.result, Passage(found.document, found.span))
    if not verdict.earlier:
        return Standing(verdict.result)
    # The document cited before others that said the same.
    earlier = min(verdict.earlier, key=lambda each: each.place.document.id != document_id)
    return Standing(
        verdict.result,
        Passage(earlier.place.document, earlier.place.span),
        None if earlier.now is None else Passage(earlier.now.document, earlier.now.sentence_span),
    )
