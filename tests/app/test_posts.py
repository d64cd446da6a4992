"""A post's whole life in the chat of an admin and of its readers."""

from bot.sandbox import cast
from bot.sandbox.server import Sandbox
from tests.app.conftest import Start


async def test_a_post_is_changed_after_it_was_sent_and_taken_back(sandbox: Sandbox, start: Start) -> None:
    await start(admins=(cast.ADA_ID,))
    for name in ("You", "Ada"):
        await sandbox.ask(name, "/start")
    await sandbox.ask("Ada", "/post The fair is on Monday.", "Not sent.")
    await sandbox.tap("Ada", "Send")
    sent = await sandbox.wait_for("You", "The fair is on Monday.")
    done = await sandbox.wait_for("Ada", lambda message: "Sent 2 of 2" in message.text and "Edit" in message.buttons)
    await sandbox.tap("Ada", "Edit", message=done)
    hint = await sandbox.wait_for("Ada", "Write the new text")
    command = hint.text.splitlines()[-1].replace("The new text", "The fair is on Tuesday.")
    await sandbox.ask("Ada", command, "Not changed yet. 2 messages would read so.")
    await sandbox.tap("Ada", "Replace everywhere")
    await sandbox.wait_for("You", lambda message: message.id == sent.id and "Tuesday" in message.text)
    await sandbox.wait_for("Ada", "Edited 2 of 2")
    listed = await sandbox.ask("Ada", "/posts", "The fair is on Tuesday.")
    await sandbox.tap("Ada", listed.buttons[0], message=listed)
    opened = await sandbox.wait_for("Ada", lambda message: "Withdraw" in message.buttons and message.id > listed.id)
    await sandbox.tap("Ada", "Withdraw", message=opened)
    await sandbox.wait_for("Ada", "Withdraw it?")
    await sandbox.tap("Ada", "Withdraw everywhere")
    await sandbox.wait_for("Ada", "Taken back 2 of 2")
    assert not [message for message in sandbox.sent("You") if "The fair" in message.text]


async def test_audience_time_and_way_are_chosen_by_buttons(sandbox: Sandbox, start: Start) -> None:
    await start(admins=(cast.ADA_ID,))
    for name in ("You", "李娜", "Ada"):
        await sandbox.ask(name, "/start")
    question = await sandbox.ask("Ada", "/post Only for some.", "Not sent.")
    assert question.buttons[:6] == ["Test to me", "Send", "Into next briefing", "Cancel", "To: all", "Time: now"]
    await sandbox.tap("Ada", "To: all")
    await sandbox.wait_for("Ada", "To whom?")
    await sandbox.tap("Ada", "Chinese")
    await sandbox.wait_for("Ada", lambda message: "Chinese ✓" in message.buttons and "1 chat" in message.text)
    await sandbox.tap("Ada", "Back")
    await sandbox.wait_for("Ada", lambda message: "To: Chinese" in message.buttons)
    await sandbox.tap("Ada", "Time: now")
    await sandbox.wait_for("Ada", "When?")
    await sandbox.tap("Ada", "Now")
    await sandbox.wait_for("Ada", lambda message: "Time: now" in message.buttons)
    await sandbox.tap("Ada", "Into next briefing")
    await sandbox.wait_for("Ada", lambda message: "As a message" in message.buttons)
    await sandbox.tap("Ada", "As a message")
    await sandbox.wait_for("Ada", lambda message: "Into next briefing" in message.buttons)
    await sandbox.tap("Ada", "Test to me")
    await sandbox.wait_for("Ada", lambda message: message.text == "Only for some." and message.id > question.id)
    await sandbox.tap("Ada", "Send", message=question)
    await sandbox.wait_for("李娜", "Only for some.")
    await sandbox.wait_for("Ada", "Sent 1 of 1")
    assert not [message for message in sandbox.sent("You") if "Only for some" in message.text]


async def test_every_choice_of_a_post_is_a_tap_that_can_be_taken_back(sandbox: Sandbox, start: Start) -> None:
    await start(admins=(cast.ADA_ID,))
    for name in ("You", "李娜", "Ada"):
        await sandbox.ask(name, "/start")
    await sandbox.ask("You", "/subscribe Seoul", "Following")
    question = await sandbox.ask("Ada", "/post For some of you.", "Not sent.")
    post_id = question.keyboard[0][0]["callback_data"].split(":")[1]

    async def reads(button: str, text: str = "") -> None:
        await sandbox.wait_for("Ada", lambda message: button in message.buttons and text in message.text)

    await sandbox.ask("Ada", f"/posts {post_id} to Seoul", "Not sent.")
    await sandbox.tap("Ada", "To: followers of seoul")
    await reads("Followers of seoul ✓", "1 chat")
    await sandbox.tap("Ada", "Followers of seoul ✓")
    await reads("All ✓", "3 chats")
    for choice, chats in (("private chats", "3 chats"), ("groups", "0 chats"), ("channels", "0 chats")):
        await sandbox.tap("Ada", choice)
        await reads(f"{choice} ✓", chats)
    await sandbox.tap("Ada", "channels ✓")
    await reads("All ✓", "3 chats")
    await sandbox.tap("Ada", "Test group: admins and editors")
    await reads("Test group: admins and editors ✓", "1 chat")
    await sandbox.tap("Ada", "Back")
    await reads("To: the test group")
    await sandbox.tap("Ada", "To: the test group")
    await reads("All")
    await sandbox.tap("Ada", "All")
    await reads("All ✓", "3 chats")
    await sandbox.tap("Ada", "groups")
    await reads("groups ✓")
    await sandbox.tap("Ada", "English")
    await reads("English ✓", "0 chats")


async def test_a_button_of_an_older_version_is_refused_in_words(sandbox: Sandbox, start: Start) -> None:
    await start(admins=(cast.ADA_ID,))
    await sandbox.ask("Ada", "/start")
    question = await sandbox.ask("Ada", "/post For some of you.", "Not sent.")
    for verb in ("postto:1:mood:good", "postas:someday:1", "postto:x"):
        tap = sandbox.world.tap(question, verb, sandbox.world.user("Ada"))
        assert (await sandbox.answer_to(tap)).answer


async def test_a_post_is_scheduled_in_words_and_cancelled(sandbox: Sandbox, start: Start) -> None:
    await start(admins=(cast.ADA_ID,))
    await sandbox.ask("Ada", "/start")
    question = await sandbox.ask("Ada", "/post For later.", "Not sent.")
    post_id = question.keyboard[0][0]["callback_data"].split(":")[1]
    await sandbox.ask("Ada", f"/posts {post_id} at noon", "is no time")
    await sandbox.ask("Ada", f"/posts {post_id} at 2020-01-01 08:00", "That time has passed")
    await sandbox.ask("Ada", f"/posts {post_id} to (Seoul", "Not saved")
    await sandbox.ask("Ada", f"/posts {post_id} to Seoul", "0 chats")
    await sandbox.ask("Ada", f"/posts {post_id} at 2099-01-01 08:00", "Not sent.")
    await sandbox.tap("Ada", "Send")
    await sandbox.wait_for("Ada", "Scheduled for 1 Jan 2099 08:00.")
    await sandbox.tap("Ada", "Cancel")
    await sandbox.wait_for("Ada", "Cancelled. Nobody got it.")
    await sandbox.ask("Ada", "/posts nonsense", "shows a post")
    await sandbox.ask("You", "/posts", "Only admins and editors post.")
    await sandbox.ask("You", "/post", "Only admins and editors post.")
