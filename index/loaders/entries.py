"""What formats whose files hold many documents share: names for them, and limits on them."""

import re
from collections import Counter
from typing import Final

LONGEST_NAME: Final = 1000
"""Characters in an entry's name, at most."""

# Control characters, line ends, lone surrogates, and what turns the direction of writing.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


class Names:
    """Tells the entries of a file apart: a name that comes again gets a number."""

    def __init__(self) -> None:
        # By hash: the names themselves would be most of the memory that a large file takes.
        self._seen: Counter[int] = Counter()

    def once(self, name: str) -> str:
        """Return the name, or if it was given before, the name with the number of times."""
        key = hash(name)
        self._seen[key] += 1
        times = self._seen[key]
        return name if times == 1 else self.once(f"{name} ({times})")


def printable(name: str) -> str:
    """Return a name without what would spoil a line: U+FFFD stands for it. A long one is cut."""
    return _UNPRINTABLE.sub("\ufffd", name[:LONGEST_NAME])


def too_large(largest: int) -> str:
    """Return what to say of an entry that has more than `largest` bytes."""
    return (
        f"more than {largest / 1e6:g} MB, the limit; split it, or raise the limit "
        "with --max-file-mb"
    )
