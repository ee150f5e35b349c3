"""Files that change at random, and a ledger of what an archive of them may hold after a kill."""

import json
import random
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from index import history
from index.archive import Archive
from tests.index.workshop import found_by

FOOTER: Final = "Copyright of the Example Gazette, all rights are reserved for ever."
AGENCY: Final = " ".join(f"The agency wrote line {n} of this." for n in range(6))
SUFFIXES: Final = (".txt", ".md", ".html", ".jsonl", ".zip", ".txt")
FILES: Final = 24

Said = dict[str, str]
"""What each source says: the one word of its text that tells it from others and from before."""

Job = list[Any]
"""What a worker is to do: "sync", "add" with names, "remove" with an id, "export" with a path."""


class Files:
    """A folder of small files in several formats; what is in one follows from two numbers."""

    def __init__(self, folder: Path, draw: random.Random) -> None:
        """Fill `folder`."""
        self._folder = folder
        self._draw = draw
        self._made = 0
        self._numbers: dict[str, tuple[int, int]] = {}
        for _ in range(FILES):
            self._create()

    def change(self) -> None:
        """Change something; there are always about as many files."""
        few = len(self._numbers) <= FILES
        change = self._create if few else self._delete
        self._draw.choice([self._edit, self._edit, self._move, change])()

    def some(self) -> list[str]:
        """Draw the names of some files."""
        return self._draw.sample(sorted(self._numbers), 8)

    def said(self, name: str | None = None) -> Said:
        """Return what the documents in a file say, or those in all files."""
        if name is None:
            return {s: word for name in self._numbers for s, word in self.said(name).items()}
        number, version = self._numbers[name]
        words = [f"uq{number}x{at}v{version}" for at in range(1 + (number + version) % 3)]
        if name.endswith(".jsonl"):
            return {f"{name}/{at}": word for at, word in enumerate(words)}
        if name.endswith(".zip"):
            return {f"{name}/{at}.txt": word for at, word in enumerate(words)}
        return {name: words[0]}

    def _create(self) -> None:
        self._made += 1
        place = self._draw.choice(["", "news/", "old/"])
        name = f"{place}{self._made}{SUFFIXES[self._made % len(SUFFIXES)]}"
        self._numbers[name] = (self._made, 0)
        self._write(name)

    def _edit(self) -> None:
        name = self._any()
        number, version = self._numbers[name]
        self._numbers[name] = (number, version + 1)
        self._write(name)

    def _move(self) -> None:
        name = self._any()
        self._made += 1
        new = f"moved/{self._made}{Path(name).suffix}"
        (self._folder / "moved").mkdir(exist_ok=True)
        (self._folder / name).rename(self._folder / new)
        self._numbers[new] = self._numbers.pop(name)

    def _delete(self) -> None:
        name = self._any()
        (self._folder / name).unlink()
        del self._numbers[name]

    def _any(self) -> str:
        return self._draw.choice(sorted(self._numbers))

    def _write(self, name: str) -> None:
        path = self._folder / name
        path.parent.mkdir(exist_ok=True)
        said = self.said(name)
        (first, *_) = said.values()
        if name.endswith(".jsonl"):
            lines = [{"id": str(at), "text": _text(word)} for at, word in enumerate(said.values())]
            path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
        elif name.endswith(".zip"):
            with zipfile.ZipFile(path, "w") as file:
                for source, word in said.items():
                    file.writestr(Path(source).name, _text(word))
        elif name.endswith(".html"):
            path.write_text(f"<html><body><h1>A headline</h1><p>{first} came.</p></body></html>")
        else:
            path.write_text(_text(first))


