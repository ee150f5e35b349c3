"""`index.loaders.email`: messages as mail programs write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import LoadError
from index.loaders.email import EmailLoader
from index.types import Document
from tests.index.original import FILES, check, kinds


def load(content: bytes) -> Document:
    document = EmailLoader().load(content, "a.eml")
    check(document)
    return document


def load_file(name: str) -> Document:
    return load((FILES / name).read_bytes())


def load_text(*lines: str, headers: str = "") -> Document:
    return load(f"Subject: Fares\n{headers}\n".encode() + "\n".join(lines).encode())


def bodies(document: Document) -> list[tuple[str, str]]:
    return [(kind.removeprefix("#"), text) for kind, text in kinds(document)[1:]]


# Real shapes


def test_text_and_html_of_one_message_with_an_attachment() -> None:
    document = load_file("mail.alternative.eml")
    assert kinds(document) == [
        ("#headline", "Saltby’s library to open on Sundays"),
        (
            "body",
            "The library in Market Street will open on Sundays from October, the council decided "
            "last night. “People asked for it,” said Zoë Okafor, “and we have found £14,000 a year "
            "to pay for it.”",
        ),
        ("#body", "It will be open:"),
        ("list", "* from ten to four in winter;"),
        ("list", "* from ten to six in summer."),
        ("#body", "Zoë Okafor"),
        ("body", "Press officer"),
        ("boilerplate", "--"),
        ("boilerplate", "Saltby Council, Market Street"),
        ("boilerplate", "This e-mail is confidential."),
    ]
    assert "Zoë Okafor\nPress officer" in document.text
    assert document.title == "Saltby’s library to open on Sundays"
    assert document.author == "Zoë Okafor"
    assert document.published == date(2017, 9, 5)  # in London it was the sixth already


def test_html_where_the_text_is_a_stub() -> None:
    document = load_file("mail.html.eml")
    assert kinds(document) == [
        ("#headline", "Fares from March"),
        ("#body", "What it costs"),
        ("body", "A single fare is £6.50 from 1 March – a rise of 80p."),
        ("quote", "On Fri, 4 Nov 2022 at 16:20, Ines Marlow <ines@messenger.example> wrote:"),
        ("quote", "What will it cost?"),
    ]
    assert document.author == "news@ferry.example"


def test_flowed_text_with_an_answer_below_what_it_quotes() -> None:
    document = load_file("mail.flowed.eml")
    assert kinds(document) == [
        ("#headline", "Re: The wall at the harbour"),
        (
            "body",
            "Nobody has asked the ferry company, which lands there four times a day, whether it can "
            "do without the northern steps for a summer.",
        ),
        ("quote", "On Wed, 13 Mar 2019 at 17:02, Ruth Okafor <ruth@saltby.example> wrote:"),
        (
            "quote",
            "Work could start at the northern end, where the cracks are widest, and last until "
            "autumn.",
        ),
        ("quote", "When?"),
        ("body", "It cannot. We have said so since 2016."),
        ("boilerplate", "--"),
        ("boilerplate", "Leonard Ashe"),
    ]


def test_a_message_in_japanese() -> None:
    document = load_file("mail.japanese.eml")
    assert (document.title, document.author) == ("橋の閉鎖", "山田太郎")
    assert document.published == date(2017, 9, 6)
    assert document.text.endswith("\n\n商店街の店主たちは売り上げの減少を心配している。")


def test_what_is_passed_on_is_a_quote() -> None:
    document = load_file("mail.forwarded.eml")
    # It calls itself Latin-1, and is Windows-1252.
    assert bodies(document)[0] == ("body", "For the diary page. Mr Pell’s offer stands, he says.")
    assert {kind for kind, _ in bodies(document)[1:]} == {"quote"}
    assert bodies(document)[-1] == ("quote", "It will be mended “for the price of a pint”.")
    document = load_file("mail.outlook.eml")
    assert bodies(document)[0] == ("body", "The shed is to be painted green.")
    assert bodies(document)[-1] == ("quote", "Which colour won?")
    assert {kind for kind, _ in bodies(document)[1:]} == {"quote"}


# Plain text


def test_wrapped_lines_are_one_paragraph_and_others_are_not() -> None:
    wrapped = (
        "The ferry between Saltby and the island will cost £6.50 from March, a",
        "rise of 80p. The company said that fuel has become dearer.",
    )
    address = ("Harbour Office", "1 Quay")
    document = load_text(*wrapped, "", *address)
    assert bodies(document) == [("body", " ".join(wrapped)), *(("body", each) for each in address)]
    assert document.text.endswith("Harbour Office\n1 Quay")


@pytest.mark.parametrize(
    "divider",
    [
        ["On Tue, 5 Sep 2017 at 10:00, Ruth Okafor <ruth@saltby.example> wrote:"],
        ["On Tue, 5 Sep 2017 at 10:00, Ruth Okafor", "<ruth@saltby.example> wrote:"],
        ["Am 05.09.17 um 10:00 schrieb Ruth Okafor:"],
        ["-----Original Message-----"],
        ["---------- Forwarded message ----------"],
        ["Begin forwarded message:"],
        ["From: Ruth Okafor", "Sent: Tuesday"],
    ],
)
def test_everything_below_a_quotations_heading_is_quoted(divider: list[str]) -> None:
    document = load_text("It cannot.", "", *divider, "", "It can.", "", "We asked.")
    found = bodies(document)
    assert found[0] == ("body", "It cannot.")
    assert {kind for kind, _ in found[1:]} == {"quote"}
    assert [text for _, text in found[-2:]] == ["It can.", "We asked."]


def test_a_sentence_about_writing_heads_no_quotation() -> None:
    lines = ("On Monday 5 September 2017 the council wrote:", "", "We shall not pay.")
    assert {kind for kind, _ in bodies(load_text(*lines))} == {"body"}


def test_a_signature_ends_where_an_older_message_begins() -> None:
    lines = ["No.", "-- ", "Ruth", "", "-----Original Message-----", "Yes?"]
    assert bodies(load_text(*lines)) == [
        ("body", "No."),
        ("boilerplate", "--"),
        ("boilerplate", "Ruth"),
        ("quote", "-----Original Message-----"),
        ("quote", "Yes?"),
    ]


def test_flowed_text_may_ask_for_its_spaces_to_go() -> None:
    kind = "Content-Type: text/plain; format=flowed; delsp={}\n"
    for answer, words in (("yes", "Harbourwall"), ("no", "Harbour wall")):
        document = load_text("Harbour ", "wall", " >no quote", headers=kind.format(answer))
        assert bodies(document) == [("body", words), ("body", ">no quote")]


# Headers


@pytest.mark.parametrize(
    ("header", "author"),
    [
        ("Ruth Okafor <ruth@saltby.example>", "Ruth Okafor"),
        ('"Okafor, Ruth" <ruth@saltby.example>', "Okafor, Ruth"),
        ("ruth@saltby.example", "ruth@saltby.example"),
        ("A <a@b.example>, B <b@b.example>", "A, B"),
        ("Zoë <zoe@saltby.example>", "Zoë"),  # not allowed, and common
        ("", None),
        ("=?utf-8?b?broken", "=?utf-8?b?broken"),
    ],
)
def test_authors(header: str, author: str | None) -> None:
    assert load_text("No.", headers=f"From: {header}\n").author == author


@pytest.mark.parametrize(
    ("header", "day"),
    [
        ("Tue, 5 Sep 2017 23:40:58 -0500", date(2017, 9, 5)),
        ("5 Sep 2017 00:10 +0900 (JST)", date(2017, 9, 5)),
        ("yesterday", None),
        ("Tue, 35 Sep 2017 10:00:00 +0000", None),
        ("", None),
    ],
)
def test_dates(header: str, day: date | None) -> None:
    assert load_text("No.", headers=f"Date: {header}\n").published == day


def test_a_message_without_a_subject_is_called_by_its_text() -> None:
    document = load(b"From: ruth@saltby.example\n\nThe harbour wall\n\nIt was built in 1884.\n")
    assert document.title == "The harbour wall"
    assert document.text == "The harbour wall\n\nIt was built in 1884."


def test_raw_bytes_in_a_header_are_what_they_most_likely_are() -> None:
    for encoding in ("utf-8", "cp1252"):
        assert load("Subject: Zoë’s café\n\nIt closes.".encode(encoding)).title == "Zoë’s café"


# Damage


@pytest.mark.parametrize("charset", ["nonsense", "rot13", "utf-8", "us-ascii", "iso-2022-jp", '"'])
def test_a_wrong_charset_loses_nothing_that_can_be_read(charset: str) -> None:
    head = f"Subject: Fares\nContent-Type: text/plain; charset={charset}\n\n".encode()
    assert (
        "dearer"
        in load(head + "Fuel is dearer – “much” dearer, in every café.".encode("cp1252")).text
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "not an e-mail: it has no header lines"),
        (b"Just a text.\n\nNothing else.", "not an e-mail: it has no header lines"),
        (
            b"Subject: x\nContent-Type: multipart/encrypted; boundary=b\n\n--b\n\nx\n--b--\n",
            "encrypted; save it decrypted",
        ),
        (
            b"Subject: x\nContent-Type: application/pkcs7-mime\n\nMIIx",
            "encrypted; save it decrypted",
        ),
    ],
)
def test_what_cannot_be_read(content: bytes, problem: str) -> None:
    with pytest.raises(LoadError) as raised:
        load(content)
    assert str(raised.value) == problem


def test_parts_that_nest_without_end() -> None:
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (at, at) for at in range(2000)
    )
    with pytest.raises(LoadError, match=r"^parts nest too deeply inside each other$"):
        load(b"Subject: x\n" + nested + b"\nText.")


PIECES = st.sampled_from(
    [b"\n", b"\n\n", b"--b\n", b"--b--\n", b"> ", b"On 1 May 10:00, a wrote:\n", b"-- \n", b" ",
     b"Content-Type: multipart/alternative; boundary=b\n", b"Content-Type: text/html\n",
     b"Content-Type: message/rfc822\n", b"Content-Transfer-Encoding: base64\n", b"=?x?q?=80?=",
     b"From: ", b"<", b'"', b"@", b"Date: ", b"Content-Type: text/plain; format=flowed\n",
     b"Content-Type: text/plain; charset*=utf-8''%80\n", b"\x80\xff", b"From: a\nSent: b\n", b"word"]
)  # fmt: skip


@given(st.lists(PIECES | st.binary(max_size=6), max_size=30))
def test_any_message_is_read_or_refused(pieces: list[bytes]) -> None:
    try:
        load(b"Subject: x\n" + b"".join(pieces))
    except LoadError:
        return


@given(st.binary())
def test_arbitrary_bytes_are_read_or_refused(content: bytes) -> None:
    for each in (content, b"From: " + content, b"Subject: " + content, b"Date: " + content):
        try:
            load(each)
        except LoadError:
            continue


@given(st.lists(st.text("abc >*-.", max_size=80), max_size=12), st.booleans())
def test_every_letter_of_a_text_is_kept(lines: list[str], flowed: bool) -> None:
    form = "Content-Type: text/plain; format=flowed\n" if flowed else ""
    text = load_text(*lines, headers=form).text.partition("\n\n")[2]
    wanted = "".join(each for each in "".join(lines) if each in "abc*.")
    assert "".join(each for each in text if each in "abc*.") == wanted
