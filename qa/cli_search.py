"""`qa search`: passages, without an answer."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.text import Text

from qa import show
from qa.defaults import MOST_PASSAGES, TOP_K
from qa.options import Day, archive_options, open_archive, print_json

if TYPE_CHECKING:
    from qa.types import Candidate


@click.command()
@click.argument("words")
@click.option("--since", type=Day(), help="Only documents from this day on.")
@click.option("--until", type=Day(), help="Only documents up to this day.")
@click.option(
    "--limit",
    type=click.IntRange(1, MOST_PASSAGES),
    default=TOP_K,
    show_default=True,
    help="Passages, at most.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@archive_options
@click.pass_context
def search(
    context: click.Context,
    /,
    words: str,
    since: date | None,
    until: date | None,
    limit: int,
    as_json: bool,
    **_: Any,
) -> None:
    """Search by meaning and by words; print the nearest passages.

    They are what a question of these words is answered from.

    \b
    qa search "children in care" --limit 3 --since 2017-01-01
    """
    from qa.question import check_question
    from qa.search import describe_found
    from qa.search import search as search_archive

    check_question(words)
    with open_archive(context) as archive:
        found = search_archive(archive, words, limit, since, until)
    if as_json:
        print_json(describe_found(words, found))
    else:
        _print(Console(highlight=False), found)


def _print(console: Console, found: Sequence["Candidate"]) -> None:
    if not found:
        show.put(console, Text(show.NO_PASSAGES))
    for number, each in enumerate(found, start=1):
        show.passage(console, number, each)
        scores = f"score {each.score:.4f}, meaning {each.dense:.3f}, words {each.lexical:.2f}"
        span = f"characters {each.passage.start}-{each.passage.end}"
        show.put(console, Text(f"     {span}, {scores}", style="dim"))
        for twin in each.twins:
            show.put(console, Text(f"     also: {show.describe(twin.document)}", style="dim"))
