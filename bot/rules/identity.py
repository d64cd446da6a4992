"""Which entries of a feed are known, new, or edited; and which of the new ones are told of silently.

An entry is known by its guid, else by its address, else by its content: a site that changes its ids keeps its
addresses, one that changes its addresses keeps its ids, and one that changes both still says the same.

1. Guids and contents are a source's own: two sources may use the same guid, and one text in two sources is two
   articles. Addresses are everybody's.
2. A guid that several entries of one feed have is no guid.
3. A known entry whose source now says something else is an edit of its article. What another source says about the same
   address changes nothing.
4. What is published long before it came, or comes all at once in a feed of which nothing is known any more, is stored
   and matched, but nobody is alerted.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from bot.rules.urls import url_key
from summarizer.folding import fold

BACKDATED = timedelta(days=3)  # published so long before it came, an article is no news
LEAST_FLOOD = 5  # entries; a feed of fewer may well be new altogether
LEAST_CONTENT = 30  # characters; `Untitled` is the content of many articles
EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)  # clocks that are not set say 1970, or the year 1
AHEAD = timedelta(days=1)  # a date that is further in the future is a mistake


@dataclass(frozen=True, slots=True)
class Keys:
    """By what an article is known; None where it says nothing that would tell it from others."""

    url: str
    guid: str | None
    content: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored under a key: the article, whose it is, and its content's key; no id where it was forgotten."""

    id: int | None
    source_id: int = 0
    content: str | None = None


def keys_of(source_id: int, url: str, guid: str, title: str, text: str) -> Keys:
    """The keys of an article of this source."""
    return Keys(url_key(url), guid_key(source_id, guid), content_key(source_id, title, text))


def guid_key(source_id: int, guid: str) -> str | None:
    """The key of what a source calls its article."""
    return f"guid:{source_id}:{_hash(guid)}" if guid else None


def content_key(source_id: int, title: str, text: str) -> str | None:
    """The key of what an article says, punctuation and case aside."""
    folded = fold(f"{title}\n{text}")
    return f"content:{source_id}:{_hash(folded)}" if len(folded) >= LEAST_CONTENT else None


def without_shared_guids(guids: Sequence[str]) -> list[str]:
    """The guids, with those that several entries have emptied."""
    times = Counter(guids)
    return [guid if times[guid] == 1 else "" for guid in guids]


def find(keys: Keys, known: Mapping[str, Known]) -> Known | None:
    """What an entry is known as, or None where it is new."""
    for key in (keys.guid, keys.url, keys.content):
        if key is not None and key in known:
            return known[key]
    return None


def is_edit(keys: Keys, found: Known, source_id: int) -> bool:
    """Whether the source says something else now than when its article was stored, punctuation aside."""
    return (
        found.id is not None
        and found.source_id == source_id
        and None not in (keys.content, found.content)
        and (keys.content != found.content)
    )


def plausible(published: datetime | None, now: datetime) -> datetime | None:
    """The date, unless no clock that is right could have given it."""
    return published if published is not None and EARLIEST <= published <= now + AHEAD else None


def is_late(published: datetime | None, now: datetime) -> bool:
    """Whether it was published so long ago that it is no news."""
    return published is not None and now - published > BACKDATED


def is_flood(new: Sequence[datetime | None], *, known: int, since: datetime | None) -> bool:
    """Whether a feed begins anew: none of its many entries is known, and none says that it came since the last fetch.

    Args:
        new: when its new entries were published.
        known: how many of its entries are known.
        since: when the feed was last read.
    """
    return (
        known == 0
        and since is not None
        and len(new) >= LEAST_FLOOD
        and not any(published is not None and published >= since for published in new)
    )


def _hash(text: str) -> str:
    return blake2b(text.strip().encode(errors="replace"), digest_size=12).hexdigest()
