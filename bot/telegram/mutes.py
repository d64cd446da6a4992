"""Muting words and sources."""

from bot.actions import mutes, subscriptions
from bot.errors import QueryError
from bot.model import Button, Html, Mode
from bot.rules.rendering import shorten
from bot.telegram.subscriptions import bad_query, meaning
from bot.telegram.turn import Buttons, Turn, code, number


async def mute(turn: Turn, text: str) -> None:
    """/mute WORD, QUERY or source: hides what it meets; without one, shows what is muted."""
    if not text.strip():
        await turn.reply(*await _list(turn))
        return
    services = turn.services
    try:
        done = await mutes.mute(services.db, services.matcher, turn.visitor.chat, text, turn.now)
    except QueryError as error:
        await turn.reply(*bad_query(turn, text, error))
        return
    hidden = turn.words.count("{n} article", "{n} articles", done.preview.met)
    text = turn.words.html(
        "Muted <b>{name}</b> ({meaning}). It hides {hidden} of the last 7 days from all topics.",
        name=done.subscription.name,
        meaning=meaning(done.query, turn.words),
        hidden=hidden,
    )
    if done.was in (Mode.BRIEFING, Mode.ALERT):
        text = Html(f"{text}\n{turn.words.html('It was a topic of yours; you no longer follow it.')}")
    await turn.reply(text, [[Button(turn.words("Unmute"), data=f"unmute:{done.subscription.id}")]])


async def unmute(turn: Turn, subscription_id: str) -> None:
    """[Unmute]: shows what is still muted in its place."""
    services = turn.services
    gone = await subscriptions.unsubscribe(services.db, services.matcher, turn.visitor.chat, number(subscription_id))
    await turn.toast(turn.words("Unmuted {name}", name=shorten(gone.name, 60)))
    await turn.edit(*await _list(turn))


async def _list(turn: Turn) -> tuple[Html, Buttons]:
    muted = await mutes.of_chat(turn.services.db, turn.visitor.chat)
    words = turn.words
    if not muted:
        return words.html("Nothing is muted. <code>/mute football</code> or a source's name after it hides it."), ()
    lines = [words.html("<b>Muted</b>"), *(Html(f"• {code(its.name)}") for its in muted)]
    buttons = [[Button(words("Unmute {name}", name=shorten(its.name, 30)), data=f"unmute:{its.id}")] for its in muted]
    return Html("\n".join(lines)), buttons[:30]
