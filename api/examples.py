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
NEW_DOCUMENT: Final[dict[str, Any]] = {
    "source": "https://intranet.example/minutes/2017-09-06",
    "title": "Minutes of 6 September",
    "text": "The chair opened the meeting at ten.\n\nThe report was noted.\n",
    "published": "2017-09-06",
}
ADDED: Final[dict[str, Any]] = {
    "source": ".qa/uploads/statement.pdf",
    "result": "added",
    "id": 6,
    "title": "Statement on children's services",
    "note": None,
    "count": 1,
}
SKIPPED: Final[dict[str, Any]] = {
    "source": ".qa/uploads/logo.png",
    "result": "skipped",
    "id": None,
    "title": None,
    "note": "no loader for .png files; qa index add --help names the formats",
    "count": 1,
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
EMPTY: Final[dict[str, Any]] = {
    "type": "/problems/bad-question",
    "title": "The question cannot be asked",
    "status": 422,
    "detail": "the question is empty; ask something, for example: Who wrote the report?",
    "instance": "/ask/batch#/questions/1",
}
TENTATIVE: Final[dict[str, Any]] = {
    "final": False,
    "answer": ANSWER["answer"],
    "sentence": SENTENCE,
    "citation": CITATION,
}
SOUGHT: Final = "children in need of specialist services"
TWIN: Final[dict[str, Any]] = {
    "document": {
        **DOCUMENT,
        "id": 4,
        "title": "Croydon Council statement in response to Ofsted report",
        "source": "seeds/003_d97e06e5a25d2fc0.txt",
        "published": None,
        "author": None,
        "content_hash": "930bda6a91b132cf6097975f03ce19f5bfcb53e0affd01ad8277446253f06e25",
    },
    "kind": "body",
    "start": 2485,
    "end": 2996,
}
HIT: Final[dict[str, Any]] = {**PASSAGE, "dense": 0.498203, "lexical": 5.268987, "twins": []}
TEXT: Final[dict[str, Any]] = {
    "id": 3,
    "version": 1,
    "length": 3760,
    "start": 3335,
    "end": 3340,
    "before": "As of June, Croydon had ",
    "text": "1,789",
    "after": " children identified as ",
}
PLACE: Final[dict[str, Any]] = {
    **CITATION,
    "start": 3323,
    "end": 3349,
    "text": "Croydon had 1,789 children",
    "sentence": SENTENCE,
    "torn": False,
}
VERDICT: Final[dict[str, Any]] = {
    "quote": "Croydon had 1,789 children",
    "result": "found",
    "places": [PLACE],
    "earlier": [],
    "more": False,
}
EARLIER: Final[dict[str, Any]] = {
    **PLACE,
    "text": "Croydon had 1,798 children",
    "sentence": SENTENCE.replace("1,789", "1,798"),
    "superseded": "2017-09-06T08:30:00Z",
    "now": {**PLACE, "document": {**DOCUMENT, "version": 2}},
    "vanished": False,
}
