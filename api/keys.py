"""Keys to the service: who may ask, who may add documents, who may take them out.

They lie as hashes in a file of the archive's folder, never in its store: an export holds none.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias, get_args

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from index.errors import ArchiveBusy, ArchiveUnwritable, BadKey, KeysDamaged, NoArchive
from index.files import write_atomically
from index.layout import Layout

Right: TypeAlias = Literal["ask", "add", "admin"]
"""What a key may do. Each right includes those before it: whoever may add may ask too."""

RIGHTS: Final[tuple[Right, ...]] = get_args(Right)

PREFIX: Final = "cuttings_"
"""What a key begins with, so that a person, or a scanner for leaked secrets, knows it for one."""

LONGEST_NAME: Final = 60
"""Characters in a key's name, at most."""

_PATIENCE: Final = 10
"""Seconds to wait for another process that is changing the keys: that takes milliseconds."""

_OWNER_ONLY: Final = 0o600


class Key(BaseModel):
    """A key without its secret: `hash` is the SHA-256 of that, in hex."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    can: Right
    hash: str
    made: datetime

    def may(self, right: Right) -> bool:
        """Say whether a right is among this key's."""
        return includes(self.can, right)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    keys: list[Key]


class Keyring:
    """The keys of one archive, as they are at this moment: they may change while a service runs."""

    def __init__(self, layout: Layout) -> None:
        """Use the file of keys that `layout` names, which need not exist."""
        self._layout = layout
        self._seen: tuple[int, ...] | None = None
        self._keys: list[Key] = []

    def held(self) -> list[Key]:
        """Return all keys, the oldest first.

        Raises:
            KeysDamaged: the file cannot be read.
        """
        path = self._layout.keys
        try:
            # The file is only ever replaced: another one has another number or another time.
            status = path.stat()
            seen = (status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size)
            if seen != self._seen:
                self._keys = _File.model_validate_json(path.read_bytes()).keys
                self._seen = seen
        except FileNotFoundError:
            self._keys, self._seen = [], None
        except (OSError, ValidationError) as error:
            raise KeysDamaged(
                f"{path} cannot be read; mend its rights or bring it back from a backup, or remove "
                "it and make new keys: qa keys add NAME"
            ) from error
        return self._keys

    def find(self, secret: str) -> Key | None:
        """Return the key that `secret` belongs to, or None.

        Raises:
            KeysDamaged: the file of keys cannot be read.
        """
        hashed, found = _hash(secret), None
        # All are compared, each in constant time: how long it takes tells nothing of any.
        for key in self.held():
            if hmac.compare_digest(key.hash.encode(), hashed.encode()):
                found = key
        return found

    def add(self, name: str, can: Right) -> str:
        """Make a key and return its secret, which nobody can find out again.

        Raises:
            BadKey: the name is taken, or is no name.
            NoArchive: there is no archive that it could belong to.
            ArchiveBusy: another process holds the file of keys.
            KeysDamaged: the file of keys cannot be read.
            ArchiveUnwritable: the file of keys cannot be written.
        """
        if not (0 < len(name) <= LONGEST_NAME and name.isprintable() and name == name.strip()):
            raise BadKey(
                f"{name!r} is no name for a key; give 1 to {LONGEST_NAME} printable characters, "
                "such as newsroom"
            )
        secret = PREFIX + secrets.token_urlsafe(32)  # 256 bits
        made = datetime.now(UTC).replace(microsecond=0)

        def with_it(keys: list[Key]) -> list[Key]:
            if any(each.name == name for each in keys):
                raise BadKey(
                    f"there is a key {name!r} already; choose another name, or remove it first: "
                    "qa keys remove NAME"
                )
            return [*keys, Key(name=name, can=can, hash=_hash(secret), made=made)]

        self._change(with_it)
        return secret

    def remove(self, name: str) -> Key:
        """Remove the key of that name, and return it.

        Raises:
            BadKey: there is none.
            NoArchive: there is no archive.
            ArchiveBusy: another process holds the file of keys.
            KeysDamaged: the file of keys cannot be read.
            ArchiveUnwritable: the file of keys cannot be written.
        """
        gone: list[Key] = []

        def without_it(keys: list[Key]) -> list[Key]:
            gone.extend(each for each in keys if each.name == name)
            if not gone:
                raise BadKey(f"there is no key {name!r}; qa keys list shows those there are")
            return [each for each in keys if each.name != name]

        self._change(without_it)
        return gone[0]

    def _change(self, change: Callable[[list[Key]], list[Key]]) -> None:
        """Replace the keys by what `change` makes of them; one process at a time."""
        layout = self._layout
        if not layout.store.exists():
            raise NoArchive(f"no archive at {layout.home}; make one with: qa index add PATH")
        try:
            with FileLock(layout.keys_lock, timeout=_PATIENCE):
                kept = _File(keys=change(self.held()))
                write_atomically(
                    layout.keys, kept.model_dump_json(indent=2).encode(), mode=_OWNER_ONLY
                )
        except Timeout as error:
            raise ArchiveBusy(
                f"another process has been changing {layout.keys} for {_PATIENCE} s; try again "
                "when it is done"
            ) from error
        except OSError as error:
            raise ArchiveUnwritable(
                f"cannot write {layout.keys}: {error.strerror}; make room or make it writable"
            ) from error


def includes(can: Right, right: Right) -> bool:
    """Say whether whoever has the right `can` has `right` too."""
    return RIGHTS.index(can) >= RIGHTS.index(right)


def _hash(secret: str) -> str:
    # Slow, salted hashes guard what people think up. 256 random bits cannot be guessed however
    # fast one tries, no two keys are alike, and this is computed for every request.
    return hashlib.sha256(secret.encode()).hexdigest()
