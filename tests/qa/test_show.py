"""Answers as people read them; and no document drives the terminal that it is shown on."""

import io
import json
import re
from dataclasses import replace
from datetime import date

import pytest
from rich.console import Console

from index.types import Document, Kind, Original, Passage, Span
from qa import show
from qa.types import Answer, Candidate, Citation

HOSTILE = {
    "colour": "\x1b[31m",
    "title of the window": "\x1b]0;owned\x07",
    "8-bit CSI": "\x9b31m",
    "backspace": "\x08\x08",
    "carriage return": "\r",
    "delete": "\x7f",
    "null": "\x00",
    "right-to-left override": "\u202e",
    "isolate": "\u2066",
    "embedding": "\u202a",
    "vertical tab": "\x0b",
    "form feed": "\x0c",
    "next line": "\x85",
    "surrogate": "\udcff",
}
DANGER = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

TEXT = "The tram broke down. It was the third time this week. Nobody was hurt."


def answer(before: str = "", answered: bool = True) -> Answer:
    """An answer whose every text begins with `before`."""
    text = before + TEXT
    document = Document(
        f"{before}tram.txt",
        text,
        f"{before}Tram",
        author=f"{before}A. Writer",
        publisher=before.strip() or None,
        id=1,
    )
    passage = Passage(0, len(text), text, (Span(0, len(text)),), id=1, document_id=1)
    start = len(before)
    cited = Citation(document, "body", Span(start + 32, start + 37), Span(0, start + 53))
    candidate = Candidate(passage, document, 1.0, 1.0, 1.0)
    return Answer(
        question="How often?",
        standalone_question=f"{before}Trams? How often?",
        citation=cited if answered else None,
        confidence=0.934,
        also=(cited,) if answered else (),
        differs=(),
        passages=(candidate,) * 5,
        spans=(),
        timings_ms={},
    )


def shown(given: Answer, **options: object) -> str:
    file = io.StringIO()
    show.answer(Console(file=file, highlight=False, width=200, **options), given)  # type: ignore[arg-type]
    return file.getvalue()


def test_an_answer_has_its_sentence_source_and_confidence() -> None:
    first, short, second, third, fourth, fifth = shown(answer()).splitlines()
    assert first == "Read as: Trams? How often?"
    assert short == answer().as_json()["answer"]
    assert second == "The tram broke down. It was the third time this week."
    assert third == "  [1] Tram, A. Writer, tram.txt, characters 0-53"
    assert fourth == "  confidence 93%"
    assert fifth == "  also: [1] Tram, A. Writer, tram.txt, characters 0-53"


def test_without_an_answer_the_three_nearest_passages_are_shown() -> None:
    lines = shown(answer(answered=False)).splitlines()
    assert lines[1:3] == [show.NOTHING, "Nearest passages:"]
    assert [each for each in lines if each.startswith("  ") and each[2].isdigit()] == [
        f"  {number}. [1] Tram, A. Writer, tram.txt" for number in (1, 2, 3)
    ]
    assert lines.count(f"     {TEXT}") == 3


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("body", "[1] Tram, A. Writer, tram.txt"),
        ("headline", "[1] Tram, A. Writer, tram.txt"),
        ("comment", "a reader's comment under [1] Tram, A. Writer, tram.txt"),
        ("caption", "a caption in [1] Tram, A. Writer, tram.txt"),
        ("quote", "a quotation in [1] Tram, A. Writer, tram.txt"),
        ("list", "a list in [1] Tram, A. Writer, tram.txt"),
        ("boilerplate", "standing text of [1] Tram, A. Writer, tram.txt"),
    ],
)
def test_what_is_not_the_articles_own_text_is_called_what_it_is(kind: Kind, expected: str) -> None:
    given = answer()
    assert given.citation is not None
    cited = replace(given.citation, kind=kind)
    lines = shown(replace(given, citation=cited, also=(cited,), differs=(cited,))).splitlines()
    place = f"{expected}, characters 0-53"
    assert [line for line in lines if "characters" in line] == [
        f"  {place}",
        f"  also: {place}",
        f"    {place}",
    ]
    candidate = given.passages[0]
    nearest = replace(candidate, passage=replace(candidate.passage, kind=kind))
    lines = shown(replace(answer(answered=False), passages=(nearest,))).splitlines()
    assert f"  1. {expected}" in lines


