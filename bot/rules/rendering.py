"""How a briefing, an alert and a preview look as Telegram messages.

A briefing is one message where it fits, and is split only between its items; buttons stand under the last.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model import Button, Html, Message
from bot.ports import Words
from bot.rules.splitting import split, units

TITLE_UNITS = 300  # a longer headline is cut; feeds have been seen with whole articles as titles
NAME_UNITS = 60  # of a topic, source, tag or reason
EXCERPT_UNITS = 1_800  # of the sentences of an item, so that with all else it fits into one message
QUOTATION_UNITS = 400  # of a sentence that stands against another
QUOTED = 200  # characters of a line with a mistake in it, around the place
TAGS_SHOWN = 2
ALSO_SHOWN = 4
REASONS_SHOWN = 3
WORDS_A_MINUTE = 220  # adults reading English silently; Brysbaert 2019 has 238
IDEOGRAPHS_A_MINUTE = 350  # of Chinese and Japanese
IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
WORD = re.compile(r"[^\W_\u3040-\u30ff\u3400-\u9fff]+")
UNPRINTED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
FULL_WIDTH_ENDS = "。！？；…」』”’）"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an item is there: the words that were met, as they stand in the article, and where."""

    term: str
    field: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """A sentence, word for word, and where it stands."""

    text: str
    source: str
    url: str


@dataclass(frozen=True, slots=True)
class Item:
    """One story as a reader sees it. `excerpts` are sentences of the article, word for word."""

    title: str
    url: str
    source: str
    when: str
    tags: tuple[str, ...] = ()
    also: tuple[tuple[str, str], ...] = ()  # (source, url) of the same story elsewhere
    excerpts: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    told: bool = False
    edited: bool = False  # its source changed it since it came
    update: bool = False  # tells something new of a story that was told
    differing: tuple[tuple[Quotation, Quotation], ...] = ()  # sentences whose figures differ


@dataclass(frozen=True, slots=True)
class Topic:
    """The items of a page under one of the reader's own names for it."""

    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class BriefingView:
    """Everything a briefing shows. Times are local to the chat."""

    topics: tuple[Topic, ...]
    now: datetime
    since: datetime
    read_count: int  # articles that came in between
    recap: tuple[tuple[str, str], ...] = ()  # (title, url) of what was alerted since the last one
    more: int = 0  # stories that did not fit
    next_run: datetime | None = None
    number: int = 1  # of the first item, for the pages behind More
    posts: tuple[Html, ...] = ()  # of the admins, as they wrote them


def render_briefing(view: BriefingView, words: Words, buttons: Sequence[Sequence[Button]] = ()) -> list[Message]:
    """The briefing as messages within Telegram's limits, the buttons under the last."""
    blocks = [_head(view, words)]
    number = view.number
    for topic in view.topics:
        for place, item in enumerate(topic.items):
            block = render_item(item, words, number=number)
            blocks.append(Html(f"<b>{_text(shorten(topic.name, NAME_UNITS))}</b>\n{block}") if place == 0 else block)
            number += 1
    blocks += _tail(view, words)
    return split(blocks, buttons)


def _head(view: BriefingView, words: Words) -> Html:
    counts = " · ".join(f"{shorten(topic.name, NAME_UNITS)} {len(topic.items)}" for topic in view.topics)
    stories = sum(len(topic.items) for topic in view.topics)
    line = words.html(
        "{now}, since {since}",
        now=words.weekday(view.now),
        since=words.moment(view.since, now=view.now),
    )
    facts = [
        words(
            "{stories} from {articles}",
            stories=words.count("{n} story", "{n} stories", stories),
            articles=words.count("{n} article", "{n} articles", view.read_count),
        ),
        words("{n} min", n=reading_minutes(view)),
    ]
    return Html(f"<b>{_text(counts)}</b>\n{line} · {_text(' · '.join(facts))}")


def _tail(view: BriefingView, words: Words) -> list[Html]:
    blocks = [Html(f"<b>{_text(words('From the editors'))}</b>\n{post}") for post in view.posts]
    if view.recap:
        links = ", ".join(link(title, url) for title, url in view.recap)
        blocks.append(Html(f"{_text(words('Alerted earlier:'))} {links}"))
    ends = []
    if view.more:
        ends.append(words.count("{n} more story", "{n} more stories", view.more))
    if view.next_run is not None:
        ends.append(words("next {when}", when=words.moment(view.next_run, now=view.now)))
    if ends:
        line = " · ".join(ends)
        blocks.append(_text(line[:1].upper() + line[1:]))
    return blocks


