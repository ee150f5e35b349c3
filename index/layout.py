"""Where everything lies in an archive's folder."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of one archive.

    Only `store` and `conversations` hold what cannot be made again; `uploads` are originals that
    came over HTTP and may lie nowhere else, `keys` are who may ask the service.
    """

    home: Path

    @property
    def store(self) -> Path:
        """The database: documents, passages, vectors."""
        return self.home / "store.sqlite3"

    @property
    def conversations(self) -> Path:
        """The database of what was asked and is kept: see `qa.notebook`. Never exported."""
        return self.home / "conversations.sqlite3"

    @property
    def vectors(self) -> Path:
        """The FAISS view."""
        return self.home / "vectors.faiss"

    @property
    def words(self) -> Path:
        """The folder of the tantivy view."""
        return self.home / "words"

    @property
    def lock(self) -> Path:
        """Held by the one process that writes."""
        return self.home / "write.lock"

    @property
    def holder(self) -> Path:
        """Who holds the lock, for the message that others get."""
        return self.home / "write.holder"

    @property
    def questions(self) -> Path:
        """Held by whoever answers a question, so that long work can wait."""
        return self.home / "questions.lock"

    @property
    def keys(self) -> Path:
        """Who may ask the service for what: keys, as hashes."""
        return self.home / "keys.json"

    @property
    def keys_lock(self) -> Path:
        """Held by whoever changes the keys."""
        return self.home / "keys.lock"

    @property
    def uploads(self) -> Path:
        """The folder of files that came over HTTP."""
        return self.home / "uploads"

    @property
    def base(self) -> Path:
        """Sources below it are named relative to it, so that an archive moves with its files."""
        return self.home.parent

    def is_vacant(self) -> bool:
        """Say whether the folder is there and empty, but for what a first attempt may have left."""
        leavings = (self.lock.name, self.holder.name, f"{self.store.name}.making")
        return self.home.is_dir() and all(
            each.name.startswith(leavings) for each in self.home.iterdir()
        )
