"""How well the kinds of a web page's parts are told: precision and recall by kind, by characters.

    python benchmarks/kinds.py FOLDER [--json]

The folder holds pages that the rules have not seen, each with what is right for it, in either of
two ways:

- `NAME/source.html` beside `NAME/expected.html`, as in Mozilla Readability's test pages: what a
  reader should see. Its markup labels it: a `figcaption` is a caption, a `blockquote` a quote, an
  `li` a list item, everything else the body. Such labels say nothing of headlines and comments:
  what is found of these is left out of the count.
- `NAME.html` beside `NAME.kinds.jsonl`, made by hand: a line {"kind": ..., "text": ...} for each
  part, in order.

What is found and what is right are aligned word by word. Of the characters found as one kind,
precision is the share that is right and of that kind; recall is the share of what is right and of
that kind that is found so. "any" leaves the kinds aside: text of the article, or not.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import TypeAlias

import click
from lxml import etree, html

from index.loaders.html import HtmlLoader

Words: TypeAlias = list[tuple[str, str]]
"""The words of a page in order, each with its kind."""

_WORD = re.compile(r"\w+")
_UNLABELLED = {"headline", "comment"}
_LABELS = {"figcaption": "caption", "blockquote": "quote", "li": "list"}


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print figures as JSON.")
@click.option("--pages", is_flag=True, help="Print a line a page too.")
def main(folder: Path, *, as_json: bool, pages: bool) -> None:
    found, right, both = Counter[str](), Counter[str](), Counter[str]()
    number = 0
    for name, ours, truth in _pages(folder):
        number += 1
        one = (_sizes(ours), _sizes(truth), _agreed(ours, truth))
        for total, page in zip((found, right, both), one, strict=True):
            total.update(page)
        if pages:
            click.echo(
                f"{name:40} {_ratio(one[2]['any'], one[0]['any'])} of what is found is right"
            )
    rows = {
        kind: {
            "precision": _ratio(both[kind], found[kind]),
            "recall": _ratio(both[kind], right[kind]),
            "characters": right[kind],
        }
        for kind in sorted({*found, *right})
    }
    if as_json:
        click.echo(json.dumps({"pages": number, "kinds": rows}))
        return
    click.echo(f"{number} pages")
    for kind, row in rows.items():
        click.echo(f"{kind:10} " + "  ".join(f"{name} {value}" for name, value in row.items()))


def _pages(folder: Path) -> Iterator[tuple[str, Words, Words]]:
    """Yield each page's name, the words found in it, and those that are right."""
    for expected in sorted(folder.rglob("expected.html")):
        ours = [
            each for each in _found(expected.with_name("source.html")) if each[1] not in _UNLABELLED
        ]
        yield expected.parent.name, ours, _expected(expected)
    for labels in sorted(folder.rglob("*.kinds.jsonl")):
        lines = map(json.loads, labels.read_text().splitlines())
        truth = [(word, line["kind"]) for line in lines for word in _WORD.findall(line["text"])]
        page = labels.with_name(labels.name.replace(".kinds.jsonl", ".html"))
        yield page.name, _found(page), truth


def _found(page: Path) -> Words:
    document = HtmlLoader().load(page.read_bytes(), page.name)
    return [
        (word, part.kind)
        for part in document.parts
        for word in _WORD.findall(part.span.cut(document.text))
    ]


def _expected(page: Path) -> Words:
    words: Words = []
    kinds = ["body"]
    for event, element in etree.iterwalk(
        html.fromstring(page.read_text()), events=("start", "end")
    ):
        if event == "start":
            kinds.append(_LABELS.get(str(element.tag), kinds[-1]))
            text = element.text
        else:
            kinds.pop()
            text = element.tail
        words += [(word, kinds[-1]) for word in _WORD.findall("" if text is None else text)]
    return words


def _agreed(ours: Words, truth: Words) -> Counter[str]:
    agreed = Counter[str]()
    matcher = SequenceMatcher(
        None, [word for word, _ in ours], [word for word, _ in truth], autojunk=False
    )
    for at, other, size in matcher.get_matching_blocks():
        for (word, kind), (_, label) in zip(
            ours[at : at + size], truth[other : other + size], strict=True
        ):
            agreed["any"] += len(word)
            agreed[kind] += len(word) * (kind == label)
    return agreed


def _sizes(words: Words) -> Counter[str]:
    sizes = Counter[str](any=sum(len(word) for word, _ in words))
    for word, kind in words:
        sizes[kind] += len(word)
    return sizes


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole > 0 else None


if __name__ == "__main__":
    main()
