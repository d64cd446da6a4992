"""Settings, times, places and leaving, button by button."""

from bot.sandbox import cast
from bot.sandbox.server import Sandbox
from bot.storage import chats, subscriptions, users
from tests.app.conftest import Start


async def test_settings_are_changed_with_taps_and_the_language_at_once(sandbox: Sandbox, start: Start) -> None:
    await start()
    shown = await sandbox.ask("You", "/settings", "Settings of this chat")
    assert "Time zone: UTC\nWhen there is nothing new: one line\nPosts of the admins: yes" in shown.text
    for button, text in (
        ("Quiet when empty", "nothing new: silence"),
        ("Say when empty", "nothing new: one line"),
        ("Stop posts", "admins: no"),
        ("Take posts", "admins: yes"),
    ):
        tap = await sandbox.tap("You", button)
        changed = await sandbox.wait_for("You", text)
        assert changed.id == shown.id
        assert (await sandbox.answer_to(tap)).answer == "Saved"
    tap = await sandbox.tap("You", "中文")
    chinese = await sandbox.wait_for("You", "本会话的设置")
    assert (await sandbox.answer_to(tap)).answer == "已保存"
    assert "中文 ✓" in chinese.buttons
    followed = await sandbox.ask("You", "/subscribe North Korea", "已关注")
    assert "撤销" in followed.buttons
    await sandbox.ask("You", "/nonsense", "没有这个命令")
    await sandbox.tap("You", "English", message=chinese)
    await sandbox.wait_for("You", "Settings of this chat")
    await sandbox.tap("You", "Topics", message=chinese)
    await sandbox.wait_for("You", "You follow 1 topic")


async def test_times_are_switched_with_taps_and_read_in_words(sandbox: Sandbox, start: Start) -> None:
    await start()
    await sandbox.ask("You", "/start", "Daily at 08:00 (UTC).")
    await sandbox.tap("You", "Other time")
    shown = await sandbox.wait_for("You", "No briefing comes by itself")
    assert "Off" not in shown.buttons
    await sandbox.tap("You", "18:00", message=shown)
    await sandbox.wait_for("You", "daily at 18:00 (UTC)")
    tap = await sandbox.tap("You", "07:00", message=shown)
    both = await sandbox.wait_for("You", "daily at 07:00, 18:00 (UTC)")
    assert (await sandbox.answer_to(tap)).answer == "Saved"
    assert {"07:00 ✓", "18:00 ✓", "Off"} <= set(both.buttons)
    await sandbox.tap("You", "18:00 ✓", message=shown)
    await sandbox.wait_for("You", "daily at 07:00 (UTC)")
    await sandbox.tap("You", "Off", message=shown)
    await sandbox.wait_for("You", "No briefing comes by itself")
    written = await sandbox.ask("You", "/schedule daily 6:40 and 9pm", "daily at 06:40, 21:00")
    await sandbox.tap("You", "06:40 ✓", message=written)
    await sandbox.wait_for("You", "daily at 21:00")
    await sandbox.ask("You", "/schedule 1 2 3 4 5 6 7", "A day has room for 6 briefings.")
    full = await sandbox.ask("You", "/schedule 1 2 3 4 5 6", "daily at 01:00, 02:00")
    tap = await sandbox.tap("You", "21:00", message=full)
    assert "A day has room for 6 briefings." in ((await sandbox.answer_to(tap)).answer or "")
    await sandbox.ask("You", "/subscribe North Korea", "Following")
    await sandbox.ask("You", "/schedule off", "No briefing comes by itself")
    greeting = await sandbox.ask("You", "/start", "Briefwire")
    assert "No briefing comes by itself." in greeting.text


async def test_the_place_is_set_with_a_tap_or_in_words(sandbox: Sandbox, start: Start) -> None:
    await start()
    await sandbox.ask("You", "/schedule 8", "daily at 08:00")
    shown = await sandbox.ask("You", "/timezone", "You are in UTC; it is ")
    assert shown.buttons == ["London", "Berlin", "New York", "Shanghai", "Singapore", "Tokyo"]
    tap = await sandbox.tap("You", "New York")
    moved = await sandbox.wait_for("You", "Time zone America/New_York. Your briefing comes at 08:00 there.")
    assert (await sandbox.answer_to(tap)).answer == "Saved"
    await sandbox.tap("You", "Times", message=moved)
    times = await sandbox.wait_for("You", "daily at 08:00 (America/New_York)")
    await sandbox.tap("You", "Time zone", message=times)
    await sandbox.wait_for("You", "You are in America/New_York")
    chinese = await sandbox.ask("李娜", "/timezone", "UTC")
    assert chinese.buttons == ["伦敦", "柏林", "纽约", "上海", "新加坡", "东京"]
    await sandbox.ask("李娜", "/timezone 北京", "时区")


