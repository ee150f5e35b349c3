"""A site to visit: an archive with hostile documents in it, and a reader that finds what it is told."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import httpx

from index.types import Document, Span
from qa.opening import open_for_adding
from qa.types import Candidate, Reading, ScoredSpan
from tests.api import workshop
from tests.api.workshop import settings_for

TURNED: Final = "\u202e"
PARAGRAPH: Final = (
    "In the week of the great flood the clerk counted sheep number {} in the meadow.\n\n"
)

TEXTS: Final = {
    "clerk.txt": "The clerk of Lower Mill\n\nA fire broke out at the mill on Tuesday. "
    "The clerk of Lower Mill counted 31 barrels of flour in the yard. "
    "Nobody was hurt, and the mill will open again in May.\n",
    "echo.txt": "More from the yard\n\nThe clerk found 31 barrels when all had been counted twice.\n",
    "other.txt": "A letter to the editor\n\nThere were only 28 barrels in the yard, I think.\n",
    "script.txt": "Scripts <script>document.title = 'owned'</script> of Scriptham\n\n"
    "<script>document.title = 'owned'</script><img src=x onerror=\"document.title = 'owned'\">"
    "</div></blockquote></template><!-- <style>body { display: none }</style>\n\n"
    "The clerk of Scriptham said \"<b>99</b>\" & '&lt;7&gt;' tins {{ 7 * 7 }} were left.\n\n"
    "<a href=\"javascript:document.title = 'owned'\">More</a>\n",
    "lines.txt": "Lines of Linesby\r\n\r\nThe mayor of Linesby\r\nwore seven\rred hats.\r\n\r\n"
    "Old\rMac\rlines follow.\r",
    "controls.txt": "Bells of Nulby\n\nThe bell of Nulby rang\x07 five\x00times\x85 on \x0cMay Day.\n",
    "turned.txt": "Prices of Biditon\n\nThe price in Biditon was \u202e123\u202c pounds, "
    "or \u2067nine\u2069 and 12\u200f-\u200f34 pence.\n",
    "hebrew.txt": "שלום לעיתון\n\nהעורך של העיתון אמר Hebrewton 45 פעמים היום.\n",
    "emoji.txt": "Flags of Emojiford 😀\n\nThe flag 🏳️‍🌈 of Emojiford 👍 flew for 12 days 🎉 in a row.\n",
    "long.txt": "A very long story\n\n"
    + "".join(PARAGRAPH.format(each) for each in range(2000))
    + "The treasure of Longton lies under 7 oaks.\n\n"
    + "".join(PARAGRAPH.format(each) for each in range(2000, 4000)),
}
"""What the documents say, by source."""

CLERK: Final = "How many barrels did the clerk of Lower Mill count: *31*?"
SILENT: Final = "Who won the cup?"


@dataclass
class Pointer:
    """Finds the words that the question has between asterisks, and nothing if there are none."""

    name: str = "pointer"

    def read(self, question: str, candidates: Sequence[Candidate], *_: object) -> Reading:
        spans: list[ScoredSpan] = []
        for words in re.findall(r"\*(.+?)\*", question):
            for each in candidates:
                at = each.passage.text.find(words)
                if at >= 0:
                    start = each.passage.start + at
                    span = Span(start, start + len(words))
                    spans.append(ScoredSpan(each, span, 9.0 - 0.1 * len(spans)))
        return Reading(tuple(spans), 0.0)


@dataclass(frozen=True)
class Site:
    """A running service."""

    client: httpx.Client
    home: Path

    @property
    def address(self) -> str:
        return str(self.client.base_url)

    @cached_property
    def ids(self) -> dict[str, int]:
        """The documents' ids, by source."""
        listed = self.client.get("/documents?limit=500").json()["documents"]
        return {each["source"]: each["id"] for each in listed}

    def text(self, source: str) -> str:
        """Return what a document says."""
        return str(self.client.get(f"/documents/{self.ids[source]}").json()["text"])

    def kept(self, answer_id: str) -> dict[str, Any]:
        """Return an answer that was kept."""
        found: dict[str, Any] = self.client.get(f"/answers/{answer_id}").raise_for_status().json()
        return found

    def ask(self, question: str, **fields: Any) -> httpx.Response:
        """Ask as a page without a script does; the reply leads on."""
        return self.client.post("/", data={"question": question, **fields})


def talk_of(reply: httpx.Response) -> str:
    """Return the conversation that the reply to a question leads to."""
    assert reply.status_code == 303
    return reply.headers["location"].partition("#")[0].partition("talk=")[2]


def make_archive(home: Path, texts: dict[str, str] = TEXTS) -> Path:
    """Make an archive of some texts at `home`."""
    archive = open_for_adding(settings_for(home, embedder="fake"))
    archive.add_documents(
        Document(source, text, text.splitlines()[0]) for source, text in texts.items()
    )
    archive.close()
    return home


@contextmanager
def serving(home: Path, **given: Any) -> Iterator[Site]:
    """Run a service that finds what it is told, for as long as the context lasts."""
    with workshop.serving(Pointer(), home, min_confidence=0, **given) as running:
        yield Site(running.client, home)
