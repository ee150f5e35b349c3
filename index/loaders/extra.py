"""What a loader needs beyond the packages that are always there."""

import importlib
from types import ModuleType

from index.errors import LoadError


def needed(module: str, extra: str) -> ModuleType:
    """Import a module that one of the project's extras brings.

    Raises:
        LoadError: it is not installed; the message names the extra.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        # Any other missing module is a broken installation, which this advice would not mend.
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise
        raise LoadError(
            f"reading this kind of file needs an extra; install it: pip install 'cuttings[{extra}]'"
        ) from error
