"""Briefings on demand."""

import re
from datetime import timedelta

from bot.actions import reading
from bot.actions.nothing import Nothing, nothing_line
from bot.model import Button
from bot.telegram.subscriptions import follows_nothing
from bot.telegram.turn import Turn

SPAN = re.compile(r"(\d{1,3})\s*([hdw]|小时|天|日|周)", re.IGNORECASE)
UNITS = {"h": 1, "小时": 1, "d": 24, "天": 24, "日": 24, "w": 168, "周": 168}  # hours
LONGEST = timedelta(days=7)


async def brief(turn: Turn, text: str) -> None:
    """/brief: what is new; `/brief 3d`: everything of three days, told or not."""
    window = read_span(text) if text.strip() else None
    if text.strip() and window is None:
        await turn.reply(
            turn.words.html("Write how far back: <code>/brief 24h</code> or <code>/brief 3d</code>, a week at most.")
        )
        return
    await turn.toast()
    services, chat = turn.services, turn.visitor.chat
    async with services.briefings.turn(chat.id, turn.now, services.clock) as first:
        if first:
            built = await reading.brief(
                services.db, services.workers, chat, turn.now, window=window, portal_url=services.public_url
            )
            if isinstance(built, Nothing):
                await _nothing(turn, built, has_older=window is None or window < LONGEST)
    services.wake("deliver")


async def more(turn: Turn, public_id: str) -> None:
    """[More]: the next page of a briefing."""
    await turn.toast()
    services, chat = turn.services, turn.visitor.chat
    await reading.more(services.db, services.workers, chat, public_id, turn.now, portal_url=services.public_url)
    turn.services.wake("deliver")


async def show_week(turn: Turn, _: str) -> None:
    """[Show last]: everything of the last week, told or not."""
    await brief(turn, "7d")


async def _nothing(turn: Turn, nothing: Nothing, *, has_older: bool) -> None:
    if not nothing.topics:
        await turn.reply(*follows_nothing(turn))
        return
    week = [Button(turn.words("Show the last week"), data="week")] if has_older else []
    await turn.reply(nothing_line(nothing, turn.telling), [[*week, Button(turn.words("Topics"), data="list")]])


def read_span(text: str) -> timedelta | None:
    """`24h`, `3d`, `1w`, `3天`, a bare number of days; None for anything else and for more than a week."""
    given = text.strip()
    found = SPAN.fullmatch(f"{given}d" if given.isdecimal() else given)
    if found is None:
        return None
    span = timedelta(hours=int(found[1]) * UNITS[found[2].lower()])
    return span if timedelta(0) < span <= LONGEST else None