async def test_who_leaves_is_asked_and_then_forgotten_whole(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    await sandbox.ask("You", "/subscribe North Korea", "Following")
    await sandbox.ask("You", "/settings", "Settings")
    await sandbox.tap("You", "Delete my data")
    question = await sandbox.wait_for("You", "It can't be undone.")
    assert "let in again" not in question.text
    await sandbox.tap("You", "Keep", message=question)
    await sandbox.wait_for("You", "Nothing changed.")
    await sandbox.ask("You", "/list", "You follow 1 topic")
    question = await sandbox.ask("You", "/delete", "It can't be undone.")
    await sandbox.tap("You", "Delete everything", message=question)
    await sandbox.wait_for("You", "Forgotten. /start begins anew.")
    async with app.db.read() as tx:
        assert await chats.count(tx) == 0
        assert await subscriptions.count(tx) == 0
        assert await users.all_users(tx) == []
    await sandbox.ask("You", "/list", "You follow nothing yet")


async def test_an_admin_who_leaves_stays_admin(sandbox: Sandbox, start: Start) -> None:
    app = await start(access="invite")
    await sandbox.ask("Ada", f"/start {app.claim_code}", "You own this bot now")
    await sandbox.ask("Ada", "/subscribe rates", "Following")
    await sandbox.ask("Ada", "/delete", "It can't be undone.")
    await sandbox.tap("Ada", "Delete everything")
    await sandbox.wait_for("Ada", "Forgotten.")
    await sandbox.ask("Ada", "/source list", "No sources yet")


async def test_strangers_are_let_in_or_not_and_a_decision_can_be_undone(sandbox: Sandbox, start: Start) -> None:
    await start(access="invite", admins=(cast.ADA_ID,))
    greeting = await sandbox.ask("Ada", "/start", "It reads no source yet")
    assert "/source add" in greeting.text
    refusal = await sandbox.ask("You", "/start", "by invitation")
    await sandbox.tap("You", "Ask for access")
    await sandbox.wait_for("You", "Asked. You get a message here")
    asked = await sandbox.wait_for("Ada", "You asks to be let in", since=0)
    await sandbox.ask("You", "/brief", "You asked to be let in.")
    letin = asked.button("Let in")["callback_data"]
    await sandbox.tap("Ada", "No", message=asked)
    refused = await sandbox.wait_for("Ada", "You is not let in.")
    await sandbox.wait_for("You", "An admin decided not to let you in.")
    await sandbox.ask("You", "/brief", "An admin decided not to let you in.")
    ask = sandbox.world.tap(refusal, "ask", sandbox.world.user("You"))
    assert (await sandbox.answer_to(ask)).answer == "An admin decided not to let you in."
    await sandbox.tap("Ada", "Undo", message=refused)
    await sandbox.wait_for("Ada", "You is let in.")
    await sandbox.wait_for("You", "You are let in.")
    await sandbox.ask("You", "/brief", "You follow nothing yet")
    ask = sandbox.world.tap(refusal, "ask", sandbox.world.user("You"))
    assert (await sandbox.answer_to(ask)).answer == "You are let in already."
    told = len(sandbox.sent("You"))
    again = sandbox.world.tap(asked, letin, sandbox.world.user("Ada"))  # another admin, a little later
    await sandbox.answer_to(again)
    await sandbox.wait_for("Ada", "You is let in.", since=0)
    await sandbox.heard()
    assert len(sandbox.sent("You")) == told
    forged = sandbox.world.tap(refusal, letin, sandbox.world.user("You"))
    assert (await sandbox.answer_to(forged)).answer == "This is for the bot's admins."
    question = await sandbox.ask("You", "/delete", "It can't be undone.")
    assert "let in again" in question.text


async def test_help_and_examples_name_what_there_is(sandbox: Sandbox, start: Start) -> None:
    await start(admins=(cast.ADA_ID,))
    reader = await sandbox.ask("You", "/help", "Follow")
    assert "/source" not in reader.text
    for command in ("subscribe", "unsubscribe", "list", "test", "mute", "brief", "schedule", "timezone", "settings"):
        assert f"/{command} " in reader.text
    assert "/source add URL" in (await sandbox.ask("Ada", "/help", "Follow")).text
    await sandbox.ask("You", "/nonsense", "There is no such command. /help shows them all.")
    await sandbox.ask("You", "/start", "Write a word or a phrase to follow it.")
    await sandbox.tap("You", "Type your own")
    await sandbox.wait_for("You", "I show what it would have met")
