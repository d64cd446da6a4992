"""Following topics: subscribing, the list, ending one."""

from collections.abc import Sequence

from bot.actions import offers, subscriptions
from bot.actions.items import Telling
from bot.actions.subscriptions import Preview, Subscribed
from bot.errors import BadInput, NotFound, QueryError
from bot.model import Button, Html, Mode, Subscription
from bot.rules.queries import Query, parse_query, split_subscriptions
from bot.rules.query_tree import Either, Term
from bot.rules.rendering import caret, link, shorten
from bot.telegram.offers import beside, still_offered
from bot.telegram.turn import Buttons, Turn, code, number
from bot.texts import Catalogue, escape
from bot.texts.errors import describe

AT_ONCE = 10  # subscriptions in one message
NAMES_TOLD = 4  # of a topic under many names
MEANING_UNITS = 400


async def subscribe(turn: Turn, text: str) -> None:
    """/subscribe QUERY[, QUERY …]: follows each and shows what it means and what it would have met."""
    if not text.strip():
        await turn.reply(
            turn.words.html("Write what to follow behind it: <code>/subscribe North Korea</code>"),
            [[Button(turn.words("Examples"), data="type")]],
        )
        return
    for part in _parts(text):
        await _subscribe(turn, part)


async def follow(turn: Turn, text: str) -> None:
    """A topic's button, or [Follow] under an offer that quotes its query."""
    await turn.toast()
    await _subscribe(turn, text or turn.quoted())


async def follow_all(turn: Turn, _: str) -> None:
    """[Follow all] under an offer that quotes several queries."""
    await turn.toast()
    for place in range(AT_ONCE):
        if text := turn.quoted(place):
            await _subscribe(turn, text)


async def follow_again(turn: Turn, mode: str) -> None:
    """[Follow again] where a topic was ended: told as it was before."""
    await turn.toast()
    await _subscribe(turn, turn.quoted(), Mode.ALERT if mode == Mode.ALERT else None)


def _parts(text: str) -> list[str]:
    parts = split_subscriptions(text)
    if len(parts) > AT_ONCE:
        raise BadInput("too_many_at_once", given=len(parts), limit=AT_ONCE)
    return parts or [text]


async def _subscribe(turn: Turn, text: str, mode: Mode | None = None) -> None:
    services, chat = turn.services, turn.visitor.chat
    try:
        done = await subscriptions.subscribe(services.db, services.matcher, chat, text, turn.now, mode=mode)
    except QueryError as error:
        await turn.reply(*bad_query(turn, text, error))
        return
    await turn.reply(*await _followed(done, turn))


async def offer(turn: Turn, text: str) -> None:
    """Plain text in a private chat: shows what following it would mean, and follows with a tap."""
    parts = _parts(text)
    if len(parts) > 1:
        await _offer_all(turn, parts)
        return
    (part,) = parts
    try:
        query = parse_query(part, regexes=turn.services.matcher.takes_regexes)
    except QueryError as error:
        await turn.reply(*bad_query(turn, part, error))
        return
    preview = await subscriptions.preview(turn.services.db, query, turn.now)
    offered, buttons = await beside(turn, query, preview, None)
    lines = [
        turn.words.html("Follow {query}? That is {meaning}.", query=code(part), meaning=meaning(query, turn.words)),
        *_preview(preview, turn.telling),
        *offered,
    ]
    await turn.reply(
        Html("\n".join(lines)),
        [*buttons, [Button(turn.words("Follow"), data="follow:"), Button(turn.words("No"), data="close")]],
    )


async def _offer_all(turn: Turn, parts: Sequence[str]) -> None:
    words = turn.words
    lines = [words.html("Follow {topics}?", topics=words.count("{n} topic", "{n} topics", len(parts)))]
    for part in parts:
        try:
            query = parse_query(part, regexes=turn.services.matcher.takes_regexes)
            found = await subscriptions.preview(turn.services.db, query, turn.now)
        except QueryError as error:
            await turn.reply(*bad_query(turn, part, error))
            return
        lines.append(Html(f"• {code(part)} · {words.count('{n} article', '{n} articles', found.articles)}"))
    await turn.reply(
        Html("\n".join(lines)),
        [[Button(words("Follow all"), data="followall"), Button(words("No"), data="close")]],
    )


