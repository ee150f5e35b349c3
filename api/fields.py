"""Kinds of fields that several requests and responses have."""

import re
from datetime import date
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, ConfigDict, Field, StrictInt

from index.reading import LONGEST_SAID
from index.types import Kind

LARGEST_ID: Final = 2**63 - 1
"""What a database holds in an integer."""


def example(*values: dict[str, Any]) -> ConfigDict:
    """Return the settings of a model that takes no other fields, with worked examples of it."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": list(values)})


def _read_day(value: object) -> date:
    """Read a day in one form only; pydantic would also take a time, or seconds since 1970."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError("a day is written YYYY-MM-DD, for example 2017-09-05")


Day = Annotated[date, BeforeValidator(_read_day)]
Line = Annotated[str, Field(min_length=1, max_length=LONGEST_SAID, pattern=r"^[^\x00-\x1f\x7f]+$")]
DocumentId = Annotated[StrictInt, Field(ge=1, le=LARGEST_ID)]
PassageKind = Annotated[
    Kind, Field(description="a comment is a reader's, never the document's own reporting")
]
Confidence = Annotated[
    float, Field(ge=0, le=1, description="probability that the sentence answers the question")
]
