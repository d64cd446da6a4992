"""Following topics: subscribing, the list, ending one."""

from bot.actions import offers, subscriptions
from bot.actions.items import Telling
from bot.actions.subscriptions import Preview, Subscribed
from bot.errors import QueryError
from bot.model import Button, Html, Mode, Subscription
from bot.rules.queries import Query, parse_query, split_subscriptions
from bot.rules.rendering import caret, link, shorten
from bot.telegram.offers import beside, still_offered
from bot.telegram.turn import Buttons, Turn, code
from bot.texts.errors import describe

AT_ONCE = 10  # subscriptions in one message


async def subscribe(turn: Turn, text: str) -> None:
    """/subscribe QUERY[, QUERY …]: follows each and shows what it means and what it would have met."""
    if not text.strip():
        await turn.reply(
            turn.words.html("Write what to follow behind it: <code>/subscribe North Korea</code>"),
            [[Button(turn.words("Examples"), data="type")]],
        )
        return
    for part in split_subscriptions(text)[:AT_ONCE]:
        await _subscribe(turn, part)


async def follow(turn: Turn, text: str) -> None:
    """A topic's button, or [Follow] under an offer that quotes its query."""
    await turn.toast()
    await _subscribe(turn, text or turn.quoted())


async def _subscribe(turn: Turn, text: str) -> None:
    services = turn.services
    try:
        done = await subscriptions.subscribe(services.db, services.matcher, turn.visitor.chat, text, turn.now)
    except QueryError as error:
        await turn.reply(*bad_query(turn, text, error))
        return
    await turn.reply(*await _followed(done, turn))


async def offer(turn: Turn, text: str) -> None:
    """Plain text in a private chat: shows what following it would mean, and follows with a tap."""
    part = split_subscriptions(text)[0] if split_subscriptions(text) else text
    try:
        query = parse_query(part)
    except QueryError as error:
        await turn.reply(*bad_query(turn, part, error))
        return
    preview = await subscriptions.preview(turn.services.db, query, turn.now)
    offered, buttons = await beside(turn, query, preview, None)
    lines = [
        turn.words.html("Follow {query}? That is {meaning}.", query=code(part), meaning=_meaning(query, turn.telling)),
        *_preview(preview, turn.telling),
        *offered,
    ]
    await turn.reply(
        Html("\n".join(lines)),
        [*buttons, [Button(turn.words("Follow"), data="follow:"), Button(turn.words("No"), data="close")]],
    )


async def add_twins(turn: Turn, subscription_id: str) -> None:
    """[Also: …]: the topic under all its names, in place of the subscription, or of the query that is quoted."""
    await turn.toast()
    services, chat = turn.services, turn.visitor.chat
    if not subscription_id:
        query = parse_query(turn.quoted())
        twins = offers.twins_of(query)
        await _subscribe(turn, twins.as_query(query.label) if twins else turn.quoted())
        return
    done = await offers.add_twins(services.db, services.matcher, chat, int(subscription_id), turn.now)
    if done is not None:
        await turn.edit(*await _followed(done, turn))


async def use(turn: Turn, argument: str) -> None:
    """[Use], [Narrow: …]: another query of the message, in place of the subscription if there is one."""
    await turn.toast()
    services, chat = turn.services, turn.visitor.chat
    place, _, subscription_id = argument.partition(":")
    text = turn.quoted(int(place))
    if not subscription_id:
        await _subscribe(turn, text)
        return
    done = await offers.exchange(services.db, services.matcher, chat, int(subscription_id), text, turn.now)
    await turn.edit(*await _followed(done, turn))


def bad_query(turn: Turn, text: str, error: QueryError) -> tuple[Html, Buttons]:
    """A query that can't be read: what is wrong, where, and what would be right."""
    lines = [
        turn.words.html("Not saved: {reason}", reason=describe(error, turn.words)),
        caret(text, error.position),
    ]
    buttons = [Button(turn.words("Examples"), data="type")]
    if error.suggestion:
        lines.append(turn.words.html("Perhaps {query}", query=code(error.suggestion)))
        buttons.insert(0, Button(turn.words("Use"), data="follow:"))
    return Html("\n".join(lines)), [buttons]


async def _followed(done: Subscribed, turn: Turn) -> tuple[Html, Buttons]:
    offered, buttons = await beside(turn, done.query, done.preview, done.subscription.id)
    return Html("\n".join([*_subscribed(done, turn.telling), *offered])), [*buttons, *_modes(done.subscription, turn)]


def _subscribed(done: Subscribed, telling: Telling) -> list[Html]:
    words = telling.words
    first = words("Following") if done.is_new else words("You follow this already:")
    head = words.html(
        "{first} <b>{name}</b> ({meaning}).",
        first=first,
        name=done.subscription.name,
        meaning=_meaning(done.query, telling),
    )
    return [head, *_preview(done.preview, telling)]


def _meaning(query: Query, telling: Telling) -> str:
    return query.explain(telling.words.language)


def _preview(preview: Preview, telling: Telling) -> list[Html]:
    words = telling.words
    span = words.count("Last day", "Last {n} days", preview.days)
    if preview.is_all:
        span = words("{span}, all I have", span=span)
    counts = words.html(
        "{span}: {articles}, {stories}.",
        span=span,
        articles=words.count("{n} article", "{n} articles", preview.articles),
        stories=words.count("{n} story", "{n} stories", preview.stories),
    )
    examples = [
        Html(f"• {link(article.title, article.url)} · {words.html('{source}', source=article.source_label)}")
        for article in preview.examples
    ]
    return [counts, *examples]


