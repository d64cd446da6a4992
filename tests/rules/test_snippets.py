"""A snippet is the original with the hits in bold, and nothing else."""

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.matching import Document, Hit, explain_match
from bot.rules.queries import parse_query
from bot.rules.snippets import snippet

TEXT = (
    "Officials met in the morning. The harbour of Saltmere stays closed until Monday, said the harbour master, because "
    "two ships <lie> across the channel & can't be moved before the spring tide."
)


def shown(query: str, title: str, text: str) -> str:
    hits = explain_match(parse_query(query), Document(title=title, text=text))
    assert hits is not None
    return snippet(title, text, hits)


def test_every_hit_within_the_piece_is_bold_as_it_is_written() -> None:
    piece = shown("HARBOUR", "Closed", TEXT)
    assert piece.count("<b>harbour</b>") == 2
    assert "&lt;lie&gt;" in piece


def test_the_text_comes_before_the_title_and_the_title_serves_without_one() -> None:
    assert "<b>harbour</b> of Saltmere" in shown("harbour", "Harbour closed", TEXT)
    assert shown("harbour", "Harbour closed", "") == "<b>Harbour</b> closed"


def test_chinese_is_cut_without_spaces() -> None:
    text = "据当地媒体报道，" * 20 + "朝鲜军队在边境集结。" + "目前尚无更多消息。" * 20
    piece = shown("朝鲜", "消息", text)
    assert "<b>朝鲜</b>军队" in piece
    assert piece.startswith("…")
    assert piece.endswith("…")


def test_what_was_met_by_a_tag_has_no_snippet() -> None:
    assert snippet("Title", "Text", (Hit("politics", "tag", 0, 8),)) == ""


@given(st.text(st.sampled_from("ab <&>\n，朝鲜"), max_size=400), st.data())
def test_without_its_marks_it_is_a_piece_of_the_original(text: str, data: st.DataObject) -> None:
    if not text.strip():
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    piece = snippet("", text, (Hit("x", "text", start, end),))
    plain = unescape(re.sub(r"</?b>", "", piece)).strip("…")
    assert "".join(plain.split()) in "".join(text.split())
