"""/source, for admins: adding, listing, testing, pausing and removing where the articles come from."""

from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Final

from bot.actions import account, examining, sources
from bot.actions.health import next_time, told, usual_pace
from bot.errors import BadInput, BriefwireError, NotFound, SourceError, WorkerError
from bot.model import Button, Html, SourceCount, SourceKind, SourceState
from bot.rules.health import Health, health, urgency
from bot.rules.rendering import NAME_UNITS, link, shorten
from bot.rules.splitting import split
from bot.storage.database import Database
from bot.telegram import catalogue, source_lists
from bot.telegram.turn import Buttons, Turn, code, keyboard_of, number
from bot.texts import escape
from bot.texts.errors import describe

PAGE = 20  # sources in one message


async def source(turn: Turn, text: str) -> None:
    """/source with a verb; a bare address is added, too."""
    account.require_admin(turn.visitor)
    verb, _, rest = text.strip().partition(" ")
    if verb.startswith(("http://", "https://")):
        verb, rest = "add", text.strip()
    verb, rest = verb.lower(), rest.strip()
    if verb in VERBS and (rest or verb in ALONE):
        await VERBS[verb](turn, rest)
        return
    await turn.reply(
        turn.words.html(
            "<code>/source add https://example.org</code> adds a feed, or the feed of a page.\n"
            "/source list shows every source and how it is, /source catalogue well-known feeds to pick from.\n"
            "<code>/source test https://example.org</code> tells step by step what a fetch of it meets.\n"
            "<code>/source import https://example.org/feeds.opml</code>, or a file with the caption "
            "<code>/source import</code>, adds all feeds of a list; /source export gives yours.\n"
            "<code>/source pause NAME</code>, <code>resume</code> and <code>remove</code> do what they say."
        ),
        _to_list(turn),
    )


async def add(turn: Turn, url: str) -> None:
    """Adds a source: it is fetched at once, so that a wrong address is told now."""
    account.require_admin(turn.visitor)
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


async def show_list(turn: Turn, page: str) -> None:
    """/source list: every source with what it brings and what ails it, the ill first; a tap opens one."""
    account.require_admin(turn.visitor)
    await turn.toast()
    found = await sources.list_sources(turn.services.db, turn.now)
    if not found:
        await turn.reply(
            turn.words.html("No sources yet. <code>/source add https://example.org/feed.xml</code> adds one."),
            [[Button(turn.words("Well-known feeds"), data="catalogue")]],
        )
        return
    text, buttons = _page(turn, sorted(found, key=lambda its: urgency(its.source, turn.now)), _place(page))
    # A page of the list replaces the one before it; from elsewhere the list is a message of its own.
    await (turn.edit(text, buttons) if page.startswith("page") else turn.reply(text, buttons))


def _place(page: str) -> int:
    return int(digits) if (digits := page.removeprefix("page")).isdecimal() else 0


def _page(turn: Turn, found: list[SourceCount], page: int) -> tuple[Html, Buttons]:
    words = turn.words
    pages = (len(found) - 1) // PAGE + 1
    page = min(page, pages - 1)
    shown = list(enumerate(found, 1))[page * PAGE : (page + 1) * PAGE]
    blocks = [_head(turn, found), *(Html(f"{place}. {_line(its, turn)}") for place, its in shown)]
    buttons = [Button(shorten(_name(its), 28), data=f"source:{its.source.id}") for _, its in shown]
    rows = [buttons[place : place + 2] for place in range(0, len(buttons), 2)]
    turns = []
    if page:
        turns.append(Button(words("Back"), data=f"sources:page{page - 1}"))
    if page + 1 < pages:
        turns.append(Button(words("Further: {n} of {pages}", n=page + 2, pages=pages), data=f"sources:page{page + 1}"))
    return Html("\n".join(blocks)), [*rows, *([turns] if turns else [])]


def _head(turn: Turn, found: list[SourceCount]) -> Html:
    words = turn.words
    states = Counter(health(its.source, turn.now) for its in found)
    facts = [
        words("{n} can't be read", n=states[Health.ILL]) if states[Health.ILL] else "",
        words("{n} silent", n=states[Health.SILENT]) if states[Health.SILENT] else "",
        words("{n} paused", n=states[Health.PAUSED]) if states[Health.PAUSED] else "",
    ]
    head = words.html("<b>{sources}</b>", sources=words.count("{n} source", "{n} sources", len(found)))
    return Html(" · ".join([head, *(escape(fact) for fact in facts if fact)]))


