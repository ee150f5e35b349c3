"""JSON Lines: each line is a document."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from index.errors import LoadError
from index.loaders.lines import Lines
from index.loaders.protocol import Entry, Options
from index.loaders.records import Records, flat
from index.types import Span

_LOOKED_AT: Final = 100
"""Lines that tell which fields a file has."""

_ENOUGH: Final = 1_000_000
"""Bytes of them, if there is a record among them."""


class JsonLinesContainer:
    """Reads JSON Lines in UTF-8; an entry is called by its id, or else by the number of its line.

    See `index.loaders.records` for which key means what.
    """

    suffixes = frozenset({".jsonl", ".ndjson"})

    def entries(self, file: BinaryIO, source: str, options: Options) -> Iterator[Entry]:  # noqa: ARG002
        """See `index.loaders.protocol.Container`."""
        records = Records(options.fields)
        records.check(_field_names(Lines(file, options.largest)))
        lines = Lines(file, options.largest)
        while True:
            start = lines.end
            try:
                line = next(lines, None)
                if line is None:
                    return
                if not line.isspace():
                    record = _parsed(line)
                    place = Span(start, lines.end)
                    yield records.entry(lines.number, place, record, line.strip().encode())
            except LoadError as error:
                yield records.problem(lines.number, Span(start, lines.end), str(error))


def _field_names(lines: Lines) -> list[str]:
    """Return the names of the fields that a file's first records have."""
    names: dict[str, None] = {}
    problem: LoadError | None = None
    while lines.number < _LOOKED_AT and not (names and lines.end > _ENOUGH):
        try:
            line = next(lines, None)
            if line is None:
                break
            if not line.isspace():
                names |= dict.fromkeys(name for name, _ in flat(_parsed(line)))
        except LoadError as error:
            problem = error
    if not names:
        raise LoadError("no JSON Lines: not one of its first lines is an object") from problem
    return list(names)


def _parsed(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line.strip())
    except json.JSONDecodeError as error:
        raise LoadError(f"not JSON: {error.msg} at character {error.pos + 1}") from error
    except RecursionError as error:
        raise LoadError("nests too deeply to be read") from error
    except ValueError as error:
        raise LoadError("holds a number of too many digits to be read") from error
    if not isinstance(value, dict):
        raise LoadError("not a JSON object")
    return value
