"""Settings, times, places and leaving, button by button."""

import re

from bot.sandbox import cast
from bot.sandbox.server import Sandbox
from bot.storage import chats, subscriptions, users
from tests.app.conftest import Start


async def test_settings_are_changed_with_taps_and_the_language_at_once(sandbox: Sandbox, start: Start) -> None:
    await start()
    shown = await sandbox.ask("You", "/settings", "Settings of this chat")
    assert (
        "Time zone: UTC\nQuiet hours: none\nWhen there is nothing new: one line\nPosts of the admins: yes" in shown.text
    )
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
    await sandbox.ask("You", "/start", "Your briefing: daily at 08:00 (UTC).")
    await sandbox.tap("You", "Other time")
    shown = await sandbox.wait_for("You", "No briefing comes by itself")
    assert "Off" not in shown.buttons
    await sandbox.tap("You", "Other time", message=shown)
    await sandbox.wait_for("You", "Tap a time for one more briefing")
    await sandbox.tap("You", "18:00", message=shown)
    one = await sandbox.wait_for("You", "daily at 18:00")
    tap = await sandbox.tap("You", "07:00", message=shown)
    both = await sandbox.wait_for("You", "daily at 07:00, 18:00")
    assert (one.id, both.id) == (shown.id, shown.id)
    assert (await sandbox.answer_to(tap)).answer == "Saved"
    assert {"07:00 ✓", "18:00 ✓", "Mon ✓", "Sun ✓", "Weekdays only", "Quiet when empty", "Remove"} <= set(both.buttons)
    await sandbox.tap("You", "Weekdays only", message=shown)
    weekdays = await sandbox.wait_for("You", "weekdays at 07:00, 18:00")
    assert {"Every day", "Fri ✓", "Sat"} <= set(weekdays.buttons)
    await sandbox.tap("You", "Sat", message=shown)
    await sandbox.wait_for("You", "Mon–Sat at 07:00, 18:00")
    await sandbox.tap("You", "Quiet when empty", message=shown)
    await sandbox.wait_for("You", "Mon–Sat at 07:00, 18:00 · silent when empty")
    await sandbox.tap("You", "18:00 ✓", message=shown)
    await sandbox.wait_for("You", "Mon–Sat at 07:00 ·")
    await sandbox.tap("You", "Back", message=shown)
    listed = await sandbox.wait_for("You", "Your briefings come")
    assert "• Mon–Sat at 07:00 · silent when empty" in listed.text
    await sandbox.tap("You", "Off", message=shown)
    await sandbox.wait_for("You", "No briefing comes by itself")
    await sandbox.ask("You", "/schedule off", "No briefing comes by itself")
    await sandbox.ask("You", "/subscribe North Korea", "Following")
    await sandbox.ask("You", "/schedule off", "No briefing comes by itself")
    greeting = await sandbox.ask("You", "/start", "Briefwire")
    assert "No briefing comes by itself." in greeting.text


async def test_schedules_are_written_in_words_and_echoed_with_the_next_times(sandbox: Sandbox, start: Start) -> None:
    await start()
    written = await sandbox.ask("You", "/schedule weekdays 8:00; weekends 10:00", "• weekdays at 08:00")
    assert "• weekends at 10:00" in written.text
    assert "Time zone: UTC, " in written.text
    assert re.search(r"Next: \w{3} \d+ \w{3} \d\d:00 · ", written.text)
    more = await sandbox.ask("You", "/schedule + every 3 hours from 9 to 21", "• every 3 hours from 09:00 to 21:00")
    assert "• weekdays at 08:00" in more.text
    await sandbox.tap("You", "weekends at 10:00", message=more)
    await sandbox.wait_for("You", "weekends at 10:00\nNext")
    await sandbox.tap("You", "Remove", message=more)
    left = await sandbox.wait_for("You", "every 3 hours")
    assert "• weekends" not in left.text
    wrong = await sandbox.ask("You", "/schedule weekdays 8:00, Sat noonish", "“noonish” is no time, day or interval")
    assert "\n" + " " * 19 + "^" in wrong.text
    assert "/schedule every 3 hours from 9 to 21" in wrong.text
    await sandbox.ask("You", "/schedule 1-5", "how often in this time?")
    chinese = await sandbox.ask("李娜", "/schedule 工作日 8点; 周末 10点半", "• 工作日 08:00")
    assert "• 周末 10:30" in chinese.text
    assert "接下来：" in chinese.text
    await sandbox.ask("李娜", "/schedule 每3小时 9点到21点", "• 每 3 小时，09:00 到 21:00")
    await sandbox.ask("李娜", "/schedule 每天 25点", "“25点”不是时间")
    old = await sandbox.ask("You", "/schedule 8", "daily at 08:00")
    tap = sandbox.world.tap(old, "times:99", sandbox.world.user("You"))
    assert "There is no such time any more." in ((await sandbox.answer_to(tap)).answer or "")


