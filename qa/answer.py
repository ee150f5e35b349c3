"""From a question to an answer: choose, snap to the sentence, verify the quote, decide."""

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from index.archive import Archive
from index.errors import BadQuestion
from qa.agreement import compare, disagrees, words_of
from qa.cite import cite, cite_each
from qa.confidence import features
from qa.defaults import MIN_CONFIDENCE, MOST_PASSAGES, TOP_K
from qa.follow_up import stand_alone
from qa.question import LONGEST_QUESTION, check_history, check_question
from qa.read import Reader
from qa.retrieve import retrieve
from qa.scope import Scope, check_scope
from qa.stages import Retrieved, Stage, Tell, Tentative, ignore
from qa.twins import is_comment
from qa.types import Answer, Candidate, Citation, Reading, Rewrite, ScoredSpan, Turn
from qa.versions import versions
from qa.weights import Weights


class Answerer:
    """Answers questions from one archive. Safe to call from any thread.

    `listeners` are told what is known on the way to each answer, and then the answer itself, before
    it is returned. Nothing of it depends on them.
    """

    def __init__(
        self,
        archive: Archive,
        reader: Reader,
        calibrator: Weights,
        min_confidence: float = MIN_CONFIDENCE,
        top_k: int = TOP_K,
        longest_question: int = LONGEST_QUESTION,
    ) -> None:
        """Answer from `archive` with `reader`, whose scores `calibrator` understands."""
        self.archive = archive
        self.reader = reader
        self.calibrator = calibrator
        self.min_confidence = min_confidence
        self.top_k = top_k
        self.longest_question = longest_question
        self.listeners: list[Tell] = []

    def ask(
        self,
        question: str,
        history: Sequence[Turn | str] = (),
        since: date | None = None,
        until: date | None = None,
        top_k: int | None = None,
        min_confidence: float | None = None,
        documents: Collection[int] | None = None,
        tell: Tell = ignore,
        *,
        as_is: bool = False,
    ) -> Answer:
        """Answer one question with a quotation, or with none and the nearest passages.

        Args:
            question: at most `longest_question` characters.
            history: the conversation so far, oldest first; `Answer.turn` is the next one. What was
                answered helps, but the questions alone will do.
            since: leave out documents from before this day, and those without a date.
            until: leave out documents from after this day, and those without a date.
            top_k: how many passages to read, instead of the answerer's own number.
            min_confidence: the confidence below which nothing is quoted, likewise.
            documents: leave out all but these, by id.
            tell: is told of this question what `listeners` are told of all.
            as_is: ask the question as it was typed, whatever came before it.

        Raises:
            BadQuestion: the question, an earlier one, or the range of dates makes no sense, or a
                chosen document is not there.
            QuoteError: a quotation that is not in its document; it is not shown.
            ArchiveDamaged: the store cannot be read.
        """
        longest = self.longest_question
        asked = check_question(question, longest)
        turns = check_history(history, longest)
        made = Rewrite(asked) if as_is else stand_alone(asked, turns)
        if len(made.question) > longest:
            made = Rewrite(asked)
        standalone = made.question
        chosen = None if documents is None else tuple(documents)
        check_scope(self.archive.store, Scope(chosen, since, until))
        limit = self.top_k if top_k is None else top_k
        if not 1 <= limit <= MOST_PASSAGES:
            raise BadQuestion(f"top_k is {limit}; give a number from 1 to {MOST_PASSAGES}")
        listeners = (*self.listeners, tell)

        def say(stage: Stage) -> None:
            for each in listeners:
                each(stage)

        clock = _Clock()
        with self.archive.asking():  # files that are being added meanwhile can wait
            with clock.measure("embed"):
                vector = self.archive.embedder.encode_question(standalone)
            with clock.measure("search"):
                candidates = retrieve(self.archive, standalone, vector, limit, since, until, chosen)
            say(Retrieved(candidates))
            with clock.measure("read"):
                reading = self.reader.read(
                    standalone, candidates, lambda best: say(Tentative(cite(best)))
                )
        threshold = self.min_confidence if min_confidence is None else min_confidence
        found = self._decide(standalone, reading, candidates, threshold)
        answered = found.citation is not None and found.confidence >= threshold
        answer = Answer(
            question=asked,
            standalone_question=standalone,
            citation=found.citation if answered else None,
            confidence=found.confidence,
            also=found.also if answered else (),
            differs=found.differs if answered else (),
            passages=candidates,
            spans=reading.spans,
            timings_ms=clock.total(),
            carried=made.carried,
        )
        say(answer)
        return answer

    def _decide(
        self,
        question: str,
        reading: Reading,
        candidates: Sequence[Candidate],
        threshold: float,
    ) -> "_Found":
        """Choose the best span, and say what the others make of it.

        Reporting answers if it can. A reader's comment does only where nothing else would.
        """
        comments = tuple(each for each in reading.spans if _is_comment(each))
        reporting = tuple(each for each in reading.spans if not _is_comment(each))
        found = self._weigh(question, replace(reading, spans=reporting), comments, candidates)
        if comments and reading.spans[0] == comments[0] and found.confidence < threshold:
            return self._weigh(question, reading, (), candidates)
        return found

    def _weigh(
        self,
        question: str,
        reading: Reading,
        asides: Sequence[ScoredSpan],
        candidates: Sequence[Candidate],
    ) -> "_Found":
        """Say how sure the best span is, and where the others, `asides` too, say the same or not.

        What is said in `asides` has no weight.
        """
        if not reading.spans:
            return _Found(None, 0.0, (), ())
        agreeing, rivals = compare(reading.spans)
        next_score = max((each.score for each in rivals), default=None)
        measured = features(question, reading, next_score, agreeing)
        if asides:
            agreeing, rivals = compare((*reading.spans, *asides))
        # Of those that say the same, reporting is quoted before a comment, however well it puts it.
        best, *others = sorted((reading.spans[0], *agreeing), key=_is_comment)
        own = cite(best)
        copied, corrected = versions((best, *others), candidates)
        differing = (*(each for each in rivals if disagrees(question, each, reading)), *corrected)
        return _Found(
            citation=own,
            confidence=self.calibrator.probability(measured),
            also=cite_each([*others, *copied]),
            # Two whole sentences differ in all sorts of ways: only short answers can disagree.
            differs=cite_each(_each_once(differing)) if own.span != own.sentence_span else (),
        )


class _Found(NamedTuple):
    citation: Citation | None
    confidence: float
    also: tuple[Citation, ...]
    differs: tuple[Citation, ...]


def _is_comment(scored: ScoredSpan) -> bool:
    return is_comment(scored.candidate)


def _each_once(spans: Iterable[ScoredSpan]) -> Iterable[ScoredSpan]:
    """Return the first span of those with the same words."""
    found: dict[tuple[str, ...], ScoredSpan] = {}
    for each in spans:
        found.setdefault(words_of(cite(each).answer), each)
    return found.values()


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
