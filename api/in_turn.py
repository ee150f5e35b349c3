"""One at a time, in the order in which they came: the questions of one conversation."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from index.errors import ServiceBusy

LONGEST: Final = 16
"""Questions to one conversation that may wait, the one that is being answered among them."""


@dataclass(slots=True)
class _Line:
    length: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class InTurn:
    """Lines of work, by name. For one event loop."""

    def __init__(self, longest: int = LONGEST) -> None:
        """Let `longest` pieces of work stand in a line."""
        self._longest = longest
        self._lines: dict[str, _Line] = {}

    @asynccontextmanager
    async def line(self, name: str | None) -> AsyncIterator[None]:
        """Wait until all that came before in a line is done; without a name, for nothing.

        Raises:
            ServiceBusy: the line is full.
        """
        if name is None:
            yield
            return
        line = self._lines.setdefault(name, _Line())
        if line.length >= self._longest:
            raise ServiceBusy(
                f"{line.length} questions to this conversation are waiting; try again shortly"
            )
        line.length += 1
        try:
            async with line.lock:  # asyncio's locks are fair
                yield
        finally:
            line.length -= 1
            if line.length == 0:
                del self._lines[name]
