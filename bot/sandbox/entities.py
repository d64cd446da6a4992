"""Telegram's HTML and message entities, read as its server reads them, independently of what renders them.

1. A tag is one of TAGS; tags nest properly and are closed; only `<`, `&lt;`, `&gt;`, `&amp;`, `&quot;` and numeric
   references mean something. A bare `&` or `>` stands for itself, a bare `<` is an error.
2. Empty entities vanish; so do links whose URL is none, entities inside of `code` and `pre`, and a blockquote inside
   of another.
3. White space at both ends goes; then at most TEXT_LIMIT UTF-16 units and ENTITY_LIMIT entities remain.
4. Commands, links, mentions and hashtags in plain text are entities too; they are found at last and count for nothing.

Errors carry byte offsets, as Telegram's do. Lengths and offsets of entities are UTF-16 units.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.refusals import bad_request, cannot_parse

TEXT_LIMIT = 4096  # UTF-16 units after parsing
ENTITY_LIMIT = 100  # Telegram ignores the rest

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
KINDS = {*TAGS.values(), "expandable_blockquote", "text_mention"}  # what a bot may send in `entities`
FOUND_KINDS = {"url", "mention", "hashtag", "bot_command", "cashtag", "email", "phone_number"}
QUOTES = {"blockquote", "expandable_blockquote"}

Entity = dict[str, Any]

_REFERENCE = re.compile(r"&(?:#(?P<dec>\d{1,9})|#[xX](?P<hex>[0-9a-fA-F]{1,9})|(?P<name>lt|gt|amp|quot)(?![A-Za-z]));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_NAME = re.compile(r"[^\s>]*")
_SPACE = re.compile(r"\s*")
_ATTRIBUTE = re.compile(r"[^\s=>/\"']*")
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_OTHER_SCHEME = re.compile(r"[A-Za-z][A-Za-z+-]*:(?!\d)")
_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]}])"
    r"|(?<![\w/@])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)(?![\w/])"
    r"|(?<!\w)(?P<mention>@[A-Za-z]\w{3,31})(?!\w)"
    r"|(?<![\w#])(?P<hashtag>#\d*[^\W\d]\w*)"
)


def utf16_length(text: str) -> int:
    """How many UTF-16 units the text has; Telegram measures in them."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class FormattedText:
    """A text and its entities, sorted by offset."""

    text: str
    entities: tuple[Entity, ...] = ()


def parse_html(html: str) -> FormattedText:
    """Reads `parse_mode=HTML`. Raises Refusal "can't parse entities: …"."""
    return _Reader(html).read()


def check_entities(text: str, entities: Sequence[Entity]) -> FormattedText:
    """Takes the `entities` of a call. Raises Refusal where one is malformed or reaches beyond the text."""
    total = utf16_length(text)
    for entity in entities:
        kind, offset, length = entity.get("type"), entity.get("offset"), entity.get("length")
        if kind not in KINDS | FOUND_KINDS:
            raise cannot_parse(f'unsupported entity type "{kind}"')
        if not isinstance(offset, int) or not isinstance(length, int) or offset < 0 or length < 1:
            raise cannot_parse(f"entity {kind} has a wrong offset or length")
        if offset + length > total:
            raise cannot_parse(f"entity {kind} reaches beyond the text")
    kept = [dict(entity) for entity in entities if entity["type"] not in FOUND_KINDS]
    return FormattedText(text, tuple(_without_forbidden_nesting(kept)))


