"""/stats, for admins: how much there is, what waits, and how late the next rush will be."""

from bot.actions.stats import Stats, stats
from bot.model import Button, Html, Source
from bot.rules.health import Health
from bot.rules.rendering import shorten
from bot.rules.rush import Rush
from bot.telegram.turn import Buttons, Turn

NAMED = 5  # sources that ail
NAME_UNITS = 40


async def show(turn: Turn, _: str) -> None:
    """/stats."""
    await turn.reply(*await _view(turn))


async def refresh(turn: Turn, _: str) -> None:
    """[Refresh], in place."""
    view = await _view(turn)
    await turn.toast(turn.words("Up to date"))
    await turn.edit(*view)


async def _view(turn: Turn) -> tuple[Html, Buttons]:
    services, words = turn.services, turn.words
    its = await stats(services.db, services.outlook, turn.visitor, turn.now)
    lines = [
        words.html("<b>Stats</b> {when}", when=words.weekday(turn.telling.local(turn.now))),
        words.html(
            "Chats: {active}, {gone} gone, {scheduled} on schedule. {topics} on {queries}.",
            active=f"{its.growth.active_chats:,}",
            gone=f"{its.growth.gone_chats:,}",
            scheduled=f"{its.growth.scheduled_chats:,}",
            topics=words.count("{n} topic", "{n} topics", its.seen.totals["subscriptions"]),
            queries=words.count("{n} query", "{n} queries", its.growth.queries),
        ),
        words.html(
            "Articles: {day} in a day, {hour} in an hour. Messages: {sent} in a day.",
            day=f"{its.growth.articles_in_day:,}",
            hour=f"{its.growth.articles_in_hour:,}",
            sent=f"{its.growth.sent_in_day:,}",
        ),
        _queues(turn, its),
        words.html("Next rush: {rush}", rush=_rush(turn, its.rush, services.outlook.rate)),
        _sources(turn, its),
    ]
    row = [Button(words("Refresh"), data="stats"), Button(words("Sources"), data="sources")]
    return Html("\n".join(lines)), [row]


def _queues(turn: Turn, its: Stats) -> Html:
    words = turn.words
    waiting = [
        words("{step} {n} ({age})", step=step, n=f"{number:,}", age=_span(turn, age))
        for step, (number, age) in its.seen.queues.items()
        if number
    ]
    return words.html("Waiting: {queues}", queues=" · ".join(waiting) or words("nothing"))


def _rush(turn: Turn, rush: Rush | None, rate: float) -> str:
    words = turn.words
    if rush is None:
        return words("none in the next day")
    return words(
        "{when}, {briefings}; the last comes {lateness} late, at {rate} a second",
        when=words.moment(turn.telling.local(rush.at), now=turn.telling.local(turn.now)),
        briefings=words.count("{n} briefing", "{n} briefings", rush.briefings),
        lateness=_span(turn, rush.lateness),
        rate=f"{rate:g}",
    )


def _span(turn: Turn, seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return turn.words("{n} s", n=whole)
    if whole < 3600:
        return turn.words("{minutes} min {seconds} s", minutes=whole // 60, seconds=whole % 60)
    return turn.words("{hours} h {minutes} min", hours=whole // 3600, minutes=whole % 3600 // 60)


def _sources(turn: Turn, its: Stats) -> Html:
    words = turn.words
    well = words("{n} well", n=f"{its.well:,}")
    ailing = [_ailing(turn, source, how) for source, how in its.ailing]
    more = [words("{n} more", n=len(ailing) - NAMED)] if len(ailing) > NAMED else []
    return words.html("Sources: {sources}", sources=" · ".join([well, *ailing[:NAMED], *more]))


def _ailing(turn: Turn, source: Source, how: Health) -> str:
    name = shorten(source.title or source.url, NAME_UNITS)
    if how is Health.ILL:
        return turn.words("{source} can't be read", source=name)
    return turn.words("{source} is silent", source=name)
