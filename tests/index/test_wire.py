"""`index.wire`: a document that goes to another process comes back the same."""

from io import BytesIO

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from index import wire
from index.types import Document, Original, Part, Span


def there_and_back(document: Document) -> Document:
    message = wire.receive(BytesIO(wire.encode({"document": wire.pack(document)})).read)
    assert message is not None
    return wire.unpack(message["document"])


# Every field that there is, also those that are yet to come.
@given(st.builds(Document, **dict.fromkeys(Document.__dataclass_fields__, ...)))
def test_a_document_comes_back_equal(document: Document) -> None:
    assume(r"\x00" not in repr(document))
    assert there_and_back(document) == document


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b", "a\udcffb"])
def test_what_cannot_be_stored_is_replaced_in_its_place(text: str) -> None:
    document = Document(text, text, text, parts=(Part(Span(0, 3)),), original=Original(entry=text))
    came = there_and_back(document)
    assert {came.source, came.text, came.title, came.original.entry} == {"a\ufffdb"}
    assert came.parts == document.parts


def test_names_that_are_no_text_go_through_unharmed() -> None:
    message = {"path": "a\udcff\nb"}
    assert wire.receive(BytesIO(wire.encode(message)).read) == message


def test_a_message_cut_short_is_none() -> None:
    whole = wire.encode({"text": "Some text."})
    for end in range(len(whole)):
        assert wire.receive(BytesIO(whole[:end]).read) is None


def test_several_come_in_order() -> None:
    messages = [{"number": number, "text": "ü" * number} for number in range(300)]
    stream = BytesIO(b"".join(map(wire.encode, messages)))
    assert list(iter(lambda: wire.receive(stream.read), None)) == messages