def finish(formatted: FormattedText, *, surplus_entities: bool = False) -> FormattedText:
    """Trims the text, checks its limits and finds what Telegram itself marks.

    Args:
        formatted: what was parsed.
        surplus_entities: ignore entities beyond ENTITY_LIMIT as Telegram does, instead of refusing them.

    Raises:
        Refusal: the text is empty or too long, or has too many entities.
    """
    formatted = _trimmed(formatted)
    if not formatted.text:
        raise bad_request("text must be non-empty")
    if utf16_length(formatted.text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    entities = formatted.entities
    if len(entities) > ENTITY_LIMIT and not surplus_entities:
        raise bad_request(f"{len(entities)} entities, and Telegram ignores all after {ENTITY_LIMIT}")
    kept = entities[:ENTITY_LIMIT]
    return FormattedText(formatted.text, tuple(_sorted([*kept, *_found(formatted.text, kept)])))


def plain(text: str) -> FormattedText:
    """A text that somebody typed, with its commands, links, mentions and hashtags marked."""
    return FormattedText(text, tuple(_found(text, ())))


def slice_utf16(text: str, offset: int, length: int) -> str:
    """The part of the text that an entity covers."""
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


@dataclass(slots=True)
class _OpenTag:
    name: str
    argument: str
    offset: int
    start: int  # in characters of the text so far


@dataclass(slots=True)
class _Reader:
    """One pass over the markup."""

    html: str
    position: int = 0
    text: str = ""
    units: int = 0
    open: list[_OpenTag] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def read(self) -> FormattedText:
        while self.position < len(self.html):
            bracket = self.html.find("<", self.position)
            until = len(self.html) if bracket < 0 else bracket
            self._append(decode_references(self.html[self.position : until]))
            self.position = until
            if bracket >= 0:
                self._tag()
        if self.open:
            raise cannot_parse(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')
        return FormattedText(self.text, tuple(_sorted(_without_forbidden_nesting(self.entities))))

    def _append(self, piece: str) -> None:
        self.text += piece
        self.units += utf16_length(piece)

    def _at(self, position: int) -> str:
        return f"at byte offset {len(self.html[:position].encode())}"

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.html, self.position)
        piece = match.group() if match else ""
        self.position += len(piece)
        return piece

    @property
    def _here(self) -> str:
        return self.html[self.position : self.position + 1]

    def _tag(self) -> None:
        begin = self.position
        self.position += 1
        if self._here == "/":
            self._end_tag(begin)
        else:
            self._start_tag(begin)

    def _start_tag(self, begin: int) -> None:
        name = self._take(_NAME).lower()
        if not name and not self._here:
            raise cannot_parse(f"Unclosed start tag {self._at(begin)}")
        if name not in TAGS:
            raise cannot_parse(f'Unsupported start tag "{name}" {self._at(begin)}')
        argument = ""
        while True:
            self._take(_SPACE)
            if self._here in (">", ""):
                break
            attribute, value = self._attribute(name, begin)
            argument = _argument(name, attribute, value) or argument
        if not self._here:
            raise cannot_parse(f"Unclosed start tag {self._at(begin)}")
        if name == "span" and argument != "spoiler":
            raise cannot_parse(f'Tag "span" must have class "tg-spoiler" {self._at(begin)}')
        self.position += 1
        self.open.append(_OpenTag(name, argument, self.units, len(self.text)))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str | None]:
        name = self._take(_ATTRIBUTE)
        if not name:
            raise cannot_parse(f'Empty attribute name in the tag "{tag}" {self._at(begin)}')
        self._take(_SPACE)
        if self._here != "=":
            return name, None
        self.position += 1
        self._take(_SPACE)
        if self._here and self._here in "\"'":
            return name, self._quoted(begin)
        token_begin = self.position
        value = self._take(_TOKEN)
        if self._here and self._here != ">" and not self._here.isspace():
            raise cannot_parse(f"Unexpected end of name token {self._at(token_begin)}")
        return name, value.lower()

    def _quoted(self, begin: int) -> str:
        end = self.html.find(self._here, self.position + 1)
        if end < 0:
            raise cannot_parse(f"Unclosed start tag {self._at(begin)}")
        value = self.html[self.position + 1 : end]
        self.position = end + 1
        return decode_references(value)

    def _end_tag(self, begin: int) -> None:
        if not self.open:
            raise cannot_parse(f"Unexpected end tag {self._at(begin)}")
        self.position += 1
        name = self._take(_NAME)
        self._take(_SPACE)
        if self._here != ">":
            raise cannot_parse(f"Unclosed end tag {self._at(begin)}")
        self.position += 1
        tag = self.open.pop()
        if name and name != tag.name:
            raise cannot_parse(f'Unmatched end tag {self._at(begin)}, expected "</{tag.name}>", found "</{name}>"')
        if self.units > tag.offset:
            self._close(tag)

    def _close(self, tag: _OpenTag) -> None:
        entity: Entity = {"type": TAGS[tag.name], "offset": tag.offset, "length": self.units - tag.offset}
        match tag.name:
            case "a":
                url = checked_link(tag.argument or self.text[tag.start :])
                if not url:
                    return
                entity["url"] = url
            case "blockquote" if tag.argument:
                entity["type"] = "expandable_blockquote"
            case "code" | "pre":
                if tag.argument:
                    entity["language"] = tag.argument
            case "tg-emoji":
                entity["custom_emoji_id"] = tag.argument
            case "tg-time":
                entity["unix_time"] = int(tag.argument) if tag.argument.isdigit() else 0
        self.entities.append(entity)


