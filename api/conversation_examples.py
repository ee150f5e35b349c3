"""Worked examples of what is kept, for the documentation."""

from typing import Any, Final

from api import examples

ID: Final = "5f1c0e4a9d3b47628c1fe2a07b9d6c34"
ANSWER_ID: Final = "0b7a91d2c4e84f5fa6d3c2b1908e7f65"
NAME: Final = "Children's services"
ASKED: Final = "2026-03-02T10:15:00Z"
SCOPE: Final[dict[str, Any]] = {
    "documents": [2, 3],
    "since": "2017-01-01",
    "until": "2017-12-31",
}
EVERYTHING: Final[dict[str, Any]] = {"documents": None, "since": None, "until": None}
CONVERSATION: Final[dict[str, Any]] = {
    "id": ID,
    "name": NAME,
    "created": ASKED,
    "updated": ASKED,
    "scope": EVERYTHING,
    "answers": 1,
}
FEEDBACK: Final[dict[str, Any]] = {
    "verdict": "right",
    "note": "",
    "given": "2026-03-02T10:16:30Z",
}
KEPT: Final[dict[str, Any]] = {"id": ANSWER_ID, "conversation": ID}
KEPT_ANSWER: Final[dict[str, Any]] = {
    "id": ANSWER_ID,
    "conversation": ID,
    "asked": ASKED,
    "scope": EVERYTHING,
    "answer": examples.ANSWER,
    "feedback": FEEDBACK,
}
PLACE: Final[dict[str, Any]] = {
    "document": examples.DOCUMENT,
    "start": 3311,
    "end": 3447,
    "text": examples.SENTENCE,
}
STANDING: Final[dict[str, Any]] = {"result": "found", "place": PLACE, "now": None}
CHANGED: Final[dict[str, Any]] = {
    "result": "changed",
    "place": PLACE,
    "now": {
        **PLACE,
        "document": {**examples.DOCUMENT, "version": 2},
        "text": examples.SENTENCE.replace("1,789", "1,798"),
    },
}
