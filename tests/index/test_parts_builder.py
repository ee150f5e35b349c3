"""`index.parts_builder`: text and parts that belong together, whatever is put in."""

from hypothesis import given
from hypothesis import strategies as st

from index.parts_builder import Writer, squeeze
from index.types import Kind, Part, Span

KINDS: list[Kind] = ["body", "list", "caption", "comment"]


def test_a_blank_line_between_parts_and_none_between_list_items() -> None:
    writer = Writer()
    assert writer.add("A title", "headline", heading=True) == Span(0, 7)
    assert writer.add(" \n") is None
    writer.add("To do:")
    writer.add("one", "list")
    writer.add("two", "list")
    writer.add_row(["a\nb", " c "], tight=False)
    writer.add_row(["d", ""], tight=True)
    assert writer.text == "A title\n\nTo do:\n\none\ntwo\n\na b\tc\nd"
    assert writer.parts[0] == Part(Span(0, 7), "headline", heading=True)
    assert [part.span.cut(writer.text) for part in writer.parts[2:4]] == ["one", "two"]


def test_lines_stay_lines_and_lose_their_trailing_spaces() -> None:
    writer = Writer()
    writer.add("  if x: \r\n    y\t\n\n z\u2028w")
    assert writer.text == "if x:\n    y\n\n z\nw"


def test_what_no_print_shows_is_dropped_and_curly_quotes_stay() -> None:
    assert (
        squeeze("\ufeffHe\u00adr\u200bring\u00a0“don’t”\n\t wa\x00it\ud800 ")
        == "Herring “don’t” wait"
    )


@given(st.lists(st.tuples(st.text(), st.sampled_from(KINDS), st.booleans(), st.booleans())))
def test_parts_cover_everything_but_white_space(
    added: list[tuple[str, Kind, bool, bool]],
) -> None:
    writer = Writer()
    for text, kind, heading, tight in added:
        writer.add(text, kind, heading=heading, tight=tight)
    text, end = writer.text, 0
    for part in writer.parts:
        assert text[end : part.span.start] in {"", "\n", "\n\n"}
        assert part.span.cut(text).strip() == part.span.cut(text) != ""
        end = part.span.end
    assert end == len(text)
    text.encode()
    assert all(line == line.rstrip() for line in text.split("\n"))
