"""The lexical view: tantivy (BM25) over the words of title and passage."""

import contextlib
import errno
import json
import os
import shutil
import struct
import tempfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tantivy import Document as Entry
from tantivy import FieldType, Index, IndexWriter, Occur, Query, SchemaBuilder

from index.store import Addition
from index.terms import ANALYZER, analyzer, terms
from index.view import DamagedView, Hit, unwritable

FORMAT = "2"
MARK = 0
"""The id of the one entry that is no passage: the change number, committed with the words."""

WRITER_BYTES = 64_000_000
_CHUNK = 1 << 20
_TRIES = 5
TITLE_WEIGHT = 0.3
"""Chosen by measurement: see benchmarks/README.md."""

_SCHEMA = (
    SchemaBuilder()
    .add_unsigned_field("id", stored=True, indexed=True, fast=True)
    .add_unsigned_field("document", indexed=True)
    .add_integer_field("day", indexed=True, fast=True)
    .add_text_field("text", tokenizer_name=ANALYZER, index_option="freq")
    .add_text_field("title", tokenizer_name=ANALYZER, index_option="freq")
    .add_text_field("mark", stored=True, tokenizer_name="raw", index_option="basic")
    .build()
)


class WordView:
    """See `index.view.View`. Lives in a folder, or in memory where the folder cannot be written."""

    name = "words"

    def __init__(self, index: Index, archive: str, change: int, folder: Path | None) -> None:
        """Wrap an open index; use `create`, `open` or `in_memory`."""
        # tantivy's own thread would see a commit before `refresh` has told of its change, and take
        # a lock in the folder at any time, even while `create` removes it.
        index.config_reader(reload_policy="Manual")
        index.register_tokenizer(ANALYZER, analyzer())
        self._index = index
        self._archive = archive
        self._change = change
        self._folder = folder
        self._writer: IndexWriter | None = None
        self.private = False
        """Whether nobody else can see this view, so that changing it needs no lock."""

    @classmethod
    def create(cls, folder: Path, archive: str) -> "WordView":
        """Make an empty view in `folder`, whatever was there before.

        Raises:
            ArchiveUnwritable: read-only or out of room.
        """
        try:
            if folder.is_dir() and not folder.is_symlink():
                # First, so that whoever meets the rest after a crash knows that it is no view.
                (folder / "meta.json").unlink(missing_ok=True)
                _remove(folder)
            else:
                folder.unlink(missing_ok=True)
            folder.mkdir()
            return cls(Index(_SCHEMA, path=str(folder), reuse=False), archive, 0, folder)
        except (OSError, ValueError) as error:
            raise unwritable(folder, error) from error

    @classmethod
    def in_memory(cls, archive: str) -> "WordView":
        """Make an empty view that leaves no trace on disk."""
        view = cls(Index(_SCHEMA), archive, 0, None)
        view.private = True
        return view

    @classmethod
    def open(cls, folder: Path, archive: str) -> "WordView":
        """Open the view in `folder`.

        Raises:
            DamagedView: missing, altered, or of another archive.
        """
        if not folder.is_dir():
            raise DamagedView("words is missing")
        _check_files(folder)
        try:
            with _lockable(folder) as place:
                index = Index.open(str(place))
                if index.schema != _SCHEMA:
                    raise DamagedView("words belongs to another version")
                view = cls(index, archive, 0, folder)
                view.refresh()
        except (OSError, ValueError) as error:
            raise DamagedView("words cannot be read") from error
        return view

    @property
    def change(self) -> int:
        """See `View.change`."""
        return self._change

    @property
    def count(self) -> int:
        """See `View.count`."""
        return max(0, self._index.searcher().num_docs - 1)

    @property
    def waste(self) -> float:
        """The share of what BM25 counts as passages that is deleted, from 0 to 1.

        tantivy drops deleted entries, and what it counted of their words, only as it merges.
        """
        deleted = self._deleted()
        return deleted / max(1, self._index.searcher().num_docs + deleted)

    def refresh(self) -> None:
        """Forget what is not committed, and see what another process has committed since.

        Raises:
            DamagedView: the files cannot be read any more, or belong to another archive.
        """
        self._end_writer()
        try:
            self._index.reload()
            self._change = self._committed_change()
        except ValueError as error:
            raise DamagedView("words cannot be read") from error

    def apply(self, removed: Sequence[int], added: Sequence[Addition]) -> None:
        """See `View.apply`."""
        with self._writing() as writer:
            for passage_id in removed:
                writer.delete_documents_by_query(_of(passage_id))
            for each in added:
                entry = Entry()
                entry.add_unsigned("id", each.passage_id)
                entry.add_unsigned("document", each.document_id)
                entry.add_text("text", each.text)
                entry.add_text("title", each.title)
                if each.published is not None:
                    entry.add_integer("day", each.published.toordinal())
                writer.add_document(entry)

    def clear(self) -> None:
        """Forget all, and how much of it there was: what `apply` and `reach` will make stand."""
        with self._writing() as writer:
            writer.delete_all_documents()
        self._change = 0

    def reach(self, change: int) -> None:
        """See `View.reach`. Commits: the words and the change number in one step."""
        with self._writing() as writer:
            writer.delete_documents_by_query(_of(MARK))
            entry = Entry()
            entry.add_unsigned("id", MARK)
            entry.add_text("mark", f"{FORMAT} {self._archive} {change}")
            writer.add_document(entry)
            writer.commit()
        self._index.reload()
        self._change = change

    def save(self) -> None:
        """See `View.save`. The words are on disk already; this ends the writer."""
        self._end_writer()

    def ids(self) -> list[int]:
        """See `View.ids`."""
        searcher = self._index.searcher()
        everyone = searcher.search(Query.all_query(), limit=max(1, searcher.num_docs), count=False)
        found = searcher.fast_field_values("id", [address for _, address in everyone.hits])
        return sorted(int(each) for each in found if each is not None and int(each) != MARK)

    def search(
        self,
        text: str,
        limit: int,
        since: date | None = None,
        until: date | None = None,
        documents: Collection[int] | None = None,
    ) -> list[Hit]:
        """Return the `limit` best passages for the words of `text`, with their BM25 scores.

        Those of other dates, or of other `documents`, are left out, and change nobody's score.
        """
        words = list(dict.fromkeys(terms(text)))
        if not words or limit == 0 or (documents is not None and not documents):
            return []
        wanted = [
            (Occur.Should, Query.boost_query(Query.term_query(_SCHEMA, field, word), weight))
            for word in words
            for field, weight in (("text", 1.0), ("title", TITLE_WEIGHT))
        ]
        query = Query.boolean_query(wanted)
        filters = []
        if since is not None or until is not None:
            days = Query.range_query(
                _SCHEMA,
                "day",
                FieldType.Integer,
                lower_bound=since.toordinal() if since is not None else date.min.toordinal(),
                upper_bound=until.toordinal() if until is not None else date.max.toordinal(),
            )
            filters.append(days)
        if documents is not None:
            filters.append(Query.term_set_query(_SCHEMA, "document", list(documents)))
        if filters:
            unscored = (Query.const_score_query(each, 0.0) for each in filters)
            query = Query.boolean_query([(Occur.Must, each) for each in (query, *unscored)])
        searcher = self._index.searcher()
        found = searcher.search(query, limit=limit, count=False).hits
        ids = searcher.fast_field_values("id", [address for _, address in found])
        return [
            Hit(int(each), float(score))
            for (score, _), each in zip(found, ids, strict=True)
            if each is not None
        ]

    def document_frequency(self, term: str) -> int:
        """Return in how many passages `term`, as `index.terms.terms` gives it, occurs."""
        return self._index.searcher().doc_freq("text", term)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[IndexWriter]:
        """Give the writer, or give it up: one that has failed once loses what it is given next."""
        try:
            if self._writer is None:
                self._writer = self._index.writer(heap_size=WRITER_BYTES, num_threads=1)
            yield self._writer
        except ValueError as error:
            self._end_writer()
            raise unwritable(Path("words"), error) from error

    def _deleted(self) -> int:
        if self._folder is None:
            return 0
        segments = _meta(self._folder)["segments"]
        return sum(each["deletes"]["num_deleted_docs"] for each in segments if each["deletes"])

    def _end_writer(self) -> None:
        """Let the writer finish its merges and give back tantivy's lock."""
        writer, self._writer = self._writer, None
        if writer is not None:
            with contextlib.suppress(ValueError):  # it had failed
                writer.wait_merging_threads()

    def _committed_change(self) -> int:
        searcher = self._index.searcher()
        found = searcher.search(_of(MARK), limit=2).hits
        if len(found) != min(1, searcher.num_docs):
            raise DamagedView("words is damaged")
        if not found:
            return 0
        mark = searcher.doc(found[0][1]).get_first("mark")
        version, archive, change = str(mark).split(" ")
        if (version, archive) != (FORMAT, self._archive):
            raise DamagedView("words belongs to another archive")
        return int(change)


