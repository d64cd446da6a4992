"""/story, for admins: which articles are told as one, and setting it right."""

from bot.actions import account, story_desk
from bot.actions.story_desk import Story
from bot.model import Button, Html
from bot.rules.rendering import NAME_UNITS, link, shorten
from bot.telegram.turn import Buttons, Turn, number
from bot.texts import escape

LISTED = 20  # articles of a story


async def story(turn: Turn, text: str) -> None:
    """/story ADDRESS shows the article's story; with several addresses, their stories become one."""
    account.require_admin(turn.visitor)
    urls = text.split()
    if not urls:
        await turn.reply(
            turn.words.html(
                "Write an article's address after it to see its story: <code>/story https://…</code>\n"
                "With two addresses, their stories become one."
            )
        )
        return
    found = await story_desk.show(turn.services.db, turn.visitor, urls, turn.now)
    await turn.reply(*_shown(turn, found))


async def split(turn: Turn, article_id: str) -> None:
    """[3 is another event]: the article leaves the story."""
    rest = await story_desk.split(turn.services.db, turn.visitor, number(article_id), turn.now)
    await turn.toast(turn.words("Taken out"))
    await turn.edit(*_shown(turn, rest))


def _shown(turn: Turn, found: Story) -> tuple[Html, Buttons]:
    words = turn.words
    shown = found.articles[:LISTED]
    lines = [f"<b>{words.count('{n} article tells this', '{n} articles tell this', len(found.articles))}</b>"]
    for place, article in enumerate(shown, 1):
        facts = [shorten(article.source_label, NAME_UNITS)]
        if article.copy_of is not None:
            facts.append(words("a copy"))
        lines.append(f"{place}. {link(article.title, article.url)} · {escape(' · '.join(facts))}")
    if len(shown) == 1:
        return Html("\n".join(lines)), []
    buttons = [
        [Button(words("{n} is another event", n=place), f"storysplit:{article.id}")]
        for place, article in enumerate(shown, 1)
    ]
    return Html("\n".join(lines)), buttons
