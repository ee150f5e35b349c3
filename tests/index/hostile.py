"""Files that mean harm. They are made here, and are small however large they unpack."""

import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

TEN_MB: Final = bytes(10_000_000)

_ENTITIES: Final = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 500}">' for n in range(8)
)
LAUGHS: Final = f'<?xml version="1.0"?><!DOCTYPE x [{_ENTITIES}]>'
"""The head of an XML file in which &l7; stands for ten billion characters."""

OUTSIDE: Final = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l7 SYSTEM "file:///etc/passwd">]>'
"""One in which it stands for a file of this machine."""


def deflated_zeros(size: int) -> bytes:
    """Return some zeros, packed a thousand times smaller without packing them all."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(TEN_MB) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * (size // len(TEN_MB)) + packer.flush()


def zip_of_zeros(name: bytes, size: int, says: int) -> bytes:
    """Return a zip file of one member of zeros, whose header says that it has `says` bytes."""
    data = deflated_zeros(size)
    # Packed by deflate, dated never, of no checksum.
    about = struct.pack("<5H3L2H", 20, 0, 8, 0, 0, 0, len(data), says, len(name), 0)
    member = b"PK\3\4" + about + name + data
    directory = b"PK\1\2\x14\0" + about + struct.pack("<3H2L", 0, 0, 0, 0, 0) + name
    end = struct.pack("<4H2LH", 0, 0, 1, 1, len(directory), len(member), 0)
    return member + directory + b"PK\5\6" + end


def tar_of_zeros() -> bytes:
    """Return a compressed tar file of 10 GB."""
    info = tarfile.TarInfo("a.txt")
    info.size = 1000 * len(TEN_MB)
    return gzip.compress(info.tobuf()) + gzip.compress(TEN_MB) * 1000


def tar_of_devices() -> bytes:
    """Return a tar file of links out of it, devices and a pipe."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for kind in [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE]:
            info = tarfile.TarInfo(f"../../kind{kind.decode()}.txt")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    return made.getvalue()


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """Return a zip file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def nested(levels: int) -> bytes:
    """Return a zip file in a zip file in a zip file."""
    made = b"Some text."
    for level in range(levels):
        made = packed({"inner.zip" if level else "inner.txt": made})
    return made


_TYPES = """<?xml version="1.0"?><Types
xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels"
ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override
PartName="/word/document.xml" ContentType=
"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
_RELATIONS = """<?xml version="1.0"?><Relationships
xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type=
"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
Target="word/document.xml"/></Relationships>"""


