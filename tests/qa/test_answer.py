"""Choosing, snapping, verifying, deciding: no quotation that is not its document's own text."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.embed import FakeEmbedder
from index.errors import BadQuestion, QuoteError
from index.opening import create_archive
from index.types import Document, Kind, Part, Passage, Span
from qa.answer import Answerer
from qa.cite import cite, snap
from qa.confidence import SENTENCES
from qa.defaults import MOST_PASSAGES
from qa.sentence_reader import SentenceReader
from qa.stages import of_answers
from qa.types import Answer, Candidate, Carried, Citation, Reading, ScoredSpan, Turn
from qa.weights import Weights
from tests.qa.workshop import MakeAnswerer, add, write

TEXT = "The tram broke down. It was the third time this week. Nobody was hurt."
SENTENCES_OF_TEXT = (Span(0, 20), Span(21, 53), Span(54, 70))


def candidate(text: str = TEXT, start: int = 0, end: int = len(TEXT)) -> Candidate:
    document = Document("tram.txt", text, "Tram", id=1)
    inside = tuple(each for each in SENTENCES_OF_TEXT if Span(start, end).holds(each))
    return Candidate(Passage(start, end, TEXT[start:end], inside), document, 1.0, 1.0, 1.0)


def quotes(answer: Answer) -> list[str]:
    """Return every quotation in an answer, having compared each with its document."""
    cited = [each for each in (answer.citation, *answer.also, *answer.differs) if each is not None]
    for each in cited:
        assert each.document.text[each.span.start : each.span.end] == each.answer
        assert each.sentence_span.holds(each.span)
        assert each.sentence.strip()
    return [each.sentence for each in cited]


# Snapping


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (Span(4, 8), SENTENCES_OF_TEXT[0]),
        (Span(0, 20), SENTENCES_OF_TEXT[0]),
        (Span(69, 70), SENTENCES_OF_TEXT[2]),
        (Span(15, 30), Span(0, 53)),
        (Span(15, 60), Span(0, 70)),
        (Span(20, 21), Span(20, 21)),
        (Span(20, 25), Span(20, 53)),
        (Span(60, 75), Span(54, 75)),
    ],
)
def test_a_span_grows_to_the_sentences_that_it_touches(span: Span, expected: Span) -> None:
    assert snap(span, SENTENCES_OF_TEXT) == expected


# Citing


def test_a_citation_has_the_answer_and_its_sentence() -> None:
    cited = cite(ScoredSpan(candidate(), Span(32, 37), 1.0))
    assert (cited.answer, cited.sentence) == ("third", "It was the third time this week.")


@pytest.mark.parametrize("text", [TEXT.replace("third", "fifth"), "x" + TEXT, TEXT[:30], ""])
def test_a_passage_that_its_document_does_not_hold_is_not_quoted(text: str) -> None:
    with pytest.raises(QuoteError, match=r"tram\.txt at \d+ is not in it word for word"):
        cite(ScoredSpan(candidate(text), Span(21, 53), 1.0))


@pytest.mark.parametrize(
    "span", [Span(0, 20), Span(50, 60), Span(-5, 3), Span(60, 900), Span(30, 30), Span(37, 32)]
)
def test_a_span_outside_its_passage_or_empty_is_not_quoted(span: Span) -> None:
    with pytest.raises(QuoteError):
        cite(ScoredSpan(candidate(start=21, end=53), span, 1.0))


def test_white_space_is_no_quotation() -> None:
    with pytest.raises(QuoteError):
        cite(ScoredSpan(candidate(), Span(20, 21), 1.0))


# From a file to an answer

ODD = {
    "crlf": "Fire in Purley\r\n\r\nThe fire began in a bakery at dawn.\r\nNobody was hurt.\r\n",
    "cr": "Fire\r\rThe fire began in a bakery at dawn.\rNobody was hurt.\r",
    "bom": "\ufeffFire in Purley\n\nThe fire began in a bakery at dawn.\n",
    "emoji": "👩‍🚒 Fire 🔥\n\n👍🏽👍🏽 The fire 🔥 began in a bakery 🥐 at dawn. 🙂 Nobody was hurt.\n",
    "combining": "Feu\n\nLe de\u0301but: the fire began in a cafe\u0301 bakery at dawn. Cafe\u0301!\n",
    "astral": "𝔉𝔦𝔯𝔢\n\n𝒯he fire began in a bakery at dawn, said 𠮷野家. 𝒩obody was hurt.\n",
    "separators": "Fire\u2028\u2028The fire began in a bakery at dawn.\u2029Nobody was hurt.\x85End.\n",
    "nulls": "Fire\n\nThe fire\u200b began\u00a0in a\u00adbakery at dawn.\n\n\n\t Nobody was hurt.",
    "rtl": "حريق\n\nقال الشاهد: the fire began in a bakery at dawn. لم يصب أحد.\n",
    "utf16": "Fire in Purley\n\nThe fire began in a “bakery” at dawn.\n",
}


@pytest.mark.parametrize("name", ODD)
def test_the_answer_is_what_stands_in_the_file(
    name: str, make_answerer: MakeAnswerer, tmp_path: Path
) -> None:
    encoding = "utf-16" if name == "utf16" else "utf-8"
    answerer = make_answerer({f"{name}.txt": ODD[name].encode(encoding)})
    answer = answerer.ask("Where did the fire begin, in a bakery at dawn?")
    assert answer.citation is not None
    assert any("bakery" in each for each in quotes(answer))
    stored = answer.citation.document.text
    decoded = (tmp_path / "files" / f"{name}.txt").read_bytes().decode(encoding)
    assert stored.removeprefix("\ufeff") == decoded.removeprefix("\ufeff")
    span = answer.citation.sentence_span
    assert stored[span.start : span.end] == answer.citation.sentence


def test_a_byte_order_mark_does_not_shift_the_offsets(make_answerer: MakeAnswerer) -> None:
    answer = make_answerer({"bom.txt": ODD["bom"]}).ask("Where did the fire begin in a bakery?")
    assert answer.citation is not None
    assert answer.citation.document.text == ODD["bom"]
    assert answer.citation.sentence_span == Span(17, 52)


words = st.sampled_from(
    "fire bakery dawn Mr. 3.5 £5m it’s 🙂 👩‍🚒 e\u0301 \u202e \x1b[1m 火事。 قال ? ! … — “ ” ( ) a\u00adb".split(
        " "
    )
)
gaps = st.sampled_from([" ", "  ", "\n", "\r\n", "\n\n", "\t", "\u2028", ". ", ".\n", "? "])
texts = st.lists(st.tuples(words, gaps), min_size=1, max_size=60).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)


@given(files=st.lists(texts | st.text(min_size=1, max_size=80), min_size=1, max_size=3))
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_quotation_is_in_the_stored_document(
    files: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("property")
    write(folder / "files", {f"{at}.txt": text.encode() for at, text in enumerate(files)})
    embedder = FakeEmbedder()
    archive = create_archive(folder / ".qa", lambda _: embedder, "fake")
    add(archive, folder / "files")
    reader = SentenceReader(embedder, archive.document_frequencies, lambda: archive.passage_count)
    answerer = Answerer(archive, reader, SENTENCES, min_confidence=0.0)
    for question in ("Where did the fire begin?", "bakery at dawn", files[0][:50]):
        try:
            answer = answerer.ask(question)
        except BadQuestion:
            continue
        quotes(answer)
        for cited in [answer.citation, *answer.also]:
            if cited is None:
                continue
            stored = archive.document(cited.document.id)
            at = int(Path(stored.source).stem)
            assert stored.text == files[at]
            assert cited.sentence == files[at][cited.sentence_span.start : cited.sentence_span.end]
    archive.close()


# Agreement

SAID = "The council closed four libraries in May."


class InOrder:
    """Thinks most of the first sentence of each passage, whatever the question."""

    name = "in order"

    def read(self, question: str, candidates: Sequence[Candidate], *_: object) -> Reading:
        return Reading(
            tuple(
                ScoredSpan(each, sentence, 1.0 - 0.5 * at)
                for each in candidates
                for at, sentence in enumerate(each.passage.sentences)
            ),
            0.0,
        )


class CountingReader:
    """Counts how many of the question's words a sentence has."""

    name = "counting"

    def read(self, question: str, candidates: Sequence[Candidate], *_: object) -> Reading:
        wanted = set(question.casefold().split())
        spans = [
            ScoredSpan(each, sentence, float(len(wanted & set(said.split()))))
            for each in candidates
            for sentence in each.passage.sentences
            if (said := sentence.cut(each.document.text).casefold())
        ]
        return Reading(tuple(sorted(spans, key=lambda each: -each.score)), 0.0)


