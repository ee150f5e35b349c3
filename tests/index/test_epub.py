"""`index.loaders.epub`: books made by pandoc and LibreOffice, and changed copies of them.

`minutes.epub` was made by pandoc from `minutes.md`, `report.epub` by LibreOffice from `report.fodt`.
"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import LoadError
from index.loaders import epub
from index.loaders.epub import EpubLoader
from index.types import Document, Span
from tests.index.original import FILES, check, kinds
from tests.index.packages import ENTITY_BOMB, damaged, encrypted, repacked

BOOK = "EPUB/content.opf"
CHAPTER = "EPUB/text/ch001.xhtml"
LOCK = "META-INF/encryption.xml"


def load(content: bytes) -> Document:
    document = EpubLoader().load(content, "a.epub")
    check(document)
    return document


def load_chapter(chapter: str | bytes) -> str:
    """Return the text of a book whose first chapter is another one."""
    text = load(repacked("minutes.epub", {CHAPTER: chapter})).text
    return text.partition("2018-10-09\n\n")[2].partition("Money")[0].rstrip()


def load_book(*, metadata: str = "", spine: str = '<itemref idref="one"/>') -> Document:
    return load(
        repacked(
            "minutes.epub",
            {
                BOOK: '<package xmlns="http://www.idpf.org/2007/opf" '
                'xmlns:opf="http://www.idpf.org/2007/opf" '
                f'xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>{metadata}</metadata>'
                '<manifest><item id="one" href="text/../text/ch%30%301.xhtml#a" '
                'media-type="application/xhtml+xml"/><item id="two" href="text/ch002.xhtml" '
                'media-type="application/xhtml+xml"/><item id="pic" href="media/file0.png" '
                'media-type="image/png"/><item id="nav" href="nav.xhtml" properties="nav" '
                'media-type="application/xhtml+xml"/></manifest>'
                f"<spine>{spine}</spine></package>"
            },
        )
    )


def locked_by(algorithm: str) -> bytes:
    return repacked(
        "minutes.epub",
        {
            LOCK: '<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData>'
            f'<e:EncryptionMethod Algorithm="{algorithm}"/></e:EncryptedData></encryption>'
        },
    )


# Real files


def test_a_book_that_pandoc_made() -> None:
    document = load((FILES / "minutes.epub").read_bytes())
    assert kinds(document) == [
        ("#body", "Minutes of the Saltby allotment society"),
        ("body", "Ada Finch"),
        ("body", "Noor Haddad"),
        ("body", "The Saltby Messenger"),
        ("body", "2018-10-09"),
        ("#body", "Water"),
        (
            "body",
            "The tap by the lower gate has dripped since June. Mr Pell offered to mend it “for the "
            "price of a pint”.",
        ),
        ("quote", "A dripping tap is a small sin."),
        ("quote", "It is a sin all the same."),
        ("#body", "Votes"),
        ("list", "The shed is to be painted green."),
        ("list", "The gate stays as it is."),
        ("body", "Plot\tHolder"),
        ("body", "7\tPell"),
        ("body", "12\tHaddad"),
        ("caption", "The shed before it was painted."),
        ("list", "The offer was accepted."),
        ("#body", "Money"),
        ("body", "There are £312 in the account. The year before there were £298."),
    ]
    assert document.title == "Minutes of the Saltby allotment society"
    assert document.title_span == Span(0, 39)
    assert document.author == "Ada Finch, Noor Haddad"
    assert document.publisher == "The Saltby Messenger"
    assert document.published == date(2018, 10, 9)
    assert document.language == "en-GB"


def test_a_book_that_libreoffice_saved() -> None:
    document = load((FILES / "report.epub").read_bytes())
    assert (document.title, document.title_span) == (
        "The harbour at Saltby: a report to residents",
        Span(0, 44),
    )
    assert document.author == "Ruth Okafor"
    assert document.published is None  # only the file's own time is told
    texts = [text for _, text in kinds(document)]
    assert texts[2].endswith(
        "broke through it in two places. Engineers who examined it in January found forty-one "
        "cracks, nine of them below the waterline."
    )
    assert texts[-9:-6] == [
        "Contractor\tPrice",
        "Harrow & Sons\t£2.4 million",
        "Tideline Ltd\t£3.1 million",
    ]
    assert texts[-1].endswith("and has set aside £180,000.")


# What a book says of itself


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("<dc:date>2018-10-09</dc:date>", date(2018, 10, 9)),
        ("<dc:date>2018-10-09T23:00:00-05:00</dc:date>", date(2018, 10, 9)),
        ("<dc:date>2018</dc:date>", None),
        ("<dc:date>2018-10</dc:date>", None),
        ("<dc:date>2018-13-09</dc:date>", None),
        ("<dc:date>0101-01-01T00:00:00+00:00</dc:date>", None),
        ('<dc:date opf:event="modification">2018-10-09</dc:date>', None),
        ('<dc:date opf:event="publication">2018-10-09</dc:date>', date(2018, 10, 9)),
        ('<meta property="dcterms:modified">2018-10-09T00:00:00Z</meta>', None),
    ],
)
def test_a_date_is_a_whole_day_of_publication(said: str, known: date | None) -> None:
    assert load_book(metadata=said).published == known


def test_a_title_that_is_not_told_is_the_first_heading() -> None:
    document = load_book()
    assert (document.title, document.title_span) == ("Water", Span(0, 5))
    document = load_book(metadata="<dc:title>Of taps\n and gates</dc:title>")
    assert (document.title, document.title_span) == ("Of taps and gates", None)


# Chapters


def test_chapters_come_in_the_order_of_reading_and_nothing_else_does() -> None:
    spine = "".join(f'<itemref idref="{each}"/>' for each in ("two", "nav", "pic", "gone", "one"))
    text = load_book(spine=spine).text
    assert text.startswith("Money\n\nThere are £312")
    assert text.endswith("The offer was accepted.")


def test_xhtml_is_read_as_a_reader_of_books_shows_it() -> None:
    page = (
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/>'
        '<script src="a.js"/></head><body><a id="p1"/><p>Tea&nbsp;&amp; cake<br/>at&#160;3</p>'
        '<div class="page"/><p>In 1953<sup><a class="n" epub:type="noteref" href="#n">1</a></sup> '
        '<a href="b.xhtml">all</a> was well.</p><p><a role="doc-backlink" href="#r">↩</a></p>'
        "</body></html>"
    )
    assert load_chapter(page) == "Tea & cake\nat 3\n\nIn 1953 all was well."


def test_a_chapter_says_its_encoding() -> None:
    page = "<html><body><p>Zoë’s café</p></body></html>"
    for name in ("utf-8", "utf-8-sig", "utf-16", "windows-1252"):
        content = f'<?xml version="1.0" encoding="{name}"?>{page}'.encode(name)
        assert load_chapter(content) == "Zoë’s café", name


def test_empty_chapters_are_passed_over() -> None:
    assert load_chapter("") == ""


# What cannot be read


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "damaged, or not what its name says; open it and save it again"),
        (encrypted((FILES / "minutes.epub").read_bytes()), "encrypted; save it without a password"),
        (
            locked_by("http://www.w3.org/2001/04/xmlenc#aes128-cbc"),
            "locked by its seller (DRM); add a copy without the lock",
        ),
        (
            (FILES / "minutes.docx").read_bytes(),
            "damaged: its part 'META-INF/container.xml' is missing",
        ),
        (
            repacked("minutes.epub", {"META-INF/container.xml": "<container/>"}),
            "damaged: it does not say where its text is",
        ),
        (
            repacked("minutes.epub", {BOOK: "<package>"}),
            "damaged: its part 'EPUB/content.opf' is no XML; save it again",
        ),
        (
            repacked("minutes.epub", {BOOK: "<a>" * 300 + "</a>" * 300}),
            "damaged: its part 'EPUB/content.opf' is no XML; save it again",
        ),
        (
            repacked("minutes.epub", {CHAPTER: None}),
            f"damaged: its part '{CHAPTER}' is missing",
        ),
    ],
)
def test_what_cannot_be_read(content: bytes, problem: str) -> None:
    with pytest.raises(LoadError) as raised:
        load(content)
    assert str(raised.value) == problem


def test_scrambled_fonts_are_no_lock() -> None:
    assert load(locked_by("http://www.idpf.org/2008/embedding")).author == "Ada Finch, Noor Haddad"


def test_bombs_do_not_go_off(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LoadError, match=r"^unpacks to 50 MB"):
        load(repacked("minutes.epub", {CHAPTER: b" " * 50_000_001}))
    book = (
        '<package xmlns="http://www.idpf.org/2007/opf" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A &x11;</dc:title></package>'
    )
    for member in (BOOK, CHAPTER):
        try:
            document = load(repacked("minutes.epub", {member: ENTITY_BOMB + book}))
        except LoadError:
            continue
        assert len(document.text) + len(document.title) < 2000
    monkeypatch.setattr(epub, "MOST_CHAPTERS", 2)
    with pytest.raises(LoadError, match=r"^more than 2 chapters; split it$"):
        load((FILES / "minutes.epub").read_bytes())


@given(st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), max_size=12))
def test_a_damaged_book_is_read_or_refused(places: list[tuple[int, int]]) -> None:
    try:
        load(damaged((FILES / "minutes.epub").read_bytes(), places))
    except LoadError:
        return


@given(st.binary(), st.text("<>/!-a p&;=\"'\n", max_size=60))
def test_any_chapter_is_read_or_refused(raw: bytes, markup: str) -> None:
    for chapter in (raw, f"<p>{markup}</p>".encode()):
        try:
            load(repacked("minutes.epub", {CHAPTER: chapter}))
        except LoadError:
            continue
