"""When briefings come: /schedule, and the views of one schedule, edited in place."""

from dataclasses import replace
from datetime import time

from bot.actions import schedule
from bot.actions.schedule import Agenda
from bot.errors import BadInput, NotFound, ScheduleError
from bot.model import EVERY_DAY, Button, Html, Schedule, Times
from bot.rules.agenda import coming
from bot.rules.pauses import FOREVER
from bot.rules.rendering import caret
from bot.rules.schedule_parser import MOST_TIMES, parse_time, parse_times
from bot.telegram.turn import Buttons, Turn, number
from bot.texts.errors import describe
from bot.texts.schedules import hours_in_words, in_words, pause_in_words, zone_in_words

OFF = frozenset({"off", "none", "stop", "never", "关", "关闭", "取消", "停"})
OFFERED = tuple(time.fromisoformat(at) for at in ("07:00", "08:00", "09:00", "12:00", "18:00", "21:00"))
SHOWN_AHEAD = 3


async def set_schedule(turn: Turn, text: str) -> None:
    """/schedule weekdays 8:00; /schedule + Sat 10:00 adds; /schedule off; without times, shows them with buttons."""
    db, chat, given = turn.services.db, turn.visitor.chat, text.strip()
    if not given:
        await turn.reply(*_shown(turn, await schedule.of_chat(db, chat)))
        return
    if given.casefold() in OFF:
        await turn.reply(*_shown(turn, await schedule.set_times(db, chat, [], turn.now)))
        return
    adds = given.startswith(("+", "＋"))
    given = given.lstrip("+＋ ")
    try:
        wanted = parse_times(given)
    except ScheduleError as error:
        await turn.reply(*_not_understood(turn, given, error))
        return
    put = schedule.add_times if adds else schedule.set_times
    await turn.reply(*_shown(turn, await put(db, chat, wanted, turn.now), is_new=True))


async def open_schedule(turn: Turn, _: str) -> None:
    """[Times]: a message of its own, because the one above is something else."""
    await turn.toast()
    await set_schedule(turn, "")


async def back(turn: Turn, _: str) -> None:
    """[Back] to all schedules."""
    await turn.toast()
    await turn.edit(*_shown(turn, await schedule.of_chat(turn.services.db, turn.visitor.chat)))


async def show_one(turn: Turn, schedule_id: str) -> None:
    """A schedule's button, and [Other time]: its times and days, a tap changes each."""
    agenda = await schedule.of_chat(turn.services.db, turn.visitor.chat)
    its = next((one for one in agenda.schedules if one.id == number(schedule_id)), None)
    if its is None and number(schedule_id):
        raise NotFound("no_schedule")
    await turn.toast()
    await turn.edit(*_one(turn, agenda, its))


async def toggle_time(turn: Turn, argument: str) -> None:
    """A tap on a time of day: on or off, shown in place. Schedule 0 is made with its first time."""
    schedule_id, _, at = argument.partition(":")
    wanted = parse_time(at)

    def toggled(its: Schedule) -> Schedule | None:
        at = set(its.times.at) ^ {wanted}
        if len(at) > MOST_TIMES:
            raise BadInput("too_many_times", limit=MOST_TIMES)
        return _with(its, Times(tuple(sorted(at)), its.times.weekdays)) if at else None

    if number(schedule_id):
        await _change(turn, number(schedule_id), toggled)
        return
    agenda = await schedule.add_times(turn.services.db, turn.visitor.chat, [Times((wanted,))], turn.now)
    await turn.toast(turn.words("Saved"))
    await turn.edit(*_one(turn, agenda, next(its for its in agenda.schedules if its.times == Times((wanted,)))))


async def set_days(turn: Turn, argument: str) -> None:
    """[Weekdays only], [Every day], or a tap on one day of the week."""
    schedule_id, _, days = argument.partition(":")

    def changed(its: Schedule) -> Schedule:
        given = tuple(number(day) for day in days)
        weekdays = given if len(given) > 1 else tuple(sorted(set(its.times.weekdays) ^ set(given)))
        return _with(its, Times(its.times.at, weekdays)) if weekdays else its

    await _change(turn, number(schedule_id), changed)


async def set_empty(turn: Turn, argument: str) -> None:
    """[Quiet when empty], [Say when empty] of one schedule."""
    schedule_id, _, wanted = argument.partition(":")
    await _change(turn, number(schedule_id), lambda its: replace(its, tells_when_empty=wanted == "say"))


async def remove(turn: Turn, schedule_id: str) -> None:
    """[Remove] of one schedule, and [Off] of all."""
    db, chat = turn.services.db, turn.visitor.chat
    if schedule_id == "all":
        agenda = await schedule.set_times(db, chat, [], turn.now)
    else:
        agenda = await schedule.change(db, chat, number(schedule_id), lambda _: None, turn.now)
    await turn.toast(turn.words("Saved"))
    await turn.edit(*_shown(turn, agenda))


async def _change(turn: Turn, schedule_id: int, how: schedule.Change) -> None:
    agenda = await schedule.change(turn.services.db, turn.visitor.chat, schedule_id, how, turn.now)
    its = next((one for one in agenda.schedules if one.id == schedule_id), None)
    await turn.toast(turn.words("Saved"))
    await turn.edit(*(_one(turn, agenda, its) if its is not None else _shown(turn, agenda)))


def _with(its: Schedule, times: Times) -> Schedule:
    return replace(its, times=times)


def _not_understood(turn: Turn, text: str, error: ScheduleError) -> tuple[Html, Buttons]:
    """What can't be read of a schedule: what, where, and what would be right."""
    lines = [
        turn.words.html("Nothing changed: {reason}", reason=describe(error, turn.words)),
        caret(text, error.position),
        _examples(turn),
    ]
    return Html("\n".join(lines)), [[Button(turn.words("Times"), data="schedule")]]


