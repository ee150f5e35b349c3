"""CSV and TSV: each row is a document."""

import csv
import json
from collections.abc import Iterator
from typing import BinaryIO, Final

from index.errors import LoadError
from index.loaders.lines import Lines
from index.loaders.protocol import Entry, Options
from index.loaders.records import Records
from index.types import Span

_DELIMITERS: Final = ",\t;|"


class CsvContainer:
    """Reads CSV and TSV in UTF-8; an entry is called by its id, or else by the number of its row.

    The first row names the fields; see `index.loaders.records` for which means what. Cells are
    parted by what parts the names: a comma, a tab, a semicolon or a bar.
    """

    suffixes = frozenset({".csv", ".tsv"})

    def entries(self, file: BinaryIO, source: str, options: Options) -> Iterator[Entry]:  # noqa: ARG002
        """See `index.loaders.protocol.Container`."""
        csv.field_size_limit(options.largest)
        delimiter = _delimiter(next(Lines(file, options.largest), ""))
        lines = Lines(file, options.largest)
        # Strict: a quotation mark out of place shifts the cells, and all that follows.
        rows = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            names = [name.strip() for name in next(rows, [])]
        except csv.Error as error:
            raise LoadError(f"not CSV: {error}") from error
        records = Records(options.fields)
        records.check(names)
        number = 1
        while True:
            number += 1
            start = lines.end
            try:
                row = next(rows, None)
                if row is None:
                    return
                if any(row):
                    record = _record(names, row)
                    content = json.dumps(record, ensure_ascii=False).encode()
                    yield records.entry(number, Span(start, lines.end), record, content)
            except csv.Error as error:
                yield records.problem(number, Span(start, lines.end), f"not CSV: {error}")
            except LoadError as error:
                yield records.problem(number, Span(start, lines.end), str(error))


def _delimiter(first: str) -> str:
    return max(_DELIMITERS, key=first.count)


def _record(names: list[str], row: list[str]) -> dict[str, str]:
    if any(row[len(names) :]):
        raise LoadError(f"has {len(row)} cells, and the first row {len(names)}")
    return dict(zip(names, row, strict=False))
