"""Files to the documents in them, and to what becomes of each: added, replaced, left alone."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from index import reading
from index.errors import LoadError
from index.file_record import FileRecord
from index.intake import Intake, Outcome, Result
from index.loaders import Unread, container_for
from index.loaders.protocol import Options
from index.sandbox import Sandbox
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
        shown = path if found.name is None else Path(found.name)
        try:
            if found.problem is not None:
                raise LoadError(found.problem)
            source = self.archive.source_of(path) if found.name is None else found.name
            check_name(source)
            reading.check(path, self.options)
            before = self.archive.store.file(source)
            options = replace(self.options, fields=self._fields(path, before))
            record = _record(path, source, options)
            same_fields = before is None or before.fields == record.fields
            if (
                before is not None
                and before.whole
                and same_fields
                and before.content_hash == record.content_hash
            ):
                held = self.archive.store.held_by(source)
                yield Outcome(shown, "unchanged", count=max(1, len(held)))
                yield from self._intake.finish(record)
            else:
                yield from self._documents(path, shown, record, options, same_fields)
        except LoadError as error:
            yield Outcome(shown, "skipped", note=str(error))

    def _documents(
        self, path: Path, name: Path, record: FileRecord, options: Options, same_fields: bool
    ) -> Iterator[Outcome]:
        source = record.name
        gone = self.archive.store.held_by(source)
        whole = True
        for document in self._read(path, source, options):
            shown = _shown(name, source, document.source)
            before = gone.pop(document.source, None)
            if isinstance(document, Unread):
                # What it said before stays, rather than vanish for a fault that may be passing.
                whole = False
                yield Outcome(shown, "skipped", note=document.problem)
            elif (
                before is not None
                and same_fields
                and (before.file, before.content_hash) == (source, document.content_hash)
            ):
                yield Outcome(shown, "unchanged")
                if before.record != document.original.record:
                    yield from self._intake.place(replace(document, id=before.id))
            else:
                result: Result = "added" if before is None else "replaced"
                outcome = Outcome(shown, result, note=_note(document))
                yield from self._intake.take(replace(document, file=source), outcome, record)
        left = [each.id for each in gone.values() if each.file == source]
        yield from self._intake.finish(replace(record, whole=whole), left)

    def _fields(self, path: Path, before: FileRecord | None) -> Mapping[str, str]:
        """Return what a file's fields are called: as was said now, or else when it was added."""
        if container_for(path.name) is None:
            return {}  # it has none
        if before is not None and not self.options.fields:
            return before.fields
        return self.options.fields

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
