"""A pasted address: a reader proposes it as a source, an admin adds it; either with one tap."""

from collections.abc import Callable

from bot.actions import proposals
from bot.actions.health import usual_pace
from bot.actions.proposals import Proposed
from bot.errors import BriefwireError
from bot.model import Button, Chat, Html, Message
from bot.rules.rendering import NAME_UNITS, link, shorten
from bot.rules.urls import is_http_url
from bot.telegram import posts, sources
from bot.telegram.turn import Turn, code, number
from bot.texts import Catalogue, escape, words
from bot.texts.errors import describe

NEWEST_SHOWN = 3
TITLE_UNITS = 80

Told = list[tuple[Chat, Message]]


def is_address(text: str) -> bool:
    """Whether a message is an address and nothing else."""
    return is_http_url(text.strip())


async def offer(turn: Turn, text: str) -> None:
    """A pasted address: what could be done with it."""
    its = turn.words
    url = text.strip()
    if turn.visitor.is_admin:
        buttons = [Button(its("Add as a source"), data="propose:add"), Button(its("Post it"), data="propose:post")]
        await turn.reply(Html(f"{code(url)}\n{its.html('What shall become of this address?')}"), [buttons])
        return
    question = its.html("Shall I ask the admins to read this site?")
    await turn.reply(Html(f"{code(url)}\n{question}"), [[Button(its("Propose as a source"), data="propose:ask")]])


async def tapped(turn: Turn, what: str) -> Told:
    """A button below a pasted address."""
    if what == "add":
        await turn.toast()
        await sources.add(turn, turn.quoted())
    elif what == "post":
        await turn.toast()
        await posts.post(turn, turn.quoted())
    elif what == "ask":
        return await ask(turn)
    return []


async def ask(turn: Turn) -> Told:
    """[Propose as a source]: the feed is read first, so that admins are asked only about what can be read."""
    services, its = turn.services, turn.words
    url = turn.quoted()
    await turn.toast(its("Reading it now"))
    try:
        proposed = await proposals.propose(services.db, services.fetcher, services.workers, turn.visitor, url, turn.now)
    except BriefwireError as error:
        await turn.edit(Html(f"{code(url)}\n{escape(describe(error, its))}"))
        return []
    await turn.edit(
        its.html("Proposed: <b>{title}</b>. You will be told what the admins decide.", title=_title(proposed))
    )
    return [(chat, _question(proposed, turn.visitor.user.name, chat, turn)) for chat in proposed.admins]


def _question(proposed: Proposed, name: str, chat: Chat, turn: Turn) -> Message:
    its = words(chat.language)
    source, feed = proposed.source, proposed.feed
    facts = [its.count("{n} entry", "{n} entries", len(feed.entries)), usual_pace(source, its)]
    lines = [
        its.html(
            "{name} proposes <b>{source}</b> as a source.",
            name=name,
            source=link(_title(proposed), source.site_url or source.url),
        ),
        escape(" · ".join(fact for fact in facts if fact)),
        *(_entry(entry.title or entry.text, entry.link) for entry in feed.entries[:NEWEST_SHOWN]),
        code(source.url),
    ]
    row = (
        Button(its("Add it"), data=f"proposal:yes:{proposed.proposal.id}"),
        Button(its("No"), data=f"proposal:no:{proposed.proposal.id}"),
    )
    return Message(Html("\n".join(lines)), (row,))


def _entry(title: str, url: str) -> Html:
    return Html(f"• {link(shorten(title, TITLE_UNITS), url) if url else escape(shorten(title, TITLE_UNITS))}")


def _title(proposed: Proposed) -> str:
    return shorten(proposed.source.title or proposed.source.url, NAME_UNITS)


async def decide(turn: Turn, argument: str) -> Told:
    """[Add it] or [No] of an admin; who proposed it is told."""
    verb, _, proposal_id = argument.partition(":")
    services, its = turn.services, turn.words
    if verb == "no":
        proposal, chat = await proposals.refuse(services.db, turn.visitor, number(proposal_id))
        await turn.toast()
        await turn.edit(its.html("Not added: <b>{title}</b>.", title=proposal.title or proposal.url))
        return _told(chat, _refused, proposal.title or proposal.url)
    await turn.toast(its("Reading it now"))
    added, chat = await proposals.accept(
        services.db, services.fetcher, services.workers, turn.visitor, number(proposal_id), turn.now
    )
    services.wake("group")
    title = added.source.title or added.source.url
    await turn.edit(
        its.html(
            "Added <b>{title}</b>: {articles} imported silently. New ones are told from now on.",
            title=title,
            articles=its.count("{n} article", "{n} articles", added.articles),
        ),
        [[Button(its("List the sources"), data="sources")]],
    )
    return _told(chat, _accepted, title)


def _accepted(its: Catalogue, title: str) -> Html:
    return its.html("<b>{title}</b>, which you proposed, is read now.", title=title)


def _refused(its: Catalogue, title: str) -> Html:
    return its.html("The admins decided against <b>{title}</b>, which you proposed.", title=title)


def _told(chat: Chat | None, text: Callable[[Catalogue, str], Html], title: str) -> Told:
    return [(chat, Message(text(words(chat.language), title)))] if chat is not None else []
