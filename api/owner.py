"""Whose conversations a request is about."""

from typing import Annotated, Final

from fastapi import Depends, Request

from api.caller import caller_of

NOBODY: Final = ""
"""The owner of what is asked without a key: all who need none share it."""


async def owner_of(request: Request) -> str:
    """Return whose conversations a request may see: those of its key, by the key's name."""
    key = caller_of(request.scope)
    return NOBODY if key is None else key.name


TheOwner = Annotated[str, Depends(owner_of)]
