"""An answer as a plain text with footnotes: quotations and fixed phrases, nothing else."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from index.types import Span
from qa import show
from qa.types import Answer, Candidate, Citation


@dataclass(frozen=True, slots=True)
class Footnote:
    """Where a quotation stands in a text, where its number does, and what it was cut out of.

    `quote.cut(text) == cited.sentence`, and `mark.cut(text)` is the number in brackets.
    """

    number: int
    quote: Span
    mark: Span
    cited: Citation


_READ_AS: Final = "Read as: "

_BEGINS: Final = re.compile(
    rf"(?:{_READ_AS}([^\n]+)\n\n)?"
    rf"(?:(?:“([^“”]+)”\n\n)?“(.+?)” \[1\](?= \[2\]|\n\n)|{re.escape(show.NOTHING)})",
    re.DOTALL,
)
"""How such a text begins: as what the question was read, the answer, its sentence."""


class Footnoted(NamedTuple):
    """A text, and what it quotes. Its paragraphs have an empty line between them."""

    text: str
    notes: tuple[Footnote, ...]


class Said(NamedTuple):
    """What a text tells of its answer; None is not told."""

    standalone_question: str | None
    answer: str | None
    sentence: str | None


def footnoted(given: Answer) -> Footnoted:
    """Put an answer into words, with a footnote for each place that it quotes.

    The answer comes first and then its sentence, then others that say the same and those that say
    otherwise. Where the archive does not say, the nearest passages follow that statement. The text
    is the same in Markdown, but for what the documents themselves hold of it: a quotation is never
    changed.
    """
    page = Page()
    if given.standalone_question != given.question:
        page.say(f"{_READ_AS}{show.one_line(given.standalone_question)}")
    if given.citation is None:
        page.say(show.NOTHING)
        page.say("Nearest passages:" if given.passages else show.NO_PASSAGES)
        for each in given.passages[: show.NEAREST]:
            page.quote("", [excerpt(each)], cut=len(each.passage.text) > show.EXCERPT)
        return page.finish()
    if given.citation.span != given.citation.sentence_span:
        page.say(f"“{given.citation.answer}”")
    first, *others = _alike([given.citation, *given.also[: show.MOST]])
    page.quote("", first)
    for group in others:
        page.quote("Also: ", group)
    page.more("Also", len(given.also))
    for group in _alike(given.differs[: show.MOST]):
        page.quote("But: ", group)
    page.more("But", len(given.differs))
    return page.finish()


def read_back(text: str) -> Said:
    """Return what a text of `footnoted` tells of its answer; of any other text, nothing."""
    found = _BEGINS.match(text)
    return Said(None, None, None) if found is None else Said(*found.groups())


def excerpt(candidate: Candidate) -> Citation:
    """Cite how a passage begins, in whole words."""
    passage = candidate.passage
    text = passage.text
    shown = text if len(text) <= show.EXCERPT else text[: show.EXCERPT].rsplit(maxsplit=1)[0]
    span = Span(passage.start, passage.start + len(shown))
    return Citation(candidate.document, passage.kind, span, span)


class Page:
    """A text that grows by paragraphs, and knows what it quotes."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._text = ""
        self._notes: list[Footnote] = []

    def say(self, words: str) -> None:
        """Add a paragraph."""
        self._text += f"\n\n{words}" if self._text else words

    def quote(self, label: str, group: Sequence[Citation], cut: bool = False) -> None:
        """Quote what all of a group say, word for word, with a number for each of them.

        Args:
            label: what goes before the quotation.
            group: citations whose sentences are the same to the letter.
            cut: whether to show that the text goes on.
        """
        words = group[0].sentence
        self.say(f"{label}“{words}”")
        end = len(self._text) - 1
        self._text += " …" if cut else ""
        for each in group:
            number = len(self._notes) + 1
            self._text += f" [{number}]"
            mark = Span(len(self._text) - len(f"[{number}]"), len(self._text))
            self._notes.append(Footnote(number, Span(end - len(words), end), mark, each))

    def more(self, label: str, count: int) -> None:
        """Say how many of `count` are not quoted, if any."""
        if count > show.MOST:
            self.say(f"{label}: {count - show.MOST} more.")

    def finish(self) -> Footnoted:
        """Add the footnotes, and return all of it."""
        for each in self._notes:
            self.say(f"[{each.number}] {show.footnote(each.cited)}")
        return Footnoted(self._text, tuple(self._notes))


def _alike(citations: Iterable[Citation]) -> list[list[Citation]]:
    """Group citations whose sentences are the same to the letter, as copies' mostly are."""
    groups: dict[str, list[Citation]] = {}
    for each in citations:
        groups.setdefault(each.sentence, []).append(each)
    return list(groups.values())
