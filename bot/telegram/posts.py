"""/post and /posts, for admins and editors: a preview exactly as readers will see it, whom it reaches, and its life."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.actions import articles, post_reports, posts
from bot.actions.items import item_of
from bot.errors import BadInput, QueryError, SourceError
from bot.model import (
    Broadcast,
    BroadcastState,
    Button,
    Html,
)
from bot.rules.rendering import render_item, shorten
from bot.telegram.post_choices import find, question, when
from bot.telegram.subscriptions import bad_query
from bot.telegram.turn import Buttons, Turn, number
from bot.texts import escape
from bot.texts.errors import describe

SENTENCES = 3
LISTED = 60  # UTF-16 units of a post in the list
WORDS = ("edit", "at", "to")  # what may follow the number of a post


async def post(turn: Turn, text: str) -> None:
    """/post URL or text: shows the post and whom it would reach. Nothing is sent yet."""
    if not text.strip():
        posts.require_editor(turn.visitor.user)
        await turn.reply(
            turn.words.html("Write the post, or an article's address, after it: <code>/post https://…</code>")
        )
        return
    if text.strip().startswith(("http://", "https://")) and len(text.split()) == 1:
        await _post_article(turn, text.strip())
        return
    await _preview(turn, await posts.draft(turn.services.db, turn.visitor.user, posts.as_html(text), None, turn.now))


async def _post_article(turn: Turn, url: str) -> None:
    services = turn.services
    posts.require_editor(turn.visitor.user)
    try:
        article = await articles.article_from_url(services.db, services.fetcher, services.workers, url, turn.now)
    except (SourceError, BadInput) as error:
        await turn.reply(turn.words.html("Not read: {url}\n{reason}", url=url, reason=describe(error, turn.words)))
        return
    sentences = await services.workers.summarize(
        article.text, title=article.title, language=article.language, sentences=SENTENCES
    )
    item = replace(item_of(article, turn.telling), excerpts=tuple(sentence.text for sentence in sentences))
    text = render_item(item, turn.words)
    draft = await posts.draft(services.db, turn.visitor.user, text, article.id, turn.now)
    services.wake("group")
    await _preview(turn, draft)


async def _preview(turn: Turn, draft: Broadcast) -> None:
    await turn.reply(Html(draft.text))
    await turn.reply(*await question(turn, draft))


async def test(turn: Turn, broadcast_id: str) -> None:
    """[Test to me]: the post once more, to this chat alone."""
    draft = await posts.get(turn.services.db, turn.visitor.user, number(broadcast_id))
    await turn.toast(turn.words("Sent to you alone"))
    await turn.reply(Html(draft.new_text or draft.text))


async def send(turn: Turn, broadcast_id: str) -> None:
    """[Send]: from now on this message shows how far it is."""
    services = turn.services
    its = await posts.confirm(services.db, turn.visitor.user, number(broadcast_id), turn.now)
    await turn.toast(turn.words("Sending") if its.state is BroadcastState.SENDING else "")
    await _report(turn, its)
    # Only now, so that this is never written over what the step says later.
    await posts.show_progress_in(services.db, its.id, turn.message.chat_id, turn.message.message_id)
    _wake(turn)


def _wake(turn: Turn) -> None:
    for step in ("broadcast", "deliver", "progress"):
        turn.services.wake(step)


async def _report(turn: Turn, its: Broadcast) -> None:
    text, rows = await _report_of(turn, its)
    await turn.edit(text, rows)


async def _report_of(turn: Turn, its: Broadcast) -> tuple[Html, Buttons]:
    db, says = turn.services.db, turn.words
    count = await posts.progress(db, its.id, turn.now)
    chats = await posts.uncertain_chats(db, its.id) if count.uncertain else ()
    message = post_reports.report(its, count, says, uncertain_in=chats)
    text = Html(message.text)
    if its.state is BroadcastState.SCHEDULED and its.start_at is not None:
        text = says.html("<b>Scheduled</b> for {when}.", when=when(turn, its.start_at))
    return text, message.buttons


async def stop(turn: Turn, broadcast_id: str) -> None:
    """[Cancel] of a draft, [Stop the rest] of one that is being sent."""
    before = await find(turn, broadcast_id)
    its = await posts.cancel(turn.services.db, turn.visitor.user, before.id, turn.now)
    await turn.toast(turn.words("Stopped") if before.was_sent else "")
    if not before.was_sent:
        await turn.edit(turn.words("Cancelled. Nobody got it."))
        return
    await _report(turn, its)
    _wake(turn)


async def pause(turn: Turn, broadcast_id: str) -> None:
    """[Pause]."""
    its = await posts.pause(turn.services.db, turn.visitor.user, number(broadcast_id))
    await turn.toast(turn.words("Paused"))
    await _report(turn, its)
    await posts.show_progress_in(turn.services.db, its.id, turn.message.chat_id, turn.message.message_id)


async def resume(turn: Turn, broadcast_id: str) -> None:
    """[Resume]."""
    its = await posts.resume(turn.services.db, turn.visitor.user, number(broadcast_id), turn.now)
    await turn.toast(turn.words("Sending"))
    await _report(turn, its)
    await posts.show_progress_in(turn.services.db, its.id, turn.message.chat_id, turn.message.message_id)
    _wake(turn)


async def again(turn: Turn, broadcast_id: str) -> None:
    """[Send again]: what perhaps arrived goes once more."""
    db, post_id = turn.services.db, number(broadcast_id)
    count = await posts.send_uncertain_again(db, turn.visitor.user, post_id, turn.now)
    await turn.toast(turn.words.count("{n} goes again", "{n} go again", count))
    await _report(turn, await find(turn, broadcast_id))
    await posts.show_progress_in(db, post_id, turn.message.chat_id, turn.message.message_id)
    _wake(turn)


async def leave(turn: Turn, broadcast_id: str) -> None:
    """[Leave]: what perhaps arrived stays as it is."""
    its = await posts.leave_uncertain(turn.services.db, turn.visitor.user, number(broadcast_id))
    await turn.toast(turn.words("Left as it is"))
    await _report(turn, its)


async def hint_edit(turn: Turn, broadcast_id: str) -> None:
    """[Edit]: how another text is given."""
    its = await find(turn, broadcast_id)
    await turn.toast()
    await turn.reply(
        turn.words.html(
            "Write the new text, and look at it before it is put in place:\n<code>/posts {id} edit The new text</code>",
            id=its.id,
        )
    )


async def put_in_place(turn: Turn, broadcast_id: str) -> None:
    """[Replace everywhere]: the new text takes the place of the old one."""
    db = turn.services.db
    its = await posts.replace_text(db, turn.visitor.user, number(broadcast_id), turn.now)
    await turn.toast(turn.words("Editing"))
    await _report(turn, its)
    await posts.show_progress_in(db, its.id, turn.message.chat_id, turn.message.message_id)
    _wake(turn)


async def ask_withdraw(turn: Turn, broadcast_id: str) -> None:
    """[Withdraw]: asks once more, because it can't be undone."""
    its = await find(turn, broadcast_id)
    await turn.toast()
    text = turn.words.html(
        "<b>Withdraw it?</b> Messages of the last 48 hours are deleted; older ones will say that it was withdrawn."
    )
    sure = Button(turn.words("Withdraw everywhere"), data=f"postgone:{its.id}")
    await turn.reply(text, [[sure, Button(turn.words("No"), data="close")]])


