"""Whether a sentence can be read out of its article: what leans on others, what is broken off, what is no news at all.

The rules, in order:
1. Adverts, bylines, credits, links to other articles and page furniture are junk (`summarizer.furniture`), and so is
   the title where the text repeats it.
2. A sentence that opens or closes a quotation without its other end is broken: nobody can tell who speaks.
   So is a heading, a caption (`pictured left`), and what a page's extraction glued together (`so?read more`).
3. A sentence that opens with a connective or pronoun, comes to one or to a pointing word after its first phrase (`In
   May, he …`, `He paid those bills`), says `he said` without having named anyone, or is all quotation, leans on the one
   before it.
4. A sentence that calls somebody by surname (`Mr Venn`) leans on any that named them before, best on the one that
   introduced them (`Bo Venn, a baker`).
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence, Set
from enum import IntEnum
from functools import cache
from itertools import accumulate, chain

from summarizer.abbreviations import abbreviations
from summarizer.furniture import is_furniture
from summarizer.languages import UNSPACED
from summarizer.openings import opening
from summarizer.references import Needs, References
from summarizer.sentences import TERMINATORS
from summarizer.stopwords import common_words

QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|‘[^’]*’(?!\w)|(?<!\w)'.*?[,.?!]'(?!\w)|「[^」]*」|『[^』]*』")
QUOTE_START = re.compile(r"[\"“«'‘「『(（\[]*")
SPEAKING = (" he ", " she ", " they ", " I ", " we ", "-il", "-elle")
TELLS_SPEAKER = re.compile(
    r"[:：]\Z|[\"“”«»„「」]|\b(?:said|says|told|added|adds|explained|wrote|asked|insisted|argued)\b"
)
FIRST_PERSON = re.compile(r"\s(?:I|my|we|you)\s")
FIRST_PERSON_START = re.compile(r"(?:I|We|My|I['’]m|We['’]re|I['’]ve)\s")
PRONOUN_SPEAKS = re.compile(
    r"\b(?:he|she|they|it|I|we|who)\s+(?:also\s+|later\s+|then\s+)?"
    r"(?:said|says|told|added|adds|explained|wrote|continued|asked|insisted|argued|noted|recalled|admitted|claimed)\b"
    r"|\b(?:said|added|explained) (?:he|she|they)(?! [a-z])|\w-(?:t-)?(?:il|elle|ils|elles)\b"
)
# Who speaks may call themselves so, as long as the sentence names them.
SPEAKER = re.compile(
    r"(?:I|We|My|Our|You|Your|I['’]m|We['’]re|Ich|Wir|Je|J['’]|Nous|Yo|Nosotros|Eu|Nós|Io|Noi|Ik|Wij|We|Ja|My|Ben|Biz|Saya"
    r"|Kami|Kita|Tôi|Chúng tôi|Я|Мы|Ми)\b|我|私|僕|나는|우리"
)
LATE_PRONOUN = re.compile(
    r"(?:(?:As|When|While|After|Before|Although|Though|If|Since|Once|Despite|With|Like|Unlike)\s(?![A-Z])"
    r"|(?:In|On|At|By|During|For|From|Under|Until|Last|Earlier|Later|Today|Yesterday|Now|Speaking|Asked)\b)"
    r"(?:[^,“”\"]{0,80},|(?:\s[\w-]+){1,2})\s(?:he|she|they|it)\s"
    r"|(?:A|À|Au|En|Dans|Après|Avant|Depuis|Lors|Pour|Sur)\s[^«»\"]{0,80},\s(?:il|elle|ils|elles|son|sa|ses|leurs?)\s"
    r"|.*,\stoo\.\Z|[^,]{2,40},\s(?:however|though|therefore|meanwhile|by contrast|in turn),"
)
# `He received those payments`, `À Tripoli, cette grand-mère`; not `this week`, `those who`, `cette semaine`.
POINTING = {
    "en": re.compile(
        r"(?:these|those)\s(?!who|whose|which|that|in|of|with|from|on|at|for|to|are|were|days|being|not)[a-z]"
    ),
    "fr": re.compile(
        r"(?:cet|cette|ces)\s"
        r"(?!semaine|année|nuit|matinée|soirée|après|fois|saison|jours|mois|été|hiver|automne|printemps)[a-zà-ÿ]"
    ),
}
BEFORE_POINTING = re.compile(r"(?:[^“”\"«»]{0,80}[^\w“”\"«»])?\Z")
CAPTION = re.compile(r"pictured,? (?:left|right|above|below|here|with|in|on|at|together|outside)")
CAPTION_PLACE = re.compile(
    r"\((?:[^()]{0,30}[, ])?(?:left|right|above|below|centre|center|pictured|inset|stock photo|file photo|file picture"
    r"|posed by models?)\)"
)
# What extraction left: a heading or credit before a sentence without a space (`so?read more`), two sentences without a
# stop between them (`the peak A climber`), the number of a list's next item.
GLUED = re.compile(
    r"[?!).»\"”](?:(?<=[\w\s][?!)»])[a-zà-ÿ]{2,}\s|(?<=[a-zà-ÿ][.?!])[\"”»]{0,2}[A-ZÀ-Þ]\w"
    r"|(?<=\w[\"”])[A-ZÀ-Þ][a-zà-ÿ]|(?<=[\"”]\.)[A-Z]|(?<=[a-zà-ÿ]\.)\d{4}\s[a-zà-ÿ])"
)
ENDS_OF_NAMES = frozenset({"In"})  # LinkedIn
CAPITAL_INSIDE = re.compile(r"[A-ZÀ-Þ](?<=[a-zà-ÿ:].)\w*(?=[\s’'-])")
RUN_ON = re.compile(
    r"(?:A|The|It|His|Her|He|She|They|This|These|But|When|After|If|Their|There|We|You|In|On|At|With|Without|For|Now"
    r"|Despite|While|Also)\s[a-z]"
)
ITEM_NUMBER = re.compile(r"[a-z]\s\d{1,2}\.\Z")
ITEM_HEAD = re.compile(r"[-–—•]\s[^.!?]{3,70}\s[-–—]\s|[•▪►]")
# A credit or a time stuck to a sentence (`Orla FinchOPN correspondent`, `09:22 GMTOrla Finch`).
STUCK = re.compile(
    r"[A-Z]{3}(?:(?<=[a-z]{3}[A-Z]{3})|[A-Z](?=[a-z]{3})|[A-Z]{0,20}(?:The|He|She|It|In|But|Il|Elle|Le|La|Les|Une?|On)\s)"
)
LABEL = re.compile(r"(?!\S+ (?:is|was|are|were|says?|said)\b)[A-Z][\w’'-]+(?:\s[\w’'-]+){0,4}:\s?[A-Za-z]")
CREDIT = re.compile(r"@[\u4e00-\u9fff]")
ELLIPTIC = ("replied", "answered", "responded", " why")
MIN_STARTER = {"en": 4, "de": 4}  # letters
MIN_COMMAS = 5
MAX_CAPITALS = 0.8  # share of its words with a capital, above which a sentence is a list of names
NAME = re.compile(r"(?<=\s)[A-Z][\w’'-]+")
QUOTE_MARK = re.compile(r"[\"“”„«»「」『』'‘’]((?<!['’])|(?<!\w['’])|(?!\w))")  # but no apostrophe inside a word
OPENS, CLOSES = frozenset("“„«「『‘"), frozenset("”»」』’")
SINGLE = frozenset("'‘’")
UNKNOWN = "?"  # a quotation was opened in an earlier sentence, whatever its mark
WITHOUT_STOPS = UNSPACED | {"ar", "fa", "ko"}
MAX_WORDS = 50  # of a sentence; a longer one is two without a stop between them, or too much to take in
MAX_SENTENCE = 200  # characters, below which words need not be counted
MAX_QUOTED = 4  # sentences; a quotation open for longer was closed without a mark
MAX_HEADING = 60  # characters of a line without a stop that is a heading rather than a sentence
MAX_QUESTION = 45  # … and of a question
MAX_WIDE_QUESTION = 15  # … in Chinese or Japanese


class Fault(IntEnum):
    """What keeps a sentence from standing alone, worst last."""

    NONE = 0
    LEANS = 1  # reads well only after the sentence before it
    BROKEN = 2  # half a quotation, or a heading
    JUNK = 3  # no part of the article


class Readability:
    """Finds the faults of a text's sentences, each when it is first asked for, because a summary asks for few.

    Args:
        paragraphs: the texts of the article's sentences, paragraph by paragraph.
        language: two-letter code.
        title: the headline; a sentence that repeats it is junk.
    """

    def __init__(self, paragraphs: Sequence[Sequence[str]], language: str, title: str = "") -> None:
        self._paragraphs = paragraphs
        self._texts = list(chain.from_iterable(paragraphs))
        self._pointing = POINTING.get(language)
        self._language = language
        self._starters = _starters(language)
        self._firsts = [0, *accumulate(map(len, paragraphs))]
        self._halved: dict[int, list[bool]] = {}
        self._needs: dict[int, Needs] = {}
        self._leaning = opening(language)
        self._references = References(self._texts, language)
        self._title = title.strip()

    def fault(self, place: int) -> Fault:
        """The fault of the text's sentence at that place."""
        text = self._texts[place]
        number = bisect_right(self._firsts, place) - 1
        paragraph = self._paragraphs[number]
        if self.is_junk(place):
            return Fault.JUNK
        if self._holds_half(number, place - self._firsts[number]) or _is_heading(text, alone=len(paragraph) == 1):
            return Fault.BROKEN
        # A first sentence says the most, even with a caption glued to it.
        if STUCK.search(text) or (place > 0 and (self._breaks_off(text) or _is_leftover(text, self._starters))):
            return Fault.BROKEN
        return Fault.LEANS if self.needs(place) else Fault.NONE

    def is_junk(self, place: int) -> bool:
        """Whether the sentence is no part of the article."""
        text = self._texts[place]
        return text == self._title or is_furniture(text)

    def needs(self, place: int) -> Needs:
        """Of each thing that the sentence takes as known, the places of the sentences that tell it, the best first.

        One sentence of each must be told for this one to be understood. None for a sentence that stands alone; empty
        places for what no sentence tells.
        """
        if place not in self._needs:
            self._needs[place] = self._find_needs(place)
        return self._needs[place]

    def _find_needs(self, place: int) -> Needs:
        text = self._texts[place]
        if _tells_of_itself(text):
            return ((),)
        before = (place - 1,) if place else ()
        if _is_all_quotation(text):
            return (before if place and TELLS_SPEAKER.search(self._texts[place - 1]) else (),)
        if _leans(text, self._leaning) or _hides_speaker(text) or self._points(text) or _comes_later(text):
            return (before, *self._references.needs(place))
        return self._references.needs(place)

    def _breaks_off(self, text: str) -> bool:
        """Whether it lacks the stop that the first sentence has, as captions do, or is too long to be one sentence.

        Not in Arabic and Persian, where commas join whole paragraphs, nor where people write without stops.
        """
        if self._language in WITHOUT_STOPS:
            return False
        if text[-1].isalnum() and self._texts[0][-1] in TERMINATORS:
            return True
        return len(text) > MAX_SENTENCE and len(text.split()) > MAX_WORDS

    def _points(self, text: str) -> bool:
        """Whether it soon points at something that was told before."""
        found = self._pointing.search(text) if self._pointing else None
        return found is not None and BEFORE_POINTING.match(text[: found.start()]) is not None

    def _holds_half(self, number: int, place: int) -> bool:
        """Whether a sentence of a paragraph holds half a quotation; a paragraph is read whole, once."""
        if number not in self._halved:
            self._halved[number] = list(_halves(self._paragraphs[number]))
        return self._halved[number][place]


