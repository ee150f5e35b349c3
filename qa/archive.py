"""An archive in a folder of this machine, for programs: what `qa` does, as calls."""

from collections.abc import Collection, Generator, Sequence
from datetime import date
from functools import cached_property
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from index import history as versions_of
from index import verify as verifier
from index.archive import Status
from index.errors import CuttingsError
from index.excerpt import Excerpt, excerpt
from index.intake import Outcome
from index.types import Document, Version
from index.verify import Verdict
from index.walk import walk
from qa.answer import Answerer
from qa.defaults import TOP_K
from qa.opening import answerer_for, open_for_adding, open_for_asking
from qa.question import Question
from qa.search import search
from qa.settings import read_settings, reading_of
from qa.stages import Stage, Tell, ignore, stages
from qa.types import Answer, Candidate, Turn


class Archive:
    """An open archive. Asking is safe from any thread.

    Models are loaded when they are first needed: to look at documents needs none.

        >>> from qa import Archive
        >>> with Archive(".qa", create=True) as archive:
        ...     added = archive.add("seeds")
        ...     given = archive.ask("How many children needed specialist services?")
        >>> given.answer
        '1,789'
        >>> given.citation.document.published
        datetime.date(2017, 9, 5)
    """

    def __init__(
        self, home: str | PathLike[str] | None = None, *, create: bool = False, **settings: Any
    ) -> None:
        """Open the archive in a folder.

        Args:
            home: the archive's folder; None means the one that `qa` would take.
            create: make an empty archive if there is none.
            settings: any of `qa.settings.Settings`, such as `reader` or `min_confidence`. What is
                left out comes from the environment or `qa.toml`, as for `qa`.

        Raises:
            BadSetting: an unknown setting, or a value that does not fit.
            ArchiveError: see `index.opening`.
        """
        folder = None if home is None else Path(home)
        self._settings = read_settings({"home": folder, **settings})
        self._archive = (open_for_adding if create else open_for_asking)(self._settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files."""
        self._archive.close()

    # Asking

    def ask(
        self,
        question: str,
        history: Sequence[Turn | str] = (),
        since: date | None = None,
        until: date | None = None,
        top_k: int | None = None,
        documents: Collection[int] | None = None,
        *,
        as_is: bool = False,
    ) -> Answer:
        """Answer one question. See `qa.answer.Answerer.ask` for arguments and errors."""
        return self._ask(Question(question, history, since, until, top_k, documents, as_is))

    def stream(
        self,
        question: str,
        history: Sequence[Turn | str] = (),
        since: date | None = None,
        until: date | None = None,
        top_k: int | None = None,
        documents: Collection[int] | None = None,
        *,
        as_is: bool = False,
    ) -> Generator[Stage, None, None]:
        """Do what `ask` does; yield what is known on the way, and at last the answer."""
        return stages(
            lambda tell: self._ask(
                Question(question, history, since, until, top_k, documents, as_is), tell
            )
        )

    def ask_all(self, questions: Sequence[str | Question]) -> list[Answer | CuttingsError]:
        """Answer questions one after another; where one fails, its error stands in its place."""
        return [self._try(each) for each in questions]

    def search(
        self,
        words: str,
        limit: int = TOP_K,
        since: date | None = None,
        until: date | None = None,
        documents: Collection[int] | None = None,
    ) -> tuple[Candidate, ...]:
        """Return the passages nearest to some words. See `qa.search.search`."""
        return search(self._archive, words, limit, since, until, documents)

    def verify(self, quote: str, document: int | None = None) -> Verdict:
        """Say whether a quotation is in the archive, or in a document. See `index.verify.verify`.

        Raises:
            UnknownDocument: there is no such document, and never was.
            BadQuote: the quotation is empty, or no text.
        """
        if document is not None:
            self.versions(document)
        return verifier.verify(self._archive.store, quote, document)

    # Documents

    def documents(self) -> list[Document]:
        """Return all documents, without their texts, in order of id."""
        return self._archive.store.documents()

    def document(self, document_id: int, version: int | None = None) -> Document:
        """Return a document with its text, or one of its versions.

        Raises:
            UnknownDocument: there is none.
        """
        if version is None:
            return self._archive.document(document_id)
        return versions_of.version(self._archive.store, document_id, version)

    def versions(self, document_id: int) -> list[Version]:
        """Return the versions of a document, also of one that has vanished, the first one first.

        Raises:
            UnknownDocument: there is none, and never was.
        """
        return versions_of.versions(self._archive.store, document_id)

    def text(
        self,
        document_id: int,
        start: int = 0,
        end: int | None = None,
        around: int = 0,
        version: int | None = None,
    ) -> Excerpt:
        """Return a range of a document's text. See `index.excerpt.excerpt`.

        Raises:
            UnknownDocument: there is none.
            BadRange: its text has no such range.
        """
        return excerpt(self.document(document_id, version), start, end, around)

    def status(self) -> Status:
        """Count what there is."""
        return self._archive.status()

    # Changing

    def add(self, *paths: str | PathLike[str], fields: Sequence[str] = ()) -> list[Outcome]:
        """Add files, and the files in folders; return what became of each.

        Args:
            paths: files and folders.
            fields: what a column or key is called in CSV and JSON Lines files, as OURS=THEIRS.

        Raises:
            Misuse: a field that is not written like that.
            ArchiveBusy: another process is writing.
            ArchiveUnwritable: read-only or out of room.
        """
        options = reading_of(self._settings, fields)
        home = self._settings.home.resolve()
        return list(self._archive.add(walk([Path(each) for each in paths], home), options))

    def sync(self, folder: str | PathLike[str], fields: Sequence[str] = ()) -> list[Outcome]:
        """Make the archive hold what a folder holds; return what became of each file. See `add`.

        Raises:
            LoadError: the folder is missing, or empty where it was not.
        """
        return list(self._archive.sync(Path(folder), reading_of(self._settings, fields)))

    def remove(self, reference: int | str | PathLike[str]) -> list[Document]:
        """Remove documents, by id, by path, or all of a folder; return them.

        Raises:
            UnknownDocument: there is none.
            ArchiveBusy: another process is writing.
            ArchiveUnwritable: read-only or out of room.
        """
        return self._archive.remove(str(reference))

    @cached_property
    def _answerer(self) -> Answerer:
        return answerer_for(self._archive, self._settings)

    def _ask(self, asked: Question, tell: Tell = ignore) -> Answer:
        return self._answerer.ask(
            asked.question,
            asked.history,
            asked.since,
            asked.until,
            asked.top_k,
            documents=asked.documents,
            tell=tell,
            as_is=asked.as_is,
        )

    def _try(self, asked: str | Question) -> Answer | CuttingsError:
        try:
            return self._ask(Question(asked) if isinstance(asked, str) else asked)
        except CuttingsError as error:
            return error