async def withdraw(turn: Turn, broadcast_id: str) -> None:
    """[Withdraw everywhere]."""
    db = turn.services.db
    its = await posts.withdraw(db, turn.visitor.user, number(broadcast_id), turn.now)
    await turn.toast(turn.words("Withdrawn"))
    await _report(turn, its)
    await posts.show_progress_in(db, its.id, turn.message.chat_id, turn.message.message_id)
    _wake(turn)


async def show_posts(turn: Turn, text: str) -> None:
    """/posts: the latest; /posts ID opens one; /posts ID edit|at|to … changes it."""
    given = text.split(maxsplit=2)
    if not given:
        await turn.reply(*await _list(turn))
        return
    if not given[0].isdecimal() or (len(given) > 1 and given[1].lower() not in WORDS):
        await turn.reply(_how(turn))
        return
    if len(given) == 1:
        await _open(turn, given[0])
        return
    await _change(turn, int(given[0]), given[1].lower(), given[2] if len(given) > 2 else "")


def _how(turn: Turn) -> Html:
    return turn.words.html(
        "<code>/posts 12</code> shows a post. <code>/posts 12 edit New text</code> changes it, "
        "<code>/posts 12 at 2026-12-24 18:00</code> sends a draft later, <code>/posts 12 to North Korea</code> to the "
        "followers of a topic."
    )


