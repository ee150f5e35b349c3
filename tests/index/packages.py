"""Changed copies of office files and books, which are zip files."""

import zipfile
from io import BytesIO

from tests.index.original import FILES


def repacked(name: str, changes: dict[str, str | bytes | None]) -> bytes:
    """Return a file of `tests/index/files` with some members replaced or added, or left out if None."""
    made = BytesIO()
    with (
        zipfile.ZipFile(FILES / name) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        members: dict[str, str | bytes | None] = {
            each: source.read(each) for each in source.namelist()
        }
        for member, content in {**members, **changes}.items():
            if content is not None:
                target.writestr(member, content)
    return made.getvalue()


def encrypted(content: bytes) -> bytes:
    """Return a zip file whose members are marked as encrypted."""
    made = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = made.find(signature)
        while at >= 0:
            made[at + offset] |= 1
            at = made.find(signature, at + 4)
    return bytes(made)


def damaged(content: bytes, places: list[tuple[int, int]]) -> bytes:
    """Return some bytes, at each place (modulo the length) another value."""
    made = bytearray(content)
    for at, value in places:
        made[at % len(made)] = value
    return bytes(made)


ENTITY_BOMB = (
    "<!DOCTYPE a [<!ENTITY x0 'ha'>"
    + "".join(f"<!ENTITY x{at} '{f'&x{at - 1};' * 10}'>" for at in range(1, 12))
    + "]>"
)