@cache
def _starters(language: str) -> frozenset[str]:
    """Words as they open sentences; of English and German ones not the shortest, which end names (`FedEx`)."""
    shortest = MIN_STARTER.get(language, 2)
    common = {word.capitalize() for word in common_words(language) if len(word) >= shortest}
    return (abbreviations(language).starters | common) - ENDS_OF_NAMES


def _is_leftover(text: str, starters: Set[str]) -> bool:
    """Whether a caption, a label, a subheading or another sentence is glued to it."""
    if (":" in text and LABEL.match(text)) or ITEM_HEAD.match(text):
        return True
    if ("pictured" in text and CAPTION.search(text)) or ("(" in text and CAPTION_PLACE.search(text)):
        return True
    if GLUED.search(text) or CREDIT.search(text):
        return True
    # Nearly all sentences have neither, and to ask that is quicker than to go through none.
    if CAPITAL_INSIDE.search(text) and any(found.group() in starters for found in CAPITAL_INSIDE.finditer(text)):
        return True
    if RUN_ON.search(text, 1) and any(_follows_a_word(text, found.start()) for found in RUN_ON.finditer(text, 1)):
        return True
    if text.count(",") >= MIN_COMMAS and _lists_names(text):
        return True
    return text[-2:-1].isdigit() and ITEM_NUMBER.search(text, max(0, len(text) - 5)) is not None


