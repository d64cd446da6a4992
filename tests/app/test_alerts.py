"""What somebody does with alerts, button by button: several stories in one, a flood; and what admins see of a rush."""

from bot.model import ChatState
from bot.sandbox import cast
from bot.sandbox.server import Sandbox
from bot.storage.database import insert_all
from bot.storage.tables import chats
from tests.app.conftest import Start
from tests.app.test_offers import publish
from tests.app.test_topics import tap_data

SUBJECTS = (
    "ferries wolves opera copper tunnels orchids glaciers violins balloons lanterns saffron turbines comets "
    "mosaics".split()
)


async def _rings_for_the_harbour(sandbox: Sandbox) -> int:
    """Lets You hear of the harbour at once; the moment from which on alerts come."""
    await sandbox.ask("You", "/subscribe harbour", "Following")
    await sandbox.tap("You", "Alerts")
    await sandbox.wait_for("You", lambda message: "Alerts ✓" in message.buttons)
    return sandbox.mark()


async def test_one_of_several_stories_in_an_alert_is_muted_by_its_headline(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    mark = await _rings_for_the_harbour(sandbox)
    await publish(app, "Harbour wolves seen", "Harbour opera opens")
    alert = await sandbox.wait_for(
        "You", lambda message: "wolves" in message.text and "opera" in message.text, since=mark
    )
    assert alert.buttons == ["Mute a story", "Briefing only"]
    tap = await sandbox.tap("You", "Mute a story", message=alert)
    asked = await sandbox.wait_for("You", lambda message: len(message.buttons) == 3)
    assert (await sandbox.answer_to(tap)).answer == "Which one?"
    assert sorted(asked.buttons) == ["Briefing only", "Harbour opera opens", "Harbour wolves seen"]
    tap = await sandbox.tap("You", "Harbour opera opens", message=asked)
    await sandbox.wait_for("You", lambda message: "Unmute story" in message.buttons)
    assert (await sandbox.answer_to(tap)).answer == "You hear no more of this story"
    told = await sandbox.ask("You", "/brief 1d", "wolves")
    assert "opera" not in told.text
    assert (await tap_data(sandbox, "You", "hush:999")).answer


async def test_a_flood_rests_a_topic_and_a_tap_keeps_it_ringing(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    mark = await _rings_for_the_harbour(sandbox)
    await publish(app, *(f"Harbour {subject} {subject} in {subject}" for subject in SUBJECTS))
    note = await sandbox.wait_for("You", "Alerts rest until", since=mark)
    keep = next(button for button in note.buttons if button == "Keep alerts")
    data = note.button(keep)["callback_data"]
    tap = await sandbox.tap("You", keep, message=note)
    kept = await sandbox.wait_for("You", "alerts go on, however many come, for a day")
    assert (await sandbox.answer_to(tap)).answer == "Alerts go on"
    assert kept.id == note.id
    await publish(app, "Harbour zeppelin lands at noon")
    await sandbox.wait_for("You", "zeppelin", since=mark)
    await sandbox.ask("You", "/unsubscribe 1", "No longer following")
    assert (await tap_data(sandbox, "You", data)).answer == "You don't follow that any more."


async def test_admins_see_how_late_the_crowd_of_nine_will_be(sandbox: Sandbox, start: Start) -> None:
    app = await start(admins=(cast.ADA_ID,))
    await sandbox.ask("You", "/schedule 9", "daily at 09:00")
    async with app.db.write() as tx:
        you = (await tx.execute(chats.select().where(chats.c.next_run_at.is_not(None)))).one()
        common = {"kind": "private", "state": ChatState.ACTIVE, "created_at": app.clock.now()}
        common |= {"next_run_at": you.next_run_at, "last_slot": you.last_slot}
        crowd = [{"telegram_chat_id": 50_000 + number, **common} for number in range(4_199)]
        await insert_all(tx, chats, crowd)
    shown = await sandbox.ask("Ada", "/stats", "Next rush: ")
    assert "09:00, 4,200 briefings; the last comes 2 min 30 s late, at 28 a second" in shown.text
