"""Russian and Ukrainian case endings, by the ending that the word is given with."""

from functools import cache

_HARD = "а у ом е ы ов ам ами ах"
_SOFT_SIGN = "я ю ем е и ей ям ями ях ью"
_ADJECTIVE = "ый ого ому ым ом ая ой ую ою ое ые ых ыми"
_SOFT_ADJECTIVE = "ий его ему им ем яя ей юю ее ие их ими"
_VELAR_ADJECTIVE = "ий ого ому им ом ая ой ую ою ое ие их ими"

# The ending that is taken off, the longest that fits, and those that may come in its place; "." is none at all, and
# what stands before "+" stays.
_RUSSIAN = {
    "ия": "ия ии ию ией иею ий иям иями иях",
    "ии": "ия ии ию ией ий иям иями иях",
    "ие": "ие ия ию ием ии ий иям иями иях",
    "ский": f"ск+{_VELAR_ADJECTIVE}",
    "ская": f"ск+{_VELAR_ADJECTIVE}",
    "ское": f"ск+{_VELAR_ADJECTIVE}",
    "ские": f"ск+{_VELAR_ADJECTIVE}",
    "кий": f"к+{_VELAR_ADJECTIVE}",
    "ный": f"н+{_ADJECTIVE}",
    "ная": f"н+{_ADJECTIVE}",
    "ное": f"н+{_ADJECTIVE}",
    "ные": f"н+{_ADJECTIVE}",
    "ний": f"н+{_SOFT_ADJECTIVE}",
    "ый": _ADJECTIVE,
    "ой": _ADJECTIVE,
    "ая": _ADJECTIVE,
    "ое": _ADJECTIVE,
    "ые": _ADJECTIVE,
    "ок": "ок ка ку ком ке ки ков кам ками ках",
    "ец": "ец ца цу цом цем це цы цов цев цам цами цах",
    "ов": "ов ова ову овым овом ове овы овых овым овыми ой",
    "ев": "ев ева еву евым евом еве евы евых евыми",
    "ин": "ин ина ину ином иным ине ины инов иных инам иным инами иными инах",
    "ка": "ка ки ке ку кой кою ок ек кам ками ках",
    "га": "га ги ге гу гой гою г гам гами гах",
    "ха": "ха хи хе ху хой х хам хами хах",
    "жа": "жа жи же жу жей ж жам жами жах",
    "ча": "ча чи че чу чей ч чам чами чах",
    "ша": "ша ши ше шу шей ш шам шами шах",
    "ца": "ца цы це цу цей ц цам цами цах",
    "ки": "ки к ка ку ком ке ков ок кам ками ках",
    "ги": "ги г га гу гом ге гов гам гами гах",
    "й": "й я ю ем е и ев ям ями ях",
    "а": "а ы е у ой ою . ам ами ах",
    "я": "я и е ю ей ею ь й ям ями ях",
    "о": "о а у ом е . ам ами ах",
    "е": "е я ю ем и ей ям ями ях",
    "ы": f"ы . {_HARD} ой",
    "и": "и . ь я ю ем е ей ям ями ях ью",
    "ь": f"ь {_SOFT_SIGN}",
    "к": "к ка ку ком ке ки ков кам ками ках",
    "г": "г га гу гом ге ги гов гам гами гах",
    "х": "х ха ху хом хе хи хов хам хами хах",
    "ж": "ж жа жу жем же жи жей жам жами жах",
    "ч": "ч ча чу чем че чи чей чам чами чах",
    "ш": "ш ша шу шем ше ши шей шам шами шах",
    "щ": "щ ща щу щем ще щи щей щам щами щах",
    "ц": "ц ца цу цем цом це цы цев цов цам цами цах",
    "": f". {_HARD}",
}
_UKRAINIAN_ADJECTIVE = "ий ого ому им ім а ої ій у ою е і их ими"
_UKRAINIAN = {
    "ія": "ія ії ію ією ій іям іями іях",
    "ії": "ія ії ію ією ій іям іями іях",
    "ський": f"ськ+{_UKRAINIAN_ADJECTIVE}",
    "ська": f"ськ+{_UKRAINIAN_ADJECTIVE}",
    "ний": f"н+{_UKRAINIAN_ADJECTIVE}",
    "на": f"н+{_UKRAINIAN_ADJECTIVE} и ам ами ах о .",
    "їв": "їв єва єву єві євом єва",
    "ів": "ів ова ову ові овом ів",
    "ець": "ець ця цю цем ці ців цям цями цях",
    "ок": "ок ку ка ком ки ків кам ками ках",
    "ння": "ння нню нням нні нь нням ннями ннях",
    "ість": "ість ості істю",
    "ка": "ка ки ці ку кою ок кам ками ках",
    "га": "га ги зі гу гою г гам гами гах",
    "й": "й я ю єм ї їв єві ям ями ях",
    "а": "а и і у ою о . ам ами ах",
    "я": "я і ю ею є єю ь ям ями ях",
    "о": "о а у ом і . ам ами ах",
    "е": "е я ю ем і ь ям ями ях",
    "и": "и . а у ом і ів ам ами ах",
    "і": "і ь я ю ем ей ям ями ях",
    "ь": "ь я ю ем еві і ей ів ям ями ях",
    "": ". а у ом ові і и ів ам ами ах",
}
# What Ukrainian adds to the Russian forms of a word whose letters are in both alphabets.
_BOTH = {
    "ння": "нню нням нні нь ннями ннях",
    "ая": "ая",
    "ия": "ия",
    "ии": "ии",
    "ой": "ой",
    "а": "и і",
    "я": "і є єю",
    "и": ". а у ом і ів ам ами ах",
    "ь": "еві і ів",
    "й": "єм ї їв єві",
    "о": "і",
    "е": "і",
    "": "ові і и ів",
}
# Words whose forms no ending gives.
_FAMILIES = """
человек человека человеку человеком человеке люди людей людям людьми людях
ребенок ребенка ребенку ребенком ребенке дети детей детям детьми детях|день дня дню днем дне дни дней дням днями днях
мать матери матерью матерей матерям матерями матерях|отец отца отцу отцом отце отцы отцов
лев льва льву львом льве львы львов|дитина дитини дитині дитину дитиною діти дітей дітям дітьми дітях
людина людини людині людину людиною люди людей людям людьми
лікар лікаря лікарю лікареві лікарем лікарі лікарів лікарям лікарями
"""
_LONGEST = 5  # letters of an ending
_MIN_STEM = 2  # letters that must stay when an ending is taken off


def slavic_forms(word: str) -> list[str]:
    """The case forms of a folded Cyrillic word, Russian or Ukrainian as its letters say, both where they do not."""
    known = _families().get(word)
    if known:
        return list(known)
    letters = set(word)
    if letters & set("іїєґ") or "ськ" in word:
        return _declined(word, _UKRAINIAN)
    if letters & set("ыэъ"):
        return _declined(word, _RUSSIAN)
    return _declined(word, _RUSSIAN) + _declined(word, _BOTH)


@cache
def _families() -> dict[str, tuple[str, ...]]:
    families: dict[str, tuple[str, ...]] = {}
    for family in _FAMILIES.strip().replace("\n", "|").split("|"):
        words = tuple(family.split())
        for word in words:
            families[word] = families.get(word, ()) + words
    return families


def _declined(word: str, endings: dict[str, str]) -> list[str]:
    """The endings of a table always hold the empty one."""
    sizes = range(min(_LONGEST, len(word) - _MIN_STEM), -1, -1)
    size = next(size for size in sizes if word[len(word) - size :] in endings)
    kept, _, others = endings[word[len(word) - size :]].rpartition("+")
    stem = word[: len(word) - size] + kept
    return [stem if other == "." else f"{stem}{other}" for other in others.split()]
