"""What the names and tags of an element say of the kind of text in it."""

import re
from typing import TYPE_CHECKING, Final

from index.types import Kind

if TYPE_CHECKING:
    from lxml.html import HtmlElement

HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
ITEMS: Final = frozenset({"li", "dd", "dt"})

# What a text is inside of, from the weakest to the strongest: a quotation in a reader's comment is
# that reader's comment.
BODY, FIGURE, _LIST, _QUOTED, _CAPTIONED, _COMMENTED = range(6)
KINDS: Final[tuple[Kind, ...]] = ("body", "caption", "list", "quote", "caption", "comment")

_CAPTION = re.compile(
    r"caption(?!s|ed|ing)|cutline|bildunterschrift|didascalia|pie-?(?:de-?)?foto", re.IGNORECASE
)
_QUOTE = re.compile(r"pull-?_?quote|block-?_?quote", re.IGNORECASE)
_COMMENT = re.compile(
    r"(?:\S*[_-])?(?:user|reader)?(?:comments?|comentarios|comentários|commentaires|commenti"
    r"|kommentare?|komentarze|reacties)(?:[_-]*(?:list|thread|tree|section|area|wrapper|inner"
    r"|container|item|entry|body|content|text|message|\d))*|disqus_thread",
    re.IGNORECASE,
)


def rank_of(element: "HtmlElement") -> int:
    """Return what an element makes of the text in it, whatever is around it."""
    if is_comment(element):
        return _COMMENTED
    if is_captioned(element):
        return _CAPTIONED
    if element.tag == "blockquote" or _QUOTE.search(_names(element)):
        return _QUOTED
    if element.tag in ITEMS:
        return _LIST
    # Under a heading of its own, a figure is a card that leads to another article.
    is_figure = element.tag == "figure" and next(element.iter(*HEADINGS), None) is None
    return FIGURE if is_figure else BODY


def is_comment(element: "HtmlElement") -> bool:
    """Say whether an element holds readers' comments, by its name or schema.org's.

    What holds the page's headline is the article, though it stand under "Comment".
    """
    named = element.get("itemprop") == "comment" or any(
        map(_COMMENT.fullmatch, _names(element).split())
    )
    typed = element.get("itemtype", "").endswith(("/Comment", "/UserComments"))
    return (
        (named or typed)
        and element.tag not in {"html", "body", "main"}
        and element.find(".//h1") is None
    )


def is_captioned(element: "HtmlElement") -> bool:
    """Say whether an element is a caption, by its tag or by its name."""
    return element.tag in {"figcaption", "caption"} or _CAPTION.search(_names(element)) is not None


def _names(element: "HtmlElement") -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"