def test_the_same_statement_in_two_documents_is_one_answer(make_answerer: MakeAnswerer) -> None:
    archive = make_answerer(
        {
            "one.txt": f"{SAID} Residents were angry.",
            "two.txt": f"It rained all week in Sutton. {SAID.title()} Nobody came to the meeting.",
            "three.txt": "The council closed five libraries in May.",
        }
    ).archive
    answer = Answerer(archive, CountingReader(), SENTENCES, min_confidence=0.0).ask(
        "the council closed four libraries in May"
    )
    assert sorted(quotes(answer)) == sorted([SAID, SAID.title()])
    assert [each.casefold() for each in quotes(answer)] == [SAID.casefold()] * 2
    assert len({each.document.id for each in (answer.citation, *answer.also) if each}) == 2


def test_a_copy_of_the_whole_passage_is_in_also(make_answerer: MakeAnswerer) -> None:
    copy = f"{SAID} Residents were angry, and said so at a meeting on Tuesday."
    answer = make_answerer({"one.txt": copy, "two.txt": copy, "three.txt": copy}).ask(
        "How many libraries has the council closed in May?"
    )
    assert len(answer.passages) == 1
    assert [each.rstrip() for each in quotes(answer)] == [SAID] * 3
    assert len({each.document.id for each in [*answer.also, answer.citation] if each}) == 3


