"""The server: uvicorn, with an end that those who run it can rely on."""

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from types import FrameType

import uvicorn

from api.pool import Pool

_logger = logging.getLogger(__name__)


class Server(uvicorn.Server):
    """Told to stop, it takes nothing new and finishes what was begun; told again, it is gone.

    `told` is the signal that told it, if one did.
    """

    def __init__(self, config: uvicorn.Config, pools: Sequence[Pool], grace: float) -> None:
        """Serve as `config` says, and at the end wait `grace` seconds for the work in `pools`."""
        super().__init__(config)
        self.pools = pools
        self.grace = grace
        self.told: signal.Signals | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """Take a signal: uvicorn would end even a process that did as told with a signal."""
        if self.told is not None:
            signal.signal(sig, signal.SIG_DFL)
            signal.raise_signal(sig)
        self.told = signal.Signals(sig)
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish what was begun."""
        if self.told is not None:
            _logger.info(
                "stopping on %s: %d questions to finish first, within %g s",
                self.told.name,
                self._unfinished,
                self.grace,
            )
        # Nothing else interrupts a thread that reads, or a client that never does.
        last = threading.Timer(self.grace, self._give_up)
        last.daemon = True
        last.start()
        await super().shutdown(sockets)
        last.cancel()

    @property
    def _unfinished(self) -> int:
        return sum(each.busy + each.waiting for each in self.pools)

    def _give_up(self) -> None:
        unanswered = self._unfinished
        _logger.error(
            "stopped after %g s: %d questions and %d connections were not finished; "
            "--grace gives them longer",
            self.grace,
            unanswered,
            len(self.server_state.connections),
        )
        sys.stdout.flush()
        os._exit(1 if unanswered else 0)
