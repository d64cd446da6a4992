"""The same bot in groups, in topics of a forum, in channels, and in languages that it does not speak."""

from bot.sandbox import cast
from bot.sandbox.server import Sandbox
from tests.app.conftest import Start, settled
from tests.app.test_news import ARTICLE, push

GROUP, FORUM, CHANNEL = "Harbour watch", "Newsroom", "Morning headlines"


async def test_a_group_follows_by_commands_and_its_talk_is_left_alone(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    sandbox.add_bot(GROUP)
    sandbox.world.privacy_mode = False
    greeting = await sandbox.ask(GROUP, "/start@briefwire_bot", "Write what to follow behind it", user="You")
    await sandbox.tap(GROUP, "Type your own", message=greeting, user="You")
    await sandbox.wait_for(GROUP, "Write /subscribe North Korea, or")
    nothing = await sandbox.ask(GROUP, "/list", "Nothing is followed here yet.", user="You")
    assert nothing.buttons
    mark = sandbox.mark()
    await sandbox.say(GROUP, "North Korea was in the news", user="You")
    await sandbox.say(GROUP, "/dance", user="You")
    await sandbox.say(GROUP, "/brief@another_bot", user="You")
    await sandbox.ask(GROUP, "/dance@briefwire_bot", "There is no such command.", user="You")
    assert len([message for message in sandbox.sent(GROUP) if message.revision > mark]) == 1
    await sandbox.ask(GROUP, "/subscribe@briefwire_bot North Korea", "Following North Korea", user="You")
    await push(app, ARTICLE)
    await sandbox.ask(GROUP, "/brief@Briefwire_Bot", "readying troops", user="Ada")
    await sandbox.ask("You", "/list", "You follow nothing yet")
    sandbox.remove_bot(GROUP)
    await sandbox.heard()
    sandbox.add_bot(GROUP)
    await sandbox.ask(GROUP, "/list", "You follow 1 topic", user="You")


async def test_a_topic_of_a_forum_is_a_chat_of_its_own(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    sandbox.add_bot(FORUM)
    await sandbox.say(FORUM, "/subscribe North Korea", user="You", thread=2)
    followed = await sandbox.wait_for(FORUM, "Following North Korea")
    assert followed.thread_id == 2
    await sandbox.tap(FORUM, "Alerts", message=followed, user="You")
    await sandbox.wait_for(FORUM, lambda message: "Alerts ✓" in message.buttons)
    mark = sandbox.mark()
    await push(app, ARTICLE)
    alert = await sandbox.wait_for(FORUM, "readying troops", since=mark)
    assert alert.thread_id == 2
    await sandbox.say(FORUM, "/brief 1d", user="You", thread=2)
    briefing = await sandbox.wait_for(FORUM, "told before")
    assert briefing.thread_id == 2
    for thread in (3, 0):
        await sandbox.say(FORUM, "/list", user="You", thread=thread)
        other = await sandbox.wait_for(FORUM, "Nothing is followed here yet")
        assert other.thread_id == thread


async def test_a_channel_gets_posts_and_its_own_posts_are_no_commands(sandbox: Sandbox, start: Start) -> None:
    app = await start(admins=(cast.ADA_ID,))
    sandbox.add_bot(CHANNEL)
    await sandbox.say(CHANNEL, "/subscribe North Korea")
    await sandbox.ask("Ada", "/post Low water at noon", "2 chats")
    await sandbox.tap("Ada", "Send")
    await sandbox.wait_for(CHANNEL, "Low water at noon")
    assert len(sandbox.sent(CHANNEL)) == 1
    sandbox.remove_bot(CHANNEL)
    await sandbox.heard()
    await settled(app)
    await sandbox.ask("Ada", "/post High water at six", "1 chat")


async def test_a_stranger_in_a_group_asks_there_and_is_told_alone(sandbox: Sandbox, start: Start) -> None:
    await start(access="invite", admins=(cast.ADA_ID,))
    await sandbox.ask("Ada", "/start")
    sandbox.add_bot(GROUP, by="Ada")
    refusal = await sandbox.ask(GROUP, "/list", "by invitation", user="You")
    await sandbox.tap(GROUP, "Ask for access", message=refusal, user="You")
    await sandbox.wait_for("Ada", "You asks to be let in", since=0)
    await sandbox.wait_for(GROUP, "Asked.")
    await sandbox.tap("Ada", "Let in")
    await sandbox.wait_for("Ada", "You is let in.")
    await sandbox.ask(GROUP, "/list", "Nothing is followed here yet.", user="You")


async def test_who_speaks_another_language_is_answered_in_english(sandbox: Sandbox, start: Start) -> None:
    await start()
    sandbox.add_user("Jürgen", language="de-AT")
    sandbox.add_user("小林", language="zh-TW")
    greeting = await sandbox.ask("Jürgen", "/start", "Briefwire tells you only what you follow")
    assert greeting.buttons
    settings = await sandbox.ask("Jürgen", "/settings", "Settings of this chat")
    assert "English ✓" in settings.buttons
    await sandbox.ask("小林", "/settings", "本会话的设置")
