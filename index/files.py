"""Files that are either wholly there or not at all."""

import os
from pathlib import Path


def write_atomically(path: Path, *parts: bytes | memoryview) -> None:
    """Write `parts` to `path`; a crash leaves the old file or the new one, never a mixture.

    One process at a time may write a path: what a crash leaves over, the next one writes over.
    """
    made = path.with_name(f"{path.name}.making")
    try:
        with made.open("wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
