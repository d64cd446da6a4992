"""Time zones by what people call where they live: a city or a country in our languages, a zone's name, an offset.

City and country names are those of the Unicode CLDR, which Babel brings; beside them stand great cities that have no
zone of their own.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global

from bot.texts import LANGUAGES

MOST_CHOICES = 9
LIKENESS = 0.8  # of a name that is offered for one that nobody knows
LEAST_TO_COMPLETE = 3  # letters, or ideographs less one
OFFSET = re.compile(r"(?:utc|gmt)?([+\-−])(\d{1,2})(?::?(\d\d))?")
# No zone is called like these: the greatest place that has the time, all year where there is one.
PLACES_BY_OFFSET = {
    "-9:30": "Pacific/Marquesas",
    "-3:30": "America/St_Johns",
    "+3:30": "Asia/Tehran",
    "+4:30": "Asia/Kabul",
    "+5:30": "Asia/Kolkata",
    "+5:45": "Asia/Kathmandu",
    "+6:30": "Asia/Yangon",
    "+8:45": "Australia/Eucla",
    "+9:30": "Australia/Darwin",
    "+10:30": "Australia/Lord_Howe",
    "+12:45": "Pacific/Chatham",
}
NO_PLACES = ("posix/", "right/", "SystemV/", "Etc/", "localtime", "posixrules", "Factory")
GREAT_CITIES = {
    "Asia/Shanghai": "beijing guangzhou shenzhen chengdu hangzhou wuhan nanjing tianjin xian peking canton "
    "北京 广州 深圳 成都 杭州 武汉 南京 天津 西安 重庆 苏州 青岛 厦门 哈尔滨",
    "Asia/Kolkata": "mumbai delhi new_delhi bangalore bengaluru chennai hyderabad 孟买 新德里 班加罗尔",
    "Asia/Bangkok": "hanoi 河内",
    "Asia/Tokyo": "osaka kyoto yokohama 大阪 京都 横滨",
    "Asia/Seoul": "busan 釜山",
    "Asia/Dubai": "abu_dhabi 阿布扎比",
    "Asia/Jerusalem": "tel_aviv haifa 特拉维夫",
    "Europe/Berlin": "munich hamburg frankfurt cologne stuttgart munchen koln 慕尼黑 汉堡 法兰克福",
    "Europe/Madrid": "barcelona 巴塞罗那",
    "Europe/Rome": "milan naples turin 米兰",
    "Europe/Zurich": "geneva basel bern 日内瓦",
    "Europe/London": "manchester edinburgh birmingham glasgow 曼彻斯特 爱丁堡",
    "Europe/Paris": "lyon marseille 里昂",
    "Europe/Moscow": "saint_petersburg st_petersburg 圣彼得堡",
    "Europe/Warsaw": "krakow",
    "Europe/Istanbul": "ankara 安卡拉",
    "America/New_York": "washington washington_dc boston miami atlanta philadelphia 华盛顿 波士顿 费城 迈阿密",
    "America/Chicago": "houston dallas austin 休斯敦 达拉斯",
    "America/Los_Angeles": "san_francisco seattle san_diego portland las_vegas 旧金山 三藩市 西雅图",
    "America/Toronto": "montreal ottawa 蒙特利尔 渥太华",
    "America/Sao_Paulo": "rio_de_janeiro brasilia 里约热内卢",
    "Australia/Sydney": "canberra 堪培拉",
}


def find_zones(text: str) -> tuple[str, ...]:
    """The IANA zones that a name may mean: one where it is clear, several to choose from, none where nobody knows it.

    What is only begun or misspelt is completed: all that it may have meant come back, of those at most MOST_CHOICES.
    """
    name = _fold(text)
    if not name:
        return ()
    known = _places()
    zones = known.get(name) or known.get(name.removesuffix("市"))
    exact = _zone_names().get(name) or _fixed_offset(name)
    return zones or ((exact,) if exact else _suggested(name, known))


def is_certain(text: str, zones: Iterable[str]) -> bool:
    """Whether a name means one zone, and is written as that is known."""
    found = tuple(zones)
    name = _fold(text)
    known = _places()
    exact = name in _zone_names() or _fixed_offset(name) or name in known or name.removesuffix("市") in known
    return len(found) == 1 and bool(exact)


def _suggested(name: str, known: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    least = LEAST_TO_COMPLETE - (not name.isascii())
    begun = [place for place in known if place.startswith(name)] if len(name) >= least else []
    meant = begun or get_close_matches(name, known, MOST_CHOICES, LIKENESS)
    return tuple(dict.fromkeys(zone for place in meant for zone in known[place]))[:MOST_CHOICES]


def _fixed_offset(name: str) -> str:
    found = OFFSET.fullmatch(name.replace(" ", ""))
    if found is None:
        return ""
    east, hours, minutes = found[1] == "+", int(found[2]), found[3] or "00"
    if minutes != "00":
        return PLACES_BY_OFFSET.get(f"{'+' if east else '-'}{hours}:{minutes}", "")
    zone = f"Etc/GMT{'-' if east else '+'}{hours}"  # POSIX zones count westward: Etc/GMT-8 is UTC+8
    return zone if zone in available_timezones() else ""


@cache
def _zone_names() -> dict[str, str]:
    """Zones by their own names."""
    return {_fold(name): name for name in sorted(available_timezones()) if not name.startswith(NO_PLACES)}


@cache
def _places() -> dict[str, tuple[str, ...]]:
    """Zones by the names of cities, then of countries that no city is called like."""
    places: dict[str, list[str]] = {}
    usable = available_timezones()
    for name, zone in _cities():
        if zone in usable:
            _note(places, name, zone)
    for zone in sorted(usable):
        if "/" in zone and not zone.startswith(NO_PLACES):
            name = _fold(zone.rsplit("/", 1)[1])
            if name not in places:
                _note(places, name, zone)
    for zone, names in GREAT_CITIES.items():
        for name in names.split():
            if _fold(name) not in places:
                _note(places, name, zone)
    cities = {name: tuple(zones) for name, zones in places.items()}
    return {**_countries(usable), **cities}


def _cities() -> Iterator[tuple[str, str]]:
    """What each language calls a zone's city, and the zone by today's name."""
    today = get_global("zone_aliases")
    for language in LANGUAGES:
        for zone, facts in sorted(Locale(language).time_zones.items()):
            if "city" in facts:
                yield facts["city"], today.get(zone, zone)


def _countries(usable: set[str]) -> dict[str, tuple[str, ...]]:
    """Countries by name: the chief zones of each, and one more for each clock that none of them keeps."""
    clocks = get_global("meta_zones")
    chief = set(get_global("windows_zone_mapping").values())
    countries = {}
    for territory, zones in get_global("territory_zones").items():
        kept = {zone: clocks.get(zone, zone) for zone in sorted(zones) if zone in usable and zone in chief}
        for zone in sorted(zone for zone in zones if zone in usable):
            if clocks.get(zone, zone) not in kept.values():
                kept[zone] = clocks.get(zone, zone)
        for language in LANGUAGES:
            name = Locale(language).territories.get(territory)
            if name and kept and territory != "001":
                countries[_fold(name)] = tuple(kept)
    return countries


def _note(places: dict[str, list[str]], name: str, zone: str) -> None:
    zones = places.setdefault(_fold(name), [])
    if zone not in zones:
        zones.append(zone)


def _fold(name: str) -> str:
    """A name without case, accents, dots and apostrophes, its words apart by one space."""
    plain = unicodedata.normalize("NFKD", name.replace("_", " ").replace("−", "-").casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter) and letter not in "’'.")
    return " ".join(unicodedata.normalize("NFC", letters).split())