async def test_the_place_is_set_with_a_tap_in_words_or_by_a_location(sandbox: Sandbox, start: Start) -> None:
    await start()
    await sandbox.ask("You", "/schedule 8", "daily at 08:00")
    shown = await sandbox.ask("You", "/timezone", "Time zone: UTC, ")
    assert shown.buttons == ["London", "Berlin", "New York", "Shanghai", "Singapore", "Tokyo", "Back"]
    tap = await sandbox.tap("You", "New York")
    moved = await sandbox.wait_for("You", "Time zone New York (America/New_York).\n• daily at 08:00\nNext: ")
    assert (await sandbox.answer_to(tap)).answer == "Saved"
    await sandbox.tap("You", "Times", message=moved)
    times = await sandbox.wait_for("You", "Time zone: New York (America/New_York), ")
    await sandbox.tap("You", "Time zone", message=times)
    await sandbox.wait_for("You", "Tap a place, or write yours")
    which = await sandbox.ask("You", "/timezone Brazil", "“Brazil” may be one of these. Which?")
    assert len(which.buttons) > 2
    await sandbox.ask("You", "/timezone Narnia", "I don't know the place “Narnia”.")
    await sandbox.ask("You", "/timezone UTC+8", "Time zone UTC+8.")
    await sandbox.ask("You", "geo:-13.84,-171.76", "Time zone Apia (Pacific/Apia).")
    forged = sandbox.world.tap(which, "zone:Mars/Base", sandbox.world.user("You"))
    assert "I don't know the place" in ((await sandbox.answer_to(forged)).answer or "")
    chinese = await sandbox.ask("李娜", "/timezone", "UTC")
    assert chinese.buttons == ["伦敦", "柏林", "纽约", "上海", "新加坡", "东京", "返回"]
    await sandbox.ask("李娜", "/timezone 加德满都", "时区 加德满都 (Asia/Kathmandu)")


async def test_quiet_hours_are_set_and_ended(sandbox: Sandbox, start: Start) -> None:
    await start()
    await sandbox.ask("You", "/schedule 6:30", "daily at 06:30")
    shown = await sandbox.ask("You", "/quiet", "Quiet hours: none")
    await sandbox.tap("You", "22:00–07:00", message=shown)
    night = await sandbox.wait_for("You", "Quiet hours: 22:00–07:00")
    assert "Urgent posts of the admins: they wait, too." in night.text
    assert "07:00 · " in night.text  # half past six waits
    await sandbox.tap("You", "Let urgent ones through", message=shown)
    await sandbox.wait_for("You", "they come at once")
    await sandbox.tap("You", "Hold urgent ones, too", message=shown)
    await sandbox.wait_for("You", "they wait, too")
    await sandbox.tap("You", "Back", message=shown)
    listed = await sandbox.wait_for("You", "Quiet hours: 22:00–07:00")
    assert "• daily at 06:30" in listed.text
    await sandbox.tap("You", "Quiet hours", message=shown)
    await sandbox.wait_for("You", "they wait, too")
    await sandbox.tap("You", "Off", message=shown)
    await sandbox.wait_for("You", "Quiet hours: none")
    await sandbox.ask("You", "/quiet 10pm to 6am", "Quiet hours: 22:00–06:00")
    wrong = await sandbox.ask("You", "/quiet 22 sometimes", "“sometimes” is no time")
    assert "/quiet 22:00-07:00" in wrong.text
    await sandbox.ask("You", "/quiet 22:00", "quiet hours have a beginning and an end")
    await sandbox.ask("You", "/quiet off", "Quiet hours: none")
    await sandbox.ask("李娜", "/quiet 晚上10点到早上7点", "免打扰时段：22:00–07:00")


async def test_a_chat_pauses_and_resumes(sandbox: Sandbox, start: Start) -> None:
    await start()
    await sandbox.ask("You", "/schedule 8", "daily at 08:00")
    shown = await sandbox.ask("You", "/pause", "Nothing is paused.")
    await sandbox.tap("You", "3 days", message=shown)
    paused = await sandbox.wait_for("You", "Paused until ")
    assert "Next: " in paused.text
    await sandbox.tap("You", "Back", message=shown)
    listed = await sandbox.wait_for("You", "Your briefings come")
    assert "Paused until " in listed.text
    await sandbox.tap("You", "Resume", message=shown)
    await sandbox.wait_for("You", "Nothing is paused.")
    await sandbox.tap("You", "Until I resume", message=shown)
    forever = await sandbox.wait_for("You", "Paused until you resume")
    assert "Next: " not in forever.text
    await sandbox.ask("You", "/settings", "Paused until you resume")
    await sandbox.ask("You", "/resume", "Nothing is paused.")
    await sandbox.ask("You", "/pause until Monday", "Paused until Mon ")
    wrong = await sandbox.ask("You", "/pause until doomsday", "“doomsday” is no day and no span")
    assert "until doomsday\n      ^" in wrong.text
    await sandbox.tap("You", "Times", message=await sandbox.ask("You", "/settings", "Settings"))
    times = await sandbox.wait_for("You", "Your briefings come")
    await sandbox.tap("You", "Resume", message=times)
    await sandbox.wait_for("You", "Nothing is paused.")
    await sandbox.tap("You", "Back", message=times)
    await sandbox.wait_for("You", "Your briefings come")
    await sandbox.tap("You", "Pause", message=times)
    await sandbox.wait_for("You", "Pause for how long?")
    await sandbox.ask("李娜", "/pause 3天", "已暂停，直到")
    settings = await sandbox.ask("李娜", "/settings", "已暂停，直到")
    await sandbox.tap("李娜", "免打扰", message=settings)
    await sandbox.wait_for("李娜", "免打扰时段：无")
    await sandbox.tap("李娜", "暂停", message=settings)
    await sandbox.wait_for("李娜", "在此之前不会自动发送任何内容")


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