def test_a_statement_does_not_agree_with_itself(make_answerer: MakeAnswerer) -> None:
    answer = make_answerer({"one.txt": SAID}).ask("How many libraries closed in May?")
    assert answer.answered
    assert answer.also == ()


def test_pounds_are_not_dollars(make_answerer: MakeAnswerer) -> None:
    answer = make_answerer(
        {
            "one.txt": "The bridge in Wandle Park cost £5m.",
            "two.txt": "The bridge in Wandle Park cost $5m.",
            "three.txt": "The bridge in Wandle Park cost 5m.",
        }
    ).ask("What did the bridge in Wandle Park cost?")
    assert answer.answered
    assert answer.also == ()


def test_wordless_sentences_agree_only_if_they_are_the_same(make_answerer: MakeAnswerer) -> None:
    archive = make_answerer({"one.txt": "🙂🙂", "two.txt": "🔥", "three.txt": "🙂🙂"}).archive
    answer = Answerer(archive, InOrder(), SENTENCES, min_confidence=0.0).ask("🙂?")
    assert quotes(answer) in (["🙂🙂", "🙂🙂"], ["🔥"])


def test_the_rest_of_a_copied_passage_does_not_shrink_the_lead(
    make_answerer: MakeAnswerer, tmp_path: Path
) -> None:
    copy = f"{SAID} Residents were angry, and said so at a meeting on Tuesday."
    alone, copied = (
        Answerer(
            make_answerer(files, home=tmp_path / f"{len(files)}.qa").archive,
            InOrder(),
            Weights({"margin": 1.0}, bias=0.0),
            min_confidence=0.0,
        ).ask("How many libraries closed?")
        for files in ({"one.txt": copy}, {"one.txt": copy, "two.txt": copy})
    )
    assert len(copied.passages[0].twins) == 1
    assert copied.confidence == alone.confidence


# Deciding


def test_below_the_threshold_nothing_is_quoted_and_the_nearest_is_shown(
    make_answerer: MakeAnswerer,
) -> None:
    files = {"one.txt": SAID, "two.txt": SAID, "three.txt": "It rained all week in Sutton."}
    answerer = make_answerer(files)
    sure = Answerer(answerer.archive, answerer.reader, answerer.calibrator, min_confidence=1.0)
    answer = sure.ask("Who won the cup?")
    found = answer.as_json()
    assert not answer.answered
    assert 0 < answer.confidence < 1
    assert (found["answered"], found["answer"], found["sentence"]) == (False, None, None)
    assert found["citation"] is None
    assert found["also"] == []
    assert [each["text"] for each in found["passages"]] == [
        each.passage.text for each in answer.passages
    ]
    assert len(answer.passages) == 2
    assert sure.ask("Who won the cup?", min_confidence=0.0).answered


