"""A document to be read, with a quotation marked in it: all of it, or a stretch if it is long."""

from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup
from pydantic import BaseModel, Field

from api.fields import LARGEST_ID
from api.web import marked
from api.web.quote import Source
from index import catalogue, history
from index.archive import Archive
from index.types import Span
from qa.types import describe

_CHANGED = "The document has changed since. This is what it said."
_VANISHED = "The document has been taken out of the folder that it came from. This is what it said."


class Place(BaseModel):
    """Which document, the quotation in it and the answer in that: what its page's address says.

    `before` or `after` ask for the stretch that ends or begins there. Without a version it is the
    current one.
    """

    id: int = Field(ge=1, le=LARGEST_ID)
    version: int | None = Field(default=None, ge=1, le=LARGEST_ID)
    start: int = Field(default=0, ge=0)
    end: int = Field(default=0, ge=0)
    inner_start: int = Field(default=0, ge=0, alias="from")
    inner_end: int = Field(default=0, ge=0, alias="to")
    before: int | None = Field(default=None, ge=0)
    after: int | None = Field(default=None, ge=0)

    def address(self, **but: int) -> str:
        """Return the address of this place, with something of it replaced."""
        said = self.model_dump(by_alias=True, exclude_unset=True, exclude={"before", "after"})
        return f"source?{urlencode({**said, **but})}"


@dataclass(frozen=True, slots=True)
class Reading:
    """What is shown of a document. `text` begins at `start`, in code points of the document's text.

    `note` says if this is not what the document says now. `now`, `earlier` and `later` are
    addresses of what it does say, and of the stretches around this one; empty where there is none.
    """

    id: int
    title: str
    source: Source
    start: int
    text: Markup
    earlier: str
    later: str
    note: str = ""
    now: str = ""


def read(archive: Archive, place: Place) -> Reading:
    """Return what is shown of a document.

    Raises:
        UnknownDocument: there is no such document, or no such version of it.
        ArchiveDamaged: the store cannot be read.
    """
    if place.version is None:
        document = archive.document(place.id)
    else:
        document = history.version(archive.store, place.id, place.version)
    text = document.text
    quotation, answer = Span(place.start, place.end), Span(place.inner_start, place.inner_end)
    if place.before is not None:
        stretch = marked.before(text, place.before)
    elif place.after is not None:
        stretch = marked.after(text, place.after)
    else:
        stretch = marked.around(text, quotation)
    now = catalogue.version_now(archive.store, place.id)
    changed = now is not None and now != document.version
    return Reading(
        id=document.id,
        title=document.title,
        source=Source.of(describe(document)),
        start=stretch.start,
        text=marked.marked(text, stretch, (marked.SENTENCE, quotation), (marked.ANSWER, answer)),
        earlier=place.address(before=stretch.start) if stretch.start > 0 else "",
        later=place.address(after=stretch.end) if stretch.end < len(text) else "",
        note=_VANISHED if now is None else _CHANGED if changed else "",
        now=f"source?id={document.id}" if changed else "",
    )
