"""How well the first archive's questions are answered, with the default model."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.types import Document, Span
from qa.abstention import auroc
from qa.answer import Answerer
from qa.evaluate import measure
from qa.opening import open_answerer
from qa.question_set import Question, read_questions
from qa.settings import Settings
from qa.types import Answer

# What is reached, less a little for other processors' rounding.
SENTENCE_AT_1 = 0.6
ABSTENTION_AUROC = 0.92
ABSTAINED = 0.85
F1_OF_THE_SHORT_ANSWER = 0.5
QUOTES_VERBATIM = 1.0


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    return read_questions(Path(__file__).parents[1] / "croydon.jsonl")


class Recorder(Answerer):
    """Remembers what it answered."""

    given: list[Answer]

    def ask(self, *arguments: Any, **options: Any) -> Answer:
        answer = super().ask(*arguments, **options)
        self.given.append(answer)
        return answer


@pytest.fixture(scope="module")
def answerer(seed_settings: Settings) -> Iterator[Recorder]:
    opened = open_answerer(seed_settings)
    recorder = Recorder(
        opened.archive, opened.reader, opened.calibrator, opened.min_confidence, opened.top_k
    )
    recorder.given = []
    yield recorder
    opened.archive.close()


@pytest.fixture(scope="module")
def figures(answerer: Answerer, questions: Sequence[Question]) -> dict[str, Any]:
    return measure(answerer, questions, lambda: None)


def test_the_questions_are_all_there(figures: dict[str, Any]) -> None:
    assert figures["questions"] == 55
    assert [figures[each]["n"] for each in ("answerable", "follow_up", "unanswerable")] == [
        34,
        6,
        15,
    ]


def test_the_right_sentence_comes_first(figures: dict[str, Any]) -> None:
    assert figures["answerable"]["sentence_at_1"] >= SENTENCE_AT_1
    assert figures["answerable"]["f1"] >= F1_OF_THE_SHORT_ANSWER


def test_confidence_tells_what_the_archive_can_answer(figures: dict[str, Any]) -> None:
    assert figures["abstention"]["auroc"] >= ABSTENTION_AUROC
    assert figures["unanswerable"]["abstained"] >= ABSTAINED


def test_every_quotation_stands_in_its_file(
    answerer: Recorder, questions: Sequence[Question], figures: dict[str, Any], seeds: Path
) -> None:
    assert figures["quotes_verbatim"] >= QUOTES_VERBATIM
    texts = {each.name: each.read_bytes().decode("utf-8") for each in seeds.iterdir()}
    assert len(answerer.given) == sum(1 + len(each.history) for each in questions)
    for answer in answerer.given:
        first = () if answer.citation is None else (answer.citation,)
        for cited in (*first, *answer.also, *answer.differs):
            text = texts[Path(cited.document.source).name]
            assert cited.answer == text[cited.span.start : cited.span.end]
            assert cited.sentence == text[cited.sentence_span.start : cited.sentence_span.end] != ""


def test_the_plain_design_does_worse(
    answerer: Answerer, questions: Sequence[Question], figures: dict[str, Any]
) -> None:
    """Embed every sentence; the nearest is the answer, and its cosine the confidence."""
    archive = answerer.archive
    places: list[tuple[Document, Span]] = []
    for listed in archive.store.documents():
        document = archive.document(listed.id)
        places += [
            (document, sentence)
            for passage in archive.store.passages_of(document.id)
            for sentence in passage.sentences
        ]
    vectors = archive.embedder.encode([span.cut(document.text) for document, span in places])
    right = []
    confidence = []
    for each in questions:
        asked = " ".join((*each.history, each.question))
        nearness = vectors @ archive.embedder.encode_question(asked)
        best = int(np.argmax(nearness))
        confidence.append(float(nearness[best]))
        if each.answers and not each.history:
            document, span = places[best]
            right.append(
                any(
                    Path(document.source).name == gold.document
                    and span.start < gold.evidence.end
                    and gold.evidence.start < span.end
                    for gold in each.answers
                )
            )
    told_apart = auroc(np.array(confidence), np.array([bool(each.answers) for each in questions]))
    assert told_apart is not None
    assert 0 < np.mean(right) < figures["answerable"]["sentence_at_1"]
    assert 0.5 < told_apart < figures["abstention"]["auroc"]