def docx(head: str, body: str) -> bytes:
    """Return a Word file with one paragraph."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = f"<w:p><w:r><w:t>{body}</w:t></w:r></w:p>"
    document = f'{head}<w:document xmlns:w="{space}"><w:body>{text}</w:body></w:document>'
    return packed(
        {"[Content_Types].xml": _TYPES, "_rels/.rels": _RELATIONS, "word/document.xml": document}
    )


def epub(head: str, body: str) -> bytes:
    """Return a book with one chapter of one paragraph."""
    return packed(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container version="1.0" '
            'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile '
            'full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles>'
            "</container>",
            "book.opf": f'{head}<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A book</dc:title>'
            f"<dc:creator>{body}</dc:creator></metadata><manifest>"
            '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
            '<spine><itemref idref="a"/></spine></package>',
            "a.xhtml": f'{head}<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Some text. '
            f"{body}</p></body></html>",
        }
    )


def rss(head: str, body: str) -> bytes:
    """Return a feed of one item."""
    return (
        f"{head}<rss version='2.0'><channel><title>News</title><item><title>A title</title>"
        f"<description>Some text. {body}</description></item></channel></rss>"
    ).encode()


def atom(head: str, body: str) -> bytes:
    """Return another kind of feed of one item."""
    return (
        f"{head}<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>A title</title><id>a</id>"
        f"<summary>Some text. {body}</summary></entry></feed>"
    ).encode()


def pdf(objects: list[bytes], root: int = 1) -> bytes:
    """Return a PDF file of some objects, numbered from 1."""
    made = bytearray(b"%PDF-1.7\n")
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<</Size %d/Root %d 0 R>>\n" % (len(objects) + 1, root)
    return bytes(made + b"startxref\n%d\n%%%%EOF\n" % start)


CATALOG: Final = b"<</Type/Catalog/Pages 2 0 R>>"
PAGE: Final = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<<>>>>"


def stream(content: bytes, more: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (more, len(content), content)


def pdf_with(content: bytes) -> bytes:
    """Return a PDF file of one page with some content stream."""
    return pdf([CATALOG, b"<</Type/Pages/Count 1/Kids[3 0 R]>>", PAGE, content])


def multipart(levels: int) -> bytes:
    """Return a message in a message in a message."""
    made = "Subject: A title\nMIME-Version: 1.0\n"
    for level in range(levels):
        made += f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n'
    return (made + "Content-Type: text/plain\n\nSome text.\n").encode()


def zeros_pdf() -> bytes:
    """Return a PDF file with a page of 10 GB, packed twice."""
    zeros = b"\x78\xda" + deflated_zeros(10**10) + b"\0\0\0\1"
    return pdf_with(stream(zlib.compress(zeros), b"/Filter[/FlateDecode/FlateDecode]"))


def yaml_laughs() -> bytes:
    """Return a Markdown file whose front matter stands for twenty billion characters."""
    rows = ["a0: &a0 [ha, ha]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 11)]
    front = "\n".join([*rows, "title: *a10", "author: *a10"])
    return f"---\n{front}\n---\nSome text.\n".encode()


class Hostile(NamedTuple):
    """A file's content, and what is said of it or read in it: a regular expression."""

    outcome: str
    make: Callable[[], bytes]


