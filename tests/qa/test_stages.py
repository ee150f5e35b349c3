"""What is known of an answer before it is there."""

import json
import threading
from collections.abc import Sequence
from typing import Any

import pytest

from index.errors import BadQuestion, QuoteError
from index.types import Span
from qa.answer import Answerer
from qa.confidence import SENTENCES
from qa.read import TellSpan
from qa.stages import Abandoned, Retrieved, Stage, Tell, Tentative, ignore, of_answers, stages
from qa.types import Answer, Candidate, Reading, ScoredSpan
from tests.qa.workshop import MakeAnswerer

FILES = {
    "one.txt": "The council closed four libraries in May. Residents were angry.",
    "two.txt": "The mayor opened a new school. It cost 4 million.",
}
QUESTION = "How many libraries has the council closed?"


def _without_times(answer: Answer) -> dict[str, Any]:
    return {name: each for name, each in answer.as_json().items() if name != "timings_ms"}


@pytest.mark.parametrize("reader", ["sentences", None])
def test_whoever_is_told_the_stages_gets_the_same_answer(
    make_answerer: MakeAnswerer, reader: str | None
) -> None:
    answerer = make_answerer(FILES, reader=reader)
    told: list[Stage] = []
    given = answerer.ask(QUESTION, tell=told.append)
    assert _without_times(given) == _without_times(answerer.ask(QUESTION))
    retrieved, *others, last = told
    assert last is given
    assert retrieved == Retrieved(given.passages)
    assert retrieved.as_json()["passages"] == given.as_json()["passages"]
    for each in others:
        assert isinstance(each, Tentative)
        cited = each.citation
        assert cited.document.text[cited.span.start : cited.span.end] == cited.answer
        assert json.loads(json.dumps(each.as_json()))["final"] is False


def test_listeners_are_told_the_same_of_every_question(make_answerer: MakeAnswerer) -> None:
    answerer = make_answerer(FILES)
    heard: list[Stage] = []
    answers: list[Answer] = []
    answerer.listeners += [heard.append, of_answers(answers.append)]
    told: list[Stage] = []
    first = answerer.ask(QUESTION, tell=told.append)
    assert heard == told
    second = answerer.ask("Who opened a school?")
    assert heard[len(told)] == Retrieved(second.passages)
    assert answers == [first, second]


class Improving:
    """Tells spans that get better, then returns them all."""

    name = "improving"

    def read(
        self, question: str, candidates: Sequence[Candidate], tell: TellSpan = ignore, /
    ) -> Reading:
        spans = [
            ScoredSpan(each, sentence, float(at))
            for each in candidates
            for at, sentence in enumerate(each.passage.sentences, start=1)
        ]
        for each in sorted(spans, key=lambda each: each.score):
            tell(each)
        return Reading(tuple(sorted(spans, key=lambda each: -each.score)), 0.0)


def test_what_a_reader_tells_is_cited(make_answerer: MakeAnswerer) -> None:
    answerer = Answerer(make_answerer(FILES).archive, Improving(), SENTENCES, min_confidence=0.0)
    told: list[Stage] = []
    answerer.ask(QUESTION, tell=told.append)
    sentences = {each.citation.sentence for each in told if isinstance(each, Tentative)}
    assert sentences == {
        "The council closed four libraries in May.",
        "Residents were angry.",
        "The mayor opened a new school.",
        "It cost 4 million.",
    }


def test_what_is_not_word_for_word_is_not_told(make_answerer: MakeAnswerer) -> None:
    class Lying:
        name = "lying"

        def read(
            self, question: str, candidates: Sequence[Candidate], tell: TellSpan = ignore, /
        ) -> Reading:
            tell(ScoredSpan(candidates[0], Span(0, 10_000), 9.0))
            raise AssertionError

    told: list[Stage] = []
    answerer = make_answerer(FILES)
    answerer.reader = Lying()
    with pytest.raises(QuoteError):
        answerer.ask(QUESTION, tell=told.append)
    assert [type(each) for each in told] == [Retrieved]


# As a generator


def test_the_stages_come_before_the_answer(make_answerer: MakeAnswerer) -> None:
    answerer = make_answerer(FILES)
    *told, given = stages(lambda tell: answerer.ask(QUESTION, tell=tell))
    assert isinstance(given, Answer)
    assert isinstance(told[0], Retrieved)
    assert _without_times(given) == _without_times(answerer.ask(QUESTION))


def test_what_is_raised_is_raised_to_whoever_waits(make_answerer: MakeAnswerer) -> None:
    answerer = make_answerer(FILES)
    with pytest.raises(BadQuestion):
        next(stages(lambda tell: answerer.ask(" ", tell=tell)))


def test_closing_it_ends_the_work() -> None:
    ended: list[BaseException] = []

    def ask(tell: Tell) -> Answer:
        try:
            while True:
                tell(Retrieved(()))
                threading.Event().wait(0.001)
        except Abandoned as error:
            ended.append(error)
            raise

    told = stages(ask)
    assert next(told) == Retrieved(())
    told.close()
    assert len(ended) == 1
    assert not [each for each in threading.enumerate() if each.name.startswith("asking")]
