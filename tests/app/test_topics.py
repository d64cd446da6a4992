"""What somebody does with topics, button by button: alerts, ending, several at once, more pages, stale buttons."""

from collections.abc import Sequence

from bot.app import App
from bot.model import Mode
from bot.sandbox.chats import Tap
from bot.sandbox.outlets import Outlets
from bot.sandbox.server import Sandbox
from bot.storage import chats, subscriptions
from tests.app.conftest import Start, follow_outlets
from tests.app.test_news import ARTICLE, push
from tests.app.test_offers import publish

STALE = "This button is too old to work."


async def tap_data(sandbox: Sandbox, chat: str, data: str) -> Tap:
    """Taps a button that the last message perhaps never had, and waits for the answer."""
    where = sandbox.world.chat(chat)
    return await sandbox.answer_to(sandbox.world.tap(sandbox.last(chat), data, where.speaker))


async def follow_at_once(app: App, texts: Sequence[str]) -> None:
    """Lets the first chat follow so many topics that writing them all would take long."""
    async with app.db.write() as tx:
        (chat,) = (await chats.by_ids(tx, [1])).values()
        for text in texts:
            its = {"canonical": text, "text": text, "label": ""}
            await subscriptions.add(tx, chat_id=chat.id, mode=Mode.BRIEFING, now=app.clock.now(), **its)


async def test_a_topic_is_opened_from_the_list_switched_ended_and_followed_again(
    sandbox: Sandbox, start: Start
) -> None:
    await start()
    await sandbox.ask("You", "/subscribe", "Write what to follow behind it")
    await sandbox.tap("You", "Examples")
    await sandbox.wait_for("You", "Seoul AND troops")
    await sandbox.ask("You", "/subscribe Seoul AND troops => Koreas", "Following Koreas")
    listed = await sandbox.ask("You", "/list", "You follow 1 topic")
    assert "1. Koreas Seoul AND troops · briefing" in listed.text
    await sandbox.tap("You", "Koreas")
    topic = await sandbox.wait_for("You", "Koreas (")
    assert topic.id == listed.id
    assert topic.buttons == ["Briefing ✓", "Alerts", "Stop following", "Back"]
    tap = await sandbox.tap("You", "Alerts", message=topic)
    switched = await sandbox.wait_for("You", lambda message: "Alerts ✓" in message.buttons)
    assert (await sandbox.answer_to(tap)).answer == "Told at once"
    assert switched.buttons == ["Briefing", "Alerts ✓", "Silent", "Stop following", "Back"]
    await sandbox.tap("You", "Back")
    await sandbox.wait_for("You", "· alerts")
    await sandbox.tap("You", "Koreas")
    await sandbox.wait_for("You", "Koreas (")
    await sandbox.tap("You", "Stop following")
    ended = await sandbox.wait_for("You", "No longer following Koreas.\nSeoul AND troops => Koreas")
    await sandbox.tap("You", "Follow again", message=ended)
    again = await sandbox.wait_for("You", "Following Koreas")
    assert "Alerts ✓" in again.buttons
    await sandbox.tap("You", "Undo", message=again)
    ended = await sandbox.wait_for("You", "No longer following")
    await sandbox.tap("You", "Topics", message=ended)
    nothing = await sandbox.wait_for("You", "You follow nothing yet")
    assert nothing.buttons


async def test_a_topic_keeps_its_mode_and_name_when_it_is_followed_twice(sandbox: Sandbox, start: Start) -> None:
    await start()
    followed = await sandbox.ask("You", "/subscribe North Korea => Pyongyang", "Following")
    await sandbox.tap("You", "Alerts", message=followed)
    await sandbox.wait_for("You", lambda message: "Alerts ✓" in message.buttons)
    again = await sandbox.ask("You", "/subscribe north korea", "You follow this already: Pyongyang")
    assert "Alerts ✓" in again.buttons
    muted = await sandbox.ask("You", "/mute North Korea", "Muted")
    assert "you no longer follow it" in muted.text
    await sandbox.ask("You", "/subscribe North Korea", "Following North Korea")


