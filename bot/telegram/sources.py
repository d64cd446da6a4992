"""/source, for admins: adding, listing, pausing and removing where the articles come from."""

from bot.actions import account, sources
from bot.errors import BadInput, SourceError
from bot.model import Button, Html, SourceCount, SourceState
from bot.rules.rendering import link, shorten, split
from bot.telegram.turn import Buttons, Turn, code
from bot.texts.errors import describe


async def source(turn: Turn, text: str) -> None:
    """/source add URL, /source list; a bare address is added, too."""
    account.require_admin(turn.visitor)
    verb, _, rest = text.strip().partition(" ")
    if verb.startswith(("http://", "https://")):
        verb, rest = "add", text.strip()
    if verb == "add" and rest.strip():
        await add(turn, rest.strip())
    elif verb == "list":
        await show_list(turn, "")
    else:
        await turn.reply(
            turn.words.html(
                "<code>/source add https://example.org/feed.xml</code> adds a feed, or the feed of a page.\n"
                "/source list shows every source and how it is."
            ),
            [[Button(turn.words("List the sources"), data="sources")]],
        )


async def add(turn: Turn, url: str) -> None:
    """Adds a source: it is fetched at once, so that a wrong address is told now."""
    services = turn.services
    progress = await turn.reply(turn.words.html("Reading {url} …", url=url))
    try:
        added = await sources.add_source(services.db, services.fetcher, services.workers, url, turn.now)
    except (SourceError, BadInput) as error:
        text = turn.words.html("Not added: {url}\n{reason}", url=url, reason=describe(error, turn.words))
    else:
        text = turn.words.html(
            "Added <b>{title}</b>: {articles} imported silently. New ones are told from now on.",
            title=added.source.title or url,
            articles=turn.words.count("{n} article", "{n} articles", added.articles),
        )
        services.wake("group")
    await progress.edit_text(text, parse_mode="HTML")


async def show_list(turn: Turn, _: str) -> None:
    """/source list: every source with what it brings and what ails it; a tap opens one."""
    account.require_admin(turn.visitor)
    await turn.toast()
    found = await sources.list_sources(turn.services.db, turn.now)
    if not found:
        await turn.reply(
            turn.words.html("No sources yet. <code>/source add https://example.org/feed.xml</code> adds one.")
        )
        return
    head = turn.words.html("<b>{sources}</b>", sources=turn.words.count("{n} source", "{n} sources", len(found)))
    blocks = [head, *(_line(place, its, turn) for place, its in enumerate(found, 1))]
    buttons = [
        Button(shorten(its.source.title or its.source.url, 28), data=f"source:{its.source.id}") for its in found[:60]
    ]
    for message in split(blocks, [buttons[place : place + 2] for place in range(0, len(buttons), 2)]):
        await turn.reply(Html(message.text), message.buttons)


def _line(place: int, its: SourceCount, turn: Turn) -> Html:
    words = turn.words
    facts = [
        words.count("{n} article", "{n} articles", its.articles),
        words("{n} in the last day", n=its.recent),
        _health(its, turn),
    ]
    name = link(its.source.title or its.source.url, its.source.site_url or its.source.url)
    return words.html("{place}. {name}\n{facts}", place=place, name=name, facts=" · ".join(facts))


def _health(its: SourceCount, turn: Turn) -> str:
    words, source = turn.words, its.source
    if source.state is SourceState.PAUSED:
        return words("paused")
    if source.error_key:
        reason = describe(BadInput(source.error_key, **source.error_facts), words)
        return words("can't be read: {reason}", reason=reason)
    if source.last_success_at is None:
        return words("not read yet")
    now = turn.telling.local(turn.now)
    return words("well, read {when}", when=words.moment(turn.telling.local(source.last_success_at), now=now))


async def show(turn: Turn, source_id: str) -> None:
    """A source of the list, with what can be done about it."""
    account.require_admin(turn.visitor)
    found = await sources.list_sources(turn.services.db, turn.now)
    its = next((its for its in found if its.source.id == int(source_id)), None)
    await turn.toast()
    if its is not None:
        text = Html(f"{_line(1, its, turn).removeprefix('1. ')}\n{code(its.source.url)}")
        await turn.reply(text, _buttons(its, turn))


async def change(turn: Turn, argument: str) -> None:
    """[Pause], [Resume] or [Remove] of a source."""
    account.require_admin(turn.visitor)
    verb, _, source_id = argument.partition(":")
    act = {"pause": sources.pause, "resume": sources.resume, "remove": sources.remove}[verb]
    await act(turn.services.db, int(source_id), turn.now)
    done = {"pause": turn.words("Paused"), "resume": turn.words("Resumed"), "remove": turn.words("Removed")}[verb]
    await turn.toast(done)
    await turn.edit(Html(f"{turn.message.text_html}\n\n<b>{done}</b>"))


def _buttons(its: SourceCount, turn: Turn) -> Buttons:
    paused = its.source.state is SourceState.PAUSED
    switch = (
        Button(turn.words("Resume"), data=f"srcdo:resume:{its.source.id}")
        if paused
        else Button(turn.words("Pause"), data=f"srcdo:pause:{its.source.id}")
    )
    return [[switch, Button(turn.words("Remove"), data=f"srcdo:remove:{its.source.id}")]]
