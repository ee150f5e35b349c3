"""The tool `list`: the documents of the archive, a page at a time."""

from typing import Final

from pydantic import BaseModel, Field

from api.fields import LARGEST_ID
from api.mcp.shapes import Arguments, Outcome, Source, Tool
from qa import show
from qa.answer import Answerer

MOST: Final = 100
"""Documents in one reply."""


class Page(Arguments):
    """Which documents to list."""

    after: int = Field(default=0, ge=0, le=LARGEST_ID, description="`next` of the page before")
    limit: int = Field(default=25, ge=1, le=MOST, description="documents wanted")


class Documents(BaseModel):
    """Documents, in order of id."""

    documents: list[Source]
    total: int = Field(description="documents in the archive")
    next: int | None = Field(description="give it as after for the next page; null on the last")


def list_documents(answerer: Answerer, asked: Page) -> Outcome:
    """List documents."""
    store = answerer.archive.store
    found = store.documents(asked.after, asked.limit + 1)  # one more tells whether there is more
    shown = found[: asked.limit]
    total, _ = store.count()
    following = shown[-1].id if len(found) > len(shown) else None
    lines = [f"Documents, {len(shown)} of {total}:"]
    lines += [f"document {each.id}: {show.byline(each)}" for each in shown]
    if following is not None:
        lines.append(f"There are more: list those after {following}.")
    sources = [Source.of(each) for each in shown]
    return Outcome("\n".join(lines), Documents(documents=sources, total=total, next=following))


LIST: Final = Tool(
    name="list",
    title="List the documents",
    description="Say which documents the archive holds, a page at a time, in order of id.",
    arguments=Page,
    result=Documents,
    work=list_documents,
)
