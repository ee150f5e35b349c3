"""Settings: the command line first, then QA_* in the environment, then qa.toml, then defaults."""

import difflib
import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import platformdirs
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from index.errors import BadSetting, Misuse
from index.loaders.protocol import FIELDS, Options
from index.models import DEFAULT_MODEL
from qa.defaults import MIN_CONFIDENCE, MOST_PASSAGES, TOP_K
from qa.question import LONGEST_ALLOWED, LONGEST_QUESTION

FILE: Final = Path("qa.toml")
PREFIX: Final = "QA_"


def _split(value: Any) -> Any:
    """Read a list as the environment has it: parted by commas or white space."""
    return value.replace(",", " ").split() if isinstance(value, str) else value


Names = Annotated[
    tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+$")], ...], BeforeValidator(_split)
]
Origins = Annotated[
    tuple[Annotated[str, Field(pattern=r"^(\*|https?://[^/\s?#@]+)$")], ...],
    BeforeValidator(_split),
]


class Settings(BaseModel):
    """Everything that can be set. The same names are used in qa.toml, and as QA_NAME outside."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    home: Annotated[Path, Field(description="the archive's folder")] = Path(".qa")
    cache: Annotated[Path, Field(description="where prepared models are kept")] = Field(
        default_factory=lambda: platformdirs.user_cache_path("cuttings")
    )
    embedder: Annotated[
        str | None,
        # Also refuses a name that is no valid text.
        Field(pattern=r"\S", description="a sentence-transformers model, by name or folder"),
    ] = None
    reader: Annotated[
        str | None,
        Field(
            pattern=r"\S",
            description="`sentences`, or an extractive question-answering checkpoint, by name or "
            "folder",
        ),
    ] = None
    top_k: Annotated[
        int, Field(ge=1, le=MOST_PASSAGES, description="passages read for each question")
    ] = TOP_K
    min_confidence: Annotated[
        float, Field(ge=0, le=1, description="confidence below which nothing is quoted")
    ] = MIN_CONFIDENCE
    max_file_mb: Annotated[float, Field(gt=0, description="largest file that is added, in MB")] = 20
    host: Annotated[str, Field(description="address to serve on")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="port to serve on")] = 8000
    workers: Annotated[int, Field(ge=1, le=256, description="questions answered at a time")] = 2
    queue: Annotated[int, Field(ge=0, le=100_000, description="questions that may wait")] = 64
    auth: Annotated[
        bool | None,
        Field(description="whether a request takes a key; left out, it does unless on loopback"),
    ] = None
    allowed_hosts: Annotated[
        Names, Field(description="names that the service goes by, besides localhost")
    ] = ()
    cors: Annotated[
        Origins, Field(description="web pages elsewhere that may ask, as https://HOST, or *")
    ] = ()
    rate_per_key: Annotated[
        int, Field(ge=0, description="requests a minute that a key is good for; 0: any number")
    ] = 600
    rate_per_address: Annotated[
        int | None,
        Field(
            ge=0,
            description="the same for an address that shows no key; left out, 120, or any number "
            "on loopback",
        ),
    ] = None
    max_question: Annotated[
        int, Field(ge=1, le=LONGEST_ALLOWED, description="characters in a question, at most")
    ] = LONGEST_QUESTION
    max_body_kb: Annotated[
        float, Field(gt=0, description="largest request, uploads apart, in KB")
    ] = 1000
    max_upload_mb: Annotated[float, Field(gt=0, description="largest upload, in MB")] = 100
    answer_seconds: Annotated[
        float, Field(ge=0, description="time for an answer, waiting included; 0: any time")
    ] = 60
    request_seconds: Annotated[
        float, Field(gt=0, description="time for a client to send a request, and to read on")
    ] = 30
    grace: Annotated[
        float, Field(ge=0, le=3600, description="seconds to finish what was begun, at the end")
    ] = 25
    log_format: Annotated[
        Literal["text", "json"] | None,
        Field(description="the service's log; unset, text on a terminal and json elsewhere"),
    ] = None
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Field(description="the least that the service logs"),
    ] = "info"
    log_questions: Annotated[
        bool, Field(description="whether the service logs questions, word for word")
    ] = False
    mcp: Annotated[
        bool, Field(description="whether to serve AI assistants at /mcp, given cuttings[mcp]")
    ] = True

    @property
    def embedder_name(self) -> str:
        """The embedder for a new archive."""
        return DEFAULT_MODEL if self.embedder is None else self.embedder


def read_settings(
    given: Mapping[str, Any],
    environment: Mapping[str, str] = os.environ,
    file: Path = FILE,
) -> Settings:
    """Read the settings, each from the first of the sources that has it.

    Args:
        given: from the command line; None means not given.
        environment: its QA_* variables count.
        file: a TOML file, which need not exist.

    Raises:
        BadSetting: an unknown name, with the nearest known one, or a value that does not fit.
    """
    merged: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for origin, values in (
        (f"in {file}", _from_file(file)),
        ("in the environment", _from_environment(environment)),
        ("on the command line", {name: each for name, each in given.items() if each is not None}),
    ):
        for name, value in values.items():
            _check_known(name, origin)
            merged[name], origins[name] = value, origin
    try:
        return Settings(**merged)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        raise BadSetting(
            f"{name} = {merged.get(name)!r} {origins.get(name)}: {first['msg'].lower()}; it means: "
            f"{Settings.model_fields[name].description}"
        ) from error


def reading_of(settings: Settings, fields: Sequence[str] = ()) -> Options:
    """Return how files are read.

    Args:
        settings: for the size of documents.
        fields: what fields are called in the files, each as OURS=THEIRS.

    Raises:
        Misuse: a field that is not written like that, or not one of ours.
    """
    named: dict[str, str] = {}
    for each in fields:
        ours, equals, theirs = each.partition("=")
        if not (equals and theirs) or ours not in FIELDS:
            raise Misuse(
                f"--field {each}: write OURS=THEIRS, for example text=body; ours are "
                f"{', '.join(FIELDS)}"
            )
        named[ours] = theirs
    return Options(int(settings.max_file_mb * 1e6), named)


def _from_file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSetting(f"{file} cannot be read: {error}") from error


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX)
    }


def _check_known(name: str, origin: str) -> None:
    if name in Settings.model_fields:
        return
    in_environment = origin == "in the environment"
    near = difflib.get_close_matches(name, Settings.model_fields, n=1, cutoff=0.0)
    shown = PREFIX + name.upper() if in_environment else name
    meant = PREFIX + near[0].upper() if in_environment else near[0]
    raise BadSetting(f"unknown setting {shown} {origin}; did you mean {meant}?")
