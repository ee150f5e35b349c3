"""What an export of an archive says of itself, and whether a file is one."""

import contextlib
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, NonNegativeInt

from index.errors import ArchiveDamaged, NewerArchive, NotAnArchive, OlderArchive
from index.store import FORMAT as STORE_FORMAT

MANIFEST: Final = "manifest.json"
STORE: Final = "store.sqlite3"
"""The two members of an export."""

FORMATS: Final = (1, STORE_FORMAT)
"""Of the export, and of the store in it."""

_LARGEST: Final = 64 * 1024
"""Bytes of a manifest that are read, at most."""

_PACKINGS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Manifest(BaseModel):
    """What an export holds. `bytes` and `sha256` are of the store in it."""

    model_config = ConfigDict(frozen=True, strict=True)

    formats: tuple[int, int]
    program: str
    archive: str
    embedder: str
    fingerprint: str
    dimension: NonNegativeInt
    change: NonNegativeInt
    documents: NonNegativeInt
    versions: NonNegativeInt
    passages: NonNegativeInt
    bytes: NonNegativeInt
    sha256: str


def describe(store: Path, digest: str, program: str) -> Manifest:
    """Return the manifest for a store that nobody writes.

    Args:
        store: the database.
        digest: its SHA-256.
        program: the version of the program that exports it.

    Raises:
        sqlite3.DatabaseError: the file is no database, or has other tables.
        LookupError: it does not say what it is.
        ValueError: what it says makes no sense.
    """
    uri = f"{store.absolute().as_uri()}?mode=ro&immutable=1"  # which leaves no log beside it
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        facts = dict(connection.execute("SELECT key, value FROM meta"))
        documents, versions, passages = connection.execute(
            "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM versions), "
            "(SELECT count(*) FROM passages)"
        ).fetchone()
    return Manifest(
        formats=(FORMATS[0], int(facts["format"])),
        program=program,
        archive=facts["archive"],
        embedder=facts["embedder"],
        fingerprint=facts["fingerprint"],
        dimension=int(facts["dimension"]),
        change=int(facts["change"]),
        documents=documents,
        versions=versions,
        passages=passages,
        bytes=store.stat().st_size,
        sha256=digest,
    )


@contextlib.contextmanager
def opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """Open an export, for as long as the context lasts, and read its manifest.

    Raises:
        NotAnArchive: the file is no export, or was cut short.
        NewerArchive: made by a newer version.
        OlderArchive: made by an older version, in a form that this one does not read.
        ArchiveDamaged: its members are not what the manifest says.
    """
    with contextlib.ExitStack() as stack:
        try:
            bundle = stack.enter_context(zipfile.ZipFile(file))
            with bundle.open(MANIFEST) as member:
                about = member.read(_LARGEST)
            whole, inner = json.loads(about)["formats"]
            made_as = (int(whole), int(inner))
            manifest = Manifest.model_validate_json(about) if made_as == FORMATS else None
            info = bundle.getinfo(STORE)
        except OSError as error:
            raise NotAnArchive(f"cannot read {file}: {error.strerror}") from error
        except Exception as error:  # what a library makes of a file that is something else
            raise NotAnArchive(
                f"{file} is no export of an archive, or was cut short; name another, or make it "
                "again: qa index export FILE"
            ) from error
        if made_as > FORMATS:
            raise NewerArchive(f"{file} was made by a newer version; upgrade cuttings to read it")
        if manifest is None:
            raise OlderArchive(
                f"{file} was made by an older version; import it with that one, and add the files "
                "again to a new archive"
            )
        if info.file_size != manifest.bytes or info.compress_type not in _PACKINGS:
            raise damaged(file)
        yield bundle, manifest


def damaged(file: Path) -> ArchiveDamaged:
    """Return the error of an export that is not what it was when it was made."""
    return ArchiveDamaged(
        f"{file} is damaged: it is not what was exported; nothing was imported. Take another copy "
        "of it, or make it again: qa index export FILE"
    )
