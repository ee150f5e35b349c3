"""Text of documents as HTML: exact, escaped, and unable to look like other text than it is.

What a parser makes of this HTML is the text, character for character, but for NUL, which no page
can hold. Nothing in a text reaches what stands outside it: invisible controls are shown for what
they are, and those that turn the direction of writing around have no effect.
"""

import re
from typing import Final

from markupsafe import Markup, escape

NUL_SHOWN: Final = "␀"
"""What stands in a page where a text has NUL: one code point for another."""

_TURNING: Final = {
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
}
"""What embeds, overrides or isolates a direction of writing, by the names that Unicode gives."""

_NUDGING: Final = "\u200e\u200f\u061c"
"""Marks that are common in Arabic and Hebrew. They move digits and dashes around, too."""

_CONTROLS: Final = {
    chr(code): chr(0x2400 + code) for code in range(1, 0x20) if chr(code) not in "\t\n\r"
} | {"\x7f": "␡"}
_CONTROLS_1: Final = {chr(code): f"{code:02X}" for code in range(0x80, 0xA0)}

_SHOWN: Final = _TURNING | dict.fromkeys(_NUDGING, "") | _CONTROLS | _CONTROLS_1
_SPECIAL: Final = re.compile(f"\r(?!\n)|[{''.join(map(re.escape, _SHOWN))}]")


def showable(text: str) -> Markup:
    """Return the HTML of a text.

    A control keeps its place, in an element that says what it is; its effect ends with the element.
    """
    html = str(escape(text)).replace("\0", NUL_SHOWN)
    # A parser would make "\n" of "\r\n" and of "\r", and would not know that "\r" ends a line.
    html = _SPECIAL.sub(_wrap, html).replace("\r", "&#13;")
    return Markup(html)  # noqa: S704 - escaped above


def _wrap(found: re.Match[str]) -> str:
    if found[0] == "\r":
        return '<span class="return">\r</span>'
    sign = _SHOWN[found[0]]
    return f'<bdi class="sign" data-sign="{sign}">{found[0]}</bdi>'
