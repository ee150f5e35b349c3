"""Ctrl-C that is heard wherever it falls."""

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

_SOON: Final = 0.05
"""Seconds until it is raised again: by then the callback that swallowed it is over."""


def hear_everywhere() -> None:
    """See to it that a `KeyboardInterrupt` is raised again where Python has to ignore it.

    It does so in finalisers and in callbacks of weak references, which run between any two lines;
    a command that is stopped just then would go on as if nobody had pressed a key.
    """
    sys.unraisablehook = _hook


def _hook(unraisable: "UnraisableHookArgs", /) -> None:
    if not issubclass(unraisable.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(unraisable)
        return
    again = threading.Timer(_SOON, os.kill, (os.getpid(), signal.SIGINT))
    again.daemon = True  # nothing waits for it if all is over by then
    again.start()
