"""Opening an archive, or making an empty one."""

from pathlib import Path

from index.archive import Archive, LoadEmbedder
from index.errors import ArchiveUnwritable, NoArchive, NotAnArchive, WrongEmbedder
from index.layout import Layout
from index.lock import write_lock
from index.store import Store
from index.views import Views


def open_archive(home: Path, load_embedder: LoadEmbedder, wanted: str | None = None) -> Archive:
    """Open the archive in the folder `home`.

    Args:
        home: the archive's folder.
        load_embedder: opens an embedder by name; called when the first text is embedded.
        wanted: the embedder that the user asked for, if any.

    Raises:
        NoArchive: there is none.
        NotAnArchive: the folder holds something else.
        NewerArchive: made by a newer version.
        WrongEmbedder: made with another embedder than `wanted`.
        ArchiveDamaged: the store cannot be read.
    """
    layout = Layout(home)
    if not layout.store.exists():
        if home.exists() and not layout.is_vacant():
            raise NotAnArchive(f"{home} is not an archive; name another folder with --home")
        raise NoArchive(f"no archive at {home}; make one with: qa index add PATH")
    store = Store(layout.store)
    try:
        made_with = store.identity
        if (
            wanted is not None
            and wanted != made_with.embedder
            and load_embedder(wanted).fingerprint != made_with.fingerprint
        ):
            raise WrongEmbedder(
                f"{home} was made with {made_with.embedder}, not {wanted}; leave out --embedder, "
                "or make a new archive with --home"
            )
        return Archive(layout, store, load_embedder)
    except BaseException:
        store.close()
        raise


def create_archive(home: Path, load_embedder: LoadEmbedder, embedder_name: str) -> Archive:
    """Make an empty archive in the folder `home`, which is missing or empty, and open it.

    Raises:
        NotAnArchive: something else is there.
        ArchiveBusy: another process is just making it.
        ArchiveUnwritable: it cannot be written.
        ModelError: the embedder cannot be opened.
    """
    layout = Layout(home)
    if home.exists() and not layout.is_vacant():
        raise NotAnArchive(f"{home} holds other things; name an empty folder with --home")
    embedder = load_embedder(embedder_name)
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveUnwritable(
            f"cannot make {home}: {error.strerror}; name another folder with --home"
        ) from error
    with write_lock(layout):
        if not layout.store.exists():
            store = Store.create(layout.store, embedder)
            Views.create(layout, store.identity)
            store.close()
    return open_archive(home, load_embedder, embedder_name)
