"""/post, for admins: a preview exactly as readers will see it, then, once confirmed, to every chat."""

from dataclasses import replace

from bot.actions import account, articles, posts
from bot.actions.items import item_of
from bot.errors import BadInput, SourceError
from bot.model import Broadcast, Button, Html
from bot.rules.rendering import render_item
from bot.telegram.turn import Buttons, Turn, number
from bot.texts.errors import describe

SENTENCES = 3


async def post(turn: Turn, text: str) -> None:
    """/post URL or text: shows the post and whom it would reach. Nothing is sent yet."""
    account.require_admin(turn.visitor)
    if not text.strip():
        await turn.reply(
            turn.words.html("Write the post, or an article's address, after it: <code>/post https://…</code>")
        )
        return
    if text.strip().startswith(("http://", "https://")) and len(text.split()) == 1:
        await _post_article(turn, text.strip())
        return
    draft = await posts.draft(turn.services.db, turn.visitor.user, posts.as_html(text), None, turn.now)
    await _preview(turn, draft)


async def _post_article(turn: Turn, url: str) -> None:
    services = turn.services
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
    await turn.reply(*await _question(turn, draft.id))


async def _question(turn: Turn, broadcast_id: int) -> tuple[Html, Buttons]:
    audience = await posts.audience(turn.services.db, broadcast_id)
    words = turn.words
    facts = [words.count("{n} chat", "{n} chats", audience.chats)]
    if audience.takes_no_posts:
        facts.append(words.count("{n} more takes no posts", "{n} more take no posts", audience.takes_no_posts))
    if audience.told:
        facts.append(words.count("{n} already had this story", "{n} already had this story", audience.told))
    text = words.html("<b>Not sent.</b> {facts}.", facts="; ".join(facts))
    test = Button(words("Test to me"), data=f"posttest:{broadcast_id}")
    send = Button(words("Send"), data=f"postsend:{broadcast_id}")
    return text, [[test, send, Button(words("Cancel"), data=f"poststop:{broadcast_id}")]]


async def test(turn: Turn, broadcast_id: str) -> None:
    """[Test to me]: the post once more, to this chat alone."""
    draft = await posts.get(turn.services.db, turn.visitor.user, number(broadcast_id))
    await turn.toast(turn.words("Sent to you alone"))
    await turn.reply(Html(draft.text))


async def send(turn: Turn, broadcast_id: str) -> None:
    """[Send]: from now on this message shows how far it is."""
    services = turn.services
    post_id = number(broadcast_id)
    count = await posts.confirm(services.db, turn.visitor.user, post_id, turn.now)
    await turn.toast(turn.words("Sending"))
    stop = [[Button(turn.words("Stop the rest"), data=f"poststop:{broadcast_id}")]]
    await turn.edit(turn.words.html("<b>Sending</b> {sent} of {total}", sent=count.sent, total=count.total), stop)
    # Only now, so that this is never written over what the step says later.
    await posts.show_progress_in(services.db, post_id, turn.message.chat_id, turn.message.message_id)
    services.wake("deliver")
    services.wake("progress")


async def stop(turn: Turn, broadcast_id: str) -> None:
    """[Cancel] of a draft, [Stop the rest] of one that is being sent."""
    count = await posts.cancel(turn.services.db, turn.visitor.user, number(broadcast_id), turn.now)
    await turn.toast(turn.words("Stopped") if count.cancelled else "")
    if not count.total:
        await turn.edit(turn.words("Cancelled. Nobody got it."))
    turn.services.wake("progress")
