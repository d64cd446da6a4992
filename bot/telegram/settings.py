"""Everything about a chat that can be changed, on one page."""

from dataclasses import replace

from bot.actions import account, schedule
from bot.actions.schedule import Agenda
from bot.errors import BadInput
from bot.model import Button, Chat, Html
from bot.telegram.turn import Buttons, Turn
from bot.texts import LANGUAGES, Catalogue, words
from bot.texts.schedules import hours_in_words, in_words, pause_in_words, zone_in_words


async def settings(turn: Turn, _: str) -> None:
    """/settings: everything about this chat that can be changed, with a button each."""
    agenda = await schedule.of_chat(turn.services.db, turn.visitor.chat)
    await turn.reply(_text(turn, agenda, turn.words), _buttons(agenda.chat, turn.words))


async def open_settings(turn: Turn, _: str) -> None:
    """The button [Settings]: a message of its own, because the one above is a briefing."""
    await turn.toast()
    await settings(turn, "")


async def change(turn: Turn, what: str) -> None:
    """A tap on a setting: changes it and shows the new state in place."""
    chat = turn.visitor.chat
    # A button says what it sets, not that it changes: under an old message it does no harm.
    values: dict[str, dict[str, str | bool]] = {
        "quiet": {"tells_when_empty": False},
        "loud": {"tells_when_empty": True},
        "posts": {"takes_posts": True},
        "noposts": {"takes_posts": False},
        **{language: {"language": language} for language in LANGUAGES},
    }
    if what not in values:
        raise BadInput("stale_button")
    changed = await account.change_settings(turn.services.db, chat, **values[what])
    its = words(changed.language)
    await turn.toast(its("Saved"))
    agenda = await schedule.of_chat(turn.services.db, changed)
    await turn.edit(_text(turn, agenda, its), _buttons(changed, its))


def _text(turn: Turn, agenda: Agenda, its: Catalogue) -> Html:
    chat = agenda.chat
    times = "; ".join(in_words(one.times, its) for one in agenda.schedules) or its("none")
    lines = [
        its.html("<b>Settings of this chat</b>"),
        its.html("Briefings: {times}", times=times),
        its.html("Time zone: {zone}", zone=zone_in_words(chat.timezone, its)),
        its.html("Quiet hours: {hours}", hours=hours_in_words(chat.quiet_hours, its)),
        its("When there is nothing new: {what}", what=its("one line") if chat.tells_when_empty else its("silence")),
        its("Posts of the admins: {what}", what=its("yes") if chat.takes_posts else its("no")),
    ]
    if chat.paused_until is not None and chat.paused_until > turn.now:
        told = replace(turn.telling, chat=chat)
        until = pause_in_words(told.local(chat.paused_until), told.local(turn.now), its)
        lines.append(its.html("<b>Paused</b> {until}", until=until))
    return Html("\n".join(lines))


def _buttons(chat: Chat, its: Catalogue) -> Buttons:
    is_zh = its.language == "zh"
    return [
        [
            Button("English" if is_zh else "English ✓", data="set:en"),
            Button("中文 ✓" if is_zh else "中文", data="set:zh"),
        ],
        [
            Button(its("Quiet when empty"), data="set:quiet")
            if chat.tells_when_empty
            else Button(its("Say when empty"), data="set:loud")
        ],
        [
            Button(its("Stop posts"), data="set:noposts")
            if chat.takes_posts
            else Button(its("Take posts"), data="set:posts")
        ],
        [
            Button(its("Times"), data="schedule"),
            Button(its("Time zone"), data="zones"),
            Button(its("Topics"), data="list"),
        ],
        [Button(its("Quiet hours"), data="hours:new"), Button(its("Pause"), data="pauses:new")],
        [Button(its("Delete my data"), data="delete")],
    ]
