"""Users: people on Telegram, their role and whether they were let in."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model import Access, Role, User
from bot.storage.database import Tx, insert
from bot.storage.tables import users


async def meet(tx: Tx, *, telegram_user_id: int, name: str, language: str, access: Access, now: datetime) -> User:
    """The user, stored at the first meeting; later ones refresh the name and language that Telegram gives."""
    statement = (
        insert(tx, users)
        .values(
            telegram_user_id=telegram_user_id,
            name=name,
            language=language,
            role=Role.READER,
            access=access,
            created_at=now,
        )
        .on_conflict_do_update(index_elements=[users.c.telegram_user_id], set_={"name": name, "language": language})
        .returning(users)
    )
    return _user((await tx.execute(statement)).one())


async def get(tx: Tx, user_id: int) -> User | None:
    """The user of an id."""
    row = (await tx.execute(sa.select(users).where(users.c.id == user_id))).one_or_none()
    return None if row is None else _user(row)


async def admins(tx: Tx) -> list[User]:
    """Owners and admins, the owner first."""
    rows = await tx.execute(
        sa.select(users)
        .where(users.c.role.in_([Role.OWNER, Role.ADMIN]))
        .order_by(users.c.role == Role.ADMIN, users.c.id)
    )
    return [_user(row) for row in rows]


async def all_users(tx: Tx) -> list[User]:
    """Everybody, in the order of meeting."""
    return [_user(row) for row in await tx.execute(sa.select(users).order_by(users.c.id))]


async def set_role(tx: Tx, user_id: int, role: Role) -> None:
    """Gives a role; whoever has more than a reader's is let in, too."""
    values: dict[str, Any] = {"role": role}
    if role is not Role.READER:
        values["access"] = Access.ALLOWED
    await tx.execute(sa.update(users).where(users.c.id == user_id).values(values))


async def claim_ownership(tx: Tx, user_id: int) -> bool:
    """Makes the user the owner if nobody is one yet; of two at the same time only the first succeeds."""
    # Two claims write different rows, so PostgreSQL would let both pass: whoever claims holds the first user's row.
    await tx.execute(sa.select(users.c.id).order_by(users.c.id).limit(1).with_for_update(key_share=True))
    taken = sa.exists().where(users.alias("owners").c.role == Role.OWNER)
    done = await tx.execute(
        sa.update(users).where(users.c.id == user_id, ~taken).values(role=Role.OWNER, access=Access.ALLOWED)
    )
    return bool(done.rowcount)


async def has_owner(tx: Tx) -> bool:
    """Whether somebody claimed the bot."""
    return bool(await tx.scalar(sa.select(sa.exists().where(users.c.role == Role.OWNER))))


async def set_access(tx: Tx, user_id: int, access: Access) -> None:
    """Notes where a stranger stands."""
    await tx.execute(sa.update(users).where(users.c.id == user_id).values(access=access))


async def ask_access(tx: Tx, user_id: int) -> bool:
    """Notes that a stranger asks to be let in; False for whoever asked before or is no stranger."""
    done = await tx.execute(
        sa.update(users).where(users.c.id == user_id, users.c.access == Access.STRANGER).values(access=Access.ASKED)
    )
    return bool(done.rowcount)


async def delete(tx: Tx, user_id: int) -> None:
    """Forgets the user."""
    await tx.execute(sa.delete(users).where(users.c.id == user_id))


def _user(row: Any) -> User:
    return User(
        id=row.id,
        telegram_user_id=row.telegram_user_id,
        name=row.name,
        language=row.language,
        role=Role(row.role),
        access=Access(row.access),
    )
