"""The kinds of columns that tables have, equal on both databases."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware datetime in UTC with microseconds, equal on both databases. Naive values are refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def id_column() -> sa.Column[int]:
    """A table's own integer key."""
    return sa.Column("id", Id, primary_key=True, autoincrement=True)


def text_column(name: str) -> sa.Column[str]:
    """A text, empty where nothing is said."""
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def flag_column(name: str, *, default: bool = False) -> sa.Column[bool]:
    """A yes or no."""
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.true() if default else sa.false())


def number_column(name: str) -> sa.Column[int]:
    """A whole number, 0 at first."""
    return sa.Column(name, sa.Integer, nullable=False, server_default="0")


def at_column(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """A time."""
    return sa.Column(name, UtcDateTime, nullable=nullable)


def ref_column(name: str, target: str, *, nullable: bool = False, ondelete: str = "CASCADE") -> sa.Column[int]:
    """The key of a row in another table."""
    return sa.Column(name, Id, sa.ForeignKey(target, ondelete=ondelete), nullable=nullable)
