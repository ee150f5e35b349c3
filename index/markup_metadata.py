"""What a page's markup says about it: title, author, publisher, dates, language and address.

Where a page contradicts itself, JSON-LD comes first, then its meta elements, then elements of the
text that are marked as such. A date counts only with its day; none is guessed.
"""

import html
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate
from typing import TYPE_CHECKING, Any, Final, TypeVar

from index.markup_kinds import is_comment
from index.masthead import read_date
from index.parts_builder import squeeze

if TYPE_CHECKING:
    from lxml.html import HtmlElement

T = TypeVar("T")

_OLDEST: Final = 1600
"""No newspaper is older: an earlier year is a program's way to say that it has no date."""

# The names that pages use for each thing, best first: "ld." is JSON-LD, "mark." an element of the
# text with that itemprop, class or attribute, and the others are meta elements.
_TITLE: Final = "ld.headline og:title twitter:title citation_title dc.title dcterms.title".split()
_AUTHOR: Final = """ld.author author article:author citation_author dc.creator dcterms.creator
    parsely-author sailthru.author byl""".split()
_PUBLISHER: Final = "ld.publisher og:site_name dc.publisher dcterms.publisher publisher".split()
_PUBLISHED: Final = """ld.datepublished article:published_time og:published_time datepublished
    dc.date.issued dcterms.issued dc.date.created dcterms.created dc.date dcterms.date
    citation_publication_date citation_date parsely-pub-date sailthru.date pubdate publish-date
    publish_date publication_date date mark.datepublished mark.published""".split()
_MODIFIED: Final = """ld.datemodified article:modified_time og:modified_time og:updated_time
    datemodified dc.date.modified dcterms.modified last-modified mark.datemodified
    mark.modified""".split()
_LANGUAGE: Final = "html.lang ld.inlanguage content-language og:locale dc.language".split()
_URL: Final = "link.canonical og:url ld.url ld.mainentityofpage".split()

