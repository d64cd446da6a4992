"""Where the chat lives: /timezone with a city, a tap, or a shared location."""

from bot.actions import schedule
from bot.actions.schedule import Agenda
from bot.errors import ScheduleError, WorkerError
from bot.model import Button, Html
from bot.telegram.schedule import said_ahead, said_place
from bot.telegram.turn import Buttons, Turn
from bot.texts.places import find_zones, is_certain
from bot.texts.schedules import in_words, zone_in_words

OFFERED = ("Europe/London", "Europe/Berlin", "America/New_York", "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo")
GIVEN = 40  # characters of a place that are quoted


async def set_timezone(turn: Turn, text: str) -> None:
    """/timezone CITY: moves the chat; without one, shows where it is with buttons."""
    given = " ".join(text.split())
    if not given:
        agenda = await schedule.of_chat(turn.services.db, turn.visitor.chat)
        await turn.reply(*_place_view(turn, agenda))
        return
    zones = find_zones(given)
    if not zones:
        raise ScheduleError("bad_timezone", 0, given=given[:GIVEN])
    if is_certain(given, zones):
        await turn.reply(*_moved(turn, await _move(turn, zones[0])))
        return
    await turn.reply(
        turn.words.html("“{given}” may be one of these. Which?", given=given[:GIVEN]), _choices(turn, zones)
    )


async def open_zones(turn: Turn, _: str) -> None:
    """[Time zone] of the settings: a message of its own."""
    await turn.toast()
    await set_timezone(turn, "")


async def show_places(turn: Turn, _: str) -> None:
    """[Time zone] of the schedules, in place of them."""
    await turn.toast()
    await turn.edit(*_place_view(turn, await schedule.of_chat(turn.services.db, turn.visitor.chat)))


async def tap_zone(turn: Turn, zone: str) -> None:
    """A place's button."""
    agenda = await _move(turn, zone)
    await turn.toast(turn.words("Saved"))
    await turn.edit(*_moved(turn, agenda))


async def share_location(turn: Turn, _: str) -> None:
    """A location that somebody shares: the chat lives there from now on."""
    place = turn.message.location
    if place is None:
        return
    try:
        zone = await turn.services.workers.find_zone(place.latitude, place.longitude)
    except WorkerError:
        zone = ""
    if not zone:
        raise ScheduleError("no_timezone_there", 0)
    text, buttons = _moved(turn, await _move(turn, zone))
    await turn.reply(Html(f"{text}\n{turn.words.html('Only the time zone is kept, not the place.')}"), buttons)


async def _move(turn: Turn, zone: str) -> Agenda:
    return await schedule.set_zone(turn.services.db, turn.visitor.chat, zone, turn.now)


def _place_view(turn: Turn, agenda: Agenda) -> tuple[Html, Buttons]:
    lines = said_place(turn, agenda)[:1]
    lines.append(turn.words.html("Tap a place, or write yours: <code>/timezone Berlin</code>."))
    if turn.hears_all:
        lines.append(turn.words.html("Or share your location here; only its time zone is kept."))
    return Html("\n".join(lines)), _choices(turn, OFFERED)


def _choices(turn: Turn, zones: tuple[str, ...]) -> Buttons:
    buttons = [Button(turn.words.city(zone), data=f"zone:{zone}") for zone in zones]
    rows = [buttons[start : start + 3] for start in range(0, len(buttons), 3)]
    return [*rows, [Button(turn.words("Back"), data="agenda")]]


def _moved(turn: Turn, agenda: Agenda) -> tuple[Html, Buttons]:
    words = turn.words
    lines = [words.html("Time zone <b>{zone}</b>.", zone=zone_in_words(agenda.chat.timezone, words))]
    lines += [words.html("• {schedule}", schedule=in_words(its.times, words)) for its in agenda.schedules]
    return Html("\n".join([*lines, *said_ahead(turn, agenda)])), [[Button(words("Times"), data="agenda")]]
