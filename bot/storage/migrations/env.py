"""Alembic's entry: runs the revisions on the connection that bot.storage.migrate hands over."""

from typing import Any, Literal

from alembic import context

from bot.storage.tables import Id, Json, UtcDateTime, metadata


def name_own_type(kind: str, item: Any, autogenerate_context: Any) -> str | Literal[False]:
    """New revisions name our own types, instead of spelling out what each database makes of them."""
    names = {"Id": Id, "Json": Json}
    if kind == "type":
        for name, own in names.items():
            if item is own:
                autogenerate_context.imports.add(f"from bot.storage.tables import {name}")
                return name
        if isinstance(item, UtcDateTime):
            autogenerate_context.imports.add("from bot.storage.tables import UtcDateTime")
            return "UtcDateTime()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transaction_per_migration=False,
    compare_type=True,
    compare_server_default=True,
    render_item=name_own_type,
)
context.run_migrations()
