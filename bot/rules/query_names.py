"""Names that read like ordinary words when they are not written with a capital: Turkey, Apple, Labour, die Grünen.

Whoever writes such a word with a capital follows the name; in small letters, in capitals throughout, or in quotes it is
the word, however an article writes it. A telephone writes a capital for everybody, so a word is here only if its name
is what people look for in the news.
"""

from summarizer.folding import fold

# Folded, so Grüne is grune.
_NAMES = """
amazon alphabet apple meta windows target shell gap oracle slack zoom telegram snap subway stripe sprint twitch
tinder bumble hinge discord java python kotlin edge chrome safari outlook excel word access dodge jaguar mustang
beetle puma boots caterpillar corning delta progressive chase wayfair crocs guess polygon avalanche ripple tether
gemini copilot claude cursor notion grok perplexity turkey china reading nice bath cork hull split worms essen halle
hamm lens angers buffalo phoenix victoria darwin cairns chad chile jersey guernsey orange labour labor greens tories
conservatives liberals democrats republicans grune linke verts podemos sumar ciudadanos lega chega razem zieloni
яблоко известия independent telegraph guardian observer economist atlantic axios vox rapid arsenal spurs rangers
celtic hearts jets giants titans warriors royals yankees lakers bush trump pence musk swift drake prince blur oasis
"""
NAMES = frozenset(_NAMES.split())


# Places among them: Mario Reading is a person, and Reading Co is a company.
PLACES = frozenset(
    """
    turkey china reading nice bath cork hull split worms essen halle hamm lens angers buffalo phoenix victoria
    darwin cairns chad chile jersey guernsey orange
    """.split()
)
COMPANIES = frozenset("co corp corporation inc ltd llc plc company industries holdings ag gmbh".split())
GIVEN_NAMES = frozenset(
    """
    adam alan albert alex alexander alice amy andrea andreas andrew anna anne anthony antonio arthur barbara ben
    benjamin bernard bill bob brian carl carlos carol caroline charles charlie chris christian christine
    christopher claire daniel dave david dean dennis diana don donald dorothy doug edward elena elizabeth emily
    emma eric eva frank fred gary george gerald giovanni gordon graham greg hans harold harry heather helen
    henry howard hugh ian jack jacob james jan jane jason jean jeff jennifer jeremy jessica jim joan joe john
    jonathan jordan jose joseph juan judy julia julian julie karen karl kate katherine keith ken kevin kim larry
    laura lee leo leonard linda lisa louis lucy luis luke marc marcus margaret maria marie mario mark markus
    martha martin mary matt matthew max michael michelle mike miguel nancy nathan neil nicholas nick nicole
    nigel oliver oscar pamela patricia patrick paul peter phil philip rachel ralph ray rebecca richard rick rob
    robert robin roger ron ronald rose roy russell ruth ryan sally sam samuel sandra sarah scott sean sharon
    simon sophie stephen steve steven stuart sue susan ted teresa terry thomas tim timothy tom tony victor
    walter wayne wendy william
    """.split()
)

# Names of which no part is meant, by the part, folded: who follows the US does not follow every sum in US dollars.
LONGER_NAMES = {
    part: tuple(names.split(","))
    for part, names in {
        "u s": "u s dollar,u s dollars",
        "us": "us dollar,us dollars",
        "сша": "доллар сша,доллара сша,доллару сша,долларом сша,доллары сша,долларов сша,долларах сша,долларам сша",
        "москва": "эхо москвы,эху москвы,эхом москвы,эхе москвы,эха москвы",
        "guinea": "papua new guinea,equatorial guinea,guinea bissau,guinea pig,guinea pigs",
        "sudan": "south sudan",
        "mexico": "new mexico",
        "jersey": "new jersey",
        "england": "new england",
        "wales": "new south wales,prince of wales,princess of wales",
        "virginia": "west virginia",
        "york": "new york",
        "washington": "washington post",
        "niger": "niger delta",
        "chelsea": "chelsea clinton,chelsea manning,chelsea handler,chelsea hotel",
        "jordan": "michael jordan",
        "georgia": "georgia tech,south georgia",
        "paris": "paris hilton",
        "sydney": "sydney sweeney",
        "victoria": "queen victoria,lake victoria",
    }.items()
}


def is_name(written: str, word: str) -> bool:
    """Whether a word of a query, as written and folded, stands for a name alone."""
    return word in NAMES and written[0].isupper() and not written.isupper()


def as_name(word: str) -> str:
    """How the name of a folded word is written in a canonical query, `Turkey`."""
    return word.capitalize()


def is_careful_text(text: str) -> bool:
    """Whether a term of this canonical text is to be held against the article once more, where it was found."""
    return is_name_text(text) or text in LONGER_NAMES


def is_name_text(text: str) -> bool:
    """Whether a term's canonical text is that of a name; all other words are in small letters there."""
    return text[0].isupper()


def word_of(text: str) -> str:
    """The folded word of a name's canonical text."""
    return fold(text).strip()