def _line(its: SourceCount, turn: Turn) -> Html:
    words = turn.words
    facts = [words.count("{n} article", "{n} articles", its.articles)]
    if its.recent == its.articles and its.articles:
        facts = [words.count("{n} article in the last day", "{n} articles in the last day", its.recent)]
    elif its.recent:
        facts.append(words("{n} in the last day", n=its.recent))
    name = link(its.source.title or its.source.url, its.source.site_url or its.source.url)
    return Html(f"{name}\n{escape(' · '.join([*facts, told(its.source, words, _here(turn))]))}")


def _here(turn: Turn) -> datetime:
    """Now, in the chat's own time."""
    return turn.telling.local(turn.now)


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


async def _ignore(turn: Turn, source_id: int) -> None:
    await sources.ignore(turn.services.db, source_id, turn.now)
    await turn.toast(turn.words("No warnings of it for a week"))
    await turn.edit(*await _shown(turn, source_id))


async def _explain(turn: Turn, source_id: int) -> None:
    its = await _find(turn, source_id)
    await turn.toast(turn.words("Reading it now"))
    await explain(turn, its.source.url)


async def explain(turn: Turn, where: str) -> None:
    """/source test: what a fetch of an address, or of a source by its name, meets, step by step."""
    services = turn.services
    if not where.startswith(("http://", "https://")):
        with suppress(NotFound):
            where = (await sources.find(services.db, where)).url
    progress = await turn.reply(turn.words.html("Reading {url} …", url=where))
    found = await examining.examine(services.db, services.fetcher, services.workers, where, turn.now)
    steps = examining.explain(found, turn.words, _here(turn))
    text = Html("\n".join([f"<b>{escape(shorten(where, NAME_UNITS))}</b>", *(escape(step) for step in steps)]))
    [message, *_] = split([text], [])
    rows: list[list[Button]] = []
    if found.known is not None:
        rows = [[Button(turn.words("Open"), data=f"source:{found.known.id}")]]
    await progress.edit_text(message.text, parse_mode="HTML", reply_markup=keyboard_of([*rows, *_to_list(turn)]))


async def pause(turn: Turn, name: str) -> None:
    """/source pause NAME."""
    await _pause_named(turn, name, sources.pause)


async def resume(turn: Turn, name: str) -> None:
    """/source resume NAME."""
    await _pause_named(turn, name, sources.resume)
    turn.services.wake("collect")


async def remove(turn: Turn, name: str) -> None:
    """/source remove NAME: asks first."""
    source = await sources.find(turn.services.db, name)
    await turn.reply(*_removal(turn, await _find(turn, source.id)))


async def _pause_named(turn: Turn, name: str, change: Callable[[Database, int, datetime], Awaitable[None]]) -> None:
    source = await sources.find(turn.services.db, name)
    await change(turn.services.db, source.id, turn.now)
    await turn.reply(*await _shown(turn, source.id))


async def _ask_remove(turn: Turn, source_id: int) -> None:
    its = await _find(turn, source_id)
    await turn.toast()
    await turn.edit(*_removal(turn, its))


def _removal(turn: Turn, its: SourceCount) -> tuple[Html, Buttons]:
    question = turn.words.html(
        "Remove <b>{source}</b> with its {articles}? It can't be undone.",
        source=_name(its),
        articles=turn.words.count("{n} article", "{n} articles", its.articles),
    )
    yes = Button(turn.words("Remove it"), data=f"srcdo:removed:{its.source.id}")
    return question, [[yes, Button(turn.words("Keep"), data=f"srcdo:keep:{its.source.id}")]]


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
    "ignore": _ignore,
    "explain": _explain,
}
VERBS: Final[dict[str, Callable[[Turn, str], Awaitable[None]]]] = {
    "add": add,
    "list": show_list,
    "test": explain,
    "pause": pause,
    "resume": resume,
    "remove": remove,
    "import": source_lists.import_from,
    "export": source_lists.export,
    "catalogue": catalogue.show,
}
ALONE: Final = frozenset({"list", "export", "import", "catalogue"})  # verbs that need nothing behind them


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
    more = [Button(words("Remove"), data=f"srcdo:remove:{source.id}")]
    if source.kind is SourceKind.FEED:
        more.insert(0, Button(words("Step by step"), data=f"srcdo:explain:{source.id}"))
    facts = [usual_pace(source, words), next_time(source, words, _here(turn))]
    lines = [_line(its, turn), *(escape(fact) for fact in facts if fact), code(source.url)]
    rows = [row for row in (buttons, more) if row]
    return Html("\n".join(lines)), [*rows, *_to_list(turn)]


def _name(its: SourceCount) -> str:
    return shorten(its.source.title or its.source.url, NAME_UNITS)


def _to_list(turn: Turn) -> Buttons:
    return [[Button(turn.words("List the sources"), data="sources")]]