def test_of_many_citations_some_are_shown_and_the_others_counted() -> None:
    given = answer()
    assert given.citation is not None
    many = (given.citation,) * 7
    lines = shown(replace(given, also=many, differs=many)).splitlines()
    assert sum(line.startswith("  also: [1]") for line in lines) == 5
    assert sum(line.startswith(f"  but: {TEXT[:53]}") for line in lines) == 5
    assert "  also: 2 more" in lines
    assert "  but: 2 more" in lines


@pytest.mark.parametrize(
    ("pages", "expected"),
    [((), ""), ((0, 60), ", page 1"), ((0, 0, 0), ", page 3"), ((0, 30), ", pages 1-2")],
)
def test_a_reference_has_the_publisher_and_the_page(pages: tuple[int, ...], expected: str) -> None:
    given = answer().citation
    assert given is not None
    document = replace(
        given.document,
        publisher="The Wandle Post",
        published=date(2018, 5, 1),
        original=Original(pages=pages),
    )
    assert show.reference(replace(given, document=document)) == (
        f"[1] Tram, A. Writer, The Wandle Post, 2018-05-01, tram.txt{expected}, characters 0-53"
    )


@pytest.mark.parametrize("sequence", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("terminal", [True, False])
def test_no_control_character_of_a_document_is_printed(
    sequence: str, answered: bool, terminal: bool
) -> None:
    given = answer(sequence, answered)
    text = shown(given, force_terminal=terminal, no_color=True)
    ours = re.sub(r"\x1b\[[0-9;]*m", "", text) if terminal else text
    assert not DANGER.search(ours)
    assert text.count("\x1b[31m") == 0
    if answered:
        assert "broke down." in text
        around = show.around(given.passages[0].document, Span(0, 5)).plain
        assert not DANGER.search(around)


def test_a_control_character_is_shown_as_its_escape() -> None:
    assert show.clean("a\x1b[1mb\x9b\u202e\udcff") == r"a\x1b[1mb\x9b\u202e\udcff"
    assert show.clean("tab\tline\nend\r\nmore\rlast") == "tab\tline\nend\nmore\\rlast"
    assert show.one_line(" a\r\n b\t\tc\u2028d\x07 ") == r"a b c d\x07"


def test_json_keeps_every_character_and_prints_none_that_drives_a_terminal() -> None:
    said = {"text": "".join(HOSTILE.values()) + "“café” 🙂 قال\t\n"}
    text = show.as_json(said)
    assert json.loads(text) == said
    assert not DANGER.search(text)
    assert "“café” 🙂 قال" in text


def test_a_quotation_is_not_broken_into_lines_where_there_is_no_terminal() -> None:
    file = io.StringIO()
    sentence = "word  " * 60 + "a\tb."
    document = Document("long.txt", sentence, "Long", id=1)
    cited = Citation(document, "body", Span(0, 4), Span(0, len(sentence)))
    show.put(Console(file=file, width=40), show.quotation(cited))
    assert file.getvalue() == sentence + "\n"


def test_the_answer_is_marked_in_its_sentence_on_a_terminal() -> None:
    text = shown(answer(), force_terminal=True, color_system="standard")
    assert "It was the \x1b[1;32mthird\x1b[0m time this week." in text


def test_no_color_takes_the_colours_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    text = shown(answer(), force_terminal=True, color_system="standard")
    assert "\x1b[1mthird\x1b[0m" in text
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", text)


def test_nothing_is_marked_where_there_is_no_terminal() -> None:
    assert "\x1b" not in shown(answer())
    assert "\x1b" not in shown(answer(answered=False))


def test_the_surroundings_say_where_they_were_cut() -> None:
    document = Document("long.txt", "x" * 3000, "Long", id=1)
    assert show.around(document, Span(1500, 1510)).plain == "… " + "x" * 1410 + " …"
    assert show.around(document, Span(0, 10)).plain == "x" * 710 + " …"
    assert show.around(document, Span(2990, 3000)).plain == "… " + "x" * 710
