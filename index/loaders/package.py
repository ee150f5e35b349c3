"""Zip files that are one document: office files and books. Their members are read within limits."""

import zipfile
import zlib
from io import BytesIO
from typing import Final

from index.errors import LoadError

LARGEST_MEMBER: Final = 50_000_000
LARGEST_TOTAL: Final = 200_000_000
"""Bytes that a member, and all members, may have when unpacked: more is made to fill the disk."""

_ENCRYPTED: Final = 0x1


def open_package(content: bytes) -> zipfile.ZipFile:
    """Open a document's zip file.

    The sizes that it declares can be relied on: no more than that is ever unpacked.

    Raises:
        LoadError: it is not a zip file, is damaged or encrypted, or unpacks to too much.
    """
    try:
        package = zipfile.ZipFile(BytesIO(content))
        members = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise LoadError("damaged, or not what its name says; open it and save it again") from error
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise LoadError("encrypted; save it without a password")
    sizes = [member.file_size for member in members]
    if max(sizes, default=0) > LARGEST_MEMBER or sum(sizes) > LARGEST_TOTAL:
        raise LoadError(
            f"unpacks to {sum(sizes) / 1e6:.0f} MB, and the limit is {LARGEST_TOTAL / 1e6:.0f} MB,"
            f" {LARGEST_MEMBER / 1e6:.0f} MB for one part; split it"
        )
    return package


def read_member(package: zipfile.ZipFile, name: str) -> bytes:
    """Return a member, unpacked.

    Raises:
        LoadError: there is none of that name, or it is damaged.
    """
    try:
        return package.read(name)
    except KeyError as error:
        raise LoadError(f"damaged: its part {name!r} is missing") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, OSError) as error:
        raise LoadError(f"damaged: its part {name!r} cannot be unpacked") from error