def _modes(subscription: Subscription, turn: Turn) -> Buttons:
    """Briefing or alert, with a tick at what is on."""
    labels = {Mode.BRIEFING: turn.words("Briefing"), Mode.ALERT: turn.words("Alerts")}
    modes = [
        Button(f"{label} ✓" if subscription.mode is mode else label, data=f"mode:{mode}:{subscription.id}")
        for mode, label in labels.items()
    ]
    return [
        [*modes, Button(turn.words("Undo"), data=f"end:{subscription.id}")],
        [Button(turn.words("Brief me now"), data="brief")],
    ]


async def set_mode(turn: Turn, argument: str) -> None:
    """[Briefing] or [Alerts] of a topic: moves the tick."""
    mode, _, subscription_id = argument.partition(":")
    changed = await subscriptions.set_mode(turn.services.db, turn.visitor.chat, int(subscription_id), Mode(mode))
    await turn.toast(turn.words("Told at once") if changed.mode is Mode.ALERT else turn.words("Told in the briefing"))
    await turn.edit(Html(turn.message.text_html), [*still_offered(turn), *_modes(changed, turn)])


async def calm(turn: Turn, query_id: str) -> None:
    """[Briefing only] under an alert."""
    own = await subscriptions.of_chat(turn.services.db, turn.visitor.chat)
    found = next((its for its in own if its.query_id == int(query_id)), None)
    if found is not None:
        await subscriptions.set_mode(turn.services.db, turn.visitor.chat, found.id, Mode.BRIEFING)
    await turn.toast(turn.words("Told in the briefing"))
    await turn.edit(Html(turn.message.text_html))


async def show_list(turn: Turn, _: str) -> None:
    """/list: the chat's topics; a tap opens one."""
    await turn.toast()
    await turn.reply(*await _list(turn))


async def back_to_list(turn: Turn, _: str) -> None:
    """[Back] of a topic: the list in its place."""
    await turn.toast()
    await turn.edit(*await _list(turn))


async def _list(turn: Turn) -> tuple[Html, Buttons]:
    own = await subscriptions.topics_of_chat(turn.services.db, turn.visitor.chat)
    words = turn.words
    if not own:
        return words.html("You follow nothing yet. Write a word or a phrase, or /start for what is in the news."), ()
    lines = [
        words.html("<b>{topics}</b>", topics=words.count("You follow {n} topic", "You follow {n} topics", len(own)))
    ]
    for place, its in enumerate(own, 1):
        how = words("alerts") if its.mode is Mode.ALERT else words("briefing")
        query = Html(f" {code(shorten(its.text, 80))}") if its.label else ""
        lines.append(words.html("{place}. {name}{query} · {how}", place=place, name=its.name, query=query, how=how))
    buttons = [Button(shorten(its.name, 30), data=f"topic:{its.id}") for its in own[:60]]
    rows = [buttons[place : place + 2] for place in range(0, len(buttons), 2)]
    return Html("\n".join(lines)), [*rows, [Button(words("Brief me now"), data="brief")]]


async def show_topic(turn: Turn, subscription_id: str) -> None:
    """A topic of the list: what it means, its mode, and how to end it."""
    own = await subscriptions.of_chat(turn.services.db, turn.visitor.chat)
    found = next((its for its in own if its.id == int(subscription_id)), None)
    await turn.toast()
    if found is None:
        await turn.edit(*await _list(turn))
        return
    meaning = _meaning(parse_query(found.canonical), turn.telling)
    text = turn.words.html("<b>{name}</b> ({meaning})", name=found.name, meaning=meaning)
    modes = _modes(found, turn)[0][:2]
    rows = [
        modes,
        [Button(turn.words("Stop following"), data=f"end:{found.id}"), Button(turn.words("Back"), data="back")],
    ]
    await turn.edit(text, rows)


async def unsubscribe(turn: Turn, text: str) -> None:
    """/unsubscribe NAME or number: ends a topic; without one, shows the list to tap."""
    own = await subscriptions.topics_of_chat(turn.services.db, turn.visitor.chat)
    if not text.strip() or not own:
        await turn.reply(*await _list(turn))
        return
    try:
        found = subscriptions.find(own, text)
    except QueryError:
        found = None
    if found is None:
        listed, buttons = await _list(turn)
        none = turn.words.html("You don't follow {text}.", text=code(shorten(text, 80)))
        await turn.reply(Html(f"{none}\n\n{listed}"), buttons)
        return
    await turn.reply(*await _end(turn, found.id))


async def end(turn: Turn, subscription_id: str) -> None:
    """[Undo] and [Stop following]: ends a topic, and offers the way back."""
    ended = await _end(turn, int(subscription_id))
    await turn.toast()
    await turn.edit(*ended)


async def _end(turn: Turn, subscription_id: int) -> tuple[Html, Buttons]:
    services = turn.services
    gone = await subscriptions.unsubscribe(services.db, services.matcher, turn.visitor.chat, subscription_id)
    text = f"{gone.text} => {gone.label}" if gone.label else gone.text
    return (
        turn.words.html("No longer following {text}.", text=code(text)),
        [[Button(turn.words("Follow again"), data="follow:")]],
    )
