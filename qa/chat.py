"""The REPL: questions one after another, and commands that look behind the last answer."""

import contextlib
import io
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import platformdirs
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document as Line
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from rich.console import Console
from rich.table import Table
from rich.text import Text

from index.errors import CuttingsError
from qa import show
from qa.answer import Answerer
from qa.keeper import Keeper
from qa.options import printable
from qa.reply import notices_of
from qa.scope import Scope
from qa.types import Answer, Turn

HELP: Final = {
    "/sources": ("", "where the last answer stands, and where the same is said"),
    "/open": ("N", "the document around source or passage N of the last answer"),
    "/why": ("", "the passages and sentences that were weighed, with their scores"),
    "/undo": ("", "ask the last question again, exactly as it was typed"),
    "/since": ("2017-09-05", "only documents from that day on; without a day: from any"),
    "/until": ("2018-12-31", "only documents up to that day; without a day: to any"),
    "/new": ("", "begin a new conversation"),
    "/help": ("", "this list"),
    "/quit": ("", "leave, as Ctrl-D does"),
}
"""What may follow each command, and what it does."""

_LEFT: Final = "bye"
_WEIGHED: Final = 5


class Chat:
    """One conversation at a terminal."""

    def __init__(
        self,
        answerer: Answerer,
        console: Console,
        keeper: Keeper | None = None,
        documents: tuple[int, ...] | None = None,
    ) -> None:
        """Talk about `answerer`'s archive, or some documents of it, on `console`.

        `keeper` keeps what is said, and knows what was said before; without one, nobody does.
        """
        self._answerer = answerer
        self._console = console
        self._keeper = keeper
        self._turns: list[Turn] = [] if keeper is None else keeper.history
        self._last: Answer | None = None
        before = None if keeper is None else keeper.conversation
        self._scope = (Scope() if before is None else before.scope).but(Scope(documents))
        self._gone: list[int] = []
        self._commands: dict[str, Callable[[str], None]] = {
            "/sources": self._sources,
            "/open": self._open,
            "/why": self._why,
            "/undo": self._undo,
            "/since": self._set_since,
            "/until": self._set_until,
            "/new": self._new,
            "/help": self._help,
        }

    def run(self) -> None:
        """Read and answer until Ctrl-D or /quit. Ctrl-C abandons a question.

        Where standard input is no terminal, its lines are answered and nothing else is printed.
        """
        if not sys.stdin.isatty():
            if isinstance(sys.stdin, io.TextIOWrapper):
                sys.stdin.reconfigure(errors="surrogateescape")
            self._answer_all(sys.stdin)
            return
        documents, _ = self._answerer.archive.store.count()
        self._say(f"{documents} documents. Ask a question, or /help. Ctrl-D leaves.")
        self._answer_all(_typed())
        if self._keeper is not None and self._keeper.conversation is not None:
            self._say(f"kept; go on with: qa chat --continue {self._keeper.conversation.id}")
        self._say(_LEFT)

    def _answer_all(self, lines: Iterable[str]) -> None:
        for line in lines:
            if line.strip() == "/quit":
                return
            try:
                self.handle(line)
            except KeyboardInterrupt:
                if not sys.stdin.isatty():
                    raise
                self._say("abandoned")
            except CuttingsError as error:
                self._say(printable(str(error)))

    def handle(self, line: str) -> None:
        """Answer one line: a command, a question, or nothing."""
        words = line.strip()
        if not words:
            return
        if words.startswith("/"):
            name, _, argument = words.partition(" ")
            command = self._commands.get(name)
            if command is None:
                self._say(f"no command {printable(name)}; /help lists them")
            else:
                command(argument.strip())
            return
        self._ask(words, self._turns)

    def _ask(self, question: str, turns: Sequence[Turn], *, as_is: bool = False) -> None:
        """Ask a question after `turns`, which with it are the conversation from now on."""
        scope, gone = self._scope.among(self._answerer.archive.store)
        if gone != self._gone:
            for each in notices_of(gone):
                self._say(f"notice: {each}")
            self._gone = gone
        self._last = self._answerer.ask(
            question, turns, scope.since, scope.until, documents=scope.documents, as_is=as_is
        )
        self._turns = [*turns, self._last.turn]
        show.answer(self._console, self._last)
        if self._keeper is not None:
            self._keeper.keep(self._last, self._scope)

    def _undo(self, _argument: str) -> None:
        if self._last is None or not self._last.carried:
            self._say("nothing to undo: no question was read as another one")
        else:
            self._ask(self._last.question, self._turns[:-1], as_is=True)

    def _sources(self, _argument: str) -> None:
        if self._last is None or self._last.citation is None:
            self._say("no answer yet" if self._last is None else "the last question has no answer")
            return
        for number, cited in enumerate((self._last.citation, *self._last.also), start=1):
            show.put(self._console, Text(f"  {number}. {show.reference(cited)}", style="cyan"))

    def _open(self, argument: str) -> None:
        if self._last is None or not self._last.passages:
            self._say("nothing to open yet; ask something first")
            return
        cited = () if self._last.citation is None else (self._last.citation, *self._last.also)
        places = [(each.document, each.sentence_span) for each in cited] or [
            (each.document, each.passage.sentences[0]) for each in self._last.passages
        ]
        numbers = {str(number): place for number, place in enumerate(places, start=1)}
        place = numbers.get(argument or "1")
        if place is None:
            self._say(f"/open takes a number from 1 to {len(places)}")
            return
        document, span = place
        show.put(self._console, Text(show.describe(document), style="cyan"))
        show.put(self._console, show.around(document, span))

    def _why(self, _argument: str) -> None:
        if self._last is None:
            self._say("nothing to explain yet; ask something first")
            return
        passages = _table("", "passage", "fused", "dense", "lexical", "twins")
        for number, each in enumerate(self._last.passages, start=1):
            passages.add_row(
                str(number),
                Text(show.one_line(each.passage.text)),
                f"{each.score:.4f}",
                f"{each.dense:.3f}",
                f"{each.lexical:.2f}",
                str(len(each.twins)),
            )
        self._console.print(passages)
        names = [name for name, _ in self._last.spans[0].evidence] if self._last.spans else []
        weighed = _table("score", "answer", *names)
        for span in self._last.spans[:_WEIGHED]:
            text = span.span.cut(span.candidate.document.text)
            shown = [f"{value:.2f}" for _, value in span.evidence]
            weighed.add_row(f"{span.score:.2f}", Text(show.one_line(text)), *shown)
        self._console.print(weighed)
        self._say(
            f"confidence {self._last.confidence:.2f}, "
            f"quoted from {self._answerer.min_confidence:.2f}"
        )

    def _set_since(self, argument: str) -> None:
        self._scope = replace(self._scope, since=self._day(argument, self._scope.since))
        self._say(f"since: {self._scope.since or 'any day'}")

    def _set_until(self, argument: str) -> None:
        self._scope = replace(self._scope, until=self._day(argument, self._scope.until))
        self._say(f"until: {self._scope.until or 'any day'}")

    def _day(self, argument: str, before: date | None) -> date | None:
        if not argument:
            return None
        try:
            return date.fromisoformat(argument)
        except ValueError:
            self._say(f"{printable(argument)!r} is no day; write it like 2017-09-05")
            return before

    def _new(self, _argument: str) -> None:
        self._turns.clear()
        self._last = None
        if self._keeper is not None:
            self._keeper.begin_anew()
        self._say("a new conversation")

    def _help(self, _argument: str) -> None:
        for name, (argument, meaning) in HELP.items():
            self._say(f"  {f'{name} {argument}':18} {meaning}")

    def _say(self, message: str) -> None:
        show.put(self._console, Text(message, style="dim"))


