"""Where people live, as they write it."""

import pytest

from bot.texts import words
from bot.texts.places import find_zones, is_certain


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        ("New_York", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("sao paulo", "America/Sao_Paulo"),
        ("St. John's", "America/St_Johns"),
        ("Singapore", "Asia/Singapore"),
        ("北京", "Asia/Shanghai"),
        ("北京市", "Asia/Shanghai"),
        ("柏林", "Europe/Berlin"),
        ("加德满都", "Asia/Kathmandu"),
        ("Kathmandu", "Asia/Kathmandu"),
        ("Mumbai", "Asia/Kolkata"),
        ("Germany", "Europe/Berlin"),
        ("德国", "Europe/Berlin"),
        ("UTC", "UTC"),
        ("UTC+8", "Etc/GMT-8"),
        ("UTC−3", "Etc/GMT+3"),
        ("+05:00", "Etc/GMT-5"),
        ("UTC+5:30", "Asia/Kolkata"),
        ("UTC +05:45", "Asia/Kathmandu"),
        ("+0930", "Australia/Darwin"),
        ("GMT-3:30", "America/St_Johns"),
    ],
)
def test_a_place_has_one_zone(written: str, zone: str) -> None:
    assert find_zones(written) == (zone,)
    assert is_certain(written, find_zones(written))


@pytest.mark.parametrize(
    ("written", "among"),
    [
        ("Brazil", "America/Sao_Paulo"),
        ("United States", "America/New_York"),
        ("美国", "America/Los_Angeles"),
        ("Russia", "Europe/Moscow"),
        ("san", "America/Santiago"),
        ("Berln", "Europe/Berlin"),
        ("胡志", "Asia/Ho_Chi_Minh"),
    ],
)
def test_what_may_mean_several_or_is_misspelt_is_offered(written: str, among: str) -> None:
    found = find_zones(written)
    assert among in found
    assert not is_certain(written, found)


@pytest.mark.parametrize("written", ["", "Narnia", "UTC+15", "UTC-14", "UTC+5:15", "GMT-5:30", "UTC:8", "x"])
def test_what_is_no_place_is_found_nowhere(written: str) -> None:
    assert find_zones(written) == ()


@pytest.mark.parametrize(
    ("language", "zone", "city"),
    [("en", "Asia/Kolkata", "Kolkata"), ("zh", "Asia/Kolkata", "加尔各答"), ("zh", "UTC", "UTC")],
)
def test_a_zone_is_called_by_its_city(language: str, zone: str, city: str) -> None:
    assert words(language).city(zone) == city
