"""/source, for admins: adding, listing, pausing and removing where the articles come from."""

from collections.abc import Awaitable, Callable
from typing import Final

from bot.actions import account, sources
from bot.errors import BadInput, BriefwireError, NotFound, SourceError, WorkerError
from bot.model import Button, Html, SourceCount, SourceKind, SourceState
from bot.rules.rendering import NAME_UNITS, link, shorten, split
from bot.telegram.turn import Buttons, Turn, code, keyboard_of, number
from bot.texts import escape
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
            _to_list(turn),
        )


async def add(turn: Turn, url: str) -> None:
    """Adds a source: it is fetched at once, so that a wrong address is told now."""
    services = turn.services
    progress = await turn.reply(turn.words.html("Reading {url} …", url=url))
    try:
        added = await sources.add_source(services.db, services.fetcher, services.workers, url, turn.now)
    except BriefwireError as error:
        text = turn.words.html("Not added: {url}\n{reason}", url=url, reason=describe(error, turn.words))
    else:
        text = turn.words.html(
            "Added <b>{title}</b>: {articles} imported silently. New ones are told from now on.",
            title=added.source.title or url,
            articles=turn.words.count("{n} article", "{n} articles", added.articles),
        )
        services.wake("group")
    await progress.edit_text(text, parse_mode="HTML", reply_markup=keyboard_of(_to_list(turn)))


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
    blocks = [head, *(Html(f"{place}. {_line(its, turn)}") for place, its in enumerate(found, 1))]
    buttons = [Button(shorten(_name(its), 28), data=f"source:{its.source.id}") for its in found[:60]]
    for message in split(blocks, [buttons[place : place + 2] for place in range(0, len(buttons), 2)]):
        await turn.reply(Html(message.text), message.buttons)


def _line(its: SourceCount, turn: Turn) -> Html:
    words = turn.words
    facts = [words.count("{n} article", "{n} articles", its.articles)]
    if its.recent == its.articles and its.articles:
        facts = [words.count("{n} article in the last day", "{n} articles in the last day", its.articles)]
    elif its.recent:
        facts.append(words("{n} in the last day", n=its.recent))
    name = link(its.source.title or its.source.url, its.source.site_url or its.source.url)
    return Html(f"{name}\n{escape(' · '.join([*facts, _health(its, turn)]))}")


def _health(its: SourceCount, turn: Turn) -> str:
    words, source = turn.words, its.source
    if source.state is SourceState.PAUSED:
        return words("paused")
    if source.error_key:
        return words("can't be read: {reason}", reason=describe(sources.ailment(source), words))
    if source.kind is not SourceKind.FEED:
        return words("sends its own articles")
    if source.last_success_at is None:
        return words("not read yet")
    now = turn.telling.local(turn.now)
    return words("well, read {when}", when=words.moment(turn.telling.local(source.last_success_at), now=now))


async def show(turn: Turn, source_id: str) -> None:
    """A source of the list, with what can be done about it."""
    account.require_admin(turn.visitor)
    shown = await _shown(turn, number(source_id))
    await turn.toast()
    await turn.reply(*shown)


async def change(turn: Turn, argument: str) -> None:
    """[Pause], [Resume], [Test now] or [Remove] of a source; what it does is shown in place."""
    account.require_admin(turn.visitor)
    verb, _, source_id = argument.partition(":")
    if verb not in CHANGES:
        raise BadInput("stale_button")
    await CHANGES[verb](turn, number(source_id))


async def _pause(turn: Turn, source_id: int) -> None:
    await sources.pause(turn.services.db, source_id, turn.now)
    await turn.toast(turn.words("Paused"))
    await turn.edit(*await _shown(turn, source_id))


async def _resume(turn: Turn, source_id: int) -> None:
    await sources.resume(turn.services.db, source_id, turn.now)
    turn.services.wake("collect")
    await turn.toast(turn.words("Resumed"))
    await turn.edit(*await _shown(turn, source_id))


async def _test(turn: Turn, source_id: int) -> None:
    services, words = turn.services, turn.words
    await turn.toast(words("Reading it now"))
    try:
        brought = await sources.test(services.db, services.fetcher, services.workers, source_id, turn.now)
    except (SourceError, WorkerError) as error:
        result = words.html("<b>Tested:</b> {reason}", reason=describe(error, words))
    else:
        services.wake("group")
        result = words.html(
            "<b>Tested:</b> it can be read; {articles}.",
            articles=words.count("{n} new article", "{n} new articles", brought),
        )
    text, buttons = await _shown(turn, source_id)
    await turn.edit(Html(f"{text}\n{result}"), buttons)


async def _ask_remove(turn: Turn, source_id: int) -> None:
    its = await _find(turn, source_id)
    await turn.toast()
    await turn.edit(
        turn.words.html(
            "Remove <b>{source}</b> with its {articles}? It can't be undone.",
            source=_name(its),
            articles=turn.words.count("{n} article", "{n} articles", its.articles),
        ),
        [
            [
                Button(turn.words("Remove it"), data=f"srcdo:removed:{source_id}"),
                Button(turn.words("Keep"), data=f"srcdo:keep:{source_id}"),
            ]
        ],
    )


async def _remove(turn: Turn, source_id: int) -> None:
    name = _name(await _find(turn, source_id))
    await sources.remove(turn.services.db, source_id, turn.now)
    await turn.toast(turn.words("Removed"))
    await turn.edit(turn.words.html("<b>{source}</b> is removed.", source=name), _to_list(turn))


async def _keep(turn: Turn, source_id: int) -> None:
    await turn.toast()
    await turn.edit(*await _shown(turn, source_id))


CHANGES: Final[dict[str, Callable[[Turn, int], Awaitable[None]]]] = {
    "pause": _pause,
    "resume": _resume,
    "test": _test,
    "remove": _ask_remove,
    "removed": _remove,
    "keep": _keep,
}


async def _find(turn: Turn, source_id: int) -> SourceCount:
    for its in await sources.list_sources(turn.services.db, turn.now):
        if its.source.id == source_id:
            return its
    raise NotFound("no_source", id=source_id)


async def _shown(turn: Turn, source_id: int) -> tuple[Html, Buttons]:
    its = await _find(turn, source_id)
    words, source = turn.words, its.source
    buttons = []
    if source.kind is SourceKind.FEED:
        switch = Button(words("Pause"), data=f"srcdo:pause:{source.id}")
        if source.state is SourceState.PAUSED:
            switch = Button(words("Resume"), data=f"srcdo:resume:{source.id}")
        buttons = [Button(words("Test now"), data=f"srcdo:test:{source.id}"), switch]
    remove = Button(words("Remove"), data=f"srcdo:remove:{source.id}")
    return Html(f"{_line(its, turn)}\n{code(source.url)}"), [[*buttons, remove], *_to_list(turn)]


def _name(its: SourceCount) -> str:
    return shorten(its.source.title or its.source.url, NAME_UNITS)


def _to_list(turn: Turn) -> Buttons:
    return [[Button(turn.words("List the sources"), data="sources")]]
