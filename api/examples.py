"""Worked examples for the documentation: a question to the first archive, and its answer."""

from typing import Any, Final

ASKED: Final = "How many children needed specialist children's services as of June 2017?"
SENTENCE: Final = (
    "As of June, Croydon had 1,789 children identified as being in need of specialist "
    "children's services, down from 1,839 the previous year."
)
DOCUMENT: Final[dict[str, Any]] = {
    "id": 3,
    "title": "Government takes control of Croydon's children's services after damning report",
    "source": "seeds/002_7955e8ef0b2562b0.txt",
    "published": "2017-09-05",
    "author": "Tess de la Mare",
    "publisher": None,
    "modified": None,
    "language": None,
    "url": None,
    "version": 1,
    "content_hash": "f811c5e5a78d821904e10f14e51035e76f3e8990be3f0805aeb2803bccd6da07",
}
ORIGINAL: Final[dict[str, Any]] = {"bytes": [3311, 3447]}
CITATION: Final[dict[str, Any]] = {
    "document": DOCUMENT,
    "kind": "body",
    "start": 3335,
    "end": 3340,
    "sentence_start": 3311,
    "sentence_end": 3447,
    "original": ORIGINAL,
}
PASSAGE: Final[dict[str, Any]] = {
    "document": DOCUMENT,
    "kind": "body",
    "start": 3311,
    "end": 3447,
    "text": SENTENCE,
    "score": 0.032787,
}
VERSION: Final[dict[str, Any]] = {
    "version": 1,
    "superseded": None,
    "title": DOCUMENT["title"],
    "source": DOCUMENT["source"],
    "published": DOCUMENT["published"],
    "content_hash": DOCUMENT["content_hash"],
    "length": 3760,
}
CARRIED: Final[dict[str, Any]] = {
    "text": "Eleanor Brazier",
    "replaced": "she",
    "turn": 0,
    "origin": "answer",
}
TIMINGS: Final[dict[str, Any]] = {"embed": 4.9, "search": 2.1, "read": 95.3, "total": 102.6}
ANSWER: Final[dict[str, Any]] = {
    "question": ASKED,
    "standalone_question": ASKED,
    "carried": [],
    "answered": True,
    "answer": "1,789",
    "sentence": SENTENCE,
    "confidence": 0.9499,
    "citation": CITATION,
    "also": [],
    "differs": [],
    "passages": [PASSAGE],
    "timings_ms": TIMINGS,
}
NO_ANSWER: Final[dict[str, Any]] = {
    **ANSWER,
    "question": "Who won the league in 2017?",
    "standalone_question": "Who won the league in 2017?",
    "answered": False,
    "answer": None,
    "sentence": None,
    "confidence": 0.0133,
    "citation": None,
}
