"""The documentation page, from files on this machine: it must work where there is no network."""

from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse

SCRIPT: Final = "swagger-ui-bundle.js"
STYLE: Final = "swagger-ui.css"

# Of the packages that carry Swagger UI, swagger-ui-bundle stops at version 4, which cannot show
# the OpenAPI 3.1 that FastAPI writes. This one has version 5 and needs nothing but FastAPI.
_ASSETS: Final = Path(str(files("fastapi_offline"))) / "static"

router = APIRouter(include_in_schema=False)


@router.get("/docs")
def docs() -> HTMLResponse:
    """Show the documentation. Addresses are relative, so that a proxy may add a prefix."""
    return get_swagger_ui_html(
        openapi_url="openapi.json",
        title="Cuttings",
        swagger_js_url=f"docs/{SCRIPT}",
        swagger_css_url=f"docs/{STYLE}",
        swagger_favicon_url="data:,",
        # Without this the page would send the address of our schema to a validator on the net.
        swagger_ui_parameters={"validatorUrl": None},
    )


@router.get("/docs/{name}")
def asset(name: str) -> FileResponse:
    """Serve a file that the page is made of."""
    if name not in (SCRIPT, STYLE):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return FileResponse(_ASSETS / name)
