"""The process that reads files: `python -m index.sandbox_worker SECONDS BYTES`.

It takes requests from its standard input and answers on its standard output, with the messages of
`index.wire`. It can write no file. It ends if it needs more than BYTES of memory, and if a document
takes more than SECONDS, whether its parent is there to see to that or not. Otherwise it ends with
its parent: at the end of its input, or as soon as nobody listens.
"""

import contextlib
import os
import resource
import signal
import sys
from pathlib import Path
from typing import BinaryIO, Final, NoReturn

from index import reading, wire
from index.errors import LoadError
from index.loaders.protocol import Options
from index.types import Document

OUT_OF_MEMORY: Final = 64
"""The exit status of a process that has come to the end of its memory: it is of no more use."""


class Worker:
    """Answers one request after another."""

    def __init__(self, requests: BinaryIO, replies: BinaryIO, seconds: int) -> None:
        self._requests = requests
        self._replies = replies
        self._seconds = seconds

    def run(self) -> None:
        """Answer requests until there are no more."""
        while (request := wire.receive(self._requests.read)) is not None:
            signal.alarm(self._seconds)
            try:
                self._answer(request)
            except LoadError as error:
                self._reply({"ended": str(error)})
            else:
                self._reply({"ended": None})
            signal.alarm(0)

    def _answer(self, request: wire.Message) -> None:
        options = Options(request["largest"], request["fields"])
        path = Path(request["path"])
        for document in reading.documents(
            path, request["source"], options, request["skip"], self._begin
        ):
            if isinstance(document, Document):
                self._reply({"document": wire.pack(document)})
            else:
                self._reply({"unread": document})

    def _begin(self, source: str) -> None:
        self._reply({"begun": source})

    def _reply(self, message: wire.Message) -> None:
        signal.alarm(0)  # the parent takes its time to listen
        self._replies.write(wire.encode(message))
        self._replies.flush()
        signal.alarm(self._seconds)


def _limit(name: str, amount: int) -> None:
    """Limit what this process may use of something, where the system knows such a limit."""
    number = getattr(resource, name, None)
    if number is None:
        return
    _, most = resource.getrlimit(number)
    amount = amount if most == resource.RLIM_INFINITY else min(amount, most)
    with contextlib.suppress(ValueError):  # macOS has limits on memory that it does not take
        resource.setrlimit(number, (amount, amount))


def _move_streams() -> tuple[BinaryIO, BinaryIO]:
    """Move input and output out of the way of libraries that print, or read what is typed."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
    return requests, replies


def main() -> NoReturn:
    """Serve until the input ends."""
    seconds, most_bytes = map(int, sys.argv[1:])
    _limit("RLIMIT_AS", most_bytes)
    _limit("RLIMIT_FSIZE", 0)
    _limit("RLIMIT_CORE", 0)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        Worker(*_move_streams(), seconds).run()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    # Nothing is left to tidy up, and a library's own tidying may hang.
    os._exit(0)


if __name__ == "__main__":
    main()
