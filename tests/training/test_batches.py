"""`training.batches`: groups stay whole, padding is nothing, answers are their tokens."""

import random
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.errors import BadQuestionSet
from tests.training.workshop import text_of, write_examples
from training.batches import Row, batches, collate, read_rows


@pytest.fixture(scope="module")
def groups(prepared: Path, tokenizer: Tokenizer) -> list[list[Row]]:
    return read_rows(prepared / "examples.jsonl.gz", tokenizer)


def example(question: str, *passages: tuple[str, str, list[list[int]]]) -> dict[str, Any]:
    return {
        "kind": "answerable",
        "question": question,
        "passages": [{"title": t, "text": text, "answers": a} for t, text, a in passages],
    }


def test_every_group_comes_once_and_whole(groups: list[list[Row]]) -> None:
    seen = []
    for batch in batches(groups, 512, random.Random(1)):
        for number in range(int(batch.groups.max()) + 1):
            rows = (batch.groups == number).nonzero().flatten().tolist()
            assert rows == list(range(rows[0], rows[0] + len(rows)))
            ids = [batch.input_ids[row][batch.attention_mask[row] == 1].tolist() for row in rows]
            seen.append((ids, [batch.answers[row] for row in rows]))
    given = [([row.window.ids for row in g], [row.answers for row in g]) for g in groups]
    assert sorted(seen) == sorted(given)


def test_no_batch_is_larger_than_asked(groups: list[list[Row]]) -> None:
    for most in (1, 300, 1024):
        for batch in batches(groups, most, random.Random(1)):
            alone = int(batch.groups.max()) == 0
            assert alone or batch.input_ids.numel() <= most


def test_their_order_is_one_of_chance(groups: list[list[Row]]) -> None:
    def order(seed: int) -> list[list[int]]:
        made = batches(groups, 512, random.Random(seed))
        return [batch.input_ids.flatten().tolist() for batch in made]

    assert order(1) == order(1)
    assert order(1) != order(2)


def test_padding_is_nothing(groups: list[list[Row]]) -> None:
    batch = collate(groups[:20])
    rows = [row for group in groups[:20] for row in group]
    assert batch.input_ids.shape == (len(rows), max(len(row.window.ids) for row in rows))
    for at, row in enumerate(rows):
        length = len(row.window.ids)
        assert batch.input_ids[at, :length].tolist() == row.window.ids
        assert batch.token_type_ids[at, :length].tolist() == row.window.type_ids
        assert batch.attention_mask[at].tolist() == [1] * length + [0] * (
            batch.input_ids.shape[1] - length
        )
        assert not batch.input_ids[at, length:].any()
        assert not batch.token_type_ids[at, length:].any()


def test_a_question_and_its_rival_are_one_group(tmp_path: Path, tokenizer: Tokenizer) -> None:
    one, two = text_of(0), text_of(1)
    at = one.index("1901")
    path = tmp_path / "examples.jsonl.gz"
    write_examples(path, [example("When?", ("", one, [[at, at + 4]]), ("Barley", two, []))])
    ((first, second),) = read_rows(path, tokenizer)
    ((begun, ended),) = first.answers
    assert begun == ended
    assert tokenizer.id_to_token(first.window.ids[begun]) == "1901"
    assert second.answers == ()


def test_an_answer_that_no_window_holds_whole_is_left(tmp_path: Path, tokenizer: Tokenizer) -> None:
    text = "mill " * 300
    path = tmp_path / "examples.jsonl.gz"
    held = example("Who?", ("", text, [[0, 4]]))
    write_examples(path, [example("Who?", ("", text, [[0, len(text) - 1]])), held])
    (rows,) = read_rows(path, tokenizer)
    assert len(rows) > 1
    assert [len(row.answers) for row in rows] == [1] + [0] * (len(rows) - 1)


words = st.sampled_from(
    "The mill in Alton's burned down, 1901. (Größe) “quoted” 7–9 … x-y I’m".split()
)


@given(
    st.lists(words, min_size=1, max_size=400),
    st.integers(0, 399),
    st.integers(1, 8),
    st.sampled_from(["", "Alton", "A title, of the mill"]),
)
def test_tokens_of_an_answer_cover_it(
    tokenizer: Tokenizer, said: list[str], first: int, length: int, title: str
) -> None:
    text = " ".join(said)
    first %= len(said)
    start = len(" ".join([*said[:first], ""]))
    answer = " ".join(said[first : first + length])
    assert text[start : start + len(answer)] == answer
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "examples.jsonl.gz"
        write_examples(
            path, [example("Who burned?", (title, text, [[start, start + len(answer)]]))]
        )
        (rows,) = read_rows(path, tokenizer)
    found = 0
    for row in rows:
        for begun, ended in row.answers:
            before, after = row.window.places[begun], row.window.places[ended]
            assert before is not None
            assert after is not None
            assert answer == text[before.start : after.end]
            found += 1
    assert found


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no {}; make it with training.prepare"),
        (b"not gzip", "{} is damaged; make it again with training.prepare"),
    ],
)
def test_examples_that_cannot_be_read(
    tmp_path: Path, tokenizer: Tokenizer, content: bytes | None, message: str
) -> None:
    path = tmp_path / "examples.jsonl.gz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadQuestionSet) as raised:
        read_rows(path, tokenizer)
    assert str(raised.value) == message.format(path)


def test_examples_that_are_cut_short(prepared: Path, tmp_path: Path, tokenizer: Tokenizer) -> None:
    path = tmp_path / "examples.jsonl.gz"
    whole = (prepared / "examples.jsonl.gz").read_bytes()
    for length in (len(whole) // 2, len(whole) - 4):
        path.write_bytes(whole[:length])
        with pytest.raises(BadQuestionSet, match="is damaged"):
            read_rows(path, tokenizer)


def test_no_examples_at_all(tmp_path: Path, tokenizer: Tokenizer) -> None:
    path = tmp_path / "examples.jsonl.gz"
    write_examples(path, [])
    with pytest.raises(BadQuestionSet, match="holds no examples"):
        read_rows(path, tokenizer)
