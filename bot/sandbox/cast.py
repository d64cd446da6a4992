"""The people and chats that every new sandbox has."""

from bot.sandbox.chats import Chat, User
from bot.sandbox.world import World

TOKEN = "7000000001:sandbox_token_that_opens_nothing"  # noqa: S105 - it opens this sandbox only
BOT_NAME = "Briefwire"
BOT_USERNAME = "briefwire_bot"

ADA_ID = 101_000_001  # the admin
YOU_ID = 101_000_002  # a newcomer, who reads English
LI_NA_ID = 101_000_003  # a newcomer, who reads Chinese
GROUP_ID = -4_100_001
FORUM_ID = -1_001_000_000_001
CHANNEL_ID = -1_001_000_000_002
TOPICS = {2: "Asia", 3: "Markets"}


def make_bot(token: str) -> User:
    """The bot that a token belongs to: its id stands before the colon."""
    return User(int(token.partition(":")[0]), BOT_NAME, username=BOT_USERNAME, is_bot=True)


def populate(world: World) -> None:
    """Lets everybody in. Nobody has written to the bot yet, and it is in no group."""
    you = User(YOU_ID, "You", username="you")
    li_na = User(LI_NA_ID, "李娜", username="li_na", language="zh-hans")
    ada = User(ADA_ID, "Ada", username="ada")
    for person, note in ((you, "newcomer"), (li_na, "reads Chinese"), (ada, "admin")):
        world.add_user(person).note = note
    people = {ADA_ID: "creator", YOU_ID: "member", LI_NA_ID: "member"}
    for chat in (
        Chat(GROUP_ID, "group", "Harbour watch", ada, note="group"),
        Chat(FORUM_ID, "supergroup", "Newsroom", ada, "newsroom", topics=dict(TOPICS), note="forum"),
        Chat(CHANNEL_ID, "channel", "Morning headlines", ada, "morning_headlines", note="channel"),
    ):
        chat.members.update(people)
        world.add_chat(chat)