def test_the_threshold_itself_is_enough(make_answerer: MakeAnswerer) -> None:
    answerer = make_answerer({"one.txt": SAID})
    confidence = answerer.ask("Who won the cup?").confidence
    assert answerer.ask("Who won the cup?", min_confidence=confidence).answered


def test_an_empty_archive_does_not_know(make_answerer: MakeAnswerer) -> None:
    answer = make_answerer({}).ask("Who won the cup?")
    assert not answer.answered
    assert answer.confidence == 0
    assert answer.passages == ()


def test_days_without_documents_have_no_answer(make_answerer: MakeAnswerer) -> None:
    answer = make_answerer({"one.txt": SAID}).ask("Who closed it?", since=date(2018, 1, 1))
    assert not answer.answered
    assert answer.passages == ()


@pytest.mark.parametrize("question", ["the of and", "zzz qqq xxx", "؟", "..."])
def test_a_question_without_words_to_look_for_is_no_trouble(
    question: str, make_answerer: MakeAnswerer
) -> None:
    assert len(make_answerer({"one.txt": SAID}).ask(question).passages) == 1


def test_requests_that_make_no_sense(make_answerer: MakeAnswerer) -> None:
    answerer = make_answerer({"one.txt": SAID})
    with pytest.raises(BadQuestion, match="swap them"):
        answerer.ask("Who?", since=date(2018, 1, 2), until=date(2018, 1, 1))
    for top_k in (0, -1, MOST_PASSAGES + 1):
        with pytest.raises(BadQuestion, match=f"top_k is {top_k}"):
            answerer.ask("Who?", top_k=top_k)
    with pytest.raises(BadQuestion, match="control character"):
        answerer.ask("Who?", history=["What?", "Wh\x00y?"])


def test_an_earlier_question_stands_in_for_what_is_left_out(make_answerer: MakeAnswerer) -> None:
    answer = make_answerer({"one.txt": SAID}).ask("And when?", ["Who closed four libraries?"])
    assert answer.question == "And when?"
    assert answer.standalone_question == "Who closed four libraries? And when?"
    assert [each.origin for each in answer.carried] == ["question"]


def test_an_earlier_answer_stands_in_for_what_points_at_it(make_answerer: MakeAnswerer) -> None:
    answerer = make_answerer({"one.txt": SAID})
    turn = Turn("Who closed four libraries?", answer="Ann Hall")
    answer = answerer.ask("Why did she leave?", [turn])
    assert answer.standalone_question == "Why did Ann Hall leave?"
    assert answer.carried == (Carried("Ann Hall", "she", 0, "answer"),)
    assert answer.turn == Turn(
        "Why did she leave?",
        "Why did Ann Hall leave?",
        answer.answer,
        answer.sentence,
        answer.turn.title,
    )
    assert Turn.of(answer.as_json()) == answer.turn


def test_a_question_is_asked_as_it_is_where_that_is_wanted(make_answerer: MakeAnswerer) -> None:
    answerer = make_answerer({"one.txt": SAID})
    turn = Turn("Who closed four libraries?", answer="Ann Hall")
    answer = answerer.ask("Why did she leave?", [turn], as_is=True)
    assert (answer.standalone_question, answer.carried) == ("Why did she leave?", ())


def test_what_would_be_too_long_a_question_is_asked_as_it_is(make_answerer: MakeAnswerer) -> None:
    question = f"Why did she {'really ' * 140}go?"
    turn = Turn("Who closed four libraries?", answer="Ann Hall-Smith")
    answer = make_answerer({"one.txt": SAID}).ask(question, [turn])
    assert answer.standalone_question == question


# The shape