def _lists_names(text: str) -> bool:
    """Whether it is a line-up or a cast rather than a sentence: nearly all its words have capitals, but not only."""
    words = [word for word in text.split() if word[:1].isalpha()]
    return not text.isupper() and sum(word[0].isupper() for word in words) > len(words) * MAX_CAPITALS


def _follows_a_word(text: str, place: int) -> bool:
    """Whether an ordinary word and a space stand before a place."""
    before = text[max(0, place - 2) : place]
    return before[1:] == " " and (before[0].islower() or before[0].isdigit())


def _halves(paragraph: Sequence[str]) -> Iterator[bool]:
    """Of each sentence of a paragraph, whether it holds half a quotation."""
    inside = 0
    for text in paragraph:
        if not inside and text.isascii() and '"' not in text and "'" not in text:
            yield False
        else:
            halved, inside = _quotation(text, inside)
            yield halved


def _leans(text: str, leaning: Callable[[str, int], bool]) -> bool:
    start = QUOTE_START.match(text)
    place = start.end() if start else 0
    if place and SPEAKER.match(text, place):
        return False
    return leaning(text, place)


def _tells_of_itself(text: str) -> bool:
    """Whether the writer says `I` or `we`, whom nobody knows outside of the article."""
    if FIRST_PERSON_START.match(text):
        return True
    if " I " not in text and " my " not in text and " we " not in text and " you " not in text:
        return False
    return FIRST_PERSON.search(_outside_quotations(text)) is not None


