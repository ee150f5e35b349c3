"""Files that are either wholly there or not at all."""

import os
from pathlib import Path


def write_atomically(path: Path, *parts: bytes | memoryview) -> None:
    """Write `parts` to `path`, so that a crash leaves the old file or the new one, never a mixture."""
    made = path.with_name(f"{path.name}.{os.getpid()}.making")
    try:
        with made.open("wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        os.replace(made, path)
    finally:
        made.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
