"""The buttons below alerts and the notes of floods."""

from bot.actions import alerts, subscriptions
from bot.errors import BadInput, NotFound
from bot.model import Button, Html, Mode
from bot.rules.rendering import shorten
from bot.telegram.turn import Buttons, Turn, number

LABEL = 40  # UTF-16 units of a headline on a button


async def hush(turn: Turn, story_ids: str) -> None:
    """[Mute story]: hears no more of it. [Mute a story]: which one?"""
    ids = [number(one) for one in story_ids.split(",")]
    if len(ids) > 1:
        await _ask_which(turn, ids)
        return
    await alerts.mute_story(turn.services.db, turn.visitor.chat, ids[0], muted=True)
    await turn.toast(turn.words("You hear no more of this story"))
    await _set_buttons(turn, [[Button(turn.words("Unmute story"), data=f"unhush:{ids[0]}")]], instead_of="hush:")


async def unhush(turn: Turn, story_id: str) -> None:
    """[Unmute story]: hears of it again."""
    await alerts.mute_story(turn.services.db, turn.visitor.chat, number(story_id), muted=False)
    await turn.toast(turn.words("You hear of this story again"))
    await _set_buttons(turn, [[Button(turn.words("Mute story"), data=f"hush:{story_id}")]], instead_of="unhush:")


async def _ask_which(turn: Turn, ids: list[int]) -> None:
    titles = await alerts.titles(turn.services.db, ids)
    await turn.toast(turn.words("Which one?"))
    rows = [[Button(shorten(title, LABEL), data=f"hush:{story_id}")] for story_id, title in titles.items()]
    await _set_buttons(turn, rows, instead_of="hush:")


async def calm(turn: Turn, query_id: str) -> None:
    """[Briefing only]: the topic rings no more."""
    wanted = number(query_id)
    own = await subscriptions.topics_of_chat(turn.services.db, turn.visitor.chat)
    found = next((its for its in own if its.query_id == wanted), None)
    if found is None:
        raise NotFound("no_subscription")
    await subscriptions.set_mode(turn.services.db, turn.visitor.chat, found.id, Mode.BRIEFING)
    await turn.toast(turn.words("Told in the briefing"))
    await _set_buttons(turn, [[Button(turn.words("Topics"), data="list")]], instead_of="calm:")


async def keep(turn: Turn, subscription_id: str) -> None:
    """[Keep alerts] under the note of a flood: the topic rings on."""
    its = await alerts.keep_alerts(turn.services.db, turn.visitor.chat, number(subscription_id), turn.now)
    await turn.toast(turn.words("Alerts go on"))
    text = turn.words.html("<b>{name}</b>: alerts go on, however many come, for a day.", name=its.name)
    await turn.edit(text, [[Button(turn.words("Topics"), data="list")]])


async def _set_buttons(turn: Turn, rows: Buttons, *, instead_of: str) -> None:
    """The message as it is, with other buttons in the place of those of one kind."""
    markup = turn.message.reply_markup
    if markup is None:
        raise BadInput("stale_button")
    shown: list[list[Button]] = []
    for row in markup.inline_keyboard:
        own = [Button(one.text, data=str(one.callback_data)) for one in row]
        kept = [one for one in own if not one.data.startswith(instead_of)]
        if len(kept) == len(own):
            shown.append(own)
        elif len(rows) == 1:
            place = next(place for place, one in enumerate(own) if one.data.startswith(instead_of))
            shown.append([*own[:place], *rows[0], *kept[place:]])
        else:
            shown += [*(list(its) for its in rows), kept]
    await turn.edit(Html(turn.message.text_html), [row for row in shown if row])
