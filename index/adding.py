"""Files to the documents in them, and to what becomes of each: added, replaced, left alone."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from index import reading
from index.errors import LoadError
from index.intake import Intake, Outcome
from index.loaders import Unread
from index.loaders.protocol import Options
from index.sandbox import Sandbox
from index.store import FileRecord
from index.types import Document
from index.walk import Found, problem_of

if TYPE_CHECKING:
    from index.archive import Archive


class Adding:
    """Reads files for one run of adding; a context manager, which ends the reading process."""

    def __init__(self, archive: "Archive", intake: Intake, options: Options) -> None:
        """Add to `archive` through `intake`, whose write lock is held."""
        self.archive = archive
        self.options = options
        self._intake = intake
        self._sandboxes: dict[tuple[tuple[str, str], ...], Sandbox] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._sandboxes.values():
            each.close()

    def file(self, found: Found) -> Iterator[Outcome]:
        """Read one file and hand its documents on; yield what became of those that are safe now."""
        path = found.path
        try:
            if found.problem is not None:
                raise LoadError(found.problem)
            source = self.archive.source_of(path)
            check_name(source)
            reading.check(path, self.options)
            before = self.archive.store.file(source)
            options = self.options
            if before is not None and not options.fields:
                options = replace(options, fields=before.fields)
            record = _record(path, source, options)
            as_before = before is None or before.fields == record.fields
            if before is not None and as_before and before.content_hash == record.content_hash:
                self._intake.finish(record, [])
                held = self.archive.store.held_by(source)
                yield Outcome(path, "unchanged", count=max(1, len(held)))
                return
            yield from self._documents(path, record, options, as_before)
        except LoadError as error:
            yield Outcome(path, "skipped", note=str(error))

    def _documents(
        self, path: Path, record: FileRecord, options: Options, as_before: bool
    ) -> Iterator[Outcome]:
        source = record.name
        gone = self.archive.store.held_by(source)
        for document in self._read(path, source, options):
            if isinstance(document, Unread):
                # What it said before stays, rather than vanish for a fault that may be passing.
                gone.pop(document.source, None)
                shown = _shown(path, source, document.source)
                yield Outcome(shown, "skipped", note=document.problem)
                continue
            shown = _shown(path, source, document.source)
            before = gone.pop(document.source, None)
            if as_before and before is not None and before[1] == document.content_hash:
                yield Outcome(shown, "unchanged")
                continue
            outcome = Outcome(
                shown, "added" if before is None else "replaced", note=_note(document)
            )
            yield from self._intake.take(replace(document, file=source), outcome)
        self._intake.finish(record, [document_id for document_id, _ in gone.values()])

    def _read(self, path: Path, source: str, options: Options) -> Iterator[Document | Unread]:
        """Read a file in a process of its own, unless it only has to be decoded."""
        if reading.is_plain(path):
            return reading.documents(path, source, options)
        key = tuple(sorted(options.fields.items()))
        if key not in self._sandboxes:
            self._sandboxes[key] = Sandbox(options)
        return self._sandboxes[key].documents(path, source)


def check_name(source: str) -> None:
    """See to it that a document's name can be stored.

    Raises:
        LoadError: it is no valid text.
    """
    try:
        source.encode("utf-8")
    except UnicodeEncodeError as error:
        raise LoadError("its name is not valid text; rename it") from error


def _record(path: Path, source: str, options: Options) -> FileRecord:
    now = time.time_ns()
    try:
        status = path.stat()
    except OSError as error:
        raise LoadError(problem_of(error)) from error
    return FileRecord(
        name=source,
        size=status.st_size,
        mtime_ns=status.st_mtime_ns,
        read_ns=now,
        content_hash=reading.file_hash(path),
        fields=dict(options.fields),
    )


def _shown(path: Path, source: str, name: str) -> Path:
    """Return what a document is called in messages: its file's path, and its entry there."""
    return path / name.removeprefix(f"{source}/") if name != source else path


def _note(document: Document) -> str:
    return "" if document.encoding in (None, "utf-8") else f"read as {document.encoding}"
