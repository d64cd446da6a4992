"""How sources are, in plain words: the same sentences in chats, on the portal and on the command line."""

from datetime import datetime, timedelta

from bot.errors import BriefwireError, SourceError
from bot.model import FeedHints, PollReason, Source
from bot.ports import Words
from bot.rules.health import GONE_STATUSES, Health, health
from bot.rules.polling import LEAST, LONGEST_BACK_OFF, MOST
from bot.texts import Catalogue
from bot.texts.errors import describe
from bot.texts.poll_reasons import REASONS

DAYS_IN_WEEK = 7
GONE_FOR = timedelta(days=3)  # after which a 404 is more than an accident


def ailment(source: Source) -> BriefwireError:
    """What ails a source whose last fetch failed, as the error that it was."""
    return SourceError(source.error_key, **source.error_facts)


def usual_pace(source: Source, words: Words) -> str:
    """`usually 40 articles a day`; empty where nothing is usual yet."""
    if not source.pace:
        return ""
    if source.pace >= 0.95:
        return words.count("usually {n} article a day", "usually {n} articles a day", round(source.pace))
    a_week = source.pace * DAYS_IN_WEEK
    if a_week >= 0.95:
        return words.count("usually {n} article a week", "usually {n} articles a week", round(a_week))
    return words("usually less than one article a week")


def told(source: Source, words: Catalogue, now: datetime) -> str:
    """How the source is, as one sentence for admins: `read 14:05`, or the reason why it can't be read."""
    its = health(source, now)
    match its:
        case Health.PAUSED:
            return words("paused")
        case Health.PUSHED:
            return words("sends its own articles")
        case Health.WAITING:
            return words("not read yet")
        case Health.ILL:
            return _ill(source, words, now)
        case Health.SILENT:
            return words(
                "can be read, but silent since {when} ({usual})",
                when=_when(source.last_article_at or now, words, now),
                usual=usual_pace(source, words),
            )
    return words("well, read {when}", when=_when(source.last_success_at or now, words, now))


def _ill(source: Source, words: Catalogue, now: datetime) -> str:
    reason = describe(ailment(source), words)
    said = words("can't be read: {reason}", reason=reason)
    if source.failing_since and now - source.failing_since >= GONE_FOR and _is_gone(source):
        return f"{said} " + words("It seems to be gone for good; perhaps it has a new address.")
    return said


def _is_gone(source: Source) -> bool:
    return source.error_facts.get("status") in GONE_STATUSES


def next_time(source: Source, words: Catalogue, now: datetime) -> str:
    """`next at 14:35: …` with the reason; empty for what is never fetched. `now` is local."""
    if source.next_fetch_at is None or health(source, now) in (Health.PAUSED, Health.PUSHED):
        return ""
    when = _when(max(source.next_fetch_at, now), words, now)
    why = reason_of(source.fetch_reason, words, source.hints)
    return words("next at {when}: {why}", when=when, why=why) if why else words("next at {when}", when=when)


def reason_of(reason: str, words: Words, hints: FeedHints) -> str:
    """Why a fetch is planned for when it is; empty where that is unknown."""
    if reason not in REASONS:
        return ""
    asked = {PollReason.TTL: hints.ttl, PollReason.UPDATE_PERIOD: hints.period}.get(PollReason(reason), 0.0)
    return words(
        REASONS[PollReason(reason)],
        minutes=round(asked / 60),
        least=round(LEAST / timedelta(minutes=1)),
        most=round(MOST / timedelta(hours=1)),
        days=LONGEST_BACK_OFF.days,
    )


def _when(at: datetime, words: Catalogue, now: datetime) -> str:
    return words.moment(at.astimezone(now.tzinfo), now=now)
