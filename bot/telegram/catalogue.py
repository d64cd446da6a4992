"""/source catalogue: packs of well-known feeds by language and topic, each added with one tap."""

from collections.abc import Sequence

from babel import Locale

from bot.actions import account, catalogue, sources
from bot.actions.catalogue import Pack
from bot.errors import BadInput
from bot.model import Button
from bot.telegram.source_lists import add_all
from bot.telegram.turn import Buttons, Turn
from bot.texts import Catalogue
from bot.texts.errors import N_

TOPICS = {
    "world": N_("World"),
    "asia": N_("Asia"),
    "business": N_("Business"),
    "technology": N_("Technology"),
    "science": N_("Science"),
    "sport": N_("Sport"),
}
FIRST_OFFERED = 3  # packs in the first greeting of an owner


async def show(turn: Turn, language: str) -> None:
    """The packs of a language, and the other languages; of the reader's own at first."""
    account.require_admin(turn.visitor)
    await turn.toast()
    chosen = language if language in catalogue.languages() else _own_language(turn)
    text = turn.words.html(
        "<b>Well-known feeds</b> in {language}. A tap adds a pack; "
        "what does not suit you is removed with /source list.",
        language=_name(chosen, turn.words),
    )
    # Another language takes the place of this one; from elsewhere the catalogue is a message of its own.
    await (turn.edit if language else turn.reply)(text, _rows(turn, chosen))


def _rows(turn: Turn, chosen: str) -> Buttons:
    packs = [_button(pack, turn.words) for pack in catalogue.packs() if pack.language == chosen]
    others = [
        Button(_name(language, turn.words), data=f"catalogue:{language}")
        for language in catalogue.languages()
        if language != chosen
    ]
    return [
        *(packs[place : place + 2] for place in range(0, len(packs), 2)),
        *(others[place : place + 3] for place in range(0, len(others), 3)),
    ]


def _button(pack: Pack, words: Catalogue, *, with_language: bool = False) -> Button:
    topic = f"{words(TOPICS[pack.topic])} {len(pack.feeds)}"
    return Button(f"{_name(pack.language, words)}: {topic}" if with_language else topic, data=f"pack:{pack.key}")


def _name(language: str, words: Catalogue) -> str:
    return Locale.parse(language).get_display_name(words.language) or language


def _own_language(turn: Turn) -> str:
    language = turn.visitor.chat.language.split("-")[0]
    return language if language in catalogue.languages() else catalogue.languages()[0]


async def add_pack(turn: Turn, key: str) -> None:
    """A pack's button: adds its feeds with progress; with the first ones of all comes the first briefing."""
    account.require_admin(turn.visitor)
    pack = catalogue.pack(key)
    if pack is None:
        raise BadInput("stale_button")
    await turn.toast()
    is_first = not await sources.list_sources(turn.services.db, turn.now)
    await add_all(turn, pack.feeds, more=[[Button(turn.words("First briefing"), data="brief")]] if is_first else ())


def first_offer(turn: Turn) -> Sequence[Sequence[Button]]:
    """The buttons for an owner whose bot reads nothing yet: packs of their language, and the rest of the catalogue."""
    own = [pack for pack in catalogue.packs() if pack.language == _own_language(turn)][:FIRST_OFFERED]
    return [
        *([_button(pack, turn.words, with_language=True)] for pack in own),
        [Button(turn.words("All languages and topics"), data="catalogue")],
    ]
