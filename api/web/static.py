"""The files that pages are made of, at an address that changes whenever one of them does."""

import hashlib
from importlib.resources import files
from os import PathLike, stat_result
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER: Final = Path(str(files("api.web"))) / "static"


def digest(folder: Path) -> str:
    """Return a name for what a folder holds: the same for the same files."""
    found = hashlib.sha256()
    for each in sorted(folder.iterdir()):
        content = each.read_bytes()
        found.update(f"{each.name}:{len(content)}:".encode())
        found.update(content)
    return found.hexdigest()[:16]


ADDRESS: Final = f"static/{digest(FOLDER)}"
"""Where they are, relative to the service's root."""


class Static(StaticFiles):
    """Serves a folder whose address names its content, so that nobody need ask for it twice."""

    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Serve a file, to be kept for a year."""
        reply = super().file_response(full_path, stat_result, scope, status_code)
        reply.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        reply.headers["X-Content-Type-Options"] = "nosniff"
        return reply