async def open_post(turn: Turn, broadcast_id: str) -> None:
    """A post of the list."""
    await turn.toast()
    await _open(turn, broadcast_id)


async def _open(turn: Turn, broadcast_id: str) -> None:
    its = await find(turn, broadcast_id)
    await turn.reply(Html(its.text))
    if its.state is BroadcastState.DRAFT:
        await turn.reply(*await question(turn, its))
        return
    sent = await turn.reply(*await _report_of(turn, its))
    await posts.show_progress_in(turn.services.db, its.id, sent.chat_id, sent.message_id)
    _wake(turn)


async def _list(turn: Turn) -> tuple[Html, Buttons]:
    says = turn.words
    found = await posts.latest(turn.services.db, turn.visitor.user, turn.now)
    if not found:
        return says.html("No post yet. <code>/post Text</code> or an article's address begins one."), ()
    lines = [says.html("<b>Posts</b>")]
    for its, count in found:
        head = post_reports.report(its, count, says).text.split("\n")[0]
        lines.append(Html(f"{its.id}. {escape(_first_line(its))}\n{head} · {escape(when(turn, its.created_at))}"))
    buttons = [Button(str(its.id), data=f"postopen:{its.id}") for its, _ in found]
    return Html("\n".join(lines)), [buttons[n : n + 5] for n in range(0, len(buttons), 5)]


def _first_line(its: Broadcast) -> str:
    return shorten(post_reports.plain(its.text).split("\n")[0], LISTED)


async def _change(turn: Turn, broadcast_id: int, what: str, text: str) -> None:
    db, user = turn.services.db, turn.visitor.user
    if what == "edit":
        its = await posts.propose_text(db, user, broadcast_id, posts.as_html(text))
        await _show_change(turn, its)
        return
    if what == "at":
        its = await posts.schedule(db, user, broadcast_id, _parse_time(turn, text), turn.now)
    else:
        try:
            its = await posts.choose_followers(db, user, broadcast_id, text)
        except QueryError as error:
            await turn.reply(*bad_query(turn, text, error))
            return
    await turn.reply(*await question(turn, its))


async def _show_change(turn: Turn, its: Broadcast) -> None:
    if not its.was_sent:
        await _preview(turn, its)
        return
    says = turn.words
    count = await posts.progress(turn.services.db, its.id, turn.now)
    await turn.reply(Html(its.new_text))
    reached = says.count("{n} message", "{n} messages", count.sent)
    await turn.reply(
        says.html("<b>Not changed yet.</b> {messages} would read so.", messages=reached),
        [
            [Button(says("Replace everywhere"), data=f"postedited:{its.id}")],
            [Button(says("Test to me"), data=f"posttest:{its.id}"), Button(says("Cancel"), data="close")],
        ],
    )


def _parse_time(turn: Turn, text: str) -> datetime:
    """`18:00` or `2026-12-24 18:00`, where the admin lives. Raises BadInput `unreadable_time`."""
    local = turn.telling.local(turn.now)
    try:
        day, _, clock = text.strip().rpartition(" ")
        at = time.fromisoformat(clock)
        date = datetime.fromisoformat(day).date() if day else local.date()
    except ValueError:
        raise BadInput("unreadable_time", given=text) from None
    start = datetime.combine(date, at, tzinfo=local.tzinfo)
    return start if day or start > turn.now else start + timedelta(days=1)
