"""Death before and after every write of a post's way: no chat gets it twice, none is left out."""

from collections import Counter

import pytest
import sqlalchemy as sa

from bot.actions import posts
from bot.model import BroadcastState, DeliveryState, Operation, Role, User
from bot.pipeline.broadcast import broadcast
from bot.storage import broadcasts
from bot.storage.database import Database
from bot.storage.tables import deliveries, metadata
from tests.conftest import NOON
from tests.make import a_chat, a_user
from tests.pipeline.test_kills import Killed, Mortal

CHATS = 5


async def begin(db: Database) -> tuple[User, int]:
    """Chats, and a draft of an admin."""
    async with db.write() as tx:
        for table in reversed(metadata.sorted_tables):
            await tx.execute(sa.delete(table))
        admin = await a_user(tx, 1, role=Role.ADMIN)
        for number in range(1, CHATS + 1):
            await a_chat(tx, number)
        draft = await broadcasts.add(tx, text="Post", article_id=None, created_by=admin.id, now=NOON)
    return admin, draft.id


async def live(db: Database, admin: User, post_id: int) -> None:
    """The admin confirms, all is sent, the text is changed, and at last the post is taken back."""
    async with db.read() as tx:
        its = await broadcasts.get(tx, post_id)
    if its.state is BroadcastState.DRAFT:
        await posts.confirm(db, admin, post_id, NOON)
    while await broadcast(db, NOON):
        pass
    async with db.write() as tx:
        sent = {"state": DeliveryState.SENT, "sending_at": NOON, "telegram_message_id": deliveries.c.id}
        await tx.execute(sa.update(deliveries).where(deliveries.c.state == DeliveryState.QUEUED).values(sent))
    if not its.revision:
        await posts.propose_text(db, admin, post_id, "New")
        await posts.replace_text(db, admin, post_id, NOON)
    while await broadcast(db, NOON):
        pass
    await posts.withdraw(db, admin, post_id, NOON)
    while await broadcast(db, NOON):
        pass


async def check(db: Database) -> None:
    """Every chat has one message, one edit at most, and one withdrawal."""
    async with db.read() as tx:
        rows = (await tx.execute(sa.select(deliveries))).all()
    for operation, least in ((Operation.SEND, 1), (Operation.EDIT, 0), (Operation.DELETE, 1)):
        per_chat = Counter(row.chat_id for row in rows if row.operation == operation)
        assert all(least <= per_chat[row.chat_id] <= 1 for row in rows)
    assert len({row.chat_id for row in rows}) == CHATS


@pytest.mark.parametrize("is_stored", [False, True], ids=["before", "after"])
async def test_the_next_life_completes_a_post_whatever_write_the_last_one_died_at(
    db: Database, is_stored: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.recipients.PORTION", 3)
    monkeypatch.setattr("bot.storage.corrections.PORTION", 3)
    undisturbed = Mortal(db)
    await live(undisturbed, *await begin(db))
    await check(db)
    for dies_at in range(1, undisturbed.writes + 1):
        admin, post_id = await begin(db)
        with pytest.raises(Killed):
            await live(Mortal(db, dies_at, is_stored=is_stored), admin, post_id)
        await live(db, admin, post_id)
        await check(db)