class Ledger:
    """What an archive may hold, by what its writer has said, and what it must never lose."""

    def __init__(self, files: Files) -> None:
        """Begin with an empty archive."""
        self.exports: list[Said] = []
        """What the file of the last export may hold."""
        self._files = files
        self._may: dict[str, set[str | None]] = {}
        self._ids: dict[str, int] = {}
        self._ever: dict[int, set[str]] = {}
        self._removing: list[str] = []

    def some_id(self, draw: random.Random) -> str:
        """Draw the id of a document."""
        return str(draw.choice([0, *self._ids.values()]))

    def follow(self, jobs: list[Job], lines: list[str]) -> None:
        """Take in what a worker has said of the jobs that it was given."""
        left = iter(jobs)
        job = next(left)
        self._begin(job)
        for line in lines:
            if line == "done":
                self._end(job)
                job = next(left, ["closed"])
                self._begin(job)
            elif line != "closed":
                self._hear(*line.split())

    def check(self, archive: Archive, draw: random.Random) -> None:
        """See to it that an archive holds what it may, and has lost nothing."""
        held = said_in(archive)
        ids = {each.source: each.id for each in archive.store.documents()}
        for source in held.keys() | self._may.keys():
            may = self._may.get(source, {None})
            assert held.get(source) in may, (source, held.get(source), may)
        for source in ids.keys() & self._ids.keys():
            assert ids[source] == self._ids[source], source
        self._may = {source: {word} for source, word in held.items()}
        self._ids = ids
        for source, number in ids.items():
            self._ever.setdefault(number, set()).add(held[source])
        for number in draw.sample(sorted(self._ever), min(8, len(self._ever))):
            self._check_versions(archive, number)
        for word in draw.sample(sorted(held.values()), min(4, len(held))):
            assert found_by(archive, word) == {s for s, other in held.items() if other == word}

    def check_all_versions(self, archive: Archive) -> None:
        """See to it that whatever was said can still be read."""
        for number in self._ever:
            self._check_versions(archive, number)

    def _begin(self, job: Job) -> None:
        what, *about = job
        if what == "sync":
            for source in self._may.keys() - self._files.said().keys():
                self._may[source].add(None)
            self._may_say(self._files.said())
        elif what == "add":
            for name in about:
                for source in self._from(name):
                    self._may[source].add(None)
                self._may_say(self._files.said(name))
        elif what == "remove":
            # Until it is known whether it came to that.
            self._ever.pop(int(about[0]), None)
            self._removing = [s for s, own in self._ids.items() if str(own) == about[0]]
            for source in self._removing:
                self._may.setdefault(source, {None}).add(None)
                del self._ids[source]
        elif what == "export":
            self.exports.append(self._now())

    def _hear(self, result: str, name: str, old: str = "") -> None:
        if result in ("added", "replaced"):
            self._may[name] = {self._files.said()[name]}
        elif result == "vanished":
            for source in self._from(name):
                self._may[source] = {None}
        elif result == "moved":
            for source in self._from(old):
                new = name + source.removeprefix(old)
                if self._may[source] != {None}:
                    self._may[new] = (self._may.get(new, set()) | self._may[source]) - {None}
                self._may[source] = {None}
                if source in self._ids:
                    self._ids[new] = self._ids.pop(source)
        else:
            assert result == "unchanged", (result, name)

    def _end(self, job: Job) -> None:
        what, *about = job
        if what == "sync":
            self._may = {source: {word} for source, word in self._files.said().items()}
        elif what == "add":
            for name in about:
                self._may |= {source: {None} for source in self._from(name)}
                self._may |= {source: {word} for source, word in self._files.said(name).items()}
        elif what == "remove":
            self._may |= {source: {None} for source in self._removing}
        else:
            del self.exports[:-1]

    def _now(self) -> Said:
        """Return what the archive holds, between two jobs, when that is known."""
        now = {source: word for source, (word,) in self._may.items()}
        return {source: word for source, word in now.items() if word is not None}

    def _may_say(self, said: Mapping[str, str]) -> None:
        for source, word in said.items():
            self._may.setdefault(source, {None}).add(word)

    def _from(self, name: str) -> list[str]:
        return [each for each in self._may if each == name or each.startswith(f"{name}/")]

    def _check_versions(self, archive: Archive, number: int) -> None:
        versions = history.versions(archive.store, number)
        texts = [history.version(archive.store, number, each.number).text for each in versions]
        assert set(map(_word, texts)) >= self._ever[number], number


def said_in(archive: Archive) -> Said:
    """Return what the documents of an archive say."""
    every = archive.store.documents()
    return {each.source: _word(archive.document(each.id).text) for each in every}


def _text(word: str) -> str:
    own = " ".join(f"{at}own{word.removeprefix('uq')}" for at in range(24))
    agency = f"{AGENCY}\n\n" if "0x" in word else ""
    return f"The headline\n\n{word} was there. {own}.\n\n{agency}{FOOTER}\n"


def _word(text: str) -> str:
    (word,) = set(re.findall(r"uq\d+x\d+v\d+", text))
    return str(word)