async def test_topics_are_ended_by_name_and_by_number(sandbox: Sandbox, start: Start) -> None:
    await start()
    await sandbox.ask("You", "/unsubscribe rates", "You follow nothing yet")
    await sandbox.ask("You", "/subscribe rates, BYD", "Following BYD")
    listed = await sandbox.ask("You", "/unsubscribe", "You follow 2 topics")
    assert listed.buttons[:2] == ["rates", "BYD"]
    await sandbox.ask("You", "/unsubscribe ships", "You don't follow ships.")
    await sandbox.ask("You", "/unsubscribe (", "You don't follow (.")
    await sandbox.ask("You", "/unsubscribe 2", "No longer following BYD")
    await sandbox.ask("You", "/unsubscribe RATES", "No longer following rates")


async def test_several_topics_in_plain_text_are_followed_with_one_tap(sandbox: Sandbox, start: Start) -> None:
    await start()
    offer = await sandbox.ask("You", "rates, BYD\nSeoul AND troops", "Follow 3 topics?")
    await sandbox.tap("You", "Follow all", message=offer)
    await sandbox.wait_for("You", "Following Seoul AND troops")
    await sandbox.ask("You", "/list", "You follow 3 topics")
    await sandbox.ask("You", "rates, (BYD", "never closed")
    await sandbox.ask("You", "Seoul OR", "Not saved")
    many = ", ".join(f"topic{number}" for number in range(12))
    await sandbox.ask("You", many, "Those are 12 topics; I take 10 in one message.")
    await sandbox.ask("You", f"/subscribe {many}", "Those are 12 topics; I take 10 in one message.")
    offer = await sandbox.ask("You", "quantum", "Follow quantum?")
    await sandbox.tap("You", "No", message=offer)
    await sandbox.wait_for("You", "Nothing changed.")


async def test_of_many_names_for_one_thing_the_first_are_told(sandbox: Sandbox, start: Start) -> None:
    await start()
    names = " OR ".join(f"name{number}" for number in range(1, 13))
    meaning = "any of “name1”, “name2”, “name3”, “name4” … and 8 more, all sources"
    assert meaning in (await sandbox.ask("You", f"/subscribe {names} => Names", "Following Names")).text
    assert meaning in (await sandbox.ask("You", names, "Follow ")).text
    assert meaning in (await sandbox.ask("You", f"/test {names}", "Meets 0 articles")).text
    assert meaning in (await sandbox.ask("You", f"/mute {names}", "Muted")).text


async def test_a_briefing_is_read_page_by_page_and_the_week_is_shown_again(
    sandbox: Sandbox, outlets: Outlets, start: Start
) -> None:
    app = await start()
    await follow_outlets(app, sandbox, outlets)
    await sandbox.ask("You", "/brief", "You follow nothing yet")
    await sandbox.ask("You", "/subscribe China OR Korea OR rates OR AI => All", "Following All")
    briefing = await sandbox.ask("You", "/brief", "All 7")
    while "More" in briefing.buttons:
        await sandbox.tap("You", "More", message=briefing)
        briefing = await sandbox.wait_for("You", "\n")
    nothing = await sandbox.ask("You", "/brief", "Nothing new on your 1 topic")
    assert nothing.buttons == ["Show the last week", "Topics"]
    await sandbox.tap("You", "Show the last week")
    week = await sandbox.wait_for("You", "told before")
    await sandbox.tap("You", "Topics", message=week)
    await sandbox.wait_for("You", "You follow 1 topic")
    await sandbox.tap("You", "Settings", message=week)
    await sandbox.wait_for("You", "Settings of this chat")
    await sandbox.ask("You", "/brief yesterday", "Write how far back")
    await sandbox.ask("You", "/brief 400d", "Write how far back")
    await sandbox.ask("You", "/subscribe zeppelins => Z", "Following Z")
    await sandbox.ask("You", "/unsubscribe All", "No longer following")
    nothing = await sandbox.ask("You", "/brief 7d", "Nothing new on your 1 topic")
    assert nothing.buttons == ["Topics"]


