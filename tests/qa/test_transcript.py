"""A conversation as Markdown and as JSON."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from qa import conversations, feedback, kept, transcript
from qa.notebook import Notebook
from qa.scope import Scope
from qa.talk import Conversation, Feedback, KeptAnswer, now
from tests.qa.kept_answers import answer_to, citation, quoting

SENTENCE = "The mill, 4 storeys high, burned down in 1897."
RENDERED = MarkdownIt("commonmark", {"html": True})


@pytest.fixture
def notebook(tmp_path: Path) -> Iterator[Notebook]:
    made = Notebook(tmp_path / "conversations.sqlite3")
    yield made
    made.close()


def test_a_conversation_in_markdown(notebook: Notebook) -> None:
    scope = Scope((3, 4), date(2020, 1, 1), None)
    made = conversations.begin(notebook, "Mills & fires", scope)
    given = {
        **quoting("And when?", SENTENCE, "1897", publisher="The Paper", url="https://a.b/c"),
        "standalone_question": "When did the mill burn?",
        "also": [citation(SENTENCE, "1897", title="The mill again", id=4, version=2)],
        "differs": [
            {
                "answer": "1898",
                "sentence": "It burned in 1898.",
                "citation": citation("It burned in 1898.", "1898", author=None, published=None),
            }
        ],
    }
    given["citation"] = {**given["citation"], "kind": "caption", "original": {"page": 7}}
    first = kept.keep(notebook, given, scope, made.id)
    feedback.give(notebook, first.id, "wrong citation", "see *this*")
    kept.keep(notebook, answer_to("Why?"), scope, made.id)
    found = conversations.find(notebook, made.id)
    text = transcript.as_markdown(found, kept.thread(notebook, made.id))
    asked = f"Asked from {found.as_json()['created']} to {found.as_json()['updated']}."
    assert text == (
        "# Mills \\& fires\n\n"
        f"{asked} Limited to: since 2020-01-01; documents 3, 4.\n\n"
        "## 1. And when?\n\n"
        "Read as: When did the mill burn?\n\n"
        "> The mill, 4 storeys high, burned down in **1897**.[^1]\n\n"
        "Also there: [^2]\n\n"
        "But:\n\n"
        "> It burned in **1898**.[^3]\n\n"
        "Confidence 72%.\n\n"
        "Judged wrong citation: see \\*this\\*.\n\n"
        "## 2. Why?\n\n"
        "The archive does not say.\n\n"
        "[^1]: Mill burns, A. Reporter, The Paper, 2020-03-04, caption, papers/mill.txt, "
        "https\\://a.b/c, page 7, characters 100-146, version 1\n\n"
        "[^2]: The mill again, A. Reporter, 2020-03-04, body, papers/mill.txt, "
        "characters 100-146, version 2\n\n"
        "[^3]: Mill burns, body, papers/mill.txt, characters 100-118, version 1\n"
    )


def test_a_conversation_without_a_name_or_answers(notebook: Notebook) -> None:
    made = conversations.begin(notebook)
    text = transcript.as_markdown(made, [])
    assert text.startswith("# A conversation\n\nAsked from ")
    assert "Limited" not in text
    assert transcript.as_json(made, []) == {**made.as_json(), "thread": []}


def test_json_has_every_answer_as_it_was_given(notebook: Notebook) -> None:
    made = conversations.begin(notebook)
    answers = [answer_to("Why?"), quoting("When?", SENTENCE, "1897")]
    ids = [kept.keep(notebook, each, Scope(), made.id).id for each in answers]
    told = transcript.as_json(conversations.find(notebook, made.id), kept.thread(notebook, made.id))
    assert told["name"] == "Why?"
    assert [each["id"] for each in told["thread"]] == ids
    assert [each["answer"] for each in told["thread"]] == answers


@pytest.mark.parametrize(
    ("sentence", "answer", "marked"),
    [
        ("1897", "1897", "1897"),
        ("1897.", "1897", "**1897**."),
        ("  1. was\nit 1. not\t2", "it 1", "1\\. was **it 1**. not 2"),
        ("It cost £5m.", "£5m", "It cost £5m."),
        ("He said “no”.", "“no”", "He said “no”."),
        ("A * and * b.", "and", "A \\* **and** \\* b."),
        ("1999. Nothing.", "1999", "**1999**. Nothing."),
    ],
)
def test_the_answer_is_marked_where_markdown_can_tell(
    sentence: str, answer: str, marked: str
) -> None:
    given = quoting("?", sentence, answer)
    assert transcript._quotation(given, given["citation"]) == marked


MARKUP = st.sampled_from(
    ["<script>x</script>", "[a](b)", "![a](b)", "\n\n# x", "\n- x", "**x**", "`x`", "1. x", "&lt;",
     "\n\n[^1]: x", "---", "\n> x", "    x", "http://a.b", "| a |\n|---|\n"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(MARKUP | st.text(max_size=4), min_size=7, max_size=7))
def test_no_document_and_no_question_is_markup(parts: list[str]) -> None:
    title, author, source, sentence, question, name, note = (
        f"x{each}y".encode("utf-8", "ignore").decode().strip() for each in parts
    )
    given: dict[str, Any] = quoting(
        question, f"{sentence} a1b {sentence}", "a1b", title=title, author=author, source=source
    )
    moment = now()
    conversation = Conversation("0", "", name, moment, moment, 1, Scope(), 1)
    judged = Feedback("wrong answer", note, moment)
    answer = KeptAnswer("1", "", "0", 1, moment, Scope(), given, judged)
    tokens = RENDERED.parse(transcript.as_markdown(conversation, [answer]))
    kinds = [each.type for each in tokens if each.type != "inline"]
    inner = {one.type for each in tokens for one in (each.children or []) if one.type != "text"}
    assert inner <= {"strong_open", "strong_close"}
    assert kinds == [
        *("heading_open", "heading_close"),
        *("paragraph_open", "paragraph_close"),
        *("heading_open", "heading_close"),
        *("blockquote_open", "paragraph_open", "paragraph_close", "blockquote_close"),
        *("paragraph_open", "paragraph_close") * 3,  # confidence, feedback, the footnote
    ]