def render_item(item: Item, words: Words, *, number: int | None = None) -> Html:
    """One story: linked headline, where and when, the sentences, and why it is there."""
    head = link(item.title, item.url)
    if item.update:
        head = words.html("Update: {headline}", headline=head)
    lines = [f"{number}. {head}" if number is not None else f"<b>{head}</b>"]
    facts = [_text(shorten(part, NAME_UNITS)) for part in (item.source, item.when, *item.tags[:TAGS_SHOWN]) if part]
    if item.told:
        facts.append(_text(words("told before")))
    if item.edited:
        facts.append(_text(words("edited")))
    if item.also:
        others = ", ".join(link(shorten(source, NAME_UNITS), url) for source, url in item.also[:ALSO_SHOWN])
        facts.append(words.html("also {others}", others=Html(others)))
    lines.append(" · ".join(facts))
    if quoted := quote(item.excerpts):
        lines.append(f"<blockquote expandable>{_text(quoted)}</blockquote>")
    if item.differing:
        sides = "\n".join(_cited(side) for pair in item.differing for side in pair)
        lines += [_text(words("Figures differ:")), f"<blockquote>{sides}</blockquote>"]
    if item.reasons:
        lines.append(f"<i>{_text(' · '.join(why(reason, words) for reason in item.reasons[:REASONS_SHOWN]))}</i>")
    return Html("\n".join(lines))


def _cited(side: Quotation) -> Html:
    source = link(shorten(side.source, NAME_UNITS), side.url)
    return Html(f"{source}: “{_text(shorten(side.text, QUOTATION_UNITS))}”")


def quote(excerpts: Sequence[str]) -> str:
    """Sentences as one text, as many as an item has room for; only a first one that is too long is cut."""
    text = ""
    for excerpt in (UNPRINTED.sub("", excerpt) for excerpt in excerpts):
        # Chinese and Japanese sentences stand together without a space.
        longer = text + ("" if not text or text[-1] in FULL_WIDTH_ENDS else " ") + excerpt
        if units(longer) > EXCERPT_UNITS:
            return text or shorten(excerpt, EXCERPT_UNITS)
        text = longer
    return text


def why(reason: Reason, words: Words) -> str:
    """Why an item is there, in words."""
    term = shorten(reason.term, NAME_UNITS)
    match reason.field:
        case "title":
            return words("“{term}” in title", term=term)
        case "text":
            return words("“{term}” in text", term=term)
        case "tag":
            return words("“{term}” as tag", term=term)
        case "author":
            return words("“{term}” as author", term=term)
        case "source":
            return words("“{term}” as source", term=term)
        case "site":
            return words("on {term}", term=term)
        case _:
            return words("“{term}” in {field}", term=term, field=reason.field)


def link(title: str, url: str) -> Html:
    """A linked headline; a title without a usable URL is only text."""
    shown = _text(shorten(title, TITLE_UNITS))
    return Html(f'<a href="{_text(url)}">{shown}</a>') if url.startswith(("http://", "https://")) else shown


def shorten(text: str, limit: int) -> str:
    """The text on one line within a limit of UTF-16 units; what is cut is cut before a word, and an ellipsis says so.

    Characters that would turn the text around them, and halves of characters, are left out.
    """
    text = " ".join(UNPRINTED.sub("", text).split())
    if units(text) <= limit:
        return text
    cut = text.encode("utf-16-le", "surrogatepass")[: (limit - 1) * 2].decode("utf-16-le", "ignore")
    head, _, tail = cut.rpartition(" ")
    return (head if head and len(tail) < 30 else cut).rstrip(" ,;:—–-") + "…"


def reading_minutes(view: BriefingView) -> int:
    """How long the page takes to read, in minutes, at least one."""
    text = " ".join(part for topic in view.topics for item in topic.items for part in (item.title, *item.excerpts))
    minutes = len(WORD.findall(text)) / WORDS_A_MINUTE + len(IDEOGRAPH.findall(text)) / IDEOGRAPHS_A_MINUTE
    return max(1, round(minutes))


def when_published(published: datetime | None, *, is_day: bool, received: datetime, now: datetime, words: Words) -> str:
    """An article's time as the source gave it: only the day where it gave only a day. `now` is local to the chat.

    Where it gave none, the time when the article came in, and that it is this.
    """
    if published is None:
        return words("came in {when}", when=words.moment(received.astimezone(now.tzinfo), now=now))
    if is_day:
        # A bare day has no zone: shifting it into the reader's would show another day than the source did.
        return words.day(published.date(), today=now.date())
    return words.moment(published.astimezone(now.tzinfo), now=now)


def caret(text: str, position: int) -> Html:
    """The line of a mistake with a caret under its place, for a fixed-width block; of a long one what is around it."""
    line_start = text.rfind("\n", 0, position) + 1
    line_end = text.find("\n", position)
    line = text[line_start : line_end if line_end >= 0 else len(text)]
    place = position - line_start
    cut = max(0, min(place - QUOTED // 2, len(line) - QUOTED))
    line = ("…" if cut else "") + line[cut : cut + QUOTED] + ("…" if len(line) > cut + QUOTED else "")
    before = line[: place - cut + (1 if cut else 0)]
    wide = sum(2 if IDEOGRAPH.match(letter) or letter in "，、（）“”：" else 1 for letter in before)
    return Html(f"<pre>{_text(line)}\n{' ' * wide}^</pre>")


def _text(text: str) -> Html:
    return (
        text
        if isinstance(text, Html)
        else Html(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;"))
    )
