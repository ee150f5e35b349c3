"""From a question to an answer: choose, snap to the sentence, verify the quote, decide."""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Final

from index.archive import Archive
from index.errors import BadQuestion, QuoteError
from index.types import Span
from qa.confidence import Calibrator, features
from qa.defaults import MIN_CONFIDENCE, MOST_PASSAGES, TOP_K
from qa.follow_up import stand_alone
from qa.question import check_question
from qa.read import Reader
from qa.retrieve import retrieve, shingles
from qa.types import Answer, Citation, Reading, ScoredSpan

_WORD = re.compile(r"\w+|[$¢£¥€%‰°]")

SAME_SHARE: Final = 0.6
"""A sentence that shares this much with the best one, word for word, is no rival of it. To be
listed beside it takes more: the same words, every one."""


class Answerer:
    """Answers questions from one archive. Safe to call from any thread."""

    def __init__(
        self,
        archive: Archive,
        reader: Reader,
        calibrator: Calibrator,
        min_confidence: float = MIN_CONFIDENCE,
        top_k: int = TOP_K,
    ) -> None:
        """Answer from `archive` with `reader`, whose scores `calibrator` understands."""
        self.archive = archive
        self.reader = reader
        self.calibrator = calibrator
        self.min_confidence = min_confidence
        self.top_k = top_k

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        since: date | None = None,
        until: date | None = None,
        top_k: int | None = None,
        min_confidence: float | None = None,
    ) -> Answer:
        """Answer one question with a quotation, or with none and the nearest passages.

        Args:
            question: at most 1,000 characters.
            history: the earlier questions of the conversation, oldest first.
            since: leave out documents from before this day, and those without a date.
            until: leave out documents from after this day, and those without a date.
            top_k: how many passages to read, instead of the answerer's own number.
            min_confidence: the confidence below which nothing is quoted, likewise.

        Raises:
            BadQuestion: the question, an earlier one, or the range of dates makes no sense.
            QuoteError: a quotation that is not in its document; it is not shown.
            ArchiveDamaged: the store cannot be read.
        """
        asked = check_question(question)
        standalone = stand_alone(asked, [check_question(each) for each in history])
        if since is not None and until is not None and since > until:
            raise BadQuestion(f"no day is both since {since} and until {until}; swap them")
        limit = self.top_k if top_k is None else top_k
        if not 1 <= limit <= MOST_PASSAGES:
            raise BadQuestion(f"top_k is {limit}; give a number from 1 to {MOST_PASSAGES}")
        clock = _Clock()
        with clock.measure("embed"):
            vector = self.archive.embedder.encode_question(standalone)
        with clock.measure("search"):
            candidates = retrieve(self.archive, standalone, vector, limit, since, until)
        with clock.measure("read"):
            reading = self.reader.read(standalone, candidates)
        citation, confidence, also = self._decide(reading)
        threshold = self.min_confidence if min_confidence is None else min_confidence
        answered = citation is not None and confidence >= threshold
        return Answer(
            question=asked,
            standalone_question=standalone,
            citation=citation if answered else None,
            confidence=confidence,
            also=also if answered else (),
            differs=(),
            passages=candidates,
            spans=reading.spans,
            timings_ms=clock.total(),
        )

    def _decide(self, reading: Reading) -> tuple[Citation | None, float, tuple[Citation, ...]]:
        """Return the best citation, the confidence in it, and where else the same is said."""
        if not reading.spans:
            return None, 0.0, ()
        best = cite(reading.spans[0])
        also, next_score = _agreement(best, reading.spans)
        return best, self.calibrator.confidence(features(reading, next_score)), also


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


def snap(span: Span, sentences: Sequence[Span]) -> Span:
    """Return the sentence that holds `span`, or the run of sentences that it touches."""
    touched = [span, *(each for each in sentences if _overlap(each, span))]
    return Span(min(each.start for each in touched), max(each.end for each in touched))


def _agreement(
    best: Citation, spans: Sequence[ScoredSpan]
) -> tuple[tuple[Citation, ...], float | None]:
    """Return where else the best answer is given, and the score of the best other answer."""
    wanted = (_words(best.sentence), _words(best.answer))
    said = shingles(best.sentence)

    def elsewhere(scored: ScoredSpan) -> bool:
        there = scored.candidate.document.id != best.document.id
        return there or not _overlap(scored.span, best.sentence_span)

    def agrees(scored: ScoredSpan) -> bool:
        return _words(scored.span.cut(scored.candidate.document.text)) in wanted

    def rivals(scored: ScoredSpan) -> bool:
        own = shingles(scored.span.cut(scored.candidate.document.text))
        return not agrees(scored) and len(own & said) < SAME_SHARE * len(said)

    also = tuple(cite(each) for each in _with_twins(spans) if elsewhere(each) and agrees(each))
    others = (each.score for each in spans if elsewhere(each) and rivals(each))
    return also, max(others, default=None)


def _with_twins(spans: Sequence[ScoredSpan]) -> Iterator[ScoredSpan]:
    """Yield the spans, and after each the sentences of its passage's twins."""
    opened: set[int] = set()
    for scored in spans:
        yield scored
        if scored.candidate.passage.id in opened:
            continue
        opened.add(scored.candidate.passage.id)
        for twin in scored.candidate.twins:
            for sentence in twin.passage.sentences:
                yield ScoredSpan(twin, sentence, scored.score)


def _words(text: str) -> tuple[str, ...]:
    """Return what a text says, without its punctuation and capitals; £5 is not $5, nor 5 5%."""
    return tuple(_WORD.findall(text.casefold())) or (text,)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


class _Clock:
    """Adds up what each stage of a question takes, in milliseconds."""

    def __init__(self) -> None:
        self._begun = time.perf_counter()
        self._stages: dict[str, float] = {}

    @contextmanager
    def measure(self, stage: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self._stages[stage] = (time.perf_counter() - begun) * 1000

    def total(self) -> dict[str, float]:
        return {**self._stages, "total": (time.perf_counter() - self._begun) * 1000}
