"""`index.loaders.docx`: files made by LibreOffice and pandoc, and changed copies of them.

`report.docx` is `report.fodt` saved as DOCX; `minutes.docx` was made by pandoc from `minutes.md`.
"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import LoadError
from index.loaders.docx import DocxLoader
from index.types import Document, Span
from tests.index.original import FILES, check, kinds
from tests.index.packages import ENTITY_BOMB, damaged, encrypted, repacked

DOCUMENT = "word/document.xml"
STYLES = "word/styles.xml"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
NAMESPACES = (
    f'{W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def load(content: bytes) -> Document:
    document = DocxLoader().load(content, "a.docx")
    check(document)
    return document


def load_body(body: str) -> Document:
    xml = f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
    return load(
        repacked("minutes.docx", {DOCUMENT: xml, "word/footnotes.xml": f"<w:footnotes {W}/>"})
    )


def paragraph(inside: str, settings: str = "") -> str:
    return f"<w:p><w:pPr>{settings}</w:pPr>{inside}</w:p>"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def styled(text: str, style: str) -> str:
    return paragraph(run(text), f'<w:pStyle w:val="{style}"/>')


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr>"


# Real files


def test_a_report_that_libreoffice_saved() -> None:
    document = load((FILES / "report.docx").read_bytes())
    found = kinds(document)
    assert found[:5] == [
        ("#headline", "The harbour at Saltby: a report to residents"),
        ("body", "14 March 2019"),
        (
            "body",
            "The harbour wall was built in 1884 and has not been repaired since the winter of 1953, "
            "when the sea broke through it in two places. Engineers who examined it in January "
            "found forty-one cracks, nine of them below the waterline.",
        ),
        ("#body", "What repairs would cost"),
        (
            "body",
            "The board asked three contractors for a price. The lowest was £2.4 million, which is "
            "twice the board’s yearly income from mooring charges, fish landings and the summer "
            "ferry together.",
        ),
    ]
    assert found[8:18] == [
        ("#body", "What happens next"),
        ("body", "The board will:"),
        ("list", "publish the engineers’ survey in full;"),
        ("list", "hold a public meeting on 2 April;"),
        ("list", "decide in May."),
        ("body", "Contractor\tPrice"),
        ("body", "Harrow & Sons\t£2.4 million"),
        ("body", "Tideline Ltd\t£3.1 million"),
        ("caption", "Table 1: The prices that were offered."),
        ("quote", "A wall is only as good as its worst yard."),
    ]
    assert found[19] == ("body", "The harbour office is open from nine to noon.")  # a text box
    assert found[22:] == [
        ("body", "The minutes of 1953 are in the county record office."),  # a footnote
        ("boilerplate", "Saltby Harbour Board"),
        ("boilerplate", "Page 3 of 3"),
    ]
    assert "Is this figure right?" not in document.text  # a reviewer's comment
    assert "Harrow & Sons\t£2.4 million\nTideline Ltd" in document.text
    assert document.title_span == Span(0, 44)
    assert document.published == date(2019, 3, 14)  # the properties say 2024
    assert document.original.pages == ()


def test_minutes_that_pandoc_made() -> None:
    document = load((FILES / "minutes.docx").read_bytes())
    assert kinds(document) == [
        ("#headline", "Minutes of the Saltby allotment society"),
        ("body", "Ada Finch"),
        ("body", "Noor Haddad"),
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
        ("#body", "Money"),
        ("body", "There are £312 in the account. The year before there were £298."),
        ("body", "The offer was accepted."),
    ]
    assert document.title == "Minutes of the Saltby allotment society"
    assert document.author == "Ada Finch; Noor Haddad"
    assert document.language == "en-GB"
    assert document.published == date(2018, 10, 9)


# What Word writes


def test_changes_that_are_tracked_are_read_as_accepted() -> None:
    tracked = (
        run("The fare is ")
        + f'<w:del w:id="1" w:author="a"><w:r><w:delText>£5</w:delText></w:r>{run("x")}</w:del>'
        + f'<w:ins w:id="2" w:author="a">{run("£6")}</w:ins>'
        + f'<w:moveFrom w:id="3">{run("gone")}</w:moveFrom><w:moveTo w:id="4">{run(" here")}</w:moveTo>'
    )
    assert load_body(paragraph(tracked)).text == "The fare is £6 here"


def test_signs_within_a_paragraph() -> None:
    signs = (
        f"{run('One')}<w:r><w:br/><w:t>two</w:t><w:tab/><w:t>three\u00a0four</w:t>"
        "<w:noBreakHyphen/><w:t>five</w:t><w:softHyphen/><w:instrText>PAGE</w:instrText></w:r>"
        f"<w:hyperlink>{run(' linked')}</w:hyperlink><m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>"
    )
    assert load_body(paragraph(signs)).text == "One\ntwo three four-five linkedx=1"


def test_a_text_box_is_read_once_behind_its_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph(run('In the box.'))}</w:txbxContent>"
    both = (
        f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    )
    document = load_body(paragraph(f"{run('Before')}<w:r>{both}</w:r>{run(' and after.')}"))
    assert document.text == "Before and after.\n\nIn the box."


def test_content_controls_hold_text_like_any_other() -> None:
    inside = paragraph(run("Chosen from a list."))
    assert load_body(f"<w:sdt><w:sdtContent>{inside}</w:sdtContent></w:sdt>").text == (
        "Chosen from a list."
    )


def test_tables_of_data_are_rows_and_those_that_lay_out_a_page_are_not() -> None:
    one, two, three = (paragraph(run(each)) for each in ("One.", "Two.", "Three."))
    nested = f"<w:tbl>{row(one, two)}</w:tbl>"
    assert load_body(f"<w:tbl>{row(one, two)}{row(three, '')}</w:tbl>{one}").text == (
        "One.\tTwo.\nThree.\n\nOne."
    )
    assert load_body(f"<w:tbl>{row(one + two, three)}</w:tbl>").text == "One.\n\nTwo.\n\nThree."
    assert load_body(f"<w:tbl>{row(three, nested + one)}</w:tbl>").text == (
        "Three.\n\nOne.\tTwo.\n\nOne."
    )


def test_a_style_is_what_it_is_based_on_in_any_language() -> None:
    styles = f"""<w:styles {W}>
        <w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
        <w:style w:type="paragraph" w:styleId="Haus"><w:name w:val="Hausüberschrift"/>
            <w:basedOn w:val="berschrift1"/></w:style>
        <w:style w:type="paragraph" w:styleId="Punkte"><w:name w:val="Punkte"/>
            <w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>
        <w:style w:type="paragraph" w:styleId="Kreis"><w:name w:val="Kreis"/>
            <w:basedOn w:val="Kreis"/></w:style>
        <w:style w:type="paragraph" w:styleId="Untertitel"><w:name w:val="Subtitle"/>
            <w:basedOn w:val="Titel"/></w:style>
        <w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>
    </w:styles>"""
    names = ("Untertitel", "Haus", "Punkte", "Kreis", "fehlt")
    body = "".join(styled(f"Ein {name}.", name) for name in names)
    none = paragraph(run("Keine."), '<w:numPr><w:numId w:val="0"/></w:numPr>')
    xml = f"<w:document {NAMESPACES}><w:body>{body}{none}</w:body></w:document>"
    assert [
        kind for kind, _ in kinds(load(repacked("minutes.docx", {DOCUMENT: xml, STYLES: styles})))
    ][:6] == ["body", "#body", "list", "body", "body", "body"]


def test_the_title_is_the_styled_one_or_that_in_the_properties() -> None:
    body = styled("Water", "Heading1") + paragraph(run("The tap drips."))
    document = load_body(body)
    assert (document.title, document.title_span) == (
        "Minutes of the Saltby allotment society",
        None,
    )
    document = load_body(paragraph(run("Minutes of the Saltby Allotment Society")) + body)
    assert document.title_span == Span(0, 39)
    document = load_body(styled("The tap", "Title") + body)
    assert (document.title, document.title_span) == ("The tap", Span(0, 7))


def test_a_byline_in_the_text_comes_before_the_properties() -> None:
    document = load_body(paragraph(run("A tap drips")) + paragraph(run("By Ines Marlow")))
    assert document.author == "Ines Marlow"


# What cannot be read

NOT_WORD = "not a Word file, or a damaged one; save it again"
NOT_A_PACKAGE = "damaged, or not what its name says; open it and save it again"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", NOT_A_PACKAGE),
        (b"PK\x03\x04 and no more", NOT_A_PACKAGE),
        ((FILES / "minutes.epub").read_bytes(), NOT_WORD),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "encrypted, or of an older Word; save it as .docx without a password",
        ),
        (
            encrypted((FILES / "minutes.docx").read_bytes()),
            "encrypted; save it without a password",
        ),
        (repacked("minutes.docx", {DOCUMENT: "<w:document"}), NOT_WORD),
        (repacked("minutes.docx", {DOCUMENT: f"<w:document {W}/>"}), NOT_WORD),
        (repacked("minutes.docx", {DOCUMENT: None}), NOT_WORD),
        (repacked("minutes.docx", {DOCUMENT: "<a>" * 300}), NOT_WORD),
    ],
)
def test_what_cannot_be_read(content: bytes, problem: str) -> None:
    with pytest.raises(LoadError) as raised:
        load(content)
    assert str(raised.value) == problem


def test_a_bomb_is_not_unpacked() -> None:
    content = repacked("minutes.docx", {DOCUMENT: b" " * 50_000_001})
    with pytest.raises(LoadError, match=r"^unpacks to 50 MB, and the limit is 200 MB, 50 MB for"):
        load(content)


def test_entities_stay_as_they_are() -> None:
    bomb = f"<w:document {W}><w:body>{paragraph(run('a &x11; b'))}</w:body></w:document>"
    try:
        document = load(repacked("minutes.docx", {DOCUMENT: ENTITY_BOMB + bomb}))
    except LoadError:
        return
    assert len(document.text) < 1000


@given(st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), max_size=12))
def test_a_damaged_file_is_read_or_refused(places: list[tuple[int, int]]) -> None:
    try:
        load(damaged((FILES / "report.docx").read_bytes(), places))
    except LoadError:
        return


@given(st.text("<>/wpt:rbl ='&;", max_size=60), st.text("<>/wstyle:='", max_size=30))
def test_damaged_xml_is_read_or_refused(body: str, styles: str) -> None:
    xml = f"<w:document {NAMESPACES}><w:body>{paragraph(run(body))}</w:body></w:document>"
    try:
        load(
            repacked("minutes.docx", {DOCUMENT: xml, STYLES: f"<w:styles {W}>{styles}</w:styles>"})
        )
    except LoadError:
        return
