"""What is offered beside a query, as lines and buttons; a tap takes it in the query's place.

A button knows the place of its query among those that its message sets as code, because callback data are too short for
a query, and the subscription that it exchanges, if there is one.
"""

from bot.actions import offers
from bot.actions.offers import Offers
from bot.actions.subscriptions import Preview
from bot.model import Button, Html
from bot.rules.queries import Query
from bot.rules.rendering import shorten
from bot.telegram.turn import Buttons, Turn, code

NAMES = 3  # twins named on their button
BUTTON = 60  # characters
OWN = ("also:", "use:")  # what these buttons send


async def beside(turn: Turn, query: Query, preview: Preview, subscription_id: int | None) -> tuple[list[Html], Buttons]:
    """Lines and buttons to go with a query: below its offer, which quotes it, or below its subscription."""
    found = await offers.offers(turn.services.db, turn.visitor.chat, query, preview, turn.now)
    whose = "" if subscription_id is None else str(subscription_id)
    place = 1 if subscription_id is None else 0
    lines, buttons = _of(found, turn, f"{place}:{whose}")
    if found.twins is not None:
        names = " · ".join(found.twins.names[:NAMES])
        buttons.insert(0, Button(shorten(turn.words("Also: {names}", names=names), BUTTON), data=f"also:{whose}"))
    return lines, [[button] for button in buttons]


def _of(found: Offers, turn: Turn, target: str) -> tuple[list[Html], list[Button]]:
    """The one query that is offered beside the twins, if any."""
    words, data = turn.words, f"use:{target}"
    if found.meant:
        line = words.html("Did you mean {query}?", query=code(found.meant))
        return [line], [Button(words("Use"), data=data)]
    if found.apart is not None:
        line = words.html(
            "Not side by side, {query}: {more} more.", query=code(found.apart.query), more=found.apart.more
        )
        return [line], [Button(words("Use"), data=data)]
    if found.flood and found.narrowed is None:
        line = words.html("That is a lot: about {n} a day. Add a word that you care for.", n=found.flood)
        return [line], []
    if found.narrowed is not None:
        query, a_day = found.narrowed.query, found.narrowed.a_day
        line = words.html(
            "That is a lot: about {all} a day. {query} would be about {n}.", all=found.flood, query=code(query), n=a_day
        )
        label = words("Narrow: {query}, ~{n} a day", query=query, n=a_day)
        return [line], [Button(shorten(label, BUTTON), data=data)]
    if found.every:
        line = words.html("Told of every mention: {query}", query=code(found.every))
        return [line], [Button(words("Every mention"), data=data)]
    return [], []


def still_offered(turn: Turn) -> Buttons:
    """The buttons of offers under the message of a tap, for when its other buttons change."""
    markup = turn.message.reply_markup
    rows = markup.inline_keyboard if markup else ()
    return [
        [Button(button.text, data=str(button.callback_data)) for button in row]
        for row in rows
        if str(row[0].callback_data).startswith(OWN)
    ]
