"""Cuts Telegram HTML into messages that Telegram takes whole.

Telegram counts a message in UTF-16 units after its tags are taken out, 4,096 at most, and ignores entities after the
hundredth. Blocks are kept whole where they fit; a bigger one is cut after a paragraph, else a line, a sentence, a word,
and never inside a tag, a character or, as long as it fits into a message by itself, a link.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import unescape
from itertools import accumulate

import regex

from bot.model import Button, Html, Message

MESSAGE_UNITS = 4096
MESSAGE_ENTITIES = 100
TAG = re.compile(r"""<(/?)([a-z][a-z-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>""", re.IGNORECASE)

_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,9}|#x[0-9a-f]{1,9});", re.IGNORECASE)
_WHOLE = {"a", "tg-emoji", "tg-time"}  # tags whose text belongs together
_CUTS = (  # where to cut, the best first; each matches up to the place
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"[.!?…][\"'”’)\]]*\s+|[。！？][」』”’）]*"),
    re.compile(r"\s+"),
)
_WORTH = 4  # a part is at least one of so many parts of what would fit, before a lesser kind of place is taken
_GAP = re.compile(r"\s*\n|\s*$")  # white space that a cut swallows; an indentation after it stays
_CHARACTER = regex.compile(r"\X")  # what a person sees as one: with its marks, joined emoji, flags


def split(blocks: Iterable[Html], buttons: Sequence[Sequence[Button]] = ()) -> list[Message]:
    """Blocks joined by empty lines into as few messages as Telegram's limits allow, the buttons under the last."""
    messages: list[Html] = []
    for block in blocks:
        first, *rest = [block] if fits(block) else cut(block)
        joined = Html(f"{messages[-1]}\n\n{first}") if messages else first
        if messages and fits(joined):
            messages[-1] = joined
        else:
            messages.append(first)
        messages += rest
    parts = [Message(text) for text in messages]
    if parts:
        parts[-1] = replace(parts[-1], buttons=tuple(tuple(row) for row in buttons))
    return parts


def fits(text: str) -> bool:
    """Whether one Telegram message can carry this HTML."""
    opened = sum(not tag[1] for tag in TAG.finditer(text))
    return units(unescape(TAG.sub("", text))) <= MESSAGE_UNITS and opened <= MESSAGE_ENTITIES


def units(text: str) -> int:
    """Length in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(html: Html) -> list[Html]:
    """One text in parts that fit, each with its own tags: what is open at a cut is closed, and opened again after it.

    White space at the cuts is left out. At least one part, which is empty where the text is.
    """
    formatted = _read(html)
    return [formatted.part(start, end) for start, end in formatted.ranges()] or [Html("")]


@dataclass(frozen=True, slots=True)
class _Span:
    """What one pair of tags covers, in characters of the text."""

    start: int
    end: int
    name: str
    tag: str


@dataclass(frozen=True)
class _Formatted:
    """A text without its tags; of each character how it was written; its spans, the outer before the inner."""

    text: str
    written: Sequence[str]
    spans: Sequence[_Span]

    @cached_property
    def _before(self) -> list[int]:
        """UTF-16 units before each character, and in all."""
        return list(accumulate((2 if ord(letter) > 0xFFFF else 1 for letter in self.text), initial=0))

    @cached_property
    def _inside(self) -> set[int]:
        """Places that lie inside of a character as a person sees it."""
        matches = _CHARACTER.finditer(self.text)
        return {place for match in matches for place in range(match.start() + 1, match.end())}

    @cached_property
    def _linked(self) -> set[int]:
        """Places inside of a link, or something else that stays whole."""
        whole = (span for span in self.spans if span.name in _WHOLE)
        return {place for span in whole for place in range(span.start + 1, span.end)}

    def ranges(self) -> Iterator[tuple[int, int]]:
        """Where each part starts and ends."""
        start, total = 0, len(self.text)
        while start < total:
            limit = self._limit(start)
            end = total if limit == total else self._cut(start, limit)
            if self.text[start:end].strip():
                yield start, end
            start = end
            if gap := _GAP.match(self.text, start):
                start = gap.end()

    def part(self, start: int, end: int) -> Html:
        """The HTML of a range, all its tags closed."""
        opening = self._covering(start, end)[::-1]
        open_spans: list[_Span] = []
        html = []
        for place in range(start, end + 1):
            while open_spans and open_spans[-1].end <= place:
                html.append(f"</{open_spans.pop().name}>")
            if place < end:
                while opening and opening[-1].start <= place:
                    html.append(opening[-1].tag)
                    open_spans.append(opening.pop())
                html.append(self.written[place])
        html += [f"</{span.name}>" for span in reversed(open_spans)]
        return Html("".join(html).strip())

    def _covering(self, start: int, end: int) -> list[_Span]:
        """The spans of a range; beyond the hundredth Telegram would ignore them."""
        return [span for span in self.spans if span.start < end and span.end > start][:MESSAGE_ENTITIES]

    def _limit(self, start: int) -> int:
        """The furthest place up to which a part may go: at least one character further."""
        end = bisect_right(self._before, self._before[start] + MESSAGE_UNITS) - 1
        starts = [span.start for span in self.spans if span.start < end and span.end > start]
        if len(starts) > MESSAGE_ENTITIES and starts[MESSAGE_ENTITIES] > start:
            return starts[MESSAGE_ENTITIES]
        return end

    def _cut(self, start: int, limit: int) -> int:
        """The best place for a cut after `start`, `limit` at the furthest."""
        worth = start + max(1, (limit - start) // _WORTH)
        for forbidden in (self._linked | self._inside, self._inside):
            for at_least in (worth, start + 1):
                for pattern in _CUTS:
                    # A match may begin beyond the part's end: white space there is as good a place.
                    found = [match.end() for match in pattern.finditer(self.text, start, limit)]
                    if limit not in found and pattern.match(self.text, limit):
                        found.append(limit)
                    for place in reversed(found):
                        if place >= at_least and place not in forbidden:
                            return place
            for place in range(limit, start, -1):
                if place not in forbidden:
                    return place
        return limit  # one character with thousands of marks


def _read(html: str) -> _Formatted:
    """Takes tags and text apart. A tag that is never closed ends with the text; one that closes nothing is dropped."""
    text: list[str] = []
    written: list[str] = []
    spans: list[_Span] = []
    opened: list[int] = []
    position = 0
    for tag in [*TAG.finditer(html), None]:
        for letter, source in _letters(html[position : tag.start() if tag else len(html)]):
            text.append(letter)
            written.append(source)
        if tag is None:
            break
        position = tag.end()
        if not tag[1]:
            opened.append(len(spans))
            spans.append(_Span(len(text), -1, tag[2], tag[0]))
        elif opened:
            place = opened.pop()
            spans[place] = _closed(spans[place], text)
    for place in opened:
        spans[place] = _closed(spans[place], text)
    return _Formatted("".join(text), written, [span for span in spans if span.end > span.start])


def _closed(span: _Span, text: Sequence[str]) -> _Span:
    tag = span.tag
    if span.name.lower() == "a" and "href" not in tag.lower():
        # Such a link leads where its text says, of which a part must not say less.
        target = "".join(text[span.start :]).replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
        tag = f'<a href="{target}">'
    return replace(span, end=len(text), tag=tag, name=span.name.lower())


def _letters(piece: str) -> Iterator[tuple[str, str]]:
    """Each character of a text without tags, and how it was written."""
    position = 0
    for reference in _REFERENCE.finditer(piece):
        yield from ((letter, letter) for letter in piece[position : reference.start()])
        meant = unescape(reference[0])
        yield meant or "\ufffd", reference[0]
        position = reference.end()
    yield from ((letter, letter) for letter in piece[position:])
