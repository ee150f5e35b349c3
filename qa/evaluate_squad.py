"""SQuAD's questions, asked of an archive of all the file's contexts."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from index.archive import Archive
from index.embed import silent
from index.errors import BadQuestion, BadQuestionSet
from index.types import Document
from qa.evaluate import in_percent, measure
from qa.opening import Notify, answerer_for, open_for_adding
from qa.progress import bar
from qa.question import check_question
from qa.question_set import Gold, Question, draw
from qa.settings import Settings
from qa.squad import SquadContext, SquadQuestion, read_squad


class Asked(NamedTuple):
    """A question and the context that it was written for, by its place in the file."""

    at: int
    question: SquadQuestion


def measure_archive(
    path: Path, settings: Settings, limit: int | None = None, notify: Notify = silent
) -> dict[str, Any]:
    """Ask questions of a throw-away archive of the file's contexts; return the figures.

    They have DESIGN's shape. `overall` is the official figure, in percent: an abstention is the
    empty prediction, right where the question's own context has no answer. All else are shares
    of 1. A right sentence holds the answer in that context.

    Args:
        path: in SQuAD's format.
        settings: all but `home` count.
        limit: how many questions to draw; None asks all. The archive holds all contexts anyway.
        notify: is told what takes long.

    Raises:
        BadQuestionSet: see `read_asked`.
        ModelError: the embedder or the reader cannot be loaded.
        ArchiveUnwritable: there is no room for temporary files.
    """
    contexts, asked = read_asked(path, limit)
    questions = [_question(each, contexts[each.at]) for each in asked]
    with throw_away_archive(settings, notify) as archive:
        with bar(len(contexts)) as advance:
            archive.add_documents(_counted(documents(contexts), advance))
        answerer = answerer_for(archive, settings)
        with bar(len(questions)) as advance:
            found = measure(answerer, questions, advance)
    return {**found, "overall": in_percent(found["overall"])}


def read_asked(path: Path, limit: int | None = None) -> tuple[list[SquadContext], list[Asked]]:
    """Read a set, and draw at most `limit` of its questions, always the same ones.

    Raises:
        BadQuestionSet: see `read_squad`; also two questions of one id, or a question that nobody
            can ask.
    """
    contexts = read_squad(path)
    asked: dict[str, Asked] = {}
    for at, context in enumerate(contexts):
        for question in context.questions:
            if question.id in asked:
                raise BadQuestionSet(
                    f"{path}: two questions have the id {question.id!r}; change it"
                )
            try:
                check_question(question.question)
            except BadQuestion as error:
                raise BadQuestionSet(f"{path}, question {question.id}: {error}") from error
            asked[question.id] = Asked(at, question)
    return contexts, draw(list(asked.values()), limit, lambda each: each.question.id)


@contextmanager
def throw_away_archive(settings: Settings, notify: Notify = silent) -> Iterator[Archive]:
    """Make an empty archive in a temporary folder, which is gone afterwards, whatever happens."""
    with tempfile.TemporaryDirectory(prefix="cuttings-") as folder:
        own = settings.model_copy(update={"home": Path(folder) / "archive"})
        with closing(open_for_adding(own, notify)) as archive:
            yield archive


def documents(contexts: Sequence[SquadContext]) -> list[Document]:
    """Return a document for each context, named after its article and its place in the file."""
    return [
        Document(source=_source(at, each), text=each.text, title=each.title)
        for at, each in enumerate(contexts)
    ]


def _question(asked: Asked, context: SquadContext) -> Question:
    given = asked.question
    return Question(
        id=given.id,
        type="",
        question=given.question,
        history=(),
        answers=tuple(
            Gold(_source(asked.at, context), text, span)
            for text, span in zip(given.answers, given.spans, strict=True)
        ),
    )


def _source(at: int, context: SquadContext) -> str:
    # The number comes last: a title may hold a slash, and files are told apart by what follows it.
    return f"{context.title} {at + 1}".strip()


def _counted(given: Iterable[Document], advance: Callable[[], None]) -> Iterator[Document]:
    for each in given:
        yield each
        advance()
