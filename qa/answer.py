"""From a question to an answer: choose, snap to the sentence, verify the quote, decide."""

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Final, NamedTuple

from index.archive import Archive
from index.copies import shingles
from index.errors import BadQuestion, QuoteError
from index.types import Span
from qa.answer_type import asked_for, fits
from qa.confidence import features
from qa.defaults import MIN_CONFIDENCE, MOST_PASSAGES, TOP_K
from qa.follow_up import stand_alone
from qa.question import check_question
from qa.read import Reader
from qa.retrieve import retrieve
from qa.types import Answer, Citation, Reading, ScoredSpan
from qa.weights import Weights

_WORD = re.compile(r"\w+(?:[.,]\d+)*|[$¢£¥€%‰°]")
_ARTICLES: Final = frozenset({"a", "an", "the"})

SAME_SHARE: Final = 0.6
"""A sentence that shares this much with the best one, word for word, is no rival of it. To be
listed beside it takes more: the same words, every one."""


CLOSE: Final = 2.5
"""An answer that says something else is shown too if its log-odds are this near the best one's."""


class Answerer:
    """Answers questions from one archive. Safe to call from any thread."""

    def __init__(
        self,
        archive: Archive,
        reader: Reader,
        calibrator: Weights,
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
        found = self._decide(standalone, reading)
        threshold = self.min_confidence if min_confidence is None else min_confidence
        answered = found.citation is not None and found.confidence >= threshold
        return Answer(
            question=asked,
            standalone_question=standalone,
            citation=found.citation if answered else None,
            confidence=found.confidence,
            also=found.also if answered else (),
            differs=found.differs if answered else (),
            passages=candidates,
            spans=reading.spans,
            timings_ms=clock.total(),
        )

    def _decide(self, question: str, reading: Reading) -> "_Found":
        """Choose the best span, and say what the others make of it."""
        if not reading.spans:
            return _Found(None, 0.0, (), ())
        best = reading.spans[0]
        agreeing, rivals = compare(reading.spans)
        next_score = max((each.score for each in rivals), default=None)
        measured = features(question, reading, next_score, agreeing)
        own = cite(best)
        return _Found(
            citation=own,
            confidence=self.calibrator.probability(measured),
            also=_citations([*agreeing, *_in_twins(best, agreeing)]),
            # Two whole sentences differ in all sorts of ways: only short answers can disagree.
            differs=_citations(each for each in rivals if _disagrees(question, each, reading))
            if own.span != own.sentence_span
            else (),
        )


class _Found(NamedTuple):
    citation: Citation | None
    confidence: float
    also: tuple[Citation, ...]
    differs: tuple[Citation, ...]


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
    touched = [span, *(each for each in sentences if each.overlaps(span))]
    return Span(min(each.start for each in touched), max(each.end for each in touched))


def _disagrees(question: str, rival: ScoredSpan, reading: Reading) -> bool:
    """Say whether a rival is worth showing: nearly as good, and the kind of thing asked for."""
    said = rival.span.cut(rival.candidate.document.text)
    near = reading.spans[0].score - rival.score < CLOSE
    kind = asked_for(question)
    # Two numbers contradict each other; two names may both be right, or one be beside the point.
    own = rival.score - reading.no_answer
    believed = dict(rival.evidence).get("passage", own) if kind in ("number", "date") else own
    return near and believed > 0 and fits(said, kind)


def compare(spans: Sequence[ScoredSpan]) -> tuple[list[ScoredSpan], list[ScoredSpan]]:
    """Return the spans that say what the first one says elsewhere, and those that say otherwise.

    What stands in the first one's own sentence is neither: it is part of the same answer. Nor is
    what says more, or less, of the same. Of spans with the same words, the best counts.
    """
    best = spans[0]
    own = cite(best)
    wanted, around = _words(own.answer), _words(own.sentence)
    shared = shingles(own.sentence)
    agreeing: list[ScoredSpan] = []
    rivals: list[ScoredSpan] = []
    seen: set[tuple[str, ...]] = set()
    for each in spans[1:]:
        document, cited = each.candidate.document, cite(each)
        if document.id == own.document.id and each.span.overlaps(own.sentence_span):
            continue
        said = _words(cited.answer)
        if said in (wanted, around):
            agreeing.append(each)
            continue
        copied = len(shingles(cited.sentence) & shared) >= SAME_SHARE * len(shared)
        if not (_within(said, wanted) or _within(wanted, said) or copied or said in seen):
            seen.add(said)
            rivals.append(each)
    return agreeing, rivals


def _in_twins(best: ScoredSpan, agreeing: Iterable[ScoredSpan]) -> Iterator[ScoredSpan]:
    """Yield the place of the best span, and of those that agree, in the twins of their passages.

    A twin's sentence that is the same, letter for letter, holds the answer at the same distance
    from its beginning; one that only says the same holds it as a whole.
    """
    for scored in (best, *agreeing):
        sentence = cite(scored).sentence_span
        quoted = sentence.cut(scored.candidate.document.text)
        for twin in scored.candidate.twins:
            for there in twin.passage.sentences:
                text = there.cut(twin.document.text)
                shift = there.start - sentence.start
                if text == quoted:
                    moved = Span(scored.span.start + shift, scored.span.end + shift)
                    yield ScoredSpan(twin, moved, scored.score)
                elif scored.span == sentence and _words(text) == _words(quoted):
                    yield ScoredSpan(twin, there, scored.score)


def _citations(spans: Iterable[ScoredSpan]) -> tuple[Citation, ...]:
    """Cite spans, each sentence once."""
    found: dict[tuple[int, Span], Citation] = {}
    for each in spans:
        cited = cite(each)
        found.setdefault((cited.document.id, cited.sentence_span), cited)
    return tuple(found.values())


def _words(text: str) -> tuple[str, ...]:
    """Return what a text says, without punctuation, capitals, articles; £5 is not $5, nor 5 5%."""
    found = tuple(_WORD.findall(text.casefold()))
    return tuple(each for each in found if each not in _ARTICLES) or found or (text,)


def _within(few: tuple[str, ...], many: tuple[str, ...]) -> bool:
    return any(many[at : at + len(few)] == few for at in range(len(many) - len(few) + 1))


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
