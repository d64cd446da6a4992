"""Decisions about alerts: what is a real update, which message takes a story, and when a flood rests a topic.

What is new (`is_update`), in any of four ways, each against every article of the story that came before:
1. A casualty figure of its headline or first sentences stands in none of them, and the text says that it changed, or
   an hour has passed, or the same source gave another one; or its headline counts what none of them counts.
2. The same source says its headline again with another number.
3. Most of its headline is new, its first sentence is, and so are most of the sentences below.
4. An hour later, a good part of the headline and half of the first sentences suffice.
A sentence is new when most of its terms stand in none of those articles. Two independent reports of one event share
less than half of their words, so that a second report passes for an update less often than an update for a report.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules.figures import figures, is_casualty, same_value
from bot.rules.wording import terms
from summarizer.folding import is_unspaced
from summarizer.sentences import split_sentences

LEAD = 5  # sentences in which what is new stands
READ = 20_000  # characters of a known article
A_REPORT = 5  # terms that a sentence must have to be judged
NEW_PART = 0.55  # of a sentence's terms
NEW_PART_UNSPACED = 0.68  # … of pairs of characters, of which one new word makes several
NEW_HEADLINE = 0.55
NEW_SENTENCES = 3
LATER = timedelta(hours=1)
LATE = timedelta(minutes=30)  # by which sources' clocks and habits differ
NEW_HEADLINE_LATER = 0.3
NEW_SENTENCES_LATER = 2
FIRST = 2  # sentences in which a changed figure counts
CHANGED = re.compile(
    r"\b(?:rises?|rose|risen|climb(?:s|ed)?|jump(?:s|ed)?|grows?|grew|up from|now|raised|revised|lowered|updated)\b"
    r"|升至|升到|增至|增加到|上升|更新|修正|已有|上調|上调",
    re.IGNORECASE,
)

_NUMBER = re.compile(r"\d[\d.,]*")

BURST = timedelta(seconds=5)  # stories of one chat within this time are one message
EDIT_PAUSE = timedelta(seconds=30)  # between two edits of a message by new sources: a story breaks in many at once
ALERTS_AN_HOUR = 12  # stories of one topic; what comes above rests it
REST = timedelta(hours=3)  # at least, up to the next full hour
KEPT = timedelta(days=1)  # how long [Keep alerts] holds


@dataclass(frozen=True, slots=True)
class Report:
    """An article as it is compared with the others of its story. `at`: when it was published, or came in."""

    source_id: int
    title: str
    text: str
    at: datetime
    language: str = ""


def is_update(new: Report, known: Sequence[Report]) -> bool:
    """Whether an article tells something that the earlier articles of its story do not; see above."""
    if not known:
        return False
    latest = max(report.at for report in known)
    if latest - new.at > LATE:
        return False  # an old report that comes in late
    later = new.at - latest >= LATER
    return (
        _figure_changed(new, known, later=later)
        or any(_is_corrected(new, report) for report in known)
        or _is_worded_anew(new, known, later=later)
    )


def new_sentences(new: Report, known: Sequence[Report]) -> list[str]:
    """Its sentences that tell something new, in order: those worth telling of an update."""
    told = _terms_of(known)
    return [line for line in _sentences(new) if _is_new(line, told)]


def _is_worded_anew(new: Report, known: Sequence[Report], *, later: bool) -> bool:
    told = _terms_of(known)
    headline = set(terms(new.title))
    novelty = len(headline - told) / len(headline) if headline else 0.0
    lead = [_is_new(line, told) for line in _sentences(new)[:LEAD]]
    if not lead or not lead[0]:
        return False
    if later:
        return novelty >= NEW_HEADLINE_LATER and sum(lead) >= min(NEW_SENTENCES_LATER, len(lead))
    return novelty >= NEW_HEADLINE and sum(lead) >= NEW_SENTENCES


def _terms_of(known: Iterable[Report]) -> set[str]:
    return {term for report in known for term in terms(f"{report.title}\n{report.text[:READ]}")}


def _sentences(report: Report) -> list[str]:
    found = split_sentences(report.text[:READ], report.language or None)
    return [sentence.text for sentence in found if len(set(terms(sentence.text))) >= A_REPORT]


def _is_new(sentence: str, told: set[str]) -> bool:
    own = set(terms(sentence))
    least = NEW_PART_UNSPACED if any(is_unspaced(letter) for letter in sentence[:100]) else NEW_PART
    return len(own - told) >= least * len(own)


def _figure_changed(new: Report, known: Sequence[Report], *, later: bool) -> bool:
    opening = "\n".join([new.title, *_sentences(new)[:FIRST]])
    says_so = bool(CHANGED.search(opening))
    headline = {line.text for line in split_sentences(new.title, new.language or None)}
    told = [(report, figures(f"{report.title}\n{report.text}", report.language or None)) for report in known]
    for figure in figures(opening, new.language or None):
        if not is_casualty(figure.kind):
            continue
        others = [(report, other) for report, its in told for other in its if other.kind == figure.kind]
        values = [other.value for _, its in told for other in its]
        if not others and figure.sentence in headline and not any(same_value(figure.value, value) for value in values):
            return True
        if not others or any(same_value(figure.value, other.value) for _, other in others):
            continue
        if says_so or later or any(report.source_id == new.source_id for report, _ in others):
            return True
    return False


def _is_corrected(new: Report, known: Report) -> bool:
    """Whether a source says its headline again, with another number and no other words."""
    if new.source_id != known.source_id or _NUMBER.findall(new.title) == _NUMBER.findall(known.title):
        return False
    return _NUMBER.sub("0", new.title).casefold() == _NUMBER.sub("0", known.title).casefold()


def joins(last_at: datetime, now: datetime, *, is_queued: bool, was_silent: bool, silent: bool) -> bool:
    """Whether a story joins the chat's last alert instead of being a message of its own.

    It does within BURST, and for as long as that message waits to be sent. Never a story with a sound one without: the
    reader would not hear of it.
    """
    if was_silent and not silent:
        return False
    return is_queued or now - last_at < BURST


def edit_at(edited_at: datetime | None, now: datetime) -> datetime:
    """When a message may be edited for a new source: at once, then once in EDIT_PAUSE."""
    return now if edited_at is None else max(now, edited_at + EDIT_PAUSE)


def floods(told_in_hour: int, waiting: int) -> bool:
    """Whether a topic has more to tell than anybody wants to be rung for: stories told in the last hour, and now."""
    return told_in_hour + waiting > ALERTS_AN_HOUR


def rest_until(now: datetime) -> datetime:
    """Until when a flooding topic rests: a full hour, so that it can be said."""
    end = now + REST
    return end.replace(minute=0, second=0, microsecond=0) + (
        timedelta(hours=1) if end.minute or end.second else timedelta()
    )
