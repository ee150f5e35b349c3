"""An answer -> a chat completion, whole or as a stream of its pieces."""

import json
import re
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any, Final

from api.openai.schemas import MODEL
from index.embed import Embedder
from index.types import Document
from qa.footnotes import Footnote, Footnoted
from qa.types import Answer

AddressOf = Callable[[Document], str]
"""Returns where a document can be opened."""

_PIECE: Final = re.compile(r"(?<=\n\n)")
"""Where the text of a stream is parted: after each paragraph."""


def completion_of(
    given: Answer, said: Footnoted, usage: dict[str, int], address_of: AddressOf
) -> dict[str, Any]:
    """Return the completion that gives an answer.

    Args:
        given: the answer.
        said: the same in words.
        usage: see `usage_of`.
        address_of: where a cited document can be opened.
    """
    message = {
        "role": "assistant",
        "content": said.text,
        "refusal": None,
        "annotations": [_annotation(each, address_of) for each in said.notes],
    }
    return {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": MODEL,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
        "usage": usage,
        "cuttings": {
            "standalone_question": given.standalone_question,
            "answered": given.answered,
            "answer": None if given.citation is None else given.citation.answer,
            "confidence": round(given.confidence, 4),
        },
    }


def usage_of(embedder: Embedder, given: Answer, said: Footnoted) -> dict[str, int]:
    """Count the question as it was read, and the text of the reply, in the embedder's tokens."""
    asked, replied = embedder.count_tokens([given.standalone_question, said.text])
    return {
        "prompt_tokens": asked,
        "completion_tokens": replied,
        "total_tokens": asked + replied,
    }


def events_of(completion: dict[str, Any], with_usage: bool) -> Iterator[str]:
    """Yield the server-sent events of a stream that gives a completion, paragraph by paragraph.

    The annotations, which count in the whole text, come in one piece after it.
    """
    head = {name: completion[name] for name in ("id", "created", "model")}
    head |= {"object": "chat.completion.chunk"}
    rest = {"usage": None} if with_usage else {}

    def event(delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _event({**head, "choices": [choice], **rest, **more})

    message = completion["choices"][0]["message"]
    yield event({"role": "assistant", "content": ""})
    for piece in _PIECE.split(message["content"]):
        yield event({"content": piece})
    yield event({"annotations": message["annotations"]}, cuttings=completion["cuttings"])
    yield event({}, "stop")
    if with_usage:
        yield _event({**head, "choices": [], "usage": completion["usage"]})
    yield "data: [DONE]\n\n"


def _event(data: dict[str, Any]) -> str:
    # In ASCII: what some clients take for the end of a line, a document may well hold.
    return f"data: {json.dumps(data)}\n\n"


def _annotation(note: Footnote, address_of: AddressOf) -> dict[str, Any]:
    document = note.cited.document
    return {
        "type": "url_citation",
        "url_citation": {
            "start_index": note.mark.start,
            "end_index": note.mark.end,
            "title": document.title,
            "url": address_of(document),
        },
        "quotation": {
            "start_index": note.quote.start,
            "end_index": note.quote.end,
            "citation": note.cited.as_json(),
        },
    }
