"""When the briefing comes, and where the reader lives."""

import re
from datetime import time

from bot.actions import schedule
from bot.errors import BadInput
from bot.model import Button, Chat, Html, Schedule
from bot.rules.timetable import parse_time
from bot.telegram.turn import Buttons, Turn

OFF = frozenset({"off", "none", "stop", "never", "关", "关闭", "取消"})
OFFERED = ("07:00", "08:00", "12:00", "18:00", "21:00")
ZONES = ("Europe/London", "Europe/Berlin", "America/New_York", "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo")
MOST_TIMES = 6


async def set_schedule(turn: Turn, text: str) -> None:
    """/schedule 08:00 18:00, /schedule off; without times, shows them with buttons."""
    chat = turn.visitor.chat
    if not text.strip():
        await turn.reply(*_shown(turn, chat, await schedule.of_chat(turn.services.db, chat)))
        return
    planned = await schedule.set_times(turn.services.db, chat, read_times(text), turn.now)
    await turn.reply(*_shown(turn, chat, planned))


async def open_schedule(turn: Turn, _: str) -> None:
    """[Other time] and [Times]."""
    await turn.toast()
    await set_schedule(turn, "")


async def toggle(turn: Turn, at: str) -> None:
    """A tap on a time: on or off, shown in place."""
    chat = turn.visitor.chat
    times = {its.at for its in await schedule.of_chat(turn.services.db, chat)}
    times = set() if at == "off" else times ^ {parse_time(at)}
    planned = await schedule.set_times(turn.services.db, chat, _bounded(times), turn.now)
    await turn.toast(turn.words("Saved"))
    await turn.edit(*_shown(turn, chat, planned))


async def set_timezone(turn: Turn, text: str) -> None:
    """/timezone CITY: moves the chat; without one, shows it with buttons."""
    chat = turn.visitor.chat
    if text.strip():
        zone, planned = await schedule.set_timezone(turn.services.db, chat, text, turn.now)
        await turn.reply(_zone_set(turn, zone, planned), _to_times(turn))
        return
    buttons = [Button(turn.words.city(zone), data=f"zone:{zone}") for zone in ZONES]
    local = turn.telling.local(turn.now)
    await turn.reply(
        turn.words.html(
            "You are in <b>{zone}</b>; it is {time} there. Tap a place, or write <code>/timezone Berlin</code>.",
            zone=chat.timezone,
            time=f"{local:%H:%M}",
        ),
        [buttons[:3], buttons[3:]],
    )


async def open_zones(turn: Turn, _: str) -> None:
    """[Time zone]."""
    await turn.toast()
    await set_timezone(turn, "")


async def tap_zone(turn: Turn, zone: str) -> None:
    """A place's button."""
    name, planned = await schedule.set_timezone(turn.services.db, turn.visitor.chat, zone, turn.now)
    await turn.toast(turn.words("Saved"))
    await turn.edit(_zone_set(turn, name, planned), _to_times(turn))


def read_times(text: str) -> list[time]:
    """The times of a message, each once, in order; `off` means none. Raises ScheduleError, BadInput."""
    given = text.strip()
    if given.casefold() in OFF:
        return []
    parts = [part for part in re.split(r"[\s,，、;]+(?!\s*(?:am|pm)\b)", given, flags=re.IGNORECASE) if part]
    return _bounded({parse_time(part) for part in parts if part.casefold() not in {"daily", "and", "at", "每天"}})


def _bounded(times: set[time]) -> list[time]:
    if len(times) > MOST_TIMES:
        raise BadInput("too_many_times", limit=MOST_TIMES)
    return sorted(times)


def _shown(turn: Turn, chat: Chat, planned: list[Schedule]) -> tuple[Html, Buttons]:
    words = turn.words
    chosen = {f"{its.at:%H:%M}" for its in planned}
    if planned:
        following = words.weekday(turn.telling.local(min(its.next_run_at for its in planned)))
        head = words.html(
            "Your briefing comes daily at <b>{times}</b> ({zone}); next {next}.",
            times=", ".join(sorted(chosen)),
            zone=chat.timezone,
            next=following,
        )
    else:
        head = words.html("No briefing comes by itself. /brief makes one whenever you ask.")
    more = words.html("Tap a time, or write <code>/schedule 07:30 19:00</code>.")
    # A time that was written is a button, too, so that a tap takes it out.
    buttons = [Button(f"{at} ✓" if at in chosen else at, data=f"at:{at}") for at in sorted({*OFFERED, *chosen})]
    if planned:
        buttons.append(Button(words("Off"), data="at:off"))
    rows = [buttons[place : place + 3] for place in range(0, len(buttons), 3)]
    return Html(f"{head}\n{more}"), [*rows, [Button(words("Time zone"), data="zones")]]


def _zone_set(turn: Turn, zone: str, planned: list[Schedule]) -> Html:
    times = ", ".join(f"{its.at:%H:%M}" for its in planned)
    if times:
        return turn.words.html("Time zone <b>{zone}</b>. Your briefing comes at {times} there.", zone=zone, times=times)
    return turn.words.html("Time zone <b>{zone}</b>.", zone=zone)


def _to_times(turn: Turn) -> Buttons:
    return [[Button(turn.words("Times"), data="schedule")]]
