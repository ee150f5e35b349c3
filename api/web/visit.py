"""Who looks at which archive: what every page is made from."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Final

from fastapi import Depends

from api.asking import TheLines, TheNotebook
from api.in_turn import InTurn
from api.owner import TheOwner
from api.routes import TheService
from api.service import Service
from api.web.quote import Fetch
from index import history
from index.archive import Archive
from index.types import Document
from qa.notebook import Notebook

_HELD: Final = 16
"""Documents held in memory while a page is made: the next quotation is often of one of them."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A service, what it keeps, and whose of that may be seen."""

    service: Service
    notebook: Notebook
    lines: InTurn
    owner: str

    @property
    def archive(self) -> Archive:
        """The archive.

        Raises:
            NotReady: it is not open yet.
        """
        return self.service.answerer.archive

    @property
    def longest_question(self) -> int:
        """Characters that a question may have.

        Raises:
            NotReady: the archive is not open yet.
        """
        return self.service.answerer.longest_question

    def fetching(self) -> Fetch:
        """Return what gives versions of documents, and does not read the same one every time."""
        store = self.archive.store

        @lru_cache(maxsize=_HELD)
        def fetch(document_id: int, version: int) -> Document:
            return history.version(store, document_id, version)

        return fetch


async def _visit(
    service: TheService, notebook: TheNotebook, lines: TheLines, owner: TheOwner
) -> Visit:
    return Visit(service, notebook, lines, owner)


TheVisit = Annotated[Visit, Depends(_visit)]