def test_json_has_the_keys_of_the_design(make_answerer: MakeAnswerer) -> None:
    document = f"Libraries\n\n2018-05-01\n\n{SAID}\n"
    answer = make_answerer({"one.txt": document, "two.txt": document}).ask("Who closed libraries?")
    found = json.loads(json.dumps(answer.as_json()))
    assert (
        list(found)
        == (
            "question standalone_question carried answered answer sentence confidence citation also differs "
            "passages timings_ms"
        ).split()
    )
    citation = "document kind start end sentence_start sentence_end original".split()
    described = (
        "id title source published author publisher modified language url version content_hash"
    ).split()
    assert list(found["citation"]) == citation
    assert list(found["citation"]["document"]) == described
    assert found["citation"]["document"]["published"] == "2018-05-01"
    assert [list(each) for each in found["also"]] == [citation]
    for each in found["passages"]:
        assert list(each) == ["document", "kind", "start", "end", "text", "score"]
        assert list(each["document"]) == described
    assert set(found["timings_ms"]) == {"embed", "search", "read", "total"}
    assert 0 <= found["confidence"] <= 1


def test_an_answer_that_disagrees_is_shown_with_its_citation(make_answerer: MakeAnswerer) -> None:
    answer = make_answerer({"one.txt": SAID}).ask("Who closed libraries?")
    assert answer.citation is not None
    found = replace(answer, differs=(answer.citation,)).as_json()["differs"]
    assert found == [{"answer": SAID, "sentence": SAID, "citation": answer.citation.as_json()}]


# Another reader in the same seat


class NumberReader:
    """Answers with the first number of each passage, and thinks little of the later passages."""

    name = "numbers"

    def read(self, question: str, candidates: Sequence[Candidate], *_: object) -> Reading:
        spans = []
        for rank, each in enumerate(candidates):
            for match in re.finditer(r"\d[\d,]*", each.passage.text):
                start = each.passage.start + match.start()
                span = Span(start, start + len(match.group()))
                spans.append(ScoredSpan(each, span, 5.0 - rank))
        return Reading(tuple(spans), 0.0)


def test_a_reader_of_short_answers_takes_the_same_seat(make_answerer: MakeAnswerer) -> None:
    archive = make_answerer(
        {
            "one.txt": "It was a cold June. Croydon had 1,789 children in need. Nobody was hurt.",
            "two.txt": "There are 1,789 such children in Croydon, the report says.",
            "three.txt": "Sutton counted 12 trams.",
        }
    ).archive
    answerer = Answerer(archive, NumberReader(), SENTENCES, min_confidence=0.0)
    answer = answerer.ask("How many children in need had Croydon?")
    assert answer.citation is not None
    assert answer.citation.answer == "1,789"
    assert answer.citation.sentence == "Croydon had 1,789 children in need."
    assert [each.answer for each in answer.also] == ["1,789"]
    quotes(answer)
    found = answer.as_json()
    text = answer.citation.document.text
    cited = found["citation"]
    assert text[cited["start"] : cited["end"]] == found["answer"] == "1,789"
    assert text[cited["sentence_start"] : cited["sentence_end"]] == found["sentence"]


def test_numbers_that_contradict_each_other_are_both_shown(make_answerer: MakeAnswerer) -> None:
    archive = make_answerer(
        {
            "one.txt": "The new bridge in Wandle Park cost 500 pounds, the council said.",
            "two.txt": "Residents were told that the bridge in Wandle Park had cost 800 pounds.",
        }
    ).archive
    answerer = Answerer(archive, NumberReader(), SENTENCES, min_confidence=0.0)
    answer = answerer.ask("How much did the bridge in Wandle Park cost?")
    assert answer.citation is not None
    assert answer.also == ()
    assert {answer.citation.answer, *(each.answer for each in answer.differs)} == {"500", "800"}
    (found,) = answer.as_json()["differs"]
    assert found["answer"] in found["sentence"]


# Copies, and corrections between them

AGENCY = (
    "The council closed 12 libraries in the north of the borough in May, Ann Beale said. "
    "Residents were angry, and said so at a meeting in the town hall on Tuesday night. "
    "“There was no other way to save the money,” she told them, and left by the back door."
)


class LibraryReader:
    """Finds how many libraries a passage speaks of, and thinks little of the later passages."""

    name = "libraries"

    def read(self, question: str, candidates: Sequence[Candidate], *_: object) -> Reading:
        spans = []
        for rank, each in enumerate(candidates):
            match = re.search(r"\w+(?= libraries in)", each.passage.text)
            if match is not None:
                start = each.passage.start + match.start()
                span = Span(start, start + len(match.group()))
                spans.append(ScoredSpan(each, span, 5.0 - rank))
        return Reading(tuple(spans), 0.0)