FILES: Final[dict[str, Hostile]] = {
    "zeros.zip": Hostile("more than 20 MB", lambda: zip_of_zeros(b"a.txt", 10**10, 0xFFFFFFFE)),
    "small.zip": Hostile("damaged.* CRC", lambda: zip_of_zeros(b"a.txt", 10**10, 15_000_000)),
    "records.zip": Hostile("unpacks to more", lambda: zip_of_zeros(b"a.jsonl", 10**9, 10**9)),
    "zeros.tar.gz": Hostile("unpacks to more", tar_of_zeros),
    "nested.zip": Hostile("an archive inside an archive", lambda: nested(5)),
    "devices.tar": Hostile("a link or a device", tar_of_devices),
    "traversal.zip": Hostile(
        "its name leads out.*BB.*CC",
        lambda: packed({"../../a.txt": "AA", "/etc/b.txt": "BB", "c\n\x1b[2J.txt": "CC"}),
    ),
    "deep.html": Hostile("levels", lambda: b"<div>" * 100_000 + b"Text." + b"</div>" * 100_000),
    "deep-inline.html": Hostile("levels", lambda: b"<p>Some text. " + b"<b><i>" * 50_000),
    "deep-list.html": Hostile("levels", lambda: b"<ul><li>" * 50_000 + b"Text."),
    "deep-table.html": Hostile("levels", lambda: b"<table><tr><td>" * 50_000 + b"Text."),
    "wide.html": Hostile("Some text", lambda: b"<p>Some text.<p>" + b"<a b=" * 50_000),
    "open.html": Hostile("", lambda: b"<!--" * 50_000 + b"<![CDATA[" * 50_000 + b"Some text."),
    "attributes.html": Hostile(
        "took longer than",
        lambda: b"<p " + b"".join(b"a%d=1 " % n for n in range(300_000)) + b">Some text.",
    ),
    "laughs.html": Hostile("Some text", f"{LAUGHS}<body><p>Some text. &l7;</p></body>".encode),
    "laughs.rss": Hostile("Some text", lambda: rss(LAUGHS, "&l7;")),
    "laughs.xml": Hostile("Some text", lambda: atom(LAUGHS, "&l7;")),
    "laughs.docx": Hostile("damaged", lambda: docx(LAUGHS, "&l7;")),
    "laughs.epub": Hostile("damaged|Some text", lambda: epub(LAUGHS, "&l7;")),
    "outside.rss": Hostile("Some text", lambda: rss(OUTSIDE, "&l7;")),
    "outside.atom": Hostile("Some text", lambda: atom(OUTSIDE, "&l7;")),
    "outside.docx": Hostile("holds no text", lambda: docx(OUTSIDE, "&l7;")),
    "outside.epub": Hostile("Some text", lambda: epub(OUTSIDE, "&l7;")),
    "zeros.docx": Hostile("unpacks to", lambda: docx("", "x" * 60_000_000)),
    "zeros.epub": Hostile("unpacks to", lambda: epub("", "x" * 60_000_000)),
    "deep.docx": Hostile("damaged", lambda: docx("", "<w:x>" * 50_000 + "</w:x>" * 50_000)),
    "deep.rss": Hostile("levels", lambda: rss("", "&lt;div&gt;" * 20_000)),
    "loop.pdf": Hostile(
        "damaged|no text",
        lambda: pdf([CATALOG, b"<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]/Parent 2 0 R>>"]),
    ),
    "root.pdf": Hostile("damaged", lambda: pdf([b"1 0 R"])),
    "count.pdf": Hostile(
        "damaged|no text",
        lambda: pdf([CATALOG, b"<</Type/Pages/Count 2147483647/Kids[3 0 R]>>", PAGE]),
    ),
    "deep.pdf": Hostile("no text", lambda: pdf_with(stream(b"[" * 500_000))),
    "deep-object.pdf": Hostile(
        "damaged", lambda: pdf([CATALOG, b"<</Type/Pages/Kids" + b"[" * 500_000])
    ),
    "deep-dictionary.pdf": Hostile("no text", lambda: pdf([CATALOG, b"<</A" * 200_000])),
    "filters.pdf": Hostile(
        "no text",
        lambda: pdf_with(stream(b"x", b"/Filter[" + b"/ASCIIHexDecode" * 99_999 + b"]")),
    ),
    "zeros.pdf": Hostile("crashed|memory|took longer|no text", zeros_pdf),
    "saves.pdf": Hostile("no text", lambda: pdf_with(stream(b"q " * 1_000_000))),
    "deep.eml": Hostile("deep", lambda: multipart(10_000)),
    "headers.eml": Hostile(
        "Some text", lambda: b"Subject: x\n" + b"X: b\n" * 99_999 + b"\nSome text."
    ),
    "parameters.eml": Hostile(
        "", lambda: b"Content-Type: text/plain" + b"; a*0=b" * 9_999 + b"\n\nSome text.\n"
    ),
    "froms.mbox": Hostile("", lambda: b"From \n" * 200_000),
    "quoted.md": Hostile("", lambda: b">" * 50_000 + b" Some text."),
    "brackets.md": Hostile("\\[", lambda: b"[" * 9_999 + b"Some text." + b"]" * 9_999),
    "stars.md": Hostile("a", lambda: b"*a **a " * 9_999),
    "laughs.md": Hostile("Some text", yaml_laughs),
    "deep.jsonl": Hostile(
        "nests too deeply.*Some text",
        lambda: b'{"text": ' + b"[" * 999_999 + b'\n{"text": "Some text."}\n',
    ),
    "figures.jsonl": Hostile(
        "too many digits.*Some text",
        lambda: b'{"id": ' + b"9" * 999_999 + b'}\n{"text": "Some text."}\n',
    ),
    "open.csv": Hostile("row 2 and all after it", lambda: b'text\n"' + b"Some text,\n" * 200_000),
    "columns.csv": Hostile("Some text", lambda: b"text," * 200_000 + b"\nSome text.\n"),
    "spaces.txt": Hostile("", lambda: b" " * 1_000_000 + b"Some text."),
}
"""Hostile files by name."""
