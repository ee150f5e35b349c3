"""The documentation page, from files on this machine: it must work where there is no network."""

from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response

SCRIPT: Final = "swagger-ui-bundle.js"
STYLE: Final = "swagger-ui.css"
START: Final = "start.js"

# Of the packages that carry Swagger UI, swagger-ui-bundle stops at version 4, which cannot show
# the OpenAPI 3.1 that FastAPI writes. This one has version 5 and needs nothing but FastAPI.
_ASSETS: Final = Path(str(files("fastapi_offline"))) / "static"

_PAGE: Final = f"""\
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Cuttings</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/{STYLE}">
<div id="swagger-ui"></div>
<script src="docs/{SCRIPT}"></script>
<script src="docs/{START}"></script>
"""

# Without a validator of null, the page would send the address of our schema to one on the net.
_START: Final = """\
SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
});
"""

router = APIRouter(include_in_schema=False)


@router.get("/docs")
def docs() -> HTMLResponse:
    """Show the documentation. Addresses are relative, so that a proxy may add a prefix."""
    return HTMLResponse(_PAGE)


@router.get(f"/docs/{START}")
def start_script() -> Response:
    """Serve the script that starts the page; in the page itself none would be run."""
    return Response(_START, media_type="text/javascript")


@router.get("/docs/{name}")
def asset(name: str) -> FileResponse:
    """Serve a file that the page is made of."""
    if name not in (SCRIPT, STYLE):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return FileResponse(_ASSETS / name)
