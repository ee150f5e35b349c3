"""The words of the question side: Turn, Rewrite, Candidate, Reading, Citation and Answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, TypeAlias

from index.original import locate
from index.types import Document, Kind, Passage, Span, Version

Origin: TypeAlias = Literal["question", "answer", "sentence"]
"""What part of a turn something was said in; the sentence is the one that held the answer."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was asked before, and what is known of how it went.

    `standalone_question` is what was asked of the archive for it, and `answer`, `sentence`
    and the document's `title` are the citation's. None is not known, or was not found.
    """

    question: str
    standalone_question: str | None = None
    answer: str | None = None
    sentence: str | None = None
    title: str | None = None

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> "Turn":
        """Return the turn that an answer in the form of `Answer.as_json` was."""
        cited = answer["citation"]
        return cls(
            answer["question"],
            answer["standalone_question"],
            answer["answer"],
            answer["sentence"],
            None if cited is None else cited["document"]["title"],
        )


@dataclass(frozen=True, slots=True)
class Carried:
    """Something that a question took over from the conversation.

    `text` was said in turn `turn`, counted from 0, the oldest, and now stands for `replaced`, which
    is empty where the question left something out.
    """

    text: str
    replaced: str
    turn: int
    origin: Origin

    def as_json(self) -> dict[str, Any]:
        """Return it as `qa ask --json` has it."""
        return {
            "text": self.text,
            "replaced": self.replaced,
            "turn": self.turn,
            "origin": self.origin,
        }


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A question as it can be asked without its conversation, and what was carried over for that.

    Nothing was where the question stands alone as it is.
    """

    question: str
    carried: tuple[Carried, ...] = ()

    @property
    def rewritten(self) -> bool:
        """Whether this is another question than the one that was asked."""
        return bool(self.carried)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may hold the answer, with what the two searches thought of it.

    `score` is the fused rank score; `dense` a cosine and `lexical` a BM25 score, each 0.0 where
    that search did not find the passage. `twins` are passages of other documents that say nearly
    the same.
    """

    passage: Passage
    document: Document
    score: float
    dense: float
    lexical: float
    twins: tuple["Candidate", ...] = ()


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """A stretch of a candidate's document that may answer the question, and how well.

    Scores of one reader can be compared, also between passages and between questions.
    `evidence` is what the score was made of, by name, for `/why`.
    """

    candidate: Candidate
    span: Span
    score: float
    evidence: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a question: spans, best first, and how much speaks for no answer.

    `no_answer` is on the scale of the spans' scores: above the best of them, the reader would
    rather say nothing.
    """

    spans: tuple[ScoredSpan, ...]
    no_answer: float


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an answer stands, in code points of the document's text, its sentence around it."""

    document: Document
    kind: Kind
    span: Span
    sentence_span: Span

    @property
    def answer(self) -> str:
        """The answer, cut out of the document."""
        return self.span.cut(self.document.text)

    @property
    def sentence(self) -> str:
        """The sentence that holds the answer, cut out of the document."""
        return self.sentence_span.cut(self.document.text)

    @property
    def original(self) -> dict[str, Any]:
        """Where the sentence lies in the document's file; see `index.original.locate`."""
        return locate(self.document, self.sentence_span)

    def as_json(self) -> dict[str, Any]:
        """Return the citation as DESIGN's JSON has it."""
        return {
            "document": describe(self.document),
            "kind": self.kind,
            "start": self.span.start,
            "end": self.span.end,
            "sentence_start": self.sentence_span.start,
            "sentence_end": self.sentence_span.end,
            "original": self.original,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole reply to one question. `citation` is None where the archive does not say.

    `confidence` is the probability that the best sentence found answers the question, whether or
    not it was good enough to be shown. `spans` are what the reader weighed, best first. `carried`
    is what the stand-alone question took from the conversation.
    """

    question: str
    standalone_question: str
    citation: Citation | None
    confidence: float
    also: tuple[Citation, ...]
    differs: tuple[Citation, ...]
    passages: tuple[Candidate, ...]
    spans: tuple[ScoredSpan, ...]
    timings_ms: dict[str, float]
    carried: tuple[Carried, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether the archive was found to hold an answer."""
        return self.citation is not None

    @property
    def turn(self) -> Turn:
        """What later questions of the conversation may lean on."""
        title = None if self.citation is None else self.citation.document.title
        return Turn(self.question, self.standalone_question, self.answer, self.sentence, title)

    @property
    def answer(self) -> str | None:
        """The answer, cut out of its document; None where the archive does not say."""
        return None if self.citation is None else self.citation.answer

    @property
    def sentence(self) -> str | None:
        """The whole sentence that holds the answer, likewise."""
        return None if self.citation is None else self.citation.sentence

    def as_json(self) -> dict[str, Any]:
        """Return what `qa ask --json` prints and `POST /ask` replies."""
        cited = self.citation
        return {
            "question": self.question,
            "standalone_question": self.standalone_question,
            "carried": [each.as_json() for each in self.carried],
            "answered": self.answered,
            "answer": self.answer,
            "sentence": self.sentence,
            "confidence": round(self.confidence, 4),
            "citation": None if cited is None else cited.as_json(),
            "also": [each.as_json() for each in self.also],
            "differs": [
                {"answer": each.answer, "sentence": each.sentence, "citation": each.as_json()}
                for each in self.differs
            ],
            "passages": [describe_passage(each) for each in self.passages],
            "timings_ms": {name: round(spent, 1) for name, spent in self.timings_ms.items()},
        }


def describe(document: Document) -> dict[str, Any]:
    """Return what a citation says of its document."""
    return {
        "id": document.id,
        "title": document.title,
        "source": document.source,
        "published": _day(document.published),
        "author": document.author,
        "publisher": document.publisher,
        "modified": _day(document.modified),
        "language": document.language,
        "url": document.url,
        "version": document.version,
        "content_hash": document.content_hash,
    }


def describe_passage(candidate: Candidate) -> dict[str, Any]:
    """Return what an answer says of a passage that was read."""
    return {
        "document": describe(candidate.document),
        "kind": candidate.passage.kind,
        "start": candidate.passage.start,
        "end": candidate.passage.end,
        "text": candidate.passage.text,
        "score": round(candidate.score, 6),
    }


def describe_version(version: Version) -> dict[str, Any]:
    """Return what is said of one version of a document, in a list of them."""
    return {
        "version": version.number,
        "superseded": None if version.superseded is None else in_utc(version.superseded),
        "title": version.title,
        "source": version.source,
        "published": _day(version.published),
        "content_hash": version.content_hash,
        "length": version.length,
    }


def in_utc(moment: datetime) -> str:
    """Return a moment of UTC as JSON has it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