async def test_an_alert_is_calmed_with_one_tap(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    await sandbox.ask("You", "/subscribe North Korea", "Following")
    await sandbox.tap("You", "Alerts")
    await sandbox.wait_for("You", lambda message: "Alerts ✓" in message.buttons)
    mark = sandbox.mark()
    await push(app, ARTICLE)
    alert = await sandbox.wait_for("You", "readying troops", since=mark)
    assert alert.buttons == ["Mute story", "Briefing only"]
    calm = alert.keyboard[0][1]["callback_data"]
    tap = await sandbox.tap("You", "Briefing only", message=alert)
    calmed = await sandbox.wait_for("You", lambda message: message.id == alert.id and "Topics" in message.buttons)
    assert (await sandbox.answer_to(tap)).answer == "Told in the briefing"
    assert "readying troops" in calmed.text
    await sandbox.ask("You", "/list", "· briefing")
    await sandbox.ask("You", "/unsubscribe 1", "No longer following")
    assert (await tap_data(sandbox, "You", calm)).answer == "You don't follow that any more."


async def test_a_story_is_muted_and_unmuted_with_one_tap(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    await sandbox.ask("You", "/subscribe North Korea", "Following")
    await sandbox.tap("You", "Alerts")
    mark = sandbox.mark()
    await push(app, ARTICLE)
    alert = await sandbox.wait_for("You", "readying troops", since=mark)
    await sandbox.tap("You", "Mute story", message=alert)
    muted = await sandbox.wait_for("You", lambda message: message.buttons == ["Unmute story", "Briefing only"])
    assert isinstance(await sandbox.ask("You", "/brief 1d", "Nothing new"), object)
    await sandbox.tap("You", "Unmute story", message=muted)
    await sandbox.wait_for("You", lambda message: message.id == alert.id and "Mute story" in message.buttons)
    await sandbox.ask("You", "/brief 1d", "readying troops")


async def test_a_topic_of_the_list_rings_without_a_sound(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    await sandbox.ask("You", "/subscribe North Korea", "Following")
    await sandbox.tap("You", "Alerts")
    await sandbox.wait_for("You", lambda message: "Alerts ✓" in message.buttons)
    listed = await sandbox.ask("You", "/list", "· alerts")
    await sandbox.tap("You", "North Korea", message=listed)
    topic = await sandbox.wait_for("You", lambda message: "Silent" in message.buttons)
    await sandbox.tap("You", "Silent", message=topic)
    await sandbox.wait_for("You", lambda message: "Silent ✓" in message.buttons)
    await sandbox.ask("You", "/list", "· silent alerts")
    mark = sandbox.mark()
    await push(app, ARTICLE)
    alert = await sandbox.wait_for("You", "readying troops", since=mark)
    assert alert.silent


async def test_buttons_of_what_is_gone_or_of_an_older_version_say_so(sandbox: Sandbox, start: Start) -> None:
    await start()
    followed = await sandbox.ask("You", "/subscribe North Korea", "Following")
    undo = followed.button("Undo")["callback_data"]
    listed = await sandbox.ask("You", "/list", "You follow 1 topic")
    opened = listed.button("North Korea")["callback_data"]
    await sandbox.ask("You", "/unsubscribe 1", "No longer following")
    gone = "You don't follow that any more."
    for data in (undo, followed.button("Alerts")["callback_data"]):
        tap = await tap_data(sandbox, "You", data)
        assert (tap.answer, tap.alert) == (gone, True)
    assert (await tap_data(sandbox, "You", opened)).answer == gone
    await sandbox.wait_for("You", "You follow nothing yet", since=0)
    sandbox.world.tap(sandbox.last("You"), "more:0123456789abcdef", sandbox.world.user("You"))
    await sandbox.wait_for("You", "That briefing is gone. /brief makes a new one.")
    for data in ("nonsense", "set:dark", "topic:North Korea", "mode:loud:1", "told:mute:1", "at:99:99", "calm:x"):
        tap = await tap_data(sandbox, "You", data)
        assert tap.alert, data
        assert STALE in (tap.answer or "") or "no time of day" in (tap.answer or ""), data
    # Answered before the mistake was known: then it is a message, because a second answer is shown to nobody.
    sandbox.world.tap(sandbox.last("You"), "use:x:", sandbox.world.user("You"))
    await sandbox.wait_for("You", STALE)
    old = sandbox.last("You")
    old.date = 0  # how Telegram tells of a message that it shows the bot no more
    tap = await tap_data(sandbox, "You", "list")
    assert STALE in (tap.answer or "")


async def test_a_full_list_takes_an_exchange_and_nothing_else(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    await publish(app, *[f"United Nations meet on day {number}" for number in range(5)])
    await sandbox.ask("You", "/start")
    await follow_at_once(app, [f"topic{number}" for number in range(199)])
    followed = await sandbox.ask("You", "/subscribe Untied Nations", "Did you mean United Nations?")
    await sandbox.ask("You", "/subscribe zeppelins", "You follow 200 topics, the most a chat can have.")
    await sandbox.tap("You", "Use", message=followed)
    await sandbox.wait_for("You", "Following United Nations")
    offer = await sandbox.ask("You", "zeppelins", "Follow zeppelins?")
    await sandbox.tap("You", "Follow", message=offer)
    await sandbox.wait_for("You", "You follow 200 topics, the most a chat can have.")


async def test_a_list_longer_than_a_message_comes_as_several_with_its_buttons_on_the_last(
    sandbox: Sandbox, start: Start
) -> None:
    app = await start()
    await sandbox.ask("You", "/start")
    await follow_at_once(app, [f"shipping news of the harbour at pier {number}" for number in range(200)])
    first = await sandbox.ask("You", "/list", "You follow 200 topics\n1. shipping news")
    last = await sandbox.wait_for("You", "200. shipping news of the harbour at pier 199 · briefing")
    assert not first.buttons
    assert last.buttons[-1] == "Brief me now"
    lines = "\n".join(message.text for message in sandbox.messages("You") if message.id >= first.id).splitlines()
    assert [line.partition(".")[0] for line in lines[1:]] == [str(place) for place in range(1, 201)]
    buttons = last.buttons
    await sandbox.tap("You", buttons[0], message=last)
    topic = await sandbox.wait_for("You", "shipping news of the harbour at pier 0 (")
    await sandbox.tap("You", "Back", message=topic)
    again = await sandbox.wait_for("You", lambda message: message.id > last.id and "200. shipping" in message.text)
    assert again.buttons == buttons


async def test_a_tap_works_though_its_message_or_its_moment_has_gone(sandbox: Sandbox, start: Start) -> None:
    await start()
    await sandbox.ask("You", "/subscribe North Korea", "Following")
    listed = await sandbox.ask("You", "/list", "You follow 1 topic")
    sandbox.fail("bad_request", "answerCallbackQuery")
    await sandbox.tap("You", "North Korea", message=listed)
    opened = await sandbox.wait_for("You", "North Korea (the phrase “North Korea”, all sources)")
    assert opened.id == listed.id
    sandbox.world.delete(listed)
    sandbox.world.tap(listed, "back", sandbox.world.user("You"))
    again = await sandbox.wait_for("You", "You follow 1 topic")
    assert again.id != listed.id
    tap = sandbox.world.tap(again, "set:en", sandbox.world.user("You"))
    await sandbox.wait_for("You", "Settings of this chat")
    await sandbox.answer_to(tap)
    await sandbox.answer_to(sandbox.world.tap(again, "set:en", sandbox.world.user("You")))  # nothing to edit
    await sandbox.ask("You", "/help", "Follow")