def _argument(tag: str, attribute: str, value: str | None) -> str:
    """What of an attribute matters to its tag, or an empty string."""
    if tag == "blockquote" and attribute == "expandable":
        return "expandable"
    if value is None:
        return ""
    match tag, attribute:
        case ("a", "href") | ("tg-emoji", "emoji-id") | ("tg-time", "unix"):
            return value
        case ("code", "class") if value.startswith("language-"):
            return value.removeprefix("language-")
        case ("span", "class") if value.startswith("tg-"):
            return value.removeprefix("tg-")
    return ""


def decode_references(text: str) -> str:
    """Replaces the character references that Telegram knows; all others stay as they are."""

    def character(match: re.Match[str]) -> str:
        if match["name"]:
            return _NAMED[match["name"]]
        code = int(match["dec"]) if match["dec"] else int(match["hex"], 16)
        return chr(code) if 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else match.group()

    return _REFERENCE.sub(character, text)


def checked_link(url: str) -> str:
    """The URL as Telegram keeps it, or an empty string where it takes it for none (the link vanishes then)."""
    url = url.strip()
    if "://" not in url and not url.startswith("tg:"):
        if _OTHER_SCHEME.match(url):
            return ""
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme == "tg":
        return url
    if parts.scheme not in ("http", "https") or "." not in host.strip(".") or re.search(r"\s", url):
        return ""
    return url if parts.path else f"{url.split('?')[0].split('#')[0]}/{url[len(url.split('?')[0].split('#')[0]) :]}"


def _sorted(entities: Sequence[Entity]) -> list[Entity]:
    # the outer of two entities comes first; of equal ones a quote is the outer, then what allows nothing inside
    rank = dict.fromkeys(QUOTES, 0) | dict.fromkeys(("code", "pre"), 1)
    return sorted(entities, key=lambda e: (e["offset"], -e["length"], rank.get(e["type"], 2)))


def _covers(outer: Entity, inner: Entity) -> bool:
    return bool(
        outer["offset"] <= inner["offset"] and inner["offset"] + inner["length"] <= outer["offset"] + outer["length"]
    )


def _without_forbidden_nesting(entities: Sequence[Entity]) -> list[Entity]:
    kept: list[Entity] = []
    for entity in _sorted(entities):
        around = [outer for outer in kept if _covers(outer, entity)]
        pair = next((o for o in around if {o["type"], entity["type"]} == {"pre", "code"}), None)
        if pair is not None and pair["length"] == entity["length"]:
            pair["type"] = "pre"
            pair["language"] = entity.get("language") or pair.get("language", "")
            continue
        if any(outer["type"] in ("code", "pre") for outer in around):
            continue
        if entity["type"] in QUOTES and any(outer["type"] in QUOTES for outer in around):
            continue
        kept.append(entity)
    return kept


def _trimmed(formatted: FormattedText) -> FormattedText:
    text = formatted.text.replace("\r", "").rstrip()
    first = min((entity["offset"] for entity in formatted.entities), default=len(text))
    shift = min(len(text) - len(text.lstrip()), first)
    text = text[shift:]
    total = utf16_length(text)
    entities = []
    for entity in formatted.entities:
        offset = entity["offset"] - shift
        length = min(entity["length"], total - offset)
        if length > 0:
            entities.append({**entity, "offset": offset, "length": length})
    return FormattedText(text, tuple(entities))


def _found(text: str, taken: Sequence[Entity]) -> list[Entity]:
    blocked = [entity for entity in taken if entity["type"] in ("code", "pre", "text_link", "text_mention")]
    found: list[Entity] = []
    for match in _FOUND.finditer(text):
        offset = utf16_length(text[: match.start()])
        entity = {"type": match.lastgroup, "offset": offset, "length": utf16_length(match.group())}
        if not any(_covers(outer, entity) for outer in blocked):
            found.append(entity)
    return found