async def add_twins(turn: Turn, subscription_id: str) -> None:
    """[Also: …]: the topic under all its names, in place of the subscription, or of the query that is quoted."""
    await turn.toast()
    services, chat = turn.services, turn.visitor.chat
    if not subscription_id:
        query = parse_query(turn.quoted(), regexes=services.matcher.takes_regexes)
        twins = offers.twins_of(query)
        await _subscribe(turn, twins.as_query(query.label) if twins else turn.quoted())
        return
    done = await offers.add_twins(services.db, services.matcher, chat, number(subscription_id), turn.now)
    if done is not None:
        await turn.edit(*await _followed(done, turn))


async def use(turn: Turn, argument: str) -> None:
    """[Use], [Narrow: …]: another query of the message, in place of the subscription if there is one."""
    await turn.toast()
    services, chat = turn.services, turn.visitor.chat
    place, _, subscription_id = argument.partition(":")
    text = turn.quoted(number(place))
    if not subscription_id:
        await _subscribe(turn, text)
        return
    done = await offers.exchange(services.db, services.matcher, chat, number(subscription_id), text, turn.now)
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
    first = words("You follow this already:") if done.was in (Mode.BRIEFING, Mode.ALERT) else words("Following")
    head = words.html(
        "{first} <b>{name}</b> ({meaning}).",
        first=first,
        name=done.subscription.name,
        meaning=meaning(done.query, telling.words),
    )
    return [head, *_preview(done.preview, telling)]


def meaning(query: Query, words: Catalogue) -> str:
    """What a query means, short enough to be read: of many names for one thing the first few."""
    names = query.root.parts if isinstance(query.root, Either) else ()
    if len(names) > NAMES_TOLD + 1 and all(isinstance(name, Term) and not name.field for name in names):
        told = ", ".join(f"“{term}”" for term in query.terms[:NAMES_TOLD])
        return words("any of {names} … and {n} more, all sources", names=told, n=len(names) - NAMES_TOLD)
    return shorten(query.explain(words.language), MEANING_UNITS)


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
    if preview.in_passing:
        passing = words.count(
            "{n} more has it in passing and is not told.",
            "{n} more have it in passing and are not told.",
            preview.in_passing,
        )
        counts = Html(f"{counts} {passing}")
    examples = [
        Html(f"• {link(article.title, article.url)} · {words.html('{source}', source=article.source_label)}")
        for article in preview.examples
    ]
    return [counts, *examples]


def _modes(subscription: Subscription, turn: Turn) -> Buttons:
    """Briefing or alert, with a tick at what is on."""
    return [
        [*_both_modes(subscription, turn, "mode"), Button(turn.words("Undo"), data=f"end:{subscription.id}")],
        [Button(turn.words("Brief me now"), data="brief")],
    ]


def _both_modes(subscription: Subscription, turn: Turn, verb: str) -> list[Button]:
    labels = {Mode.BRIEFING: turn.words("Briefing"), Mode.ALERT: turn.words("Alerts")}
    return [
        Button(f"{label} ✓" if subscription.mode is mode else label, data=f"{verb}:{mode}:{subscription.id}")
        for mode, label in labels.items()
    ]


def _sound(its: Subscription, turn: Turn) -> list[Button]:
    """Of a topic with alerts: whether they are heard."""
    if its.mode is not Mode.ALERT:
        return []
    label = turn.words("Silent ✓") if its.silent else turn.words("Silent")
    return [Button(label, data=f"sound:{'on' if its.silent else 'off'}:{its.id}")]


async def set_sound(turn: Turn, argument: str) -> None:
    """[Silent] of a topic of the list: alerts come without a sound, or with one."""
    sound, _, subscription_id = argument.partition(":")
    services, silent = turn.services, sound == "off"
    its = await subscriptions.set_silent(services.db, turn.visitor.chat, number(subscription_id), silent=silent)
    await turn.toast(turn.words("Alerts without a sound") if silent else turn.words("Alerts with a sound"))
    await turn.edit(*_topic(its, turn))


async def set_mode(turn: Turn, argument: str) -> None:
    """[Briefing] or [Alerts] below a new topic: moves the tick."""
    changed = await _change_mode(turn, argument)
    await turn.edit(Html(turn.message.text_html), [*still_offered(turn), *_modes(changed, turn)])


async def set_mode_of_topic(turn: Turn, argument: str) -> None:
    """The same buttons of a topic of the list."""
    await turn.edit(*_topic(await _change_mode(turn, argument), turn))


