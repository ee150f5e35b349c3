"""CSV and TSV: each row is a document."""

import csv
import itertools
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
            raise LoadError(_said(error)) from error
        records = Records(options.fields)
        records.check(names)
        for number in itertools.count(2):
            start, before = lines.end, lines.number
            try:
                row = next(rows, None)
            except (csv.Error, LoadError) as error:
                problem = _said(error) if isinstance(error, csv.Error) else str(error)
                # In a row of several lines, nobody can tell where the next begins.
                if lines.number > before + 1:
                    raise LoadError(f"row {number} and all after it: {problem}") from error
                yield records.problem(number, Span(start, lines.end), problem)
                continue
            place = Span(start, lines.end)
            if row is None:
                return
            if any(row[len(names) :]):
                problem = f"has {len(row)} cells, and the first row {len(names)}"
                yield records.problem(number, place, problem)
            elif any(row):
                record = dict(zip(names, row, strict=False))
                content = json.dumps(record, ensure_ascii=False).encode()
                yield records.entry(number, place, record, content)


def _delimiter(first: str) -> str:
    return max(_DELIMITERS, key=first.count)


def _said(error: csv.Error) -> str:
    # What the module adds after a dash is advice to programmers.
    return f"not CSV: {str(error).split(' - ')[0]}"