def ask_for_number(make_answerer: MakeAnswerer, files: dict[str, str]) -> Answer:
    archive = make_answerer(files).archive
    answer = Answerer(archive, LibraryReader(), SENTENCES, min_confidence=0.0).ask(
        "How many libraries in the north of the borough has the council closed?"
    )
    quotes(answer)
    return answer


def test_a_lightly_edited_copy_is_in_also_at_its_own_offsets(make_answerer: MakeAnswerer) -> None:
    edited = AGENCY.replace("closed", "has already shut").replace("Ann Beale", "its leader")
    answer = ask_for_number(
        make_answerer, {"one.txt": AGENCY, "two.txt": f"Libraries\n\n{edited}", "three.txt": AGENCY}
    )
    assert len([each for each in answer.passages if "libraries in" in each.passage.text]) == 1
    cited = [each for each in (answer.citation, *answer.also) if each is not None]
    assert len({each.document.id for each in cited}) == 3
    assert [each.answer for each in cited] == ["12"] * 3
    assert {each.sentence.partition(" in the")[0] for each in cited} == {
        "The council closed 12 libraries",
        "The council has already shut 12 libraries",
    }
    assert answer.differs == ()


@pytest.mark.parametrize("corrected", ["15", "fifteen"])
def test_a_corrected_copy_is_seen(make_answerer: MakeAnswerer, corrected: str) -> None:
    later = AGENCY.replace("12", corrected)
    answer = ask_for_number(
        make_answerer,
        {
            "one.txt": f"2018-05-01\n\n{AGENCY}",
            "two.txt": f"2018-05-02\n\n{AGENCY}",
            "three.txt": f"2018-05-03\n\n{later}",
            "four.txt": f"2018-05-04\n\n{later}",
        },
    )
    assert answer.citation is not None
    assert answer.citation.answer == "12"
    assert answer.citation.document.published == date(2018, 5, 1)
    assert [each.document.published for each in answer.also] == [date(2018, 5, 2)]
    (differing,) = answer.differs
    assert differing.answer == corrected
    assert differing.sentence.startswith(f"The council closed {corrected} libraries")


@pytest.mark.parametrize("house", ["twelve", "Twelve"])
def test_a_number_that_is_spelt_out_is_the_same(make_answerer: MakeAnswerer, house: str) -> None:
    answer = ask_for_number(
        make_answerer, {"one.txt": AGENCY, "two.txt": AGENCY.replace("12", house)}
    )
    assert answer.citation is not None
    assert {answer.citation.answer, *(each.answer for each in answer.also)} == {"12", house}
    assert answer.differs == ()


def test_a_correction_is_seen_in_a_passage_of_its_own(make_answerer: MakeAnswerer) -> None:
    """The copy says enough of its own to be read by itself; the sentence is the same but for it."""
    more = "The mayor, who had opened two of them in her first year, would not comment on the news."
    answer = ask_for_number(
        make_answerer,
        {
            "one.txt": AGENCY,
            "two.txt": f"{more} {AGENCY.replace('12', '15')} {more.replace('mayor', 'bishop')}",
        },
    )
    assert answer.citation is not None
    assert {answer.citation.answer, *(each.answer for each in answer.differs)} == {"12", "15"}


# Comments

ARTICLE = "The council closed 12 libraries in the north of the borough in May, Ann Beale said."
REMARK = "I walked round them all in my own time and I counted 14 libraries closed, no less!"


class Marked:
    """Finds the first number of each passage; a passage scores what the test says."""

    name = "marked"

    def __init__(self, scores: dict[str, float]) -> None:
        self.scores = scores

    def read(self, question: str, candidates: Sequence[Candidate], *_: object) -> Reading:
        spans = []
        for each in candidates:
            match = re.search(r"\d+", each.passage.text)
            if match is not None:
                start = each.passage.start + match.start()
                span = Span(start, start + len(match.group()))
                spans.append(ScoredSpan(each, span, self.scores[each.document.source]))
        return Reading(tuple(sorted(spans, key=lambda each: -each.score)), 0.0)


