"""Every message fits Telegram's limits by the sandbox's own strict parser, and says what it has to."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.rules.rendering import (
    EXCERPT_UNITS,
    QUOTED,
    BriefingView,
    Item,
    Reason,
    Topic,
    caret,
    link,
    quote,
    reading_minutes,
    render_briefing,
    render_item,
    shorten,
    when_published,
)
from bot.rules.splitting import units
from bot.sandbox.entities import FormattedText, finish, parse_html
from bot.texts import Catalogue, words
from tests.conftest import NOON

ENGLISH, CHINESE = words("en"), words("zh")
HOSTILE = (
    "<script>alert(1)</script> & <b>",
    "a & b &amp; &lt;c&gt; &#60; \" ' </a>",
    "👩‍👩‍👧‍👦" * 80,
    "\u202eevil\u202c شالوم مرحبا \u2067x\u2069",
    "x" * 10_000,
    "字" * 10_000,
    "two\nlines\r\nand\x00zero \ud83d half",
)
text = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60))
urls = st.one_of(st.just("https://news.example/a?b=1&c=<2>"), st.sampled_from(["javascript:alert(1)", "", "ftp://x.y"]))
reasons = st.builds(Reason, text, st.sampled_from(["title", "text", "tag", "author", "source", "site", "lang"]))
items = st.builds(
    Item,
    title=text,
    url=urls,
    source=text,
    when=st.just("22 Oct"),
    tags=st.lists(text, max_size=4).map(tuple),
    also=st.lists(st.tuples(text, urls), max_size=6).map(tuple),
    excerpts=st.lists(text, max_size=4).map(tuple),
    reasons=st.lists(reasons, max_size=5).map(tuple),
    told=st.booleans(),
)
topics = st.lists(st.builds(Topic, text, st.lists(items, min_size=1, max_size=4).map(tuple)), min_size=1, max_size=3)
views = st.builds(
    BriefingView,
    topics=topics.map(tuple),
    now=st.just(NOON),
    since=st.just(NOON - timedelta(days=1)),
    read_count=st.integers(0, 10**6),
    recap=st.lists(st.tuples(text, urls), max_size=8).map(tuple),
    more=st.integers(0, 5_000),
    next_run=st.none() | st.just(NOON + timedelta(hours=20)),
    number=st.integers(1, 99),
)
catalogues = st.sampled_from([ENGLISH, CHINESE])


def on_telegram(message: str) -> FormattedText:
    """What Telegram makes of it. Raises Refusal where it would not take it."""
    return finish(parse_html(message))


@settings(max_examples=40, deadline=None)
@given(views, catalogues)
def test_every_message_of_a_briefing_is_one_that_telegram_takes(view: BriefingView, says: Catalogue) -> None:
    for message in render_briefing(view, says):
        on_telegram(message.text)
        message.text.encode()


@settings(max_examples=40, deadline=None)
@given(views, catalogues)
def test_a_briefing_is_never_split_inside_an_item(view: BriefingView, says: Catalogue) -> None:
    messages = [message.text for message in render_briefing(view, says)]
    number = view.number
    for topic in view.topics:
        for item in topic.items:
            block = render_item(item, says, number=number)
            assert sum(block in message for message in messages) >= 1
            number += 1


@given(items, catalogues)
@example(Item("字" * 10_000, "https://e.com", "字" * 999, "", excerpts=("<" * 10_000, "a. " * 99)), ENGLISH)
def test_any_item_fits_into_a_message_and_says_in_text_what_it_was_given(item: Item, says: Catalogue) -> None:
    shown = on_telegram(render_item(item, says)).text if item.title.strip() or item.source.strip() else ""
    if 0 < len(item.title) < 50 and shorten(item.title, 300) and shown:
        assert shorten(item.title, 300) in shown.replace("\n", " ")


def test_no_foreign_markup_reaches_a_chat() -> None:
    html = render_item(Item("<b>Bold</b> & <a href='x'>", 'https://e.com/"><i>', "R&D <", "22 Oct"), ENGLISH)
    shown = on_telegram(html)
    assert shown.text.startswith("<b>Bold</b> & <a href='x'>\nR&D < · 22 Oct")
    assert {entity["type"] for entity in shown.entities} == {"bold", "text_link"}
    assert next(entity["url"] for entity in shown.entities if entity["type"] == "text_link") == 'https://e.com/"><i>'


def test_a_title_cannot_turn_the_line_around_it() -> None:
    assert shorten("safe \u202egnp.exe\u202c \u2066x\u2069", 100) == "safe gnp.exe x"
    assert shorten("مرحبا بالعالم", 100) == "مرحبا بالعالم"


def test_a_link_that_is_no_web_address_is_only_text() -> None:
    assert link("Title", "javascript:alert(1)") == "Title"
    assert link("A & B", "https://e.com/?a=1&b=2") == '<a href="https://e.com/?a=1&amp;b=2">A &amp; B</a>'


@given(st.text(max_size=600), st.integers(2, 300))
def test_a_shortened_text_is_within_its_limit_and_a_beginning_of_the_text(given_text: str, limit: int) -> None:
    short = shorten(given_text, limit)
    assert units(short) <= limit
    if short.endswith("…") and not given_text.rstrip().endswith("…"):
        plain = shorten(given_text, 10_000)
        assert plain.startswith(short[:-1])


def test_a_text_is_cut_before_a_word_and_never_inside_a_character() -> None:
    assert shorten("The harbour tunnel stays shut", 20) == "The harbour tunnel…"
    assert shorten("👍" * 10, 8) == "👍👍👍…"


def test_sentences_are_quoted_whole_as_many_as_there_is_room_for() -> None:
    assert quote(("One.", "Two.")) == "One. Two."
    assert quote(("一。", "二。", "Three.")) == "一。二。Three."
    long = "x" * (EXCERPT_UNITS - 10) + "."
    assert quote((long, "This one has no room.")) == long
    assert quote(("y" * 5_000,)).endswith("y…")
    assert quote(()) == ""


def test_a_reader_needs_minutes_by_words_and_by_characters() -> None:
    def view(excerpt: str) -> BriefingView:
        return BriefingView((Topic("T", (Item("", "", "", "", excerpts=(excerpt,)),)),), NOON, NOON, 1)

    assert reading_minutes(view("word " * 660)) == 3
    assert reading_minutes(view("字" * 700)) == 2
    assert reading_minutes(view("")) == 1


def test_an_article_shows_its_time_as_the_source_gave_it() -> None:
    now = datetime(2024, 10, 22, 20, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    day = datetime(2024, 10, 22, tzinfo=UTC)

    def shown(published: datetime | None, *, is_day: bool = False, local: datetime = now) -> str:
        return when_published(published, is_day=is_day, received=NOON, now=local, words=ENGLISH)

    assert shown(day, is_day=True) == "22 Oct"
    assert shown(day, is_day=True, local=now.astimezone(ZoneInfo("America/New_York"))) == "22 Oct"
    assert shown(datetime(2024, 10, 22, 6, 5, tzinfo=UTC)) == "14:05"
    assert shown(datetime(2024, 10, 21, 6, 5, tzinfo=UTC)) == "Mon 21 Oct 14:05"
    assert shown(None) == "came in 20:00"


@pytest.mark.parametrize(
    ("field", "english", "chinese"),
    [
        ("title", "“Kim” in title", "标题含“Kim”"),
        ("text", "“Kim” in text", "正文含“Kim”"),
        ("tag", "“Kim” as tag", "标签为“Kim”"),
        ("author", "“Kim” as author", "作者为“Kim”"),
        ("source", "“Kim” as source", "来源为“Kim”"),
        ("site", "on Kim", "来自 Kim"),
    ],
)
def test_the_reason_says_where_the_words_were_met(field: str, english: str, chinese: str) -> None:
    item = Item("T", "https://e.com", "S", "22 Oct", reasons=(Reason("Kim", field),))
    assert f"<i>{english}</i>" in render_item(item, ENGLISH)
    assert f"<i>{chinese}</i>" in render_item(item, CHINESE)


def test_a_caret_stands_under_the_mistake_also_behind_wide_characters() -> None:
    assert caret("Kim (a", 4) == "<pre>Kim (a\n    ^</pre>"
    assert caret("朝鲜 (", 3) == "<pre>朝鲜 (\n     ^</pre>"
    assert caret("one\ntwo <x\nthree", 8) == "<pre>two &lt;x\n    ^</pre>"


@given(st.text("abc 字<&\n", max_size=3_000), st.integers(0, 3_000))
def test_a_caret_stays_within_a_short_line_however_long_the_text(given_text: str, position: int) -> None:
    position = min(position, len(given_text))
    html = caret(given_text, position)
    line, under = html.removeprefix("<pre>").removesuffix("</pre>").split("\n")
    assert len(re.sub("&[a-z]+;", "x", line)) <= QUOTED + 2
    assert under.strip() == "^"
    on_telegram(html)


TROOPS = Item(
    "North Korea moves troops to the river line",
    "https://lantern.example/1",
    "Lantern Daily-Asia",
    "22 Oct",
    tags=("General",),
    also=(("Harbour Post", "https://post.example/2"),),
    excerpts=("Troops dug in along the river on Monday.", "Seoul called it a provocation."),
    reasons=(Reason("North Korea", "title"),),
)
RATES = replace(
    TROOPS,
    title="Rates stay & wait",
    tags=(),
    also=(),
    excerpts=("The bank waits.",),
    reasons=(Reason("rates", "text"), Reason("bank", "tag")),
    told=True,
)
VIEW = BriefingView(
    topics=(Topic("North Korea", (TROOPS,)), Topic("Rates", (RATES,))),
    now=datetime(2024, 10, 22, 8, 0, tzinfo=UTC),
    since=datetime(2024, 10, 21, 8, 0, tzinfo=UTC),
    read_count=1_212,
    recap=(("Quake off the coast", "https://post.example/3"),),
    more=31,
    next_run=datetime(2024, 10, 23, 8, 0, tzinfo=UTC),
)


def test_a_briefing_reads_as_promised_in_english() -> None:
    [message] = render_briefing(VIEW, ENGLISH)
    assert message.text == (
        "<b>North Korea 1 · Rates 1</b>\n"
        "Tue 22 Oct 08:00, since Mon 21 Oct 08:00 · 2 stories from 1,212 articles · 1 min\n\n"
        "<b>North Korea</b>\n"
        '1. <a href="https://lantern.example/1">North Korea moves troops to the river line</a>\n'
        'Lantern Daily-Asia · 22 Oct · General · also <a href="https://post.example/2">Harbour Post</a>\n'
        "<blockquote expandable>Troops dug in along the river on Monday. Seoul called it a provocation.</blockquote>\n"
        "<i>“North Korea” in title</i>\n\n"
        "<b>Rates</b>\n"
        '2. <a href="https://lantern.example/1">Rates stay &amp; wait</a>\n'
        "Lantern Daily-Asia · 22 Oct · told before\n"
        "<blockquote expandable>The bank waits.</blockquote>\n"
        "<i>“rates” in text · “bank” as tag</i>\n\n"
        'Alerted earlier: <a href="https://post.example/3">Quake off the coast</a>\n\n'
        "31 more stories · next Wed 23 Oct 08:00"
    )


def test_a_briefing_reads_as_promised_in_chinese() -> None:
    topics = tuple(Topic(its.name, tuple(replace(item, when="10月22日") for item in its.items)) for its in VIEW.topics)
    [message] = render_briefing(replace(VIEW, topics=topics), CHINESE)
    assert message.text == (
        "<b>North Korea 1 · Rates 1</b>\n"
        "10月22日 周二 08:00，自 10月21日 周一 08:00 起 · 1,212 篇文章中选出 2 条报道 · 约 1 分钟\n\n"
        "<b>North Korea</b>\n"
        '1. <a href="https://lantern.example/1">North Korea moves troops to the river line</a>\n'
        'Lantern Daily-Asia · 10月22日 · General · 另见 <a href="https://post.example/2">Harbour Post</a>\n'
        "<blockquote expandable>Troops dug in along the river on Monday. Seoul called it a provocation.</blockquote>\n"
        "<i>标题含“North Korea”</i>\n\n"
        "<b>Rates</b>\n"
        '2. <a href="https://lantern.example/1">Rates stay &amp; wait</a>\n'
        "Lantern Daily-Asia · 10月22日 · 已推送过\n"
        "<blockquote expandable>The bank waits.</blockquote>\n"
        "<i>正文含“rates” · 标签为“bank”</i>\n\n"
        '此前已提醒： <a href="https://post.example/3">Quake off the coast</a>\n\n'
        "另有 31 条报道 · 下次 10月23日 周三 08:00"
    )