class _Commands(Completer):
    """Completes the names of commands."""

    def get_completions(
        self, document: Line, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        del complete_event
        typed = document.text_before_cursor
        if typed.startswith("/") and " " not in typed:
            for name, (_, meaning) in HELP.items():
                if name.startswith(typed):
                    yield Completion(name, start_position=-len(typed), display_meta=meaning)


class _Kept(FileHistory):
    """The lines of earlier sessions. Losing them on a full disk is no reason to stop."""

    def load_history_strings(self) -> Iterable[str]:
        try:
            return super().load_history_strings()
        except OSError:
            return []

    def store_string(self, string: str) -> None:
        with contextlib.suppress(OSError):
            super().store_string(string)


def _typed() -> Iterator[str]:
    """Yield what is typed until Ctrl-D; Ctrl-C begins the line again."""
    session: PromptSession[str] = PromptSession(
        history=_history(), completer=_Commands(), complete_while_typing=False
    )
    while True:
        try:
            yield session.prompt("? ")
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


def _history() -> History:
    """Return the lines of earlier sessions, which only their owner may read."""
    folder = platformdirs.user_state_path("cuttings")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = Path(folder / "history")
        path.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return _Kept(path)


def _table(first: str, text: str, *measures: str) -> Table:
    """Return a table of a line a row: the text takes what room the figures leave."""
    table = Table(box=None, expand=True, pad_edge=False)
    table.add_column(first, justify="right")
    table.add_column(text, ratio=1, no_wrap=True, overflow="ellipsis")
    for measure in measures:
        table.add_column(measure, justify="right")
    return table