@contextlib.contextmanager
def _lockable(folder: Path) -> Iterator[Path]:
    """Give the folder or, if it is read-only, one of links to its files: tantivy locks to read."""
    if os.access(folder, os.W_OK):
        yield folder
        return
    # tantivy's own thread may still be taking its lock there while the folder is removed.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        for each in folder.iterdir():
            if each.suffix != ".lock":
                (Path(place) / each.name).symlink_to(each.resolve())
        yield Path(place)


def _remove(folder: Path) -> None:
    """Remove a folder in which another process, looking for news, may be taking tantivy's lock."""
    for _ in range(_TRIES):
        try:
            return shutil.rmtree(folder)
        except OSError as error:
            if error.errno != errno.ENOTEMPTY:
                raise
    return shutil.rmtree(folder)


def _of(passage_id: int) -> Query:
    # delete_documents_by_term would make a signed term of it, and match nothing.
    return Query.term_query(_SCHEMA, "id", passage_id)


def _meta(folder: Path) -> Any:
    """Return tantivy's own list of the segments that stand."""
    return json.loads((folder / "meta.json").read_text("utf-8"))


def _check_files(folder: Path) -> None:
    """Compare each of tantivy's files with the CRC-32 in its own footer.

    A file ends with JSON that holds the checksum of what stands before it, the length of that
    JSON and a magic number, both little-endian 32-bit (tantivy, src/directory/footer.rs).
    """
    try:
        committed = {each["segment_id"].replace("-", "") for each in _meta(folder)["segments"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedView("words/meta.json cannot be read") from error
    # Any other file is a writer's unfinished work.
    for path in sorted(each for each in folder.iterdir() if each.name[:32] in committed):
        try:
            sound = _is_sound(path)
        except FileNotFoundError:
            continue  # merged away by a writer in another process
        except (OSError, ValueError, struct.error, KeyError, TypeError):
            sound = False
        if not sound:
            raise DamagedView(f"words/{path.name} is damaged")


def _is_sound(path: Path) -> bool:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 8))
        length, magic = struct.unpack("<II", file.read(8))
        left = size - 8 - length
        file.seek(max(0, left))
        expected = json.loads(file.read(length))["crc"]
        file.seek(0)
        found = 0
        while left > 0 and (piece := file.read(min(left, _CHUNK))):
            found = zlib.crc32(piece, found)
            left -= len(piece)
    return bool(magic == 1337 and left == 0 and expected == found)
