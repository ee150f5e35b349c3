"""An answer with footnotes quotes word for word, and adds nothing but fixed phrases."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Document, Kind, Passage, Span
from qa.footnotes import Footnoted, Said, footnoted, read_back
from qa.types import Answer, Candidate, Citation

TEXT = "The tram broke down. It was the “third” time this week. Nobody was hurt."
WHOLE = Span(0, len(TEXT))
SECOND = Span(21, 55)


def _document(number: int = 1, text: str = TEXT) -> Document:
    return Document(
        f"trams/{number}.txt", text, f"Tram {number}", author="A. Writer", publisher="The Paper",
        id=number,
    )  # fmt: skip


def _cited(
    number: int = 1,
    sentence: Span = SECOND,
    text: str = TEXT,
    kind: Kind = "body",
    answer: Span | None = None,
) -> Citation:
    return Citation(_document(number, text), kind, sentence if answer is None else answer, sentence)


def _candidate(text: str = TEXT) -> Candidate:
    document = _document(text=text)
    passage = Passage(0, len(text), text, (Span(0, len(text)),), id=1, document_id=1)
    return Candidate(passage, document, 1.0, 1.0, 1.0)


ANSWER = Answer(
    question="How often?",
    standalone_question="How often?",
    citation=_cited(),
    confidence=0.9,
    also=(),
    differs=(),
    passages=(_candidate(),),
    spans=(),
    timings_ms={},
)


def _check(found: Footnoted) -> None:
    """Check what must hold of every text: its numbers, and its quotations to the letter."""
    assert [each.number for each in found.notes] == list(range(1, len(found.notes) + 1))
    for each in found.notes:
        assert each.mark.cut(found.text) == f"[{each.number}]"
        quoted = each.quote.cut(found.text)
        assert quoted == each.cited.sentence
        assert quoted == each.cited.sentence_span.cut(each.cited.document.text)
        assert found.text[each.quote.start - 1] == "“"
        assert found.text[each.quote.end] == "”"
    notes = found.text.split("\n\n")[len(found.text.split("\n\n")) - len(found.notes) :]
    for each, note in zip(found.notes, notes, strict=True):
        assert note.startswith(f"[{each.number}] ")


def test_a_sentence_with_its_footnote() -> None:
    found = footnoted(ANSWER)
    _check(found)
    assert found.text == (
        "“It was the “third” time this week.” [1]\n\n"
        "[1] Tram 1, A. Writer, The Paper, trams/1.txt, document 1, characters 21-55"
    )


def test_the_answer_comes_before_its_sentence() -> None:
    found = footnoted(replace(ANSWER, citation=_cited(answer=Span(40, 44))))
    _check(found)
    assert found.text.startswith("“time”\n\n“It was the “third” time this week.” [1]\n\n[1] ")


@pytest.mark.parametrize(
    ("kind", "note"),
    [("comment", "a reader's comment under Tram 1, "), ("caption", "a caption in Tram 1, ")],
)
def test_what_is_no_running_text_is_called_by_its_kind(kind: Kind, note: str) -> None:
    found = footnoted(replace(ANSWER, citation=_cited(kind=kind)))
    assert f"[1] {note}" in found.text


def test_copies_share_a_quotation_and_others_have_their_own() -> None:
    also = (_cited(2), _cited(3, Span(0, 20)), _cited(4, Span(0, 20)))
    found = footnoted(replace(ANSWER, also=also, differs=(_cited(5, Span(56, 72)),)))
    _check(found)
    first, second, third, *notes = found.text.split("\n\n")
    assert first == "“It was the “third” time this week.” [1] [2]"
    assert second == "Also: “The tram broke down.” [3] [4]"
    assert third == "But: “Nobody was hurt.” [5]"
    assert [each.partition(",")[0] for each in notes] == [
        f"[{number}] Tram {number}" for number in range(1, 6)
    ]


def test_many_places_are_counted() -> None:
    many = tuple(_cited(number) for number in range(2, 10))
    found = footnoted(replace(ANSWER, also=many, differs=many))
    _check(found)
    assert len(found.notes) == 11
    assert "\n\nAlso: 3 more.\n\n" in found.text
    assert "\n\nBut: 3 more.\n\n" in found.text


def test_how_a_question_was_read_is_said() -> None:
    found = footnoted(replace(ANSWER, standalone_question="Which\ntrams? How often?"))
    _check(found)
    assert found.text.startswith("Read as: Which trams? How often?\n\n“It was")


def test_where_the_archive_does_not_say_the_nearest_passages_are_quoted() -> None:
    long = "Trams\nrun late. " * 40
    passages = (_candidate(long), _candidate(), _candidate(), _candidate())
    found = footnoted(replace(ANSWER, citation=None, passages=passages))
    _check(found)
    said, heading, first, second, *_ = found.text.split("\n\n")
    assert said == "The archive does not say."
    assert heading == "Nearest passages:"
    assert first.endswith("Trams\nrun” … [1]")
    assert second == f"“{TEXT}” [2]"
    assert len(found.notes) == 3
    assert long.startswith(found.notes[0].cited.sentence + " ")


def test_an_empty_archive_has_nothing_near() -> None:
    found = footnoted(replace(ANSWER, citation=None, passages=()))
    assert found.text.startswith("The archive does not say.\n\nThere was nothing to search")
    assert found.notes == ()


TEXTS = st.text(min_size=1).filter(lambda text: bool(text.strip()))


@given(text=TEXTS, others=st.lists(TEXTS, max_size=3), nearest=st.booleans())
def test_whatever_documents_hold_is_quoted_to_the_letter(
    text: str, others: list[str], nearest: bool
) -> None:
    text, *rest = (each.strip() * 9 for each in (text, *others))
    cited = [_cited(number, Span(0, len(each)), each) for number, each in enumerate(rest)]
    answer = replace(
        ANSWER,
        citation=None if nearest else _cited(9, Span(0, len(text)), text),
        also=tuple(cited),
        differs=tuple(cited[:1]),
        passages=tuple(_candidate(each) for each in (text, *rest)),
    )
    found = footnoted(answer)
    for each in found.notes:
        assert each.mark.cut(found.text) == f"[{each.number}]"
        assert each.quote.cut(found.text) == each.cited.sentence
        assert each.cited.sentence_span.cut(each.cited.document.text) == each.cited.sentence


def test_what_was_answered_can_be_read_back() -> None:
    also = (_cited(2), _cited(3, Span(0, 20)))
    whole = replace(ANSWER, also=also, differs=(_cited(4, Span(56, 72)),))
    sentence = "It was the “third” time this week."
    assert read_back(footnoted(whole).text) == Said(None, None, sentence)
    told = replace(whole, citation=_cited(answer=Span(40, 44)), standalone_question="Which trams?")
    assert read_back(footnoted(told).text) == Said("Which trams?", "time", sentence)
    refused = replace(told, citation=None)
    assert read_back(footnoted(refused).text) == Said("Which trams?", None, None)


@pytest.mark.parametrize(
    "text", ["", "1,789", "“1,789”", "It was “third” [1]\n\n", "“[1]” [2]\n\n"]
)
def test_of_what_another_wrote_nothing_is_read(text: str) -> None:
    assert read_back(text) == Said(None, None, None)


PLAIN = TEXTS.filter(lambda text: not set("“”[").intersection(text))


@given(before=PLAIN, answer=PLAIN, after=PLAIN)
def test_whatever_is_quoted_can_be_read_back(before: str, answer: str, after: str) -> None:
    sentence = before + answer + after
    span = Span(len(before), len(before + answer))
    cited = _cited(text=sentence, sentence=Span(0, len(sentence)), answer=span)
    text = footnoted(replace(ANSWER, citation=cited)).text
    assert read_back(text) == Said(None, answer, sentence)
