"""An admin sees, in the message where a post was confirmed, how far it is."""

from datetime import timedelta

from bot.model import BroadcastState, Chat, DeliveryState, Message, Role
from bot.pipeline.progress import Progress
from bot.ports import SendResult, SendStatus
from bot.rules.delivery import Settlement
from bot.storage import broadcasts, deliveries
from bot.storage.database import Database
from tests.conftest import NOON
from tests.fakes import FakeMessenger
from tests.make import a_chat, a_user

SECOND = timedelta(seconds=1)


class Watching(FakeMessenger):
    """Keeps what was edited; answers with `status`."""

    def __init__(self) -> None:
        super().__init__()
        self.edited: list[Message] = []
        self.status = SendStatus.SENT

    async def edit(
        self, telegram_chat_id: int, message_id: int, message: Message, *, plain: bool = False
    ) -> SendResult:
        assert (telegram_chat_id, message_id) == (1, 77)
        self.edited.append(message)
        return SendResult(self.status)


async def sending(db: Database, chats: int) -> tuple[int, list[Chat]]:
    """A post on its way to so many chats."""
    async with db.write() as tx:
        admin = await a_user(tx, 1, role=Role.ADMIN)
        people = [await a_chat(tx, number) for number in range(1, chats + 1)]
        post = await broadcasts.add(tx, text="Hello", article_id=None, created_by=admin.id, now=NOON)
        await broadcasts.advance(tx, post.id, to=BroadcastState.SENDING, of=(BroadcastState.DRAFT,))
        await broadcasts.enqueue_to_all(tx, post.id, NOON)
        await broadcasts.show_progress_in(tx, post.id, 1, 77)
    return post.id, people


async def settle(db: Database, people: list[Chat], state: DeliveryState, *, uncertain: bool = False) -> None:
    async with db.write() as tx:
        waiting = [delivery for chat in people for delivery in await deliveries.of_chat(tx, chat.id)]
        await deliveries.mark_sending(tx, [delivery.id for delivery in waiting], NOON)
        sent = [delivery for chat in people for delivery in await deliveries.of_chat(tx, chat.id)]
        await deliveries.settle(tx, [Settlement(one, state, uncertain=uncertain) for one in sent], NOON)


async def finish(db: Database) -> None:
    async with db.write() as tx:
        await broadcasts.finish(tx, NOON + 5 * SECOND)


def buttons(message: Message) -> list[str]:
    return [button.text for row in message.buttons for button in row]


async def test_the_message_counts_up_and_ends(db: Database) -> None:
    _, people = await sending(db, 6)
    watching = Watching()
    progress = Progress(watching)
    assert await progress.run(db, NOON) == 0
    await settle(db, people[:3], DeliveryState.SENT)
    assert await progress.run(db, NOON + 3 * SECOND) == 0
    await settle(db, people[3:5], DeliveryState.SENT)
    await settle(db, people[5:], DeliveryState.FAILED, uncertain=True)
    await finish(db)
    assert await progress.run(db, NOON + 5 * SECOND) == 1
    assert await progress.run(db, NOON + 6 * SECOND) == 0
    assert [message.text for message in watching.edited] == [
        "<b>Sending</b> 0 of 6",
        "<b>Sending</b> 3 of 6 · 1/s · 3 s left",
        "<b>Sent</b> 5 of 6 in 5 s\nBlocked 0, failed 0, uncertain 1\nPerhaps arrived, perhaps not: Chat 6",
    ]
    assert buttons(watching.edited[0]) == ["Pause", "Stop the rest"]
    assert buttons(watching.edited[-1]) == ["Send again", "Leave", "Edit", "Withdraw"]


async def test_a_stopped_post_says_so(db: Database) -> None:
    post, people = await sending(db, 3)
    await settle(db, people[:1], DeliveryState.SENT)
    async with db.write() as tx:
        await broadcasts.advance(tx, post, to=BroadcastState.CANCELLED, of=(BroadcastState.SENDING,))
        await broadcasts.cancel_waiting(tx, post, NOON)
    watching = Watching()
    assert await Progress(watching).run(db, NOON) == 1
    assert [message.text for message in watching.edited] == ["<b>Stopped</b> 1 of 3\n2 chats were left out"]


async def test_nothing_is_edited_in_vain_and_a_missed_edit_is_made_good(db: Database) -> None:
    _, people = await sending(db, 2)
    watching = Watching()
    progress = Progress(watching)
    for _ in range(3):
        await progress.run(db, NOON)
    assert len(watching.edited) == 1
    await settle(db, people, DeliveryState.SENT)
    await finish(db)
    watching.status = SendStatus.FLOOD
    assert await progress.run(db, NOON + SECOND) == 0
    watching.status = SendStatus.SENT
    assert await progress.run(db, NOON + SECOND) == 1


async def test_a_message_that_the_admin_deleted_is_let_go_when_the_post_is_done(db: Database) -> None:
    _, people = await sending(db, 1)
    await settle(db, people, DeliveryState.SENT)
    await finish(db)
    watching = Watching()
    watching.status = SendStatus.MISSING
    assert await Progress(watching).run(db, NOON) == 1
    assert await Progress(watching).run(db, NOON) == 0