async def _change_mode(turn: Turn, argument: str) -> Subscription:
    mode, _, subscription_id = argument.partition(":")
    if mode not in (Mode.BRIEFING, Mode.ALERT):
        raise BadInput("stale_button")
    services, chat = turn.services, turn.visitor.chat
    changed = await subscriptions.set_mode(services.db, chat, number(subscription_id), Mode(mode))
    await turn.toast(turn.words("Told at once") if changed.mode is Mode.ALERT else turn.words("Told in the briefing"))
    return changed


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
        return follows_nothing(turn)
    lines = [
        words.html("<b>{topics}</b>", topics=words.count("You follow {n} topic", "You follow {n} topics", len(own)))
    ]
    for place, its in enumerate(own, 1):
        how = _how(its, turn)
        query = Html(f" {code(shorten(its.text, 80))}") if its.label else ""
        lines.append(words.html("{place}. {name}{query} · {how}", place=place, name=its.name, query=query, how=how))
    buttons = [Button(shorten(its.name, 30), data=f"topic:{its.id}") for its in own[:60]]
    rows = [buttons[place : place + 2] for place in range(0, len(buttons), 2)]
    return Html("\n".join(lines)), [*rows, [Button(words("Brief me now"), data="brief")]]


def _how(its: Subscription, turn: Turn) -> str:
    """How a topic is told, in words."""
    if its.mode is not Mode.ALERT:
        return turn.words("briefing")
    if its.rests_until is not None and its.rests_until > turn.now:
        local = turn.telling.local
        return turn.words(
            "alerts rest until {until}", until=turn.words.moment(local(its.rests_until), now=local(turn.now))
        )
    return turn.words("silent alerts") if its.silent else turn.words("alerts")


def follows_nothing(turn: Turn) -> tuple[Html, Buttons]:
    """What a chat without topics is told."""
    if turn.hears_all:
        text = turn.words.html("You follow nothing yet. Write a word or a phrase, or /start for what is in the news.")
    else:
        text = turn.words.html("Nothing is followed here yet. <code>/subscribe North Korea</code> begins.")
    return text, [[Button(turn.words("Examples"), data="type")]]


async def show_topic(turn: Turn, subscription_id: str) -> None:
    """A topic of the list: what it means, its mode, and how to end it."""
    wanted = number(subscription_id)
    own = await subscriptions.topics_of_chat(turn.services.db, turn.visitor.chat)
    found = next((its for its in own if its.id == wanted), None)
    if found is None:
        await turn.toast(describe(NotFound("no_subscription"), turn.words))
        await turn.edit(*await _list(turn))
        return
    await turn.toast()
    await turn.edit(*_topic(found, turn))


def _topic(its: Subscription, turn: Turn) -> tuple[Html, Buttons]:
    words = turn.words
    query = parse_query(its.text, regexes=True)
    text = words.html("<b>{name}</b> ({meaning})", name=its.name, meaning=meaning(query, words))
    rests = its.rests_until is not None and its.rests_until > turn.now and its.mode is Mode.ALERT
    if rests:
        text = Html(f"{text}\n{escape(_how(its, turn))}")
    return text, [
        [*_both_modes(its, turn, "told"), *_sound(its, turn)],
        *([[Button(words("Keep alerts"), data=f"keep:{its.id}")]] if rests else []),
        [Button(words("Stop following"), data=f"end:{its.id}"), Button(words("Back"), data="back")],
    ]


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
    ended = await _end(turn, number(subscription_id))
    await turn.toast()
    await turn.edit(*ended)


async def _end(turn: Turn, subscription_id: int) -> tuple[Html, Buttons]:
    services = turn.services
    gone = await subscriptions.unsubscribe(services.db, services.matcher, turn.visitor.chat, subscription_id)
    if gone.label:  # a query with a name may be long; it stands there for [Follow again]
        query = code(f"{gone.text} => {gone.label}")
        text = turn.words.html("No longer following <b>{name}</b>.", name=gone.label)
        text = Html(f"{text}\n<blockquote expandable>{query}</blockquote>")
    else:
        text = turn.words.html("No longer following {text}.", text=code(gone.text))
    return (
        text,
        [[Button(turn.words("Follow again"), data=f"again:{gone.mode}"), Button(turn.words("Topics"), data="list")]],
    )
