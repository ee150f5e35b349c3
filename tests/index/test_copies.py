"""Copies are found by their words, however many texts there are."""

import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import copies

STORY = (
    "The council said on Monday that it would close four of its twelve libraries by the end of "
    "next year to save £1.2m. Residents have until March to object to the plan, which was drawn "
    "up after the government cut its grant for the sixth year in a row. “We have no choice,” said "
    "the leader of the council, Ann Beale. The libraries in Norbury, Sanderstead, Shirley and "
    "South Norwood were used by fewer than 200 people a day, she said."
)
OTHER = (
    "Plans to shut libraries in Norbury and Shirley met with anger at a meeting on Tuesday night. "
    "More than two hundred people came to the town hall, and most of those who spoke asked Ann "
    "Beale to find the money elsewhere. A petition against the closures has six thousand names."
)

WORDS = [f"word{number}" for number in range(400)]


def text_of(seed: int, length: int) -> list[str]:
    return random.Random(seed).choices(WORDS, k=length)


def are_candidates(one: str, other: str) -> bool:
    """Say whether the two would meet in a table of keys."""
    keys = [set(copies.bands(copies.signature(each))) for each in (one, other)]
    return bool(keys[0] & keys[1])


EDITED = {
    "as it was": STORY,
    "capitals and quotation marks": STORY.upper().replace("“", '"').replace("”", '"'),
    "a number": STORY.replace("£1.2m", "£1.4m"),
    "typing errors": STORY.replace("Residents", "Residnts").replace("leader", "laeder"),
    "a new opening": f"Books are going out of fashion in Croydon. {STORY}",
    "a headline": f"Four libraries to close\n\n{STORY}",
    "an end cut off": STORY[: STORY.index("The libraries in")],
    "a sentence left out": STORY.replace("“We have no choice,” said the leader of the council, Ann Beale. ", ""),
    "paragraphs": STORY.replace(". ", ".\n\n"),
}  # fmt: skip


@pytest.mark.parametrize("edited", EDITED.values(), ids=EDITED)
def test_a_lightly_edited_text_is_a_copy(edited: str) -> None:
    assert copies.alike(STORY, edited)
    assert copies.alike(edited, STORY)
    assert are_candidates(STORY, edited)


def test_another_report_of_the_same_is_no_copy() -> None:
    assert not copies.alike(STORY, OTHER)
    assert copies.likeness(copies.signature(STORY), copies.signature(OTHER)) < 0.1


@pytest.mark.parametrize("kept", [150, 100, 60])
def test_what_was_cut_from_a_long_text_is_a_copy_of_it(kept: int) -> None:
    words = [f"word{number}" for number in range(300)]
    long, cut = " ".join(words), " ".join(words[:kept])
    assert copies.alike(long, cut)
    assert copies.alike(cut, long)


def test_a_text_that_shares_its_footer_only_is_no_copy() -> None:
    footer = " Reporting by our staff. Write to us with corrections at the address below."
    one = " ".join(text_of(1, 60)) + footer
    other = " ".join(text_of(2, 60)) + footer
    assert not copies.alike(one, other)


def test_a_few_words_are_too_short_to_tell() -> None:
    few = "No comment was to be had from the council on Monday."
    assert copies.signature(few) == copies.signature("") == b""
    assert copies.bands(b"") == []
    assert copies.alike(few, few.replace(",", "").upper())
    assert not copies.alike(few, few.replace("Monday", "Tuesday"))
    assert not copies.alike(STORY, few)
    assert copies.likeness(b"", b"") == copies.likeness(b"", copies.signature(STORY)) == 0


@pytest.mark.parametrize(("words", "signed"), [(copies.FEWEST_WORDS - 1, 0), (20, 396)])
def test_a_signature_is_there_from_twenty_words_on(words: int, signed: int) -> None:
    text = " ".join(WORDS[:words])
    assert len(copies.signature(text)) == signed
    assert len(copies.keys(text)) == (copies.BANDS if signed else 1)
    assert copies.alike(text, text)


def test_short_texts_share_a_key_where_they_say_the_same() -> None:
    assert copies.keys("No comment.") == copies.keys("NO comment") != copies.keys("No comments.")
    assert copies.keys("") == copies.keys("* * *") == []


def test_a_signature_is_the_same_in_every_process_and_release() -> None:
    """An archive keeps signatures: another number here means that its copies must be found anew."""
    script = f"from index import copies; print(copies.signature({STORY!a}).hex())"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == copies.signature(STORY).hex()
    assert copies.signature(STORY).hex().startswith("68e34b039b347e05")
    assert copies.bands(copies.signature(STORY))[0] == 4857035920642364145


def test_no_shingle_is_lost_between_the_pieces_of_a_long_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = [" ".join(text_of(seed, 60)) for seed in range(5)]
    whole = [copies.signature(each) for each in texts]
    for pieces in (1, 2, 7, 29, 57, 58, 59, 60):
        monkeypatch.setattr(copies, "_AT_A_TIME", pieces)
        assert [copies.signature(each) for each in texts] == whole


def test_keys_differ_from_band_to_band() -> None:
    """Bands that agree by chance in different places make no candidates."""
    keys = copies.bands(b"\x01" * 396)
    assert len(set(keys)) == len(keys) == copies.BANDS
    assert all(0 <= key < 2**63 for key in keys)


@given(st.integers(0, 1000), st.integers(30, 200), st.floats(0, 1))
def test_the_estimate_is_near_the_share(seed: int, length: int, kept: float) -> None:
    one = text_of(seed, length)
    two = one[: int(kept * length)] + text_of(seed + 1, length - int(kept * length))
    first, second = copies.shingles(" ".join(one)), copies.shingles(" ".join(two))
    share = len(first & second) / len(first | second)
    estimate = copies.likeness(copies.signature(" ".join(one)), copies.signature(" ".join(two)))
    assert abs(estimate - share) < 0.25  # five standard errors


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_can_be_signed_and_compared(one: str, other: str) -> None:
    signed = copies.signature(one)
    assert len(signed) in (0, 396)
    assert len(copies.bands(signed)) in (0, copies.BANDS)
    assert copies.alike(one, other) == copies.alike(other, one)
    assert copies.alike(one, one)
    assert (
        not copies.alike(one, other) or set(copies.keys(one)) == set(copies.keys(other)) or signed
    )


def test_asking_does_not_wait_for_the_library() -> None:
    script = "import sys, qa.answer; print('datasketch' in sys.modules, 'scipy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["False", "False"]
