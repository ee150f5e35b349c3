"""The tool `ask`: a question in, one sentence of one document out."""

from typing import Final

from pydantic import BaseModel, Field

from api.fields import Confidence, Day
from api.mcp.shapes import Arguments, Outcome, Quotation, Tool
from qa import show
from qa.answer import Answerer
from qa.footnotes import footnoted
from qa.question import LONGEST_QUESTION
from qa.types import Citation


class Question(Arguments):
    """A question, and what it may be answered from."""

    question: str = Field(
        description="one that stands alone: name people and bodies, not he or they",
        json_schema_extra={"minLength": 1, "maxLength": LONGEST_QUESTION},
    )
    since: Day | None = Field(default=None, description="only documents from this day on")
    until: Day | None = Field(default=None, description="only documents up to this day")


class Answer(BaseModel):
    """The sentence that answers; or none, and the nearest passages."""

    answered: bool = Field(description="false where the archive does not say")
    answer: str | None = Field(description="the short answer, word for word, in the quotation")
    confidence: Confidence
    quotation: Quotation | None = Field(description="the whole sentence that holds the answer")
    also: list[Quotation] = Field(description="sentences that say the same")
    differs: list[Quotation] = Field(description="sentences that say otherwise")
    nearest: list[Quotation] = Field(
        description="passages that come nearest, where nothing answers; they are no answer"
    )


def ask(answerer: Answerer, asked: Question) -> Outcome:
    """Answer one question."""
    given = answerer.ask(asked.question, since=asked.since, until=asked.until)
    nearest = () if given.answered else given.passages[: show.NEAREST]
    return Outcome(
        footnoted(given).text,
        Answer(
            answered=given.answered,
            answer=None if given.citation is None else given.citation.answer,
            confidence=round(given.confidence, 4),
            quotation=None if given.citation is None else _sentence(given.citation),
            also=[_sentence(each) for each in given.also[: show.MOST]],
            differs=[_sentence(each) for each in given.differs[: show.MOST]],
            nearest=[
                Quotation.of(each.document, each.passage.kind, each.passage.span)
                for each in nearest
            ],
        ),
    )


def _sentence(cited: Citation) -> Quotation:
    return Quotation.of(cited.document, cited.kind, cited.sentence_span)


ASK: Final = Tool(
    name="ask",
    title="Ask the archive",
    description="Ask a question of fact. Replies with the one sentence of the archive that answers "
    "it, word for word, and where it stands; or says that the archive does not say.",
    arguments=Question,
    result=Answer,
    work=ask,
)
