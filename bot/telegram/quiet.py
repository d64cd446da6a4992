"""When nothing comes by itself: quiet hours and pauses, edited in place."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.actions import account, schedule
from bot.actions.schedule import Agenda
from bot.errors import ScheduleError
from bot.model import Button, Html
from bot.rules.pauses import FOREVER, parse_pause
from bot.rules.rendering import caret
from bot.rules.schedule_parser import parse_quiet_hours
from bot.telegram.schedule import OFF, said_ahead, said_place
from bot.telegram.turn import Buttons, Turn
from bot.texts.errors import describe
from bot.texts.schedules import hours_in_words

OFFERED_HOURS = ("22:00-07:00", "23:00-08:00", "00:00-06:00")
PAUSES = {"1d": timedelta(days=1), "3d": timedelta(days=3), "1w": timedelta(days=7), "2w": timedelta(days=14)}

View = Callable[[Turn, Agenda], tuple[Html, Buttons]]


async def set_quiet(turn: Turn, text: str) -> None:
    """/quiet 22-7, /quiet off; without hours, shows them with buttons."""

    async def change(given: str) -> Agenda:
        hours = None if given.casefold() in OFF else parse_quiet_hours(given)
        return await schedule.set_quiet_hours(turn.services.db, turn.visitor.chat, hours, turn.now)

    example = turn.words.html("Write <code>/quiet 22:00-07:00</code>, or <code>/quiet off</code>.")
    await _answer(turn, text, _quiet_view, change, example)


async def pause(turn: Turn, text: str) -> None:
    """/pause 3d, /pause until Monday; alone, asks for how long."""

    async def change(given: str) -> Agenda:
        until = parse_pause(given, now=turn.now, timezone=turn.visitor.chat.timezone)
        return await schedule.pause(turn.services.db, turn.visitor.chat, until, turn.now)

    example = turn.words.html("Write <code>/pause 3d</code>, <code>/pause until Monday</code> or a date.")
    await _answer(turn, text, _pause_view, change, example)


async def resume(turn: Turn, _: str) -> None:
    """/resume."""
    agenda = await schedule.resume(turn.services.db, turn.visitor.chat, turn.now)
    await turn.reply(*_pause_view(turn, agenda))


async def show_quiet(turn: Turn, where: str) -> None:
    """[Quiet hours]."""
    await _show(turn, where, _quiet_view)


async def show_pauses(turn: Turn, where: str) -> None:
    """[Pause]: for how long?"""
    await _show(turn, where, _pause_view)


async def tap_quiet(turn: Turn, wanted: str) -> None:
    """A tap on hours, or [Off]."""
    hours = None if wanted == "off" else parse_quiet_hours(wanted)
    await _saved(
        turn, await schedule.set_quiet_hours(turn.services.db, turn.visitor.chat, hours, turn.now), _quiet_view
    )


async def tap_urgent(turn: Turn, wanted: str) -> None:
    """[Let urgent ones through], [Hold urgent ones too]."""
    await account.change_settings(turn.services.db, turn.visitor.chat, hears_urgent=wanted == "yes")
    await _saved(turn, await schedule.of_chat(turn.services.db, turn.visitor.chat), _quiet_view)


async def tap_pause(turn: Turn, wanted: str) -> None:
    """A tap on a span."""
    until = turn.now + PAUSES[wanted] if wanted in PAUSES else FOREVER
    await _saved(turn, await schedule.pause(turn.services.db, turn.visitor.chat, until, turn.now), _pause_view)


async def tap_resume(turn: Turn, _: str) -> None:
    """[Resume], in place."""
    await _saved(turn, await schedule.resume(turn.services.db, turn.visitor.chat, turn.now), _pause_view)


async def _answer(turn: Turn, text: str, view: View, change: Callable[[str], Awaitable[Agenda]], example: Html) -> None:
    """A command: does what its words say, and shows how things are then; says what it can't read in them."""
    given = text.strip()
    try:
        agenda = await (change(given) if given else schedule.of_chat(turn.services.db, turn.visitor.chat))
    except ScheduleError as error:
        await turn.reply(_not_understood(turn, given, error, example))
        return
    await turn.reply(*view(turn, agenda))


