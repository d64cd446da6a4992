"""What a sentence speaks of as if it were known, and the earlier sentences of its article that tell what is meant.

The rules, each of which gives the sentences one of which must be read before:
1. A surname alone (`Mr Venn`, `then Venn left`) needs the sentence with the whole name, or an earlier one with the
   surname, if there is one with the whole name.
2. An acronym needs the sentence that spells it out.
3. `the vessel` needs an earlier sentence with that noun, if one of them told of `a new vessel`.
4. A sentence that opens with a bare `The call was …` needs an earlier one with one of its nouns, else the one before or
   the article's first, if the noun is one that takes something up; the first sentence itself has nothing that helps.
   What everybody knows (`The government`) and what tells itself which one is meant (`The head of …`) needs none.
5. A pronoun (`… that they could be hit`), `some of them`, `in that match` needs the sentence before, unless its own
   sentence has something before it that may be meant.

Rules 3 to 5 know English; the third knows French, Spanish, Italian and Portuguese, too.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

from summarizer.stopwords import stop_words

Needs = tuple[tuple[int, ...], ...]

BEGINNING = 200  # sentences of an article, in which what explains another is looked for, so that time stays bounded

# People called by surname: after a title anywhere, without one at a sentence's start and before a verb.
CAPITALISED = re.compile(r"[A-ZÀ-Þ][\w’'-]+")
FIRST_WORD = re.compile(r"[\"“‘']?([A-ZÀ-Þ][\w’'-]+)(?! [A-ZÀ-Þ])")
CALLED = re.compile(
    r"([A-ZÀ-Þ][\w’'-]*)\.? (?:([A-ZÀ-Þ][\w’'-]+)(?! [A-ZÀ-Þ])|(?=(?:said|says|told|added|insisted|was|is|has|had|will"
    r"|would|could|should|may|might|did|does|also|who|then|now|later|won|lost|took|made|went|came|began|can|must|claims|claimed|insists|believes|believed|wants"
    r"|wanted|admits|admitted|hopes|hoped|joined|revealed|responds|responded|explained|warned|a|avait|est|était"
    r"|estime|affirme|assure|explique)\b))"
)
TITLES = frozenset("Mr Mrs Ms Miss Dr Prof M Mme Mlle Herr Frau".split())
NAME = re.compile(r"[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+)*")
NO_FIRST_NAMES = frozenset(
    """Mr Mrs Ms Miss Dr Prof Sir Lord Lady Dame M Mme Mlle Herr Frau The And But President Minister Chancellor Judge
    Senator Captain Professor""".split()
)
DAYS = frozenset("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())
# Capitalised words that name days, offices and kinds of places rather than people.
NO_SURNAMES = DAYS | frozenset(
    """January February March April May June July August
    September October November December Minister President Secretary Court House Street Road Day Eve Week City Council
    University Hospital School Club Cup League Games Championship Championships Union Party State States Office Park
    Airport Bank Group""".split()
)
NOUN_CAPITALS = frozenset({"de"})  # languages that write all nouns with a capital, so that only titles tell a surname
POSSESSIVE = re.compile(r"['’]s?\Z")
MAX_NAME = 30  # characters of a first name
# `Tidal Power (TPW)`, but not what everybody knows.
ACRONYM = re.compile(r"\(([A-Z][A-Za-z]?[A-Z]{1,4})\)")
KNOWN_ACRONYMS = frozenset(
    """EU UN US UK USA UAE BBC CNN NATO IMF WHO FBI CIA NASA FIFA UEFA NHS GDP CEO AP AFP IBM AIDS HIV UFO NBA NFL PC TV
    DVD CD""".split()
)

# Nouns.
DEFINITE = {
    "en": re.compile(r"[Tt]he (?=[a-z])"),
    "fr": re.compile(r"(?:[Ll][ea] |[Ll]['’])(?=[a-zà-ÿ])"),
    "es": re.compile(r"(?:[Ee]l|[Ll]a) (?=[a-zà-ÿ])"),
    "it": re.compile(r"(?:(?:[Ii]l|[Ll][ao]) |[Ll]['’])(?=[a-zà-ÿ])"),
    "pt": re.compile(r"\b[OoAa] (?=[a-zà-ÿ])"),
}
INDEFINITE = {
    "en": frozenset("a an A An another Another".split()),
    "fr": frozenset("un une Un Une".split()),
    "es": frozenset("un una Un Una".split()),
    "it": frozenset("un una uno Un Una Uno".split()),
    "pt": frozenset("um uma Um Uma".split()),
}
REACH = {"en": 3}  # words between an article and its noun, at most; 1 where adjectives follow the noun
MIN_NOUN = 4  # letters
NO_NOUNS = frozenset(
    """year years month week time times number part group result place long case half whole chance role line series
    range total million billion good great small large high major final next previous rest home public national former
    right left same main full best last first second third early recent local young live late person people
    world country city state town place home life work month months hour minute
    année mois semaine jour fois temps partie nombre groupe nouveau nouvelle grand grande petit petite premier première
    parte tiempo vez semana grupo número mundo tempo anno giorno volta gruppo numero""".split()
)
OPENING = re.compile(r"[\"“‘']?The (?=[a-z0-9])")
TELLING = frozenset("of who that de que".split())
LINKS = frozenset("a an the its his her their our my your".split())
STOPS = ".,;:!?)(—–”\"’'"
MAX_PHRASE = 60  # characters
AFTER_NOUN = frozenset(
    """of who whose that which for to between from behind in on at with against about over into by under around near
    across among within without after before during since until until where when as than""".split()
)
# What a bare noun phrase ends at: verbs and adverbs that follow subjects.
VERBS = frozenset(
    """is was are were be been has have had will would can could may might must should shall do does did also said says
    say told tells added adds and or but not never now then later still already yet only just even it he she they we
    who i he's added comes came goes went made makes took takes got gets won lost began begins left left ran led saw
    found finds shows showed gave gives became remains followed follows includes included""".split()
)
KNOWN = frozenset(
    """government president prime minister chancellor home foreign secretary treasury pope king queen prince princess
    police army military navy court church parliament senate congress economy euro dollar pound yen market markets
    stock internet web media press public opposition country nation government's sun moon weather sea earth
    climate environment law state capital north south east west rich poor elderly young unemployed disabled dead past
    future present truth fact fed union city first second third last latest best worst biggest largest most least
    number numbers majority average total cost price prices value amount rate level rise fall idea aim
    aims problem question point reason reasons key main only vast once former following year month week day
    night summer winter spring autumn weekend morning evening afternoon time season next same more fewer less
    odds chances risk danger global international national domestic local european american british french
    german chinese housing labour oil energy health education legal average""".split()
)
# Nouns that take something up even where the article has not told of it.
TAKING_UP = frozenset(
    """call move decision deal announcement incident attack accident crash pair duo trio two three four company firm
    club study survey report research findings figures ruling verdict game match win victory defeat result
    charity animal object bottles vessel service scheme project plan plans proposal proposals changes film show band
    singer actor actress star player striker defender midfielder goalkeeper winger manager coach boss suspect victim
    victims driver man woman boy girl couple family actor author writer spokesman spokeswoman letter email emails
    message messages video images pictures photo photos footage document documents statement comments remarks news
    test tests event meeting talks agreement offer bid fire blast explosion shooting murder death
    others former latter side team visitors hosts ship vessel boat plane aircraft car bus train bridge album song novel
    website site app game store shop school hospital vehicle dog cat bird device phone drug disease""".split()
)
AGE = "-year-old"

# Pronouns. The first search is for what most sentences lack, with the spaces that make it quick.
SINGULAR = (" he ", " she ", " him ", " his ", " her ")
PLURAL = (" they ", " them ", " their ")
PRONOUNS = (*SINGULAR, *PLURAL, " her.", " her,", " him.", " him,")
CAPITALISED = re.compile(r"[A-ZÀ-Þ][\w’'-]+")
OBJECT = re.compile(
    r" (?:him|her(?=[.,;:!?]| (?:\w+ly|to|in|on|for|at|from|with|and|as|off|out|up|back|away|into|down)\b|\Z))\b"
)
PERSON = re.compile(
    r"\b(?:an?|the|one|every|each|any|another|someone|anyone|who|whose|everyone|nobody)\b", re.IGNORECASE
)
SEVERAL = re.compile(
    r"[a-z]{3,}s\b(?<!ss|us|is)|\b(?:people|men|women|children|police|team|group|company|firm|band|family|government"
    r"|staff|public|crowd|majority|others|everyone|anyone|someone|who|couple|pair|both|side|club|party|and|those)\b"
)
OF_THEM = re.compile(r"of th(?:em|ese|ose(?! who))\b")
POINTERS = (" that ", " this ", " those ", " these ")
IN_THAT = re.compile(
    r" that [a-z]+\.\Z| (?:of|in|at|to|from|for|on|with|by|after|before|during|under|over|about|into|like)"
    r" (?:that|this|these|those) (?!who|which|are|is|was|were|year|month|week|day|night|morning|summer|winter|spring"
    r"|autumn|season|weekend|time|point|stage|country|century|way|world|kind|type|sort|one|area|level|the|a|he|she|it"
    r"|they|we|you|i\b|there|in|on|at|of|by|for|to|with|and|have|has|had|will|would|can|could|do|not|no|any|all)[a-z]"
)


class References:
    """Finds what the sentences of an article refer to.

    Args:
        texts: its sentences.
        language: two-letter code.
    """

    def __init__(self, texts: Sequence[str], language: str) -> None:
        self._texts = texts
        self._all = "\n".join(texts)
        self._starts = [0, *accumulate(len(text) + 1 for text in texts)]
        self._definite = DEFINITE.get(language)
        self._indefinite = INDEFINITE.get(language, frozenset())
        self._reach = REACH.get(language, 1)
        self._stop_words = stop_words(language)
        self._english = language == "en"
        self._only_titles = language in NOUN_CAPITALS

    def needs(self, place: int) -> Needs:
        """Of each reference, the places of the sentences that explain it, best first; one of them must be read."""
        found = self._of_opening(place) if self._english else []
        if self._english and _has_loose_pronoun(self._texts[place]):
            found.append((place - 1,) if place else ())
        if place:
            found += self._of_names(place)
            found += self._of_acronyms(place)
            if self._definite:
                found += self._of_nouns(place, self._definite)
        return tuple(dict.fromkeys(found)) if found else ()

    def _earlier(self, place: int, part: str) -> list[int]:
        """The places of the sentences before one that have a part of a text; mostly none does."""
        place = min(place, BEGINNING)
        if self._all.find(part, 0, self._starts[place]) < 0:
            return []
        return [other for other in range(place) if part in self._texts[other]]

    def _of_acronyms(self, place: int) -> list[tuple[int, ...]]:
        """The sentences that spell out the acronyms of one."""
        text = self._texts[place]
        return [(home,) for name, home in self._acronyms.items() if home < place and name in text]

    @cached_property
    def _acronyms(self) -> dict[str, int]:
        """The acronyms that the article spells out, with the sentence that does so first."""
        homes: dict[str, int] = {}
        for found in ACRONYM.finditer(self._all):
            homes.setdefault(found.group(1), bisect_right(self._starts, found.start()) - 1)
        return {name: home for name, home in homes.items() if name not in KNOWN_ACRONYMS}

    def _of_names(self, place: int) -> list[tuple[int, ...]]:
        text = self._texts[place]
        start = None if self._only_titles else FIRST_WORD.match(text)
        names = [name or first for first, name in CALLED.findall(text) if not name or first in TITLES or first in DAYS]
        if start:
            names.append(start.group(1))
        found = []
        for name in names:
            surname = POSSESSIVE.sub("", name) if name[-2:-1] in "'’" or name[-1] in "'’" else name
            if surname in NO_SURNAMES or surname.isupper() or surname.lower() in self._stop_words:
                continue
            earlier = self._earlier(place, surname)
            if earlier:
                found += self._introductions(place, surname, earlier)
        return found

    def _introductions(self, place: int, surname: str, earlier: Sequence[int]) -> list[tuple[int, ...]]:
        """The earlier sentences with a surname, if one of them has it with a first name."""
        if self._has_first_name(self._texts[place], surname):
            return []
        introducing = [number for number in earlier if self._has_first_name(self._texts[number], surname)][:1]
        return [(*introducing, *(number for number in earlier if number not in introducing))] if introducing else []

    def _has_first_name(self, text: str, surname: str) -> bool:
        """Whether a text has a surname somewhere behind another capitalised word that may be a name."""
        place = text.find(f" {surname}")
        while place >= 0:
            after = text[place + len(surname) + 1 : place + len(surname) + 2]
            words = text[max(0, place - MAX_NAME) : place].split(" ")
            first = words[-1]
            if first[:1].isupper() and first[-1].isalnum() and not after.isalnum() and self._may_be_first_name(first):
                return True
            place = text.find(f" {surname}", place + 1)
        return False

    def _may_be_first_name(self, word: str) -> bool:
        return word not in NO_FIRST_NAMES and word not in DAYS and word.lower() not in self._stop_words

    def _of_nouns(self, place: int, definite: re.Pattern[str]) -> list[tuple[int, ...]]:
        """The references of `the vessel`, where an earlier sentence has `a new vessel`."""
        text, end = self._texts[place], self._starts[min(place, BEGINNING)]
        needs = []
        for found in definite.finditer(text):
            words = text[found.end() : found.end() + MAX_PHRASE].split(None, self._reach + 1)
            for number, word in enumerate(words[: self._reach]):
                noun = word.rstrip(STOPS)
                # Most nouns have not stood in the article before.
                if len(noun) < MIN_NOUN or self._all.find(f" {noun}", 0, end) < 0:
                    continue
                if not noun.isalpha() or noun in NO_NOUNS or noun in self._stop_words:
                    continue
                if noun == word and not TELLING.isdisjoint(words[number + 1 : number + 2]):
                    break
                if self._is_introduced(text[: found.start()], noun):
                    break
                earlier = self._earlier(place, f" {noun}")
                if any(self._is_introduced(self._texts[other], noun) for other in earlier):
                    needs.append(tuple(earlier))
                    break
        return needs

    def _is_introduced(self, text: str, noun: str) -> bool:
        """Whether a text has an indefinite article before a noun that ends its phrase."""
        place = text.find(f" {noun}")
        while place >= 0:
            rest = text[place + 1 + len(noun) : place + 25 + len(noun)]
            if not rest[:1].isalnum() and not self._indefinite.isdisjoint(
                text[:place].rsplit(None, self._reach)[-self._reach :]
            ):
                following = rest.split(None, 1)[0] if rest[:1] == " " and len(rest) > 1 else ""
                if self._reach == 1 or not following or following in self._stop_words or not following.isalpha():
                    return True
            place = text.find(f" {noun}", place + 1)
        return False

    def _of_opening(self, place: int) -> list[tuple[int, ...]]:
        """The reference of a bare noun phrase at the start."""
        opening = OPENING.match(self._texts[place])
        phrase = _bare_phrase(self._texts[place], opening.end()) if opening else []
        if not phrase:
            return []
        nouns = [word for word in phrase[:3] if len(word) >= MIN_NOUN and word not in NO_NOUNS]
        earlier = sorted({other for noun in nouns for other in self._earlier(place, f" {noun}")})
        if earlier or not place:
            return [tuple(earlier)]
        if place > 1 or not TAKING_UP.isdisjoint(phrase) or any(AGE in word for word in phrase):
            return [tuple(dict.fromkeys((place - 1, 0)))]
        return []


def _bare_phrase(text: str, place: int) -> list[str]:
    """The words after an article up to a verb; none where they tell themselves what is meant, or everybody knows."""
    words = text[place : place + MAX_PHRASE].split(None, 4)[:4]
    phrase: list[str] = []
    for word in words:
        if word in VERBS or word in LINKS:
            break
        bare = word.rstrip(STOPS)
        # `The head of …`, `The Orvik dam`, `The group, Snow Now,`; not `The 25-year-old, who …`
        put_in = bare != word and word[len(bare)] in ",(—–" and AGE not in bare
        if word in AFTER_NOUN or bare[:1].isupper() or put_in:
            return []
        phrase.append(bare)
        if bare != word:
            break
    return [] if not KNOWN.isdisjoint(phrase) else phrase


def _has_loose_pronoun(text: str) -> bool:
    """Whether a pronoun, or `that match`, has nothing before it in its sentence that it may mean."""
    if any(map(text.__contains__, POINTERS)) and IN_THAT.search(text):
        return True
    of_them = OF_THEM.search(text)
    if of_them and not SEVERAL.search(text, 0, of_them.start()):
        return True
    if not any(map(text.__contains__, PRONOUNS)):
        return False
    for pronouns, antecedent in ((SINGULAR, PERSON), (PLURAL, SEVERAL)):
        places = [place for place in map(text.find, pronouns) if place > 0]
        if places:
            before = text[: min(places)]
            if " the " in before or " a " in before:
                continue
            names = [name for name in CAPITALISED.findall(before) if name not in NO_SURNAMES]
            if names and names[0].lower() in stop_words("en") and before.lstrip("\"“‘'").startswith(names[0]):
                del names[0]
            if not names and not antecedent.search(before):
                return True
    return _hides_object(text)


def _hides_object(text: str) -> bool:
    """Whether somebody does something to `him` or `her`, and nobody but who does it is named before."""
    found = OBJECT.search(text) if " him" in text or " her" in text else None
    if not found:
        return False
    before = text[: found.start()]
    return len(NAME.findall(before)) == 1 and NAME.match(before) is not None and not PERSON.search(before)
