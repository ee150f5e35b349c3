"""`qa search`: what it prints."""

import json

import pytest

from qa.search import describe_found, search
from tests.qa.workshop import MakeAnswerer, RunQA

FILES = {
    "one.txt": "Libraries\n5 May 2017\n\nThe council closed\x1b[2J four libraries in May.",
    "two.txt": "School\n6 May 2018\n\nThe mayor opened a new school. " * 8,
    "six.txt": "School\n6 May 2018\n\nThe mayor opened a new school. " * 8,
}


def test_it_prints_the_passages_and_their_scores(
    make_answerer: MakeAnswerer, run_qa: RunQA
) -> None:
    archive = make_answerer(FILES).archive
    printed = run_qa("search", "closed libraries")
    assert (printed.returncode, printed.stderr) == (0, "")
    lines = printed.stdout.splitlines()
    assert lines[0] == "  1. [1] Libraries, 2017-05-05, files/one.txt"
    assert "closed\\x1b[2J four" in printed.stdout
    assert "\x1b" not in printed.stdout
    for each in search(archive, "closed libraries"):
        span = f"     characters {each.passage.start}-{each.passage.end}, score {each.score:.4f}, "
        measured = f"meaning {each.dense:.3f}, words {each.lexical:.2f}"
        assert span + measured in lines
    twins = [twin for each in search(archive, "closed libraries") for twin in each.twins]
    assert twins
    for twin in twins:
        of = twin.document
        assert f"     also: [{of.id}] School, {of.source}" in lines


def test_as_json_it_is_what_the_service_replies(make_answerer: MakeAnswerer, run_qa: RunQA) -> None:
    archive = make_answerer(FILES).archive
    printed = run_qa("search", "closed libraries", "--json", "--limit", "1")
    found = search(archive, "closed libraries", 1)
    assert json.loads(printed.stdout) == describe_found("closed libraries", found)


def test_nothing_found_is_no_failure(make_answerer: MakeAnswerer, run_qa: RunQA) -> None:
    make_answerer(FILES)
    printed = run_qa("search", "libraries", "--since", "2030-01-01")
    assert printed.returncode == 0
    assert printed.stdout.startswith("There was nothing to search")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([" "], "the question is empty"),
        (["x", "--limit", "0"], "--limit"),
        (["x", "--since", "today"], "is no day"),
        (["x", "--since", "2018-01-01", "--until", "2017-01-01"], "no day is both"),
    ],
)
def test_misuse(
    make_answerer: MakeAnswerer, run_qa: RunQA, arguments: list[str], told: str
) -> None:
    make_answerer(FILES)
    printed = run_qa("search", *arguments)
    assert printed.returncode == 2
    assert told in printed.stderr
    assert "Traceback" not in printed.stderr


def test_its_help_has_an_example(run_qa: RunQA) -> None:
    assert '\n  qa search "children in care"' in run_qa("search", "--help").stdout