async def _show(turn: Turn, where: str, view: View) -> None:
    """A view in place of the schedules; under the settings (`new`) a message of its own."""
    await turn.toast()
    show = turn.reply if where == "new" else turn.edit
    await show(*view(turn, await schedule.of_chat(turn.services.db, turn.visitor.chat)))


async def _saved(turn: Turn, agenda: Agenda, view: View) -> None:
    """A tap: its view, as things are now."""
    await turn.toast(turn.words("Saved"))
    await turn.edit(*view(turn, agenda))


def _quiet_view(turn: Turn, agenda: Agenda) -> tuple[Html, Buttons]:
    chat, words = agenda.chat, turn.words
    lines = [words.html("<b>Quiet hours</b>: {hours}", hours=hours_in_words(chat.quiet_hours, words))]
    lines.append(words.html("What would come by itself in these hours waits until they end; nothing is lost."))
    if chat.quiet_hours is not None:
        urgent = words("they come at once") if chat.hears_urgent else words("they wait, too")
        lines.append(words.html("Urgent posts of the admins: {what}.", what=urgent))
    lines += said_ahead(turn, agenda)
    lines.append(words.html("Tap hours, or write <code>/quiet 22:30-06:45</code>."))
    shown = "" if chat.quiet_hours is None else f"{chat.quiet_hours.start:%H:%M}-{chat.quiet_hours.until:%H:%M}"
    rows = [
        [
            Button(f"{hours.replace('-', '–')} ✓" if hours == shown else hours.replace("-", "–"), data=f"quiet:{hours}")
            for hours in OFFERED_HOURS
        ]
    ]
    if chat.quiet_hours is not None:
        let = Button(words("Let urgent ones through"), data="urgent:yes")
        hold = Button(words("Hold urgent ones, too"), data="urgent:no")
        rows.append([hold if chat.hears_urgent else let, Button(words("Off"), data="quiet:off")])
    return Html("\n".join(lines)), [*rows, [Button(words("Back"), data="agenda")]]


def _pause_view(turn: Turn, agenda: Agenda) -> tuple[Html, Buttons]:
    chat, words = agenda.chat, turn.words
    if chat.paused_until is not None and chat.paused_until > turn.now:
        lines = [*said_place(turn, agenda)[-1:], *said_ahead(turn, agenda)]
        lines.append(
            words.html("Until then nothing comes by itself. The first briefing afterwards covers what is new.")
        )
        return Html("\n".join(lines)), [[Button(words("Resume"), data="resume"), Button(words("Back"), data="agenda")]]
    lines = [words.html("Nothing is paused."), *said_ahead(turn, agenda)]
    lines.append(words.html("Pause for how long? Tap, or write <code>/pause until Monday</code>."))
    spans = [
        Button(words.count("{n} day", "{n} days", 1), data="pause:1d"),
        Button(words.count("{n} day", "{n} days", 3), data="pause:3d"),
        Button(words.count("{n} week", "{n} weeks", 1), data="pause:1w"),
        Button(words.count("{n} week", "{n} weeks", 2), data="pause:2w"),
    ]
    last = [Button(words("Until I resume"), data="pause:forever"), Button(words("Back"), data="agenda")]
    return Html("\n".join(lines)), [spans, last]


def _not_understood(turn: Turn, text: str, error: ScheduleError, example: Html) -> Html:
    """What can't be read, where, and what would be right."""
    reason = turn.words.html("Nothing changed: {reason}", reason=describe(error, turn.words))
    return Html(f"{reason}\n{caret(text, error.position)}\n{example}")