def ask_both(make_answerer: MakeAnswerer, remark: str, scores: dict[str, float]) -> Answer:
    """Ask of an article and a reader's comment; a score of 0 is just not enough to answer."""
    archive = make_answerer({}).archive
    given: list[tuple[str, str, Kind]] = [
        ("article", ARTICLE, "body"),
        ("comment", remark, "comment"),
    ]
    archive.add_documents(
        Document(source, text, source, parts=(Part(Span(0, len(text)), kind),))
        for source, text, kind in given
    )
    reader, calibrator = Marked(scores), Weights({"best": 1.0, "margin": 0.1}, bias=-0.1)
    answer = Answerer(archive, reader, calibrator, min_confidence=0.5).ask("How many libraries?")
    quotes(answer)
    return answer


def kinds(citations: Sequence[Citation]) -> list[tuple[str, str]]:
    return [(each.kind, each.answer) for each in citations]


def test_reporting_outranks_a_comment_when_both_answer(make_answerer: MakeAnswerer) -> None:
    answer = ask_both(make_answerer, REMARK, {"article": 1.0, "comment": 9.0})
    assert answer.citation is not None
    assert kinds([answer.citation]) == [("body", "12")]
    assert kinds(answer.differs) == [("comment", "14")]


def test_a_comment_does_not_make_reporting_less_sure(make_answerer: MakeAnswerer) -> None:
    high = ask_both(make_answerer, REMARK, {"article": 1.0, "comment": 9.0})
    low = ask_both(make_answerer, REMARK, {"article": 1.0, "comment": -9.0})
    assert high.confidence == low.confidence


def test_a_comment_answers_where_nothing_else_does(make_answerer: MakeAnswerer) -> None:
    answer = ask_both(make_answerer, REMARK, {"article": -1.0, "comment": 9.0})
    assert answer.citation is not None
    assert kinds([answer.citation]) == [("comment", "14")]
    assert answer.as_json()["citation"]["kind"] == "comment"


def test_reporting_is_quoted_where_the_comment_says_the_same(make_answerer: MakeAnswerer) -> None:
    remark = REMARK.replace("14", "12")
    answer = ask_both(make_answerer, remark, {"article": -1.0, "comment": 9.0})
    assert answer.citation is not None
    assert kinds([answer.citation]) == [("body", "12")]
    assert kinds(answer.also) == [("comment", "12")]
    assert answer.differs == ()


def test_without_an_answer_a_comment_is_none_either(make_answerer: MakeAnswerer) -> None:
    answer = ask_both(make_answerer, REMARK, {"article": -1.0, "comment": -0.5})
    assert not answer.answered
    answer = ask_both(make_answerer, REMARK, {"article": -0.5, "comment": -1.0})
    assert not answer.answered


# Readers that let one down


class Silent:
    """Finds nothing."""

    name = "silent"

    def read(self, question: str, candidates: Sequence[Candidate], *_: object) -> Reading:
        return Reading((), 0.0)


class Lying:
    """Returns a span beyond the passage."""

    name = "lying"

    def read(self, question: str, candidates: Sequence[Candidate], *_: object) -> Reading:
        return Reading((ScoredSpan(candidates[0], Span(0, 10_000), 9.0),), 0.0)


def test_a_reader_that_finds_nothing(make_answerer: MakeAnswerer) -> None:
    archive = make_answerer({"one.txt": SAID}).archive
    answer = Answerer(archive, Silent(), SENTENCES, min_confidence=0.0).ask("Who closed it?")
    assert not answer.answered
    assert len(answer.passages) == 1


def test_a_reader_that_makes_things_up_is_not_quoted(make_answerer: MakeAnswerer) -> None:
    archive = make_answerer({"one.txt": SAID}).archive
    with pytest.raises(QuoteError):
        Answerer(archive, Lying(), SENTENCES, min_confidence=0.0).ask("Who closed it?")


def test_listeners_are_told_of_every_answer_and_of_no_failure(make_answerer: MakeAnswerer) -> None:
    answerer = make_answerer({"one.txt": SAID})
    told: list[Answer] = []
    answerer.listeners.append(of_answers(told.append))
    given = [answerer.ask("Who closed it?"), answerer.ask("Who?", since=date(2999, 1, 1))]
    with pytest.raises(BadQuestion):
        answerer.ask("")
    assert told == given
