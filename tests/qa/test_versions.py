"""What copies of a document say where it has the answer."""

import pytest

from index.passages import sentences
from index.types import Document, Passage, Span
from qa.types import Candidate, ScoredSpan
from qa.versions import versions

SENTENCE = "The council closed 12 libraries in May, said Ann Beale, its leader."


def candidate(number: int, text: str, copies: int, twins: tuple[Candidate, ...] = ()) -> Candidate:
    document = Document(f"{number}.txt", text, "Libraries", id=number, copies=copies)
    passage = Passage(0, len(text), text, tuple(sentences(text)), "body", number, number)
    return Candidate(passage, document, 1.0, 1.0, 1.0, twins)


def found(
    answer: str, other: str, copies: int = 7, twin: bool = False
) -> tuple[list[str], list[str]]:
    """Return what another passage says the same, and what otherwise."""
    there = candidate(2, f"It rained. {other}", copies)
    here = candidate(1, f"{SENTENCE} It rained.", 7, (there,) if twin else ())
    start = SENTENCE.index(answer)
    scored = ScoredSpan(here, Span(start, start + len(answer)), 1.0)
    same, changed = versions([scored], [here] if twin else [here, there])
    for each in (*same, *changed):
        assert each.candidate is there
        assert each.span.start >= len("It rained. ")
    said = [[each.span.cut(there.document.text) for each in spans] for spans in (same, changed)]
    return said[0], said[1]


@pytest.mark.parametrize(
    ("answer", "other", "expected"),
    [
        ("12", SENTENCE.replace("closed", "has closed"), (["12"], [])),
        ("12", SENTENCE.replace("12", "15"), ([], ["15"])),
        ("12 libraries", SENTENCE.replace("12 libraries", "15 branches"), ([], ["15 branches"])),
        ("12 libraries", SENTENCE.replace("libraries", "branches"), ([], [])),
        ("12", SENTENCE.replace("12", "twelve"), (["twelve"], [])),
        ("12", SENTENCE.replace("12", "thirteen"), ([], ["thirteen"])),
        ("12", SENTENCE.replace("12", "some"), ([], [])),
        ("12", SENTENCE.replace("12 ", ""), ([], [])),
        ("in May", SENTENCE.replace("May", "June"), ([], ["in June"])),
        ("Ann Beale", SENTENCE.replace("Ann Beale", "Jo Beale"), ([], ["Jo Beale"])),
        ("Ann Beale", SENTENCE.replace("Ann Beale", "Beale"), ([], [])),
        ("The council", SENTENCE.replace("The council", "Croydon council"), ([], [])),
        ("12", "Sutton has opened 15 schools since then.", ([], [])),
        (SENTENCE, SENTENCE.upper(), ([SENTENCE.upper()], [])),
        (SENTENCE, SENTENCE.replace("12", "15"), ([], [])),
    ],
)
@pytest.mark.parametrize("twin", [True, False])
def test_the_same_place_is_the_same_or_a_correction(
    answer: str, other: str, expected: tuple[list[str], list[str]], twin: bool
) -> None:
    assert found(answer, other, twin=twin) == expected


def test_other_documents_are_no_versions_unless_they_are_twins() -> None:
    corrected = SENTENCE.replace("12", "15")
    assert found("12", corrected, copies=8) == ([], [])
    assert found("12", corrected, copies=0) == ([], [])
    assert found("12", corrected, copies=8, twin=True) == ([], ["15"])
