"""How a question is put together, so that "Why?" or "Who else?" can be asked in its words."""

from typing import Final, NamedTuple

from qa import english
from qa.phrases import Phrase, phrases
from qa.tags import words

LONGEST_SAID: Final = 8
"""Words of an answer, or of a part of a question, that is still put into another question."""


class Frame(NamedTuple):
    """What a question asks for, the auxiliary behind that, and the rest with its question mark.

    `asked` is "" where the answer is yes or no. `subject` says whether what is asked for is the
    subject; otherwise the verb ends at `verb` of the rest, or is 0, the auxiliary being the verb.
    """

    asked: str
    noun: Phrase | None
    aux: str
    rest: str
    subject: bool
    verb: int

    def after(self, *asks: str) -> str:
        """Return the frame behind other words than those that it asks with."""
        return " ".join(each for each in (*asks, self.aux, self.rest) if each)


def take_apart(asked: str) -> Frame | None:
    """Return how a question is put together; None if that cannot be told."""
    tagged = words(asked)
    at = next((n for n, each in enumerate(tagged) if each.tag in ("W", "X")), None)
    if at is None or any(each.text in (".", "?", "!") for each in tagged[at:-1]):
        return None
    if tagged[at].tag == "X":
        rest = asked[tagged[at].end :].strip()
        return Frame("", None, tagged[at].low, rest, subject=False, verb=0)
    end = next((n for n in range(at + 1, len(tagged)) if tagged[n].tag in ("X", "V", ".")), None)
    if end is None or tagged[end].tag == ".":
        return None
    inside = asked[tagged[at].start : tagged[end - 1].end]
    known = (each for each in phrases(asked) if each.role == "asked")
    noun = next((each for each in known if each.start >= tagged[at].start), None)
    if tagged[end].tag == "V":
        return Frame(inside, noun, "", asked[tagged[end].start :].strip(), subject=True, verb=0)
    behind = tagged[end + 1 :]
    rest = asked[tagged[end].end :].strip()
    offset = asked.index(rest, tagged[end].end)
    verb = next((each.end - offset for each in behind if each.tag == "V"), 0)
    subject = not behind or behind[0].tag in ("V", "X", "P", ".")
    return Frame(inside, noun, tagged[end].text, rest, subject=subject, verb=verb)


def circumstance(asks: str, asked: str, answer: str | None) -> str | None:
    """Put what was answered into its question: "Why did they appoint Ann?".

    Args:
        asks: what is now asked for, such as "why" or "since when".
        asked: the question before it, such as "Who did they appoint?".
        answer: the answer to that, such as "Ann".
    """
    frame = take_apart(asked)
    if frame is None or frame.asked.lower() == asks.lower():
        return None
    asks = upper(asks)
    if frame.noun is None and frame.asked.lower() not in ("who", "what", "which", "whom"):
        # "How many of them were boys?" is about so many of them, who have no place in its words.
        counts = frame.asked.lower().startswith(("how many", "how much"))
        return frame.after(asks) if frame.aux and not counts else None
    said = _said(frame, answer)
    if said is None:
        return None
    if frame.subject or not frame.aux:
        return frame.after(asks, "is it that" if asks in ("Why", "How") else "was it that", said)
    is_be = frame.aux.lower() in english.BE
    if frame.verb and not is_be:
        return f"{asks} {frame.aux} {frame.rest[: frame.verb]} {said}{frame.rest[frame.verb :]}"
    # In "What were they asked about?" the answer's place is not clear.
    return f"{asks} {frame.aux} {said} {frame.rest}" if is_be and not frame.verb else None


def other(asks: str, asked: str) -> str | None:
    """Ask "Who else", "Which" or "How many adults" where "Who" or "How many children" was."""
    frame = take_apart(asked)
    if frame is None or not frame.asked:
        return None
    first, *more = asks.lower().split()
    of_a_sort = frame.noun is not None and first == frame.asked.lower().split()[0]
    if asks.lower() == f"{frame.asked.lower()} else" or (of_a_sort and more not in ([], ["many"])):
        return frame.after(upper(asks))
    if asks.lower() in ("how many", "which", "whose") and frame.noun is not None:
        return frame.after(upper(asks), frame.noun.text.removeprefix("many "))
    return None


def upper(text: str) -> str:
    """Return a text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def _said(frame: Frame, answer: str | None) -> str | None:
    """Return the answer as a part of the question that it answers."""
    counts = frame.noun is not None and frame.noun.determiner in ("many", "much")
    if answer is not None and len(answer.split()) <= LONGEST_SAID:
        text = answer.strip(" .,;:")
        noun = "" if frame.noun is None else frame.noun.text.partition(" ")[2]
        return f"{text} {noun}" if counts and noun and noun not in text else text
    if frame.noun is None:
        return None
    return f"so {frame.noun.text}" if counts else f"the {frame.noun.text}"