_ARTICLE = re.compile(r".*Article|.*Posting|Report|Review")
_PAGE = re.compile(r".*WebPage")
_PUBLISHED_MARK = re.compile(r"publish|pubdate|entry-date", re.IGNORECASE)
_MODIFIED_MARK = re.compile(r"modified|updated", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})([-/.]?)(\d\d)\2(\d\d)(?!\d)")
_MAIL = re.compile(r"(?:[a-z]{3},\s*)?\d{1,2} [a-z]{3} \d{2}(?:\d\d)? \d", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_BY = re.compile(r"^by:?\s+", re.IGNORECASE)
_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says about itself; None where it does not."""

    title: str | None
    author: str | None
    publisher: str | None
    published: date | None
    modified: date | None
    language: str | None
    url: str | None


def read_metadata(root: "HtmlElement") -> Metadata:
    """Read what a page's markup says about it."""
    said: dict[str, list[Any]] = defaultdict(list)
    for name, value in (*_linked_data(root), *_meta(root), *_marks(root)):
        said[name].append(value)

    def best(names: Iterable[str], read: Callable[[Any], T | None]) -> T | None:
        values = (read(value) for name in names for value in said[name])
        return next((value for value in values if value is not None), None)

    # Several authors may have an element each.
    authors = ([_BY.sub("", each, count=1) for each in read_names(said[name])] for name in _AUTHOR)
    return Metadata(
        title=best(_TITLE, read_text),
        author=next((", ".join(names) for names in authors if names), None),
        publisher=best(_PUBLISHER, read_text),
        published=best(_PUBLISHED, read_day),
        modified=best(_MODIFIED, read_day),
        language=best(_LANGUAGE, read_language),
        url=best(_URL, read_address),
    )


def read_day(value: Any) -> date | None:
    """Return the day that a value of metadata says, in one of the usual ways to write a date.

    That is ISO 8601, the dates of e-mails, and words such as "5 September 2017"; never a month or a
    year alone, nor days and months in figures, which two countries read in two ways.
    """
    text = read_text(value)
    if text is None:
        return None
    iso = _ISO.match(text)
    try:
        if iso is not None:
            day: date | None = date(int(iso[1]), int(iso[3]), int(iso[4]))
        else:
            mail = parsedate(text) if _MAIL.match(text) else None
            day = read_date(text) if mail is None else date(*mail[:3])
    except ValueError:
        return None
    return day if day is not None and day.year >= _OLDEST and day != date(1970, 1, 1) else None


def _linked_data(root: "HtmlElement") -> Iterator[tuple[str, Any]]:
    """Yield what the page's JSON-LD says of its articles, or of the page if it names no article."""
    nodes: list[dict[str, Any]] = []
    for script in root.iterfind(".//script[@type='application/ld+json']"):
        try:
            values = [json.loads(script.text_content(), strict=False)]
        except (ValueError, RecursionError):  # as good as not there
            continue
        while values:
            value = values.pop(0)
            if isinstance(value, list):
                values[:0] = value
            elif isinstance(value, dict):
                nodes.append(value)
                values[:0] = [value.get("@graph"), value.get("mainEntity")]
    for kind in (_ARTICLE, _PAGE):
        chosen = [node for node in nodes if any(map(kind.fullmatch, read_names(node.get("@type"))))]
        yield from (
            (f"ld.{name.lower()}", value) for node in chosen for name, value in node.items()
        )
        if chosen:
            return


def _meta(root: "HtmlElement") -> Iterator[tuple[str, str]]:
    yield "html.lang", root.get("lang", "")
    for link in root.iterfind(".//link[@href]"):
        yield f"link.{link.get('rel', '').lower()}", link.get("href", "")
    for meta in root.iterfind(".//meta[@content]"):
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            # Some give several names in one.
            for name in meta.get(attribute, "").lower().split():
                yield name.replace("dc:", "dc."), meta.get("content", "")


def _marks(root: "HtmlElement") -> Iterator[tuple[str, str]]:
    for element in root.iterfind(".//*[@itemprop]"):
        if element.tag != "meta" and not _is_beside(element):
            yield f"mark.{element.get('itemprop', '').lower()}", _time(element)
    for element in root.iterfind(".//time"):
        names = " ".join([element.get("class", ""), *element.keys()])
        if _PUBLISHED_MARK.search(names) and not _is_beside(element):
            yield "mark.published", _time(element)
        elif _MODIFIED_MARK.search(names) and not _is_beside(element):
            yield "mark.modified", _time(element)


def _time(element: "HtmlElement") -> str:
    text: str = element.get("datetime", element.get("content", "".join(element.itertext())))
    return text


def _is_beside(element: "HtmlElement") -> bool:
    """Say whether an element belongs to something else than the article itself."""
    return any(
        each.tag in {"aside", "nav", "footer"} or is_comment(each)
        for each in element.iterancestors()
    )


def read_text(value: Any) -> str | None:
    """Return the text of a value, or its name, or the first of several; no address."""
    return next(iter(read_names(value)), None)


def read_names(value: Any) -> list[str]:
    """Return the names in a value: a text, something that has a name, or a list of either."""
    if isinstance(value, list):
        return list(dict.fromkeys(name for each in value for name in read_names(each)))
    if isinstance(value, dict):
        return read_names(value.get("name"))
    text = squeeze(html.unescape(value)) if isinstance(value, str) else ""
    return [text] if text and not _ADDRESS.match(text) else []


def read_address(value: Any) -> str | None:
    """Return a web address, alone or as the id of something; None if it is not whole."""
    if isinstance(value, dict):
        value = value.get("@id")
    match = _ADDRESS.fullmatch(value.strip()) if isinstance(value, str) else None
    return None if match is None else match.group()


def read_language(value: Any) -> str | None:
    """Return a language tag as BCP 47 writes it, such as "en" or "en-GB"."""
    match = (
        _LANGUAGE_TAG.fullmatch(value.strip().replace("_", "-")) if isinstance(value, str) else None
    )
    return None if match is None else match.group()
