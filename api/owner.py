"""Whose conversations a request is about."""

from typing import Annotated

from fastapi import Depends

NOBODY = ""
"""The owner of all conversations, as long as nothing tells one client from another."""


async def owner_of() -> str:
    """Return whose conversations a request may see."""
    return NOBODY


TheOwner = Annotated[str, Depends(owner_of)]
