"""Answers to keep, in the form of `Answer.as_json`, made without an archive."""

from typing import Any

DOCUMENT: dict[str, Any] = {
    "id": 3,
    "title": "Mill burns",
    "source": "papers/mill.txt",
    "published": "2020-03-04",
    "author": "A. Reporter",
    "publisher": None,
    "modified": None,
    "language": None,
    "url": None,
    "version": 1,
    "content_hash": "00ff",
}


def answer_to(question: str) -> dict[str, Any]:
    """An answer that quotes nothing."""
    return {
        "question": question,
        "standalone_question": question,
        "answered": False,
        "answer": None,
        "sentence": None,
        "confidence": 0.0133,
        "carried": [],
        "citation": None,
        "also": [],
        "differs": [],
        "passages": [],
        "timings_ms": {"total": 1.5},
    }


def citation(sentence: str, answer: str, **document: Any) -> dict[str, Any]:
    """A citation of a sentence that begins at character 100 of its document."""
    at = 100 + sentence.index(answer)
    return {
        "document": {**DOCUMENT, **document},
        "kind": "body",
        "start": at,
        "end": at + len(answer),
        "sentence_start": 100,
        "sentence_end": 100 + len(sentence),
        "original": {},
    }


def quoting(question: str, sentence: str, answer: str, **document: Any) -> dict[str, Any]:
    """An answer that quotes a sentence."""
    return {
        **answer_to(question),
        "answered": True,
        "answer": answer,
        "sentence": sentence,
        "confidence": 0.72,
        "citation": citation(sentence, answer, **document),
    }
