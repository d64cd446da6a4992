"""What is chosen before a post goes out: whom it is for, when, and how; the question is edited in place."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.actions import post_reports, posts
from bot.errors import BadInput
from bot.model import Audience, Broadcast, Button, ChatGroup, Html, Recipients, Urgency
from bot.rules.rendering import shorten
from bot.telegram.turn import Buttons, Turn, number
from bot.texts import LANGUAGES, Catalogue, escape

HOURS = (8, 12, 18)  # offered for later


async def question(turn: Turn, its: Broadcast) -> tuple[Html, Buttons]:
    """Whom it would reach and when, and the ways to change that."""
    audience = await posts.audience(turn.services.db, its, turn.now)
    says = turn.words
    facts = [says.count("{n} chat", "{n} chats", audience.chats)]
    if audience.takes_no_posts:
        facts.append(says.count("{n} more takes no posts", "{n} more take no posts", audience.takes_no_posts))
    head = says.html("<b>Not sent.</b> {facts}.", facts="; ".join(facts))
    text = Html("\n".join([head, *_pace(turn, its, audience)]))
    at = says("Time: {when}", when=when(turn, its.start_at) if its.start_at else says("now"))
    rows = [
        [Button(says("Test to me"), data=f"posttest:{its.id}"), Button(says("Send"), data=f"postsend:{its.id}")],
        [_briefing_button(its, says), Button(says("Cancel"), data=f"poststop:{its.id}")],
        [
            Button(says("To: {whom}", whom=_whom(its.recipients, says)), data=f"postto:{its.id}"),
            Button(at, data=f"postat:{its.id}"),
        ],
    ]
    if its.urgency is not Urgency.BRIEFING:
        rows.append([_urgent_button(its, says)])
    if audience.told or its.recipients.skips_told:
        rows.append([_told_button(its, audience, says)])
    return text, rows


def _pace(turn: Turn, its: Broadcast, audience: Audience) -> list[str]:
    """How it comes to them: now, later, or in their briefings."""
    says = turn.words
    if its.urgency is Urgency.BRIEFING:
        lines = [says("In the next briefing of each, without a message of its own.")]
    else:
        at_once = audience.chats - audience.later
        left = post_reports.duration(at_once / turn.services.rate, says) if at_once else says("{n} s", n=0)
        parts = [says("{chats} now, about {time}", chats=f"{at_once:,}", time=left)]
        if audience.later:
            parts.append(says("{chats} after their quiet hours", chats=f"{audience.later:,}"))
        lines = ["; ".join(parts) + says(".")]
    if audience.told:
        told = says.count("{n} already had this story", "{n} already had this story", audience.told)
        lines.append(told + says("."))
    return [escape((" " if says.language == "en" else "").join(lines))]


def _briefing_button(its: Broadcast, says: Catalogue) -> Button:
    if its.urgency is Urgency.BRIEFING:
        return Button(says("As a message"), data=f"postas:{Urgency.CONSIDERATE}:{its.id}")
    return Button(says("Into next briefing"), data=f"postas:{Urgency.BRIEFING}:{its.id}")


def _urgent_button(its: Broadcast, says: Catalogue) -> Button:
    if its.urgency is Urgency.URGENT:
        return Button(says("Urgent ✓"), data=f"postas:{Urgency.CONSIDERATE}:{its.id}")
    return Button(says("Urgent: also in quiet hours, where chats let it"), data=f"postas:{Urgency.URGENT}:{its.id}")


def _told_button(its: Broadcast, audience: Audience, says: Catalogue) -> Button:
    if its.recipients.skips_told:
        return Button(says("Also to those who had the story"), data=f"postto:{its.id}:told")
    label = says.count("Leave out the {n} who had it", "Leave out the {n} who had it", audience.told)
    return Button(label, data=f"postto:{its.id}:told")


def _whom(its: Recipients, says: Catalogue) -> str:
    if its.test:
        return says("the test group")
    parts = [_groups(says)[its.group]] if its.group is not ChatGroup.ALL else []
    if its.language:
        parts.append(_languages(says).get(its.language, its.language))
    if its.query:
        parts.append(says("followers of {query}", query=shorten(its.query, 30)))
    if its.follows_article:
        parts.append(says("followers it meets"))
    return ", ".join(parts) or says("all")


def _groups(says: Catalogue) -> dict[ChatGroup, str]:
    return {
        ChatGroup.ALL: says("all"),
        ChatGroup.PRIVATE: says("private chats"),
        ChatGroup.GROUPS: says("groups"),
        ChatGroup.CHANNELS: says("channels"),
    }


def _languages(says: Catalogue) -> dict[str, str]:
    return {"en": says("English"), "zh": says("Chinese")}


async def recipients(turn: Turn, argument: str) -> None:
    """[To: …], and the choices behind it: ID, or ID:FIELD:VALUE."""
    its = await posts.get(turn.services.db, turn.visitor.user, number(argument.partition(":")[0]))
    _, _, chosen = argument.partition(":")
    if chosen:
        field, _, value = chosen.partition(":")
        changed = _chosen(its.recipients, field, value)
        its = await posts.choose(turn.services.db, turn.visitor.user, its.id, changed)
    await turn.toast()
    await turn.edit(*(await question(turn, its) if chosen == "told" else await _recipients_view(turn, its)))


def _chosen(its: Recipients, field: str, value: str) -> Recipients:
    match field:
        case "all":
            return Recipients(skips_told=its.skips_told)
        case "language":
            return replace(its, language="" if its.language == value else value, test=False)
        case "group" if value in list(ChatGroup):
            group = ChatGroup(value)
            return replace(its, group=ChatGroup.ALL if its.group is group else group, test=False)
        case "met":
            return replace(its, follows_article=not its.follows_article, query="", test=False)
        case "query":
            return replace(its, query="")
        case "test":
            return Recipients(test=not its.test)
        case "told":
            return replace(its, skips_told=not its.skips_told)
        case _:
            raise BadInput("stale_button")


async def _recipients_view(turn: Turn, its: Broadcast) -> tuple[Html, Buttons]:
    says, chosen = turn.words, its.recipients
    audience = await posts.audience(turn.services.db, its, turn.now)

    def choice(label: str, field: str, *, on: bool) -> Button:
        return Button(f"{label} ✓" if on else label, data=f"postto:{its.id}:{field}")

    groups = [group for group in ChatGroup if group is not ChatGroup.ALL]
    rows = [
        [choice(says("All"), "all", on=chosen == Recipients(skips_told=chosen.skips_told))],
        [choice(_groups(says)[one], f"group:{one}", on=chosen.group is one) for one in groups],
        [choice(_languages(says)[code], f"language:{code}", on=chosen.language == code) for code in LANGUAGES],
    ]
    if its.article_id is not None:
        rows.append([choice(says("Followers it meets"), "met", on=chosen.follows_article)])
    if chosen.query:
        rows.append([choice(says("Followers of {query}", query=shorten(chosen.query, 30)), "query", on=True)])
    rows.append([choice(says("Test group: admins and editors"), "test", on=chosen.test)])
    rows.append([Button(says("Back"), data=f"postask:{its.id}")])
    text = says.html(
        "<b>To whom?</b> {chats}.\nFollowers of a topic: <code>/posts {id} to North Korea</code>",
        chats=says.count("{n} chat", "{n} chats", audience.chats),
        id=its.id,
    )
    return text, rows


async def ask(turn: Turn, broadcast_id: str) -> None:
    """[Back] to the question."""
    await turn.toast()
    await turn.edit(*await question(turn, await find(turn, broadcast_id)))


async def find(turn: Turn, broadcast_id: str) -> Broadcast:
    """The post that a button or a command names."""
    return await posts.get(turn.services.db, turn.visitor.user, number(broadcast_id))


async def set_urgency(turn: Turn, argument: str) -> None:
    """[Into next briefing], [As a message], [Urgent]."""
    urgency, _, broadcast_id = argument.partition(":")
    if urgency not in list(Urgency):
        raise BadInput("stale_button")
    its = await posts.set_urgency(turn.services.db, turn.visitor.user, number(broadcast_id), Urgency(urgency))
    await turn.toast()
    await turn.edit(*await question(turn, its))


async def set_time(turn: Turn, argument: str) -> None:
    """[Time: …], and the times behind it: ID, or ID:UNIX SECONDS, or ID:0 for now."""
    broadcast_id, _, at = argument.partition(":")
    its = await find(turn, broadcast_id)
    await turn.toast()
    if not at:
        await turn.edit(*_times_view(turn, its))
        return
    start_at = datetime.fromtimestamp(number(at), tz=turn.now.tzinfo) if number(at) else None
    its = await posts.schedule(turn.services.db, turn.visitor.user, its.id, start_at, turn.now)
    await turn.edit(*await question(turn, its))


def _times_view(turn: Turn, its: Broadcast) -> tuple[Html, Buttons]:
    says, local = turn.words, turn.telling.local(turn.now)
    offered = [turn.now + timedelta(hours=1)]
    for day in (local.date(), local.date() + timedelta(days=1)):
        offered += [datetime.combine(day, time(hour), tzinfo=local.tzinfo) for hour in HOURS]
    later = [at for at in offered if at > turn.now][:6]
    buttons = [Button(when(turn, at), data=f"postat:{its.id}:{int(at.timestamp())}") for at in later]
    rows = [[Button(says("Now"), data=f"postat:{its.id}:0")], *(buttons[n : n + 2] for n in range(0, len(buttons), 2))]
    text = says.html("<b>When?</b> Any other time: <code>/posts {id} at 2026-12-24 18:00</code>", id=its.id)
    return text, [*rows, [Button(says("Back"), data=f"postask:{its.id}")]]


def when(turn: Turn, at: datetime) -> str:
    """A time where the admin lives."""
    return turn.words.moment(turn.telling.local(at), now=turn.telling.local(turn.now))