def _examples(turn: Turn) -> Html:
    return turn.words.html(
        "Write <code>/schedule 8:00 18:00</code>, <code>/schedule weekdays 8:00; weekends 10:00</code> or "
        "<code>/schedule every 3 hours from 9 to 21</code>. <code>/schedule + Sat 10:00</code> adds one."
    )


def _shown(turn: Turn, agenda: Agenda, *, is_new: bool = False) -> tuple[Html, Buttons]:
    """All schedules, how they were understood, and when the next ones come."""
    words = turn.words
    lines = [words.html("<b>Your briefings come</b>")]
    lines += [words.html("• {schedule}", schedule=_line(turn, its)) for its in agenda.schedules]
    if not agenda.schedules:
        lines = [words.html("No briefing comes by itself. /brief makes one whenever you ask.")]
    lines += [*said_place(turn, agenda), *said_ahead(turn, agenda)]
    if not is_new:
        lines.append(_examples(turn))
    return Html("\n".join(lines)), _buttons(turn, agenda)


def _line(turn: Turn, its: Schedule) -> str:
    said = in_words(its.times, turn.words)
    if its.tells_when_empty is None:
        return said
    option = turn.words("said when empty") if its.tells_when_empty else turn.words("silent when empty")
    return f"{said} · {option}"


def _buttons(turn: Turn, agenda: Agenda) -> Buttons:
    words, chat = turn.words, agenda.chat
    rows = [[Button(in_words(its.times, words), data=f"times:{its.id}")] for its in agenda.schedules]
    paused = chat.paused_until is not None and chat.paused_until > turn.now
    pause = Button(words("Resume"), data="resume") if paused else Button(words("Pause"), data="pauses")
    rows.append([Button(words("Other time"), data="times:0"), Button(words("Quiet hours"), data="hours")])
    rows.append([pause, Button(words("Time zone"), data="places")])
    if agenda.schedules:
        rows.append([Button(words("Off"), data="drop:all")])
    return rows


def _one(turn: Turn, agenda: Agenda, its: Schedule | None) -> tuple[Html, Buttons]:
    """One schedule to be changed with taps; without one, the times to make one of."""
    words = turn.words
    grid = _grid(its)
    rows = [grid[start : start + 3] for start in range(0, len(grid), 3)]
    leave = [Button(words("Back"), data="agenda")]
    if its is None:
        return words.html("Tap a time for one more briefing, or write it.\n{examples}", examples=_examples(turn)), [
            *rows,
            leave,
        ]
    lines = [words.html("<b>{schedule}</b>", schedule=_line(turn, its)), *said_ahead(turn, agenda)]
    days = [_day(turn, its, day) for day in EVERY_DAY]
    weekly = Button(words("Weekdays only"), data=f"days:{its.id}:12345")
    if its.times.weekdays == EVERY_DAY[:5]:
        weekly = Button(words("Every day"), data=f"days:{its.id}:1234567")
    says = agenda.chat.tells_when_empty if its.tells_when_empty is None else its.tells_when_empty
    empty = Button(words("Quiet when empty"), data=f"empty:{its.id}:quiet")
    if not says:
        empty = Button(words("Say when empty"), data=f"empty:{its.id}:say")
    return Html("\n".join(lines)), [
        *rows,
        days[:4],
        days[4:],
        [weekly, empty],
        [Button(words("Remove"), data=f"drop:{its.id}"), *leave],
    ]


def _grid(its: Schedule | None) -> list[Button]:
    """The offered times, and whatever was written, so that a tap takes it out."""
    chosen = set(its.times.at) if its is not None else set()
    key = its.id if its is not None else 0
    return [
        Button(f"{at:%H:%M} ✓" if at in chosen else f"{at:%H:%M}", data=f"at:{key}:{at:%H:%M}")
        for at in sorted({*OFFERED, *chosen})
    ]


def _day(turn: Turn, its: Schedule, day: int) -> Button:
    [name] = turn.words.weekdays([day])
    return Button(f"{name} ✓" if day in its.times.weekdays else name, data=f"days:{its.id}:{day}")


def said_ahead(turn: Turn, agenda: Agenda) -> list[Html]:
    """When the next briefings come, as a line; none where none does."""
    chat, words = agenda.chat, turn.words
    if chat.paused_until is not None and chat.paused_until >= FOREVER:
        return []
    told = replace(turn.telling, chat=chat)
    times = [words.weekday(told.local(max(at, turn.now))) for at in coming(chat, agenda.schedules, SHOWN_AHEAD)]
    return [words.html("Next: {times}", times=" · ".join(dict.fromkeys(times)))] if times else []


def said_place(turn: Turn, agenda: Agenda) -> list[Html]:
    """Where the chat lives, its quiet hours and its pause, a line each."""
    chat, words = agenda.chat, turn.words
    told = replace(turn.telling, chat=chat)
    lines = [
        words.html(
            "Time zone: {zone}, {time} there",
            zone=zone_in_words(chat.timezone, words),
            time=f"{told.local(turn.now):%H:%M}",
        )
    ]
    if chat.quiet_hours is not None:
        lines.append(words.html("Quiet hours: {hours}", hours=hours_in_words(chat.quiet_hours, words)))
    if chat.paused_until is not None and chat.paused_until > turn.now:
        until = pause_in_words(told.local(chat.paused_until), told.local(turn.now), words)
        lines.append(words.html("<b>Paused</b> {until}", until=until))
    return lines
