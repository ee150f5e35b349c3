"""What speaking the protocol needs beyond the packages that are always there."""

from importlib.util import find_spec

from index.errors import CuttingsError


def is_installed() -> bool:
    """Say whether the protocol's own package is there."""
    return find_spec("mcp") is not None


def check_installed() -> None:
    """See to it that the protocol's own package is there.

    Raises:
        CuttingsError: it is not; the message names the extra.
    """
    if not is_installed():
        raise CuttingsError("qa mcp needs an extra; install it: pip install 'cuttings[mcp]'")