def _outside_quotations(text: str) -> str:
    """What stands outside the quotation marks."""
    if text.isascii() and '"' not in text and "'" not in text:
        return text
    return QUOTED.sub(" ", text)


def _comes_later(text: str) -> bool:
    """Whether a pronoun stands behind the first phrase, or somebody replies, or it is told that there is a `why`."""
    return LATE_PRONOUN.match(text) is not None or text.rstrip(".,\"”’' ").endswith(ELLIPTIC)


def _is_all_quotation(text: str) -> bool:
    """Whether there is nothing outside its quotation marks."""
    if text[0] not in "\"“«'‘「『":
        return False
    return not any(letter.isalnum() for letter in QUOTED.sub(" ", text))


def _hides_speaker(text: str) -> bool:
    """Whether `he said` stands in it, and nobody is named before."""
    if not any(map(text.__contains__, SPEAKING)):
        return False
    outside = _outside_quotations(text)
    speaks = PRONOUN_SPEAKS.search(outside)
    return speaks is not None and NAME.search(outside, 0, speaks.start()) is None


def _quotation(text: str, inside: int) -> tuple[bool, int]:
    """Follows quotations through a paragraph.

    Args:
        text: a sentence.
        inside: how many sentences ago a quotation was opened that is still open; 0 for none.

    Returns:
        Whether the sentence holds only one end or the middle of a quotation, and `inside` for the next sentence.
    """
    opened, halved = UNKNOWN if inside else "", inside > 0
    for found in QUOTE_MARK.finditer(text):
        mark = found.group()
        opens, closes = _which_end(text, found.start())
        if opens and found.start() == 0:
            # Each sentence of a long quotation may open it anew.
            opened, halved, inside = mark, False, 0
            continue
        if closes and not opens and not opened:
            halved = halved or mark not in SINGLE or text[found.start() - 1] in ",.?!…"
        if opened:
            # A quotation inside another one changes nothing.
            same = opened == UNKNOWN or (opened in SINGLE) == (mark in SINGLE)
            opened = "" if closes and same else opened
        elif opens:
            opened = mark
    if not opened:
        return halved, 0
    return True, inside + 1 if inside < MAX_QUOTED else 0


def _which_end(text: str, place: int) -> tuple[bool, bool]:
    """Whether a mark may open a quotation, and whether it may close one; an apostrophe inside a word does neither.

    Straight quotes tell by what stands beside them; with letters or spaces on both sides they may be either. German
    closes with the mark that English opens with.
    """
    mark = text[place]
    if mark in OPENS:
        german = (mark == "“" and "„" in text) or (mark == "‘" and "‚" in text)
        return not german, german
    if mark in CLOSES:
        return False, True
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    starts = not before or before in " \t\xa0\u3000([—–-"
    ends = not after.isalnum()
    if starts == ends:
        return mark == '"', mark == '"'
    return starts, ends


def _is_heading(text: str, *, alone: bool) -> bool:
    """Whether a short line is a heading: a question, or without a stop and in a paragraph of its own."""
    if len(text) > MAX_HEADING:
        return False
    end = text.rstrip("\"”’'»」』)）")[-1:]
    if end == "？":
        return len(text) <= MAX_WIDE_QUESTION
    return (end == "?" and len(text) <= MAX_QUESTION) or (alone and end not in TERMINATORS)
