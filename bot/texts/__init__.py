"""Every word that a person sees, per language.

English sentences stand in the code as templates, `words("{n} more", n=3)`; the other languages are gettext catalogues
(`zh.po`), which translators' tools read, compiled in memory. A sentence that a catalogue lacks fails a test.
"""

import gettext
import html
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from io import BytesIO

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_time, get_day_names, get_timezone_location
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.model import Html

LANGUAGES = ("en", "zh")
DAY = {"en": "d MMM", "zh": "M月d日"}
DAY_OF_YEAR = {"en": "d MMM y", "zh": "y年M月d日"}
WEEKDAY = {"en": "EEE d MMM", "zh": "M月d日 EEE"}


class Catalogue:
    """One language's words (bot.ports.Words)."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._sentences = gettext.NullTranslations() if language == "en" else _compile(language)

    def __call__(self, sentence: str, /, **facts: object) -> str:
        """The sentence as plain text, with its facts filled in."""
        return self._sentences.gettext(sentence).format(**facts)

    def html(self, sentence: str, /, **facts: object) -> Html:
        """The sentence as Telegram HTML: facts are escaped unless they are Html."""
        return Html(self._sentences.gettext(sentence).format(**{name: escape(fact) for name, fact in facts.items()}))

    def count(self, one: str, many: str, n: int, /, **facts: object) -> str:
        """The form that n takes, with n written the way the language groups digits."""
        return self._sentences.ngettext(one, many, n).format(n=f"{n:,}", **facts)

    def day(self, day: date, *, today: date) -> str:
        """`22 Oct`, or `22 Oct 2023` in another year."""
        pattern = DAY if day.year == today.year else DAY_OF_YEAR
        return format_date(day, pattern[self.language], locale=self.language)

    def moment(self, moment: datetime, *, now: datetime) -> str:
        """`14:05` today, `Mon 21 Oct 14:05` on another day of this year. Both are local times of one zone."""
        if moment.date() == now.date():
            return self._clock(moment)
        if moment.year == now.year:
            return self.weekday(moment)
        return f"{format_date(moment.date(), DAY_OF_YEAR[self.language], locale=self.language)} {self._clock(moment)}"

    def weekday(self, moment: datetime) -> str:
        """`Tue 22 Oct 08:00`."""
        return f"{format_date(moment.date(), WEEKDAY[self.language], locale=self.language)} {self._clock(moment)}"

    def city(self, zone: str) -> str:
        """What a time zone's city is called: `纽约` for America/New_York."""
        names = Locale(self.language).time_zones
        facts: Mapping[str, str] = next(
            (names[name] for name in (zone, *_former_names().get(zone, ())) if name in names), {}
        )
        return facts.get("city") or get_timezone_location(zone, locale="en", return_city=True)

    def weekdays(self, days: Sequence[int]) -> list[str]:
        """ISO weekdays, short: `Mon`, `周一`."""
        return [get_day_names("abbreviated", locale=self.language)[day - 1] for day in days]

    def _clock(self, moment: datetime) -> str:
        return format_time(moment.time(), "HH:mm", locale=self.language)


@cache
def words(language: str) -> Catalogue:
    """The words of a language given as an IETF tag (`zh-Hans`); English where we have none of it."""
    base = language.lower().replace("_", "-").split("-")[0]
    return _catalogue(base if base in LANGUAGES else "en")


@cache
def _former_names() -> dict[str, list[str]]:
    """What zones were called before; the locale data still goes by some of these names."""
    former: dict[str, list[str]] = {}
    for old, name in get_global("zone_aliases").items():
        former.setdefault(name, []).append(old)
    return former


@cache
def _catalogue(language: str) -> Catalogue:
    return Catalogue(language)


def escape(fact: object) -> str:
    """A fact as Telegram HTML."""
    return fact if isinstance(fact, Html) else html.escape(str(fact), quote=True)


def _compile(language: str) -> gettext.GNUTranslations:
    catalogue = read_po(BytesIO((files(__package__) / f"{language}.po").read_bytes()), locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
