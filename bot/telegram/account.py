"""Coming, asking to be let in, help, leaving."""

from bot.actions import account, schedule, subscriptions
from bot.config import AccessPolicy
from bot.model import Access, Button, Chat, Html, Message, User
from bot.telegram import catalogue
from bot.telegram.menu import introduce_to_admin
from bot.telegram.turn import Turn, number
from bot.texts import Catalogue, words
from bot.texts.schedules import in_words, zone_in_words

TOPICS_OFFERED = 6
TOPIC_BYTES = 56  # of callback data, beside its verb


async def start(turn: Turn, code: str) -> None:
    """/start: greets, offers what is in the news, and the first briefing. With a claim code, makes the owner."""
    if code and await account.claim(turn.services.db, turn.visitor, code, turn.services.claim_code):
        turn.services.claim_code = ""
        await introduce_to_admin(turn.update.get_bot(), turn.visitor.user.telegram_user_id)
        await turn.reply(
            turn.words.html("You own this bot now. /source adds a source, /post sends a post, /help shows everything.")
        )
        await greet(turn, is_admin=True)
        return
    if not turn.visitor.is_let_in:
        await refuse_stranger(turn)
        return
    if turn.visitor.is_admin:
        await introduce_to_admin(turn.update.get_bot(), turn.visitor.user.telegram_user_id)
    await greet(turn, is_admin=turn.visitor.is_admin)


async def greet(turn: Turn, *, is_admin: bool) -> None:
    """The first message somebody sees."""
    news = await subscriptions.in_the_news(turn.services.db, turn.visitor.chat, TOPICS_OFFERED, turn.now)
    lines: list[str] = [_about(turn, news.sources)]
    if is_admin and not news.sources:
        lines.append(
            turn.words.html(
                "It reads no source yet. Tap a pack of well-known feeds, or add your own: "
                "<code>/source add https://example.org</code>"
            )
        )
        await turn.reply(Html("\n".join(lines)), catalogue.first_offer(turn))
        return
    lines += [turn.words("In the news now; tap any:") if news.topics else _how_to_follow(turn), await _when(turn)]
    topics = [Button(topic, data=f"follow:{topic}") for topic in news.topics if len(topic.encode()) <= TOPIC_BYTES]
    rows = [topics[place : place + 3] for place in range(0, len(topics), 3)]
    await turn.reply(
        Html("\n".join(lines)),
        [
            *rows,
            [Button(turn.words("Type your own"), data="type"), Button(turn.words("Other time"), data="schedule")],
            [Button(turn.words("First briefing"), data="brief")],
        ],
    )


def _about(turn: Turn, sources: int) -> Html:
    if not sources:
        return turn.words.html("<b>Briefwire</b> tells you only what you follow, linked to the originals.")
    return turn.words.html(
        "<b>Briefwire</b> {reads} and tells you only what you follow, linked to the originals.",
        reads=turn.words.count("reads {n} source", "reads {n} sources", sources),
    )


def _how_to_follow(turn: Turn) -> Html:
    if turn.hears_all:
        return turn.words.html("Write a word or a phrase to follow it.")
    return turn.words.html("Write what to follow behind it: <code>/subscribe North Korea</code>")


async def _when(turn: Turn) -> str:
    """When briefings come, or would come once a first topic is followed."""
    db, chat = turn.services.db, turn.visitor.chat
    times = [its.times for its in (await schedule.of_chat(db, chat)).schedules]
    if not times and await subscriptions.topics_of_chat(db, chat):
        return turn.words("No briefing comes by itself. /brief makes one whenever you ask.")
    shown = "; ".join(in_words(its, turn.words) for its in times or [schedule.DEFAULT_TIMES])
    return turn.words("Your briefing: {times} ({zone}).", times=shown, zone=zone_in_words(chat.timezone, turn.words))


async def type_your_own(turn: Turn, _: str) -> None:
    """The button of that name: how to write a topic."""
    await turn.toast()
    if turn.hears_all:
        text = turn.words.html(
            "Write what you want to follow: a word, a phrase, or <code>Seoul AND troops</code>, "
            "<code>BYD OR Tesla</code>, <code>chips -potato</code>. "
            "I show what it would have met before anything is saved."
        )
    else:
        text = turn.words.html(
            "Write <code>/subscribe North Korea</code>, or <code>/subscribe Seoul AND troops</code>, "
            "<code>/subscribe BYD OR Tesla</code>, <code>/subscribe chips -potato</code>."
        )
    await turn.reply(text)


