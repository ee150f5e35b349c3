"""Titles that files give themselves, and which of them an author wrote."""

import re

# What programs write when the author gave none; a single word is most often a file's name.
_PROGRAMS = re.compile(
    r"microsoft \w+ - .*|untitled.*|no title|(?:document|presentation|slide)\s*\d*"
    r"|powerpoint presentation|(?:microsoft )?word document"
    r"|.*\.(?:docx?|odt|rtf|pdf|indd|qx[dp]|tex|xlsx?|pptx?|html?|md|txt)|\S*",
    re.IGNORECASE | re.DOTALL,
)


def given_title(title: str) -> str:
    """Return the title in a file's properties, or "" if a program made it up."""
    return "" if _PROGRAMS.fullmatch(title) else title
