"""`index.loaders.mbox`: mailboxes, whole, damaged and very large."""

import io
import mailbox
import tracemalloc
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import LoadError
from index.loaders.email import EmailLoader
from index.loaders.mbox import MboxContainer
from index.loaders.protocol import Entry, Options
from tests.index.original import FILES

HEAD = b"From a@b.example Tue Oct  9 11:20:00 2018\n"


def entries(content: bytes, largest: int = 1_000_000) -> list[Entry]:
    return list(MboxContainer().entries(io.BytesIO(content), "a.mbox", Options(largest=largest)))


def test_a_mailbox() -> None:
    content = (FILES / "mail.mbox").read_bytes()
    found = entries(content)
    assert [each.name for each in found] == [
        "one_1@allotments.example",
        "2",
        "one_1@allotments.example (2)",
    ]
    assert {each.read_as for each in found} == {".eml"}
    documents = [EmailLoader().load(each.content, each.name) for each in found]
    assert [each.author for each in documents] == ["Ada Finch", "Noor Haddad", "Ada Finch"]
    assert documents[0].text == (
        "Tap at the lower gate\n\nThe tap has dripped since June.\n\n"
        "From the gate one can hear it.\n\nFrom here too.\n\nFrom the beginning nobody minded."
    )
    for each in found[1:]:
        assert each.record is not None
        assert each.record.cut(content.decode()) == each.content.decode()  # all ASCII
    assert found[0].record is not None
    assert found[0].content == found[0].record.cut(content.decode()).replace(
        "\n>From", "\nFrom"
    ).replace("\n>>From", "\n>From").encode()  # fmt: skip


def test_one_that_another_library_wrote(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "a.mbox")
    for number in range(3):
        message = EmailMessage()
        message["Subject"] = f"Message {number}"
        message["Message-ID"] = f"<{number}@b.example>"
        message.set_content(f"From the start, {number}.\n\nEnd.\n")
        box.add(message)
    box.close()
    found = entries((tmp_path / "a.mbox").read_bytes())
    assert [each.name for each in found] == [f"{number}@b.example" for number in range(3)]
    texts = [EmailLoader().load(each.content, "a").text for each in found]
    assert texts == [f"Message {at}\n\nFrom the start, {at}.\n\nEnd." for at in range(3)]


def test_lines_may_end_as_on_windows() -> None:
    content = (FILES / "mail.mbox").read_bytes()
    other = entries(content.replace(b"\n", b"\r\n"))
    assert [each.content.replace(b"\r\n", b"\n") for each in other] == [
        each.content for each in entries(content)
    ]


@pytest.mark.parametrize(
    "separator",
    [
        "From a@b.example Tue Oct  9 11:20:00 2018",
        "From - Tue Oct 09 11:20:00 2018",
        "From 1584@xxx Tue Oct 09 11:20:00 +0000 2018",
        "From ada at b.example  Tue Oct  9 11:20:00 2018",
    ],
)
def test_lines_that_begin_a_message(separator: str) -> None:
    one = f"{separator}\nSubject: x\n\nFrom Tue to Fri we are open.\n\n".encode()
    assert [each.content for each in entries(one + one)] == [
        b"Subject: x\n\nFrom Tue to Fri we are open.\n"
    ] * 2


@pytest.mark.parametrize("content", [b"", b"\n\n", b"Subject: x\n\nA mail.\n", bytes(100)])
def test_what_is_no_mailbox(content: bytes) -> None:
    with pytest.raises(LoadError) as raised:
        entries(content)
    assert str(raised.value) == "not a mailbox: it does not begin with a line like 'From NAME DATE'"


def test_a_message_that_is_too_large_leaves_the_others_readable() -> None:
    found = entries(HEAD + b"Subject: a\n\n" + b"x" * 5000 + b"\n\n" + HEAD + b"Subject: b\n", 1000)
    assert [(each.name, each.problem is None) for each in found] == [("1", False), ("2", True)]
    assert found[0].problem is not None
    assert found[0].problem.startswith("more than 0.001 MB, the limit; ")
    assert found[0].content == b""
    assert found[1].content == b"Subject: b\n"


class Endless(io.RawIOBase):
    """A file that is some bytes, then as many more of a repeated block as it is given."""

    def __init__(self, block: Callable[[int], bytes], count: int) -> None:
        super().__init__()
        self._block, self._count = block, count
        self._at, self._left = 0, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        assert offset == whence == self._at == 0
        return 0

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._left and self._at < self._count:
            self._left = self._block(self._at)
            self._at += 1
        size = min(len(buffer), len(self._left))
        buffer[:size], self._left = self._left[:size], self._left[size:]
        return size


def peak(block: Callable[[int], bytes], count: int) -> tuple[int, int]:
    """Return how many entries a file of that many blocks has, and the bytes that reading it took."""
    file = io.BufferedReader(Endless(block, count))
    tracemalloc.start()
    try:
        number = sum(1 for _ in MboxContainer().entries(file, "a", Options(largest=100_000)))
        return number, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_stays_flat_in_a_long_line_and_in_many_messages() -> None:
    line = b"x" * 100_000
    number, memory = peak(lambda at: line if at else HEAD, 2000)  # 200 MB, and no line's end
    assert number == 1
    assert memory < 2_000_000
    message = HEAD + b"Subject: x\n\n" + (b"y" * 999 + b"\n") * 50 + b"\n"
    number, memory = peak(lambda _: message, 400)  # 20 MB
    assert number == 400
    assert memory < 2_000_000


@given(
    st.lists(
        st.sampled_from([HEAD, b"\n", b"From ", b">", b"Message-ID: <", b"a", b"\r"])
        | st.binary(max_size=4)
    )
)
def test_every_byte_is_in_a_message_or_between_two(pieces: list[bytes]) -> None:
    content = HEAD + b"".join(pieces)
    at = 0
    names = set()
    for each in entries(content):
        assert each.record is not None
        assert at <= each.record.start <= each.record.end <= len(content)
        between = content[at : each.record.start].strip(b"\r\n")
        assert not between or between.startswith(b"From ")
        assert b"\n" not in between
        at = each.record.end
        names.add(each.name)
        assert each.name.isprintable()
        assert not {"/", "\\"} & set(each.name)
    assert not content[at:].strip()
    assert len(names) == len(entries(content))