async def help_(turn: Turn, _: str) -> None:
    """/help: every command and the query language by example."""
    sections = [
        turn.words.html(
            "<b>Follow</b>\n"
            "/subscribe North Korea – a phrase, with its inflections\n"
            "/list – your topics\n"
            "/unsubscribe North Korea – end one\n"
            "/test Seoul AND troops – what a query meets, and why\n"
            "/mute football – hide words or a source"
        ),
        turn.words.html(
            "<b>Read</b>\n"
            "/brief – what is new on your topics\n"
            "/brief 3d – everything of three days\n"
            "/schedule weekdays 8:00 – when it comes by itself\n"
            "/quiet 22:00-07:00 – when nothing comes\n"
            "/pause 3d – a rest; /resume ends it\n"
            "/timezone Berlin – where you are\n"
            "/settings – language and the rest\n"
            "/delete – forget this chat"
        ),
        turn.words.html(
            "<b>Queries</b>\n"
            "<code>Seoul AND troops</code> both\n"
            "<code>Seoul OR Pyongyang</code> any\n"
            "<code>Korea -football</code> without\n"
            '<code>"climate change"</code> exactly so\n'
            "<code>(Seoul OR Pyongyang) AND troops</code> grouped\n"
            "<code>Seoul AND troops =&gt; The Koreas</code> named"
        ),
    ]
    if turn.visitor.is_admin:
        sections.append(
            turn.words.html(
                "<b>Admins</b>\n"
                "/source add URL – a feed, or a page that has one\n"
                "/source list – every source and how it is\n"
                "/source catalogue – well-known feeds to pick from\n"
                "/source import, /source export – lists of feeds (OPML)\n"
                "/post URL or text – preview, then send to all chats\n"
                "/stats – how the bot stands, and the next rush"
            )
        )
    await turn.reply(Html("\n\n".join(sections)))


# Access by invitation


async def refuse_stranger(turn: Turn) -> None:
    """One sentence and one button for somebody who is not let in."""
    await turn.toast()
    if turn.visitor.user.access is Access.ASKED:
        await turn.reply(turn.words("You asked to be let in. You get a message here when an admin has decided."))
    elif turn.visitor.user.access is Access.REFUSED:
        await turn.reply(turn.words("An admin decided not to let you in."))
    else:
        await turn.reply(
            turn.words("This bot is by invitation; an admin can let you in."),
            [[Button(turn.words("Ask for access"), data="ask")]],
        )


async def ask(turn: Turn, _: str) -> list[tuple[Chat, Message]]:
    """The stranger's button: tells every admin, who decides with one tap."""
    if turn.visitor.is_let_in:  # somebody else's button in a group, or an old one
        await turn.toast(turn.words("You are let in already."))
        return []
    if turn.visitor.user.access is Access.REFUSED:
        await turn.toast(turn.words("An admin decided not to let you in."), alert=True)
        return []
    admins = await account.ask_for_access(turn.services.db, turn.visitor)
    await turn.toast(turn.words("Asked"))
    await turn.edit(turn.words("Asked. You get a message here when an admin has decided."))
    return [(admin, _request(turn.visitor.user, words(admin.language))) for admin in admins]


def _request(user: User, its: Catalogue) -> Message:
    text = its.html("<b>{name}</b> asks to be let in (id {id}).", name=user.name, id=user.telegram_user_id)
    decide = (Button(its("Let in"), data=f"letin:{user.id}"), Button(its("No"), data=f"refuse:{user.id}"))
    return Message(text, (decide,))


async def let_in(turn: Turn, user_id: str) -> list[tuple[Chat, Message]]:
    """An admin's [Let in]."""
    return await _decide(turn, number(user_id), let_in=True)


async def refuse(turn: Turn, user_id: str) -> list[tuple[Chat, Message]]:
    """An admin's [No]."""
    return await _decide(turn, number(user_id), let_in=False)


async def _decide(turn: Turn, user_id: int, *, let_in: bool) -> list[tuple[Chat, Message]]:
    user, chat = await account.decide_access(turn.services.db, turn.visitor, user_id, let_in=let_in)
    await turn.toast()
    if let_in:
        done = turn.words.html("<b>{name}</b> is let in.", name=user.name)
    else:
        done = turn.words.html("<b>{name}</b> is not let in.", name=user.name)
    undo = Button(turn.words("Undo"), data=f"{'refuse' if let_in else 'letin'}:{user.id}")
    await turn.edit(done, [[undo]])
    if chat is None:
        return []
    its = words(chat.language)
    text = its("You are let in. /start shows how to begin.") if let_in else its("An admin decided not to let you in.")
    return [(chat, Message(text))]


# Leaving


async def ask_delete(turn: Turn, _: str) -> None:
    """/delete and its button: asks once more."""
    await turn.toast()
    text = turn.words.html(
        "This forgets the chat: its <b>topics</b>, <b>times</b> and <b>briefings</b>. It can't be undone."
    )
    if turn.services.door.policy is AccessPolicy.INVITE and not turn.visitor.is_admin and turn.hears_all:
        text = Html(f"{text}\n{turn.words.html('You would have to be let in again, too.')}")
    await turn.reply(
        text,
        [[Button(turn.words("Delete everything"), data="delete:yes"), Button(turn.words("Keep"), data="close")]],
    )


async def delete(turn: Turn, answer: str) -> None:
    """[Delete everything], or the first tap that asks."""
    if answer != "yes":
        await ask_delete(turn, "")
        return
    for query_id in await account.forget(turn.services.db, turn.visitor.chat, turn.visitor.user):
        turn.services.matcher.discard(query_id)
    await turn.toast(turn.words("Forgotten"))
    await turn.edit(turn.words("Forgotten. /start begins anew."))


async def close(turn: Turn, _: str) -> None:
    """[Keep], [No], [Cancel] of a question: nothing happens."""
    await turn.toast()
    await turn.edit(turn.words("Nothing changed."))
