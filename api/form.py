"""A multipart form on its way in: files go to disk as they come, so that none is ever in memory."""

import logging
from pathlib import Path
from typing import BinaryIO, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from index.errors import BadUpload, LoadError
from index.uploads import Upload, check_name

MOST_FILES: Final = 1000
"""Files in one form, at most."""

MOST_TEXT: Final = 10_000
"""Bytes in all that is no file, at most."""

FIELD: Final = "field"
"""The only part that is no file: what a field is called in records, as OURS=THEIRS."""

# It writes a line for each broken form: whoever sends many could fill the log.
logging.getLogger("python_multipart").setLevel(logging.ERROR)


class Form:
    """Takes a form's bytes; `uploads` and `fields` are what it holds once `end` is through.

    Each file lies in a folder of its own below the one that was given, under the name that it came
    with. One whose name will not do is thrown away as it comes, and its upload says why.
    """

    def __init__(self, content_type: str, folder: Path) -> None:
        """Read a form of this `Content-Type`, and write its files to `folder`.

        Raises:
            BadUpload: it does not say what parts it.
        """
        _, options = parse_options_header(content_type)
        boundary = options.get(b"boundary", b"")
        if boundary == b"":
            raise BadUpload("the Content-Type names no boundary; leave it to your HTTP client")
        self.uploads: list[Upload] = []
        self.fields: list[str] = []
        self._folder = folder
        self._whole = False
        self._header: tuple[bytearray, bytearray] = (bytearray(), bytearray())
        self._disposition = b""
        self._file: BinaryIO | None = None
        self._text: bytearray | None = None
        self._texts = 0
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._header_name,
                    "on_header_value": self._header_value,
                    "on_header_end": self._header_end,
                    "on_headers_finished": self._open,
                    "on_part_data": self._write,
                    "on_part_end": self._close,
                    "on_end": self._end,
                },
            )
        except FormParserError as error:
            raise BadUpload("the Content-Type has too long a boundary") from error

    def write(self, chunk: bytes) -> None:
        """Take some more bytes.

        Raises:
            BadUpload: they are no form, or hold what is no file.
            OSError: the disk is full.
        """
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise BadUpload(
                "the form is broken; leave it to your HTTP client to make it"
            ) from error

    def end(self) -> None:
        """Note that there are no more.

        Raises:
            BadUpload: the form was not whole, or held no file.
        """
        if not self._whole:
            raise BadUpload("the form breaks off before its end; send it again")
        if not self.uploads:
            raise BadUpload("the form holds no file; send one with: curl -F files=@FILE")

    def close(self) -> None:
        """Let go of a file that was not written to its end."""
        if self._file is not None:
            self._file.close()

    def _begin(self) -> None:
        self._disposition = b""
        self._file = self._text = None

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header[0].extend(data[start:end])

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1].extend(data[start:end])

    def _header_end(self) -> None:
        name, value = self._header
        if name.lower() == b"content-disposition":
            self._disposition = bytes(value)
        self._header = (bytearray(), bytearray())

    def _open(self) -> None:
        """Begin a part, now that its headers are there."""
        _, options = parse_options_header(self._disposition)
        if b"filename" in options:
            self._open_file(options[b"filename"])
        elif options.get(b"name") == FIELD.encode():
            self._text = bytearray()
        else:
            raise BadUpload(
                "the form holds a part that is no file; send files, and nothing beside them but "
                f"{FIELD}=OURS=THEIRS"
            )

    def _open_file(self, raw: bytes) -> None:
        if len(self.uploads) == MOST_FILES:
            raise BadUpload(f"the form holds more than {MOST_FILES:,} files; send fewer at a time")
        name = raw.decode("utf-8", "replace")
        place = self._folder / str(len(self.uploads))
        try:
            check_name(name)
            if any(each.name == name for each in self.uploads):
                raise LoadError("another file of this form has that name; send it on its own")
        except LoadError as error:
            self.uploads.append(Upload(place, name, str(error)))
            return
        place.mkdir()
        self._file = (place / name).open("xb")
        self.uploads.append(Upload(place / name, name))

    def _write(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._file.write(data[start:end])
        elif self._text is not None:
            self._texts += end - start
            if self._texts > MOST_TEXT:
                raise BadUpload(f"the form has more than {MOST_TEXT:,} bytes that are no file")
            self._text.extend(data[start:end])

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
        elif self._text is not None:
            self.fields.append(self._text.decode("utf-8", "replace"))

    def _end(self) -> None:
        self._whole = True
