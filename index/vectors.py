"""The dense view: FAISS over the store's vectors, every one compared, under the store's ids.

It holds them in half precision: half the memory, and cosines that differ by less than 0.001.
"""

import json
import zlib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

import faiss
import numpy as np

from index.embed import Vectors
from index.files import replacing
from index.store import Addition
from index.view import DamagedView, Hit, unwritable

FORMAT: Final = 2

_CHUNK: Final = 1 << 20

_streams: Any = faiss
"""Its stubs do not know that it reads and writes through callbacks."""


class VectorView:
    """See `index.view.View`. The index lives in memory; its file is a header line and its bytes."""

    name = "vectors"

    def __init__(self, path: Path, archive: str, dimension: int) -> None:
        """Make an empty view that will be saved to `path`."""
        self._path = path
        self._archive = archive
        self._dimension = dimension
        flat = faiss.IndexScalarQuantizer(
            dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        self._index: Any = faiss.IndexIDMap2(flat)
        self._ids: set[int] = set()
        self._change = 0
        self._saved = -1

    @classmethod
    def open(cls, path: Path, archive: str, dimension: int) -> "VectorView":
        """Read the view from `path`.

        Raises:
            DamagedView: missing, cut short, altered, or of another archive.
        """
        view = cls(path, archive, dimension)
        try:
            with path.open("rb") as file:
                header = json.loads(file.readline(4096))
                change = int(header["change"])
                begin = file.tell()
                if header != view._header(change, _checksum(file, change)):
                    raise DamagedView(f"{path.name} is damaged or belongs to another archive")
                # Only now: FAISS would believe whatever sizes it reads.
                file.seek(begin)
                view._index = faiss.read_index(_streams.PyCallbackIOReader(file.read, _CHUNK))
        except FileNotFoundError as error:
            raise DamagedView(f"{path.name} is missing") from error
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise DamagedView(f"{path.name} cannot be read") from error
        view._ids = set(view.ids())
        view._change = view._saved = change
        return view

    @property
    def change(self) -> int:
        """See `View.change`."""
        return self._change

    @property
    def count(self) -> int:
        """See `View.count`."""
        return len(self._ids)

    def apply(self, removed: Sequence[int], added: Sequence[Addition]) -> None:
        """See `View.apply`."""
        stale = self._ids.intersection(removed)
        if stale:
            self._index.remove_ids(np.fromiter(sorted(stale), dtype=np.int64))
            self._ids -= stale
        # A vector of the wrong width is the doctor's to report; it must not stop the others.
        fitting = [
            each
            for each in added
            if each.vector.shape == (self._dimension,) and each.passage_id not in self._ids
        ]
        if fitting:
            ids = np.asarray([each.passage_id for each in fitting], dtype=np.int64)
            self._index.add_with_ids(np.stack([each.vector for each in fitting]), ids)
            self._ids.update(ids.tolist())

    def reach(self, change: int) -> None:
        """See `View.reach`."""
        self._change = change

    def save(self) -> None:
        """See `View.save`."""
        if self._saved == self._change:
            return
        # Written twice, the first time to nowhere: the checksum stands before what it is of, and a
        # copy in memory would take as much as the view itself.
        checksum = _Checksum(self._change)
        faiss.write_index(self._index, _streams.PyCallbackIOWriter(checksum.add, _CHUNK))
        header = json.dumps(self._header(self._change, checksum.value)).encode() + b"\n"
        try:
            with replacing(self._path) as file:
                file.write(header)
                _write(self._index, file)
        except OSError as error:
            raise unwritable(self._path, error) from error
        self._saved = self._change

    def ids(self) -> list[int]:
        """See `View.ids`."""
        return sorted(int(each) for each in faiss.vector_to_array(self._index.id_map))

    def search(
        self, vector: Vectors, limit: int, among: Collection[int] | None = None
    ) -> list[Hit]:
        """Return the `limit` passages nearest to `vector`, best first, with their cosines.

        Args:
            vector: float32, unit length, shape `(dimension,)`.
            limit: how many at most.
            among: only these ids, if given.
        """
        limit = min(limit, len(self._ids))
        if limit == 0 or (among is not None and not among):
            return []
        parameters = None
        if among is not None:
            allowed = np.fromiter(among, dtype=np.int64, count=len(among))
            selector = faiss.IDSelectorBatch(allowed)
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]  # its stubs
        scores, ids = self._index.search(vector[np.newaxis], limit, params=parameters)
        return [
            Hit(int(each), float(score))
            for each, score in zip(ids[0], scores[0], strict=True)
            if each >= 0
        ]

    def _header(self, change: int, checksum: int) -> dict[str, object]:
        return {
            "format": FORMAT,
            "archive": self._archive,
            "dimension": self._dimension,
            "change": change,
            # The change number is all of the header that nothing else could contradict.
            "crc32": checksum,
        }


class _Checksum:
    """The CRC-32 of what it is given, piece by piece."""

    def __init__(self, start: int) -> None:
        self.value = zlib.crc32(b"", start)

    def add(self, piece: bytes) -> None:
        self.value = zlib.crc32(piece, self.value)


def _checksum(file: BinaryIO, start: int) -> int:
    """Return the checksum of the rest of a file."""
    checksum = _Checksum(start)
    while piece := file.read(_CHUNK):
        checksum.add(piece)
    return checksum.value


def _write(index: Any, file: BinaryIO) -> None:
    """Write an index to a file.

    Raises:
        OSError: the disk is full, for instance.
    """
    troubles: list[OSError] = []

    def write(piece: bytes) -> None:
        try:
            file.write(piece)
        except OSError as trouble:  # FAISS would make a nameless error of it
            troubles.append(trouble)
            raise

    try:
        faiss.write_index(index, _streams.PyCallbackIOWriter(write, _CHUNK))
    except RuntimeError:
        if troubles:
            raise troubles[0] from None
        raise
