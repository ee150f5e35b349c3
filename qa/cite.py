"""A reader's span -> a citation: the whole sentence around it, compared with its document."""

from collections.abc import Iterable, Sequence

from index.errors import QuoteError
from index.types import Span
from qa.types import Citation, ScoredSpan


def cite(scored: ScoredSpan) -> Citation:
    """Turn a reader's span into a citation, with the whole sentence around it.

    Raises:
        QuoteError: the span or the passage is not what the document says.
    """
    passage, document = scored.candidate.passage, scored.candidate.document
    sentence = snap(scored.span, passage.sentences)
    for span in (scored.span, sentence):
        read = passage.text[span.start - passage.start : span.end - passage.start]
        inside = Span(passage.start, passage.end).holds(span)
        if not inside or not read.strip() or document.text[span.start : span.end] != read:
            raise QuoteError(
                f"a quotation from {document.source} at {span.start} is not in it word for word; "
                "run qa doctor"
            )
    return Citation(document, passage.kind, scored.span, sentence)


def cite_each(spans: Iterable[ScoredSpan]) -> tuple[Citation, ...]:
    """Cite spans, each sentence once."""
    found: dict[tuple[int, Span], Citation] = {}
    for each in spans:
        cited = cite(each)
        found.setdefault((cited.document.id, cited.sentence_span), cited)
    return tuple(found.values())


def snap(span: Span, sentences: Sequence[Span]) -> Span:
    """Return the sentence that holds `span`, or the run of sentences that it touches."""
    touched = [span, *(each for each in sentences if each.overlaps(span))]
    return Span(min(each.start for each in touched), max(each.end for each in touched))
