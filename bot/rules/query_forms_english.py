"""English inflections: plurals of any noun, tenses of the verbs that news is full of; never derivations."""

from functools import cache

VOWELS = "aeiou"

# Families of forms that no rule gives. Whoever asks for one of them asks for all.
_FAMILIES = """
man men|woman women|child children|person persons people|foot feet|tooth teeth|goose geese|mouse mice|ox oxen
crisis crises|analysis analyses|thesis theses|basis bases|oasis oases|diagnosis diagnoses|hypothesis hypotheses
criterion criteria|phenomenon phenomena|bacterium bacteria|datum data|index indexes indices|appendix appendices
matrix matrices|vertex vertices|fungus fungi|nucleus nuclei|alumnus alumni|cactus cacti|stimulus stimuli|radius radii
curriculum curricula|memorandum memoranda memorandums|referendum referendums referenda|formula formulas formulae
larva larvae|antenna antennas antennae|medium media mediums|wolf wolves|half halves|life lives|wife wives|knife knives
leaf leaves|shelf shelves|thief thieves|loaf loaves|calf calves|scarf scarves|hoof hooves|elf elves|quiz quizzes
hero heroes|potato potatoes|tomato tomatoes|echo echoes|veto vetoes vetoed vetoing|torpedo torpedoes
embargo embargoes|cargo cargoes cargos|tornado tornadoes tornados|volcano volcanoes volcanos|mosquito mosquitoes
movie movies|calorie calories|zombie zombies|cookie cookies|prairie prairies|rookie rookies|tie ties tied tying
die dies died dying|lie lies lied lying lay lain
run runs ran running|win wins won winning|fight fights fought fighting|fall falls fell fallen falling
rise rises rose risen rising|grow grows grew grown growing|break breaks broke broken breaking
speak speaks spoke spoken speaking|steal steals stole stolen stealing|strike strikes struck striking stricken
shoot shoots shot shooting|kill kills killed killing|lead leads led leading|leave leaves left leaving
meet meets met meeting|sell sells sold selling|buy buys bought buying|bring brings brought bringing
build builds built building|send sends sent sending|spend spends spent spending|lose loses lost losing
hold holds held holding|keep keeps kept keeping|teach teaches taught teaching|think thinks thought thinking
catch catches caught catching|seek seeks sought seeking|find finds found finding|bind binds bound binding
give gives gave given giving|take takes took taken taking|make makes made making|come comes came coming
become becomes became becoming|begin begins began begun beginning|drink drinks drank drunk drinking
sing sings sang sung singing|sink sinks sank sunk sinking|swim swims swam swum swimming
drive drives drove driven driving|ride rides rode ridden riding|write writes wrote written writing
choose chooses chose chosen choosing|freeze freezes froze frozen freezing|fly flies flew flown flying
throw throws threw thrown throwing|know knows knew known knowing|draw draws drew drawn drawing
withdraw withdraws withdrew withdrawn withdrawing|see sees saw seen seeing|eat eats ate eaten eating
hide hides hid hidden hiding|bite bites bit bitten biting|forget forgets forgot forgotten forgetting
get gets got gotten getting|hit hits hitting|cut cuts cutting|put puts putting|set sets setting|split splits splitting
quit quits quitting|bet bets betting|burst bursts bursting|cost costs costing|hurt hurts hurting|let lets letting
shut shuts shutting|spread spreads spreading|go goes went gone going|do does did done doing|say says said saying
tell tells told telling|feel feels felt feeling|deal deals dealt dealing|stand stands stood standing
understand understands understood understanding|sit sits sat sitting|sleep sleeps slept sleeping|pay pays paid paying
lay lays laid laying|hang hangs hung hanged hanging|swear swears swore sworn swearing|tear tears tore torn tearing
wear wears wore worn wearing|bear bears bore borne bearing|shake shakes shook shaken shaking
arise arises arose arisen arising|wake wakes woke woken waking|flee flees fled fleeing|feed feeds fed feeding
bleed bleeds bled bleeding|breed breeds bred breeding|hear hears heard hearing|shine shines shone shining
swing swings swung swinging|dig digs dug digging|spin spins spun spinning|stick sticks stuck sticking
bid bids bidding|forbid forbids forbade forbidden forbidding|overthrow overthrows overthrew overthrown overthrowing
undergo undergoes underwent undergone undergoing|overcome overcomes overcame overcoming|beat beats beaten beating
blow blows blew blown blowing|ban bans banned banning|mean means meant meaning|spell spells spelt spelled spelling
"""

# Regular verbs.
_VERBS = frozenset(
    """
accept abduct ambush assassinate accuse achieve acquire act add admit adopt advance advise affect agree aid aim allow
announce appeal appear apply appoint approve argue arm arrest arrive ask assault attack attempt attend avoid award
back bail balance besiege bar battle block boost bomb bombard boom borrow boycott bribe broadcast call campaign cancel
capture carry cause celebrate censor challenge change charge chase cheat check claim clash clean clear climb close
collapse collect combat comment commit compare compete complain conclude condemn conduct confirm connect consider
construct contact contain continue control convict cook cool copy count cover crack crash create criticise criticize
cross cure damage dance debate decide declare decline defeat defect defend delay deliver demand demolish deny depart
deploy deport design destroy detain develop devalue discover discuss dismiss dispute divide divorce donate doubt
download drill drop drown dump earn ease edit elect employ enact encourage end endorse enforce enter erupt escalate
escape establish estimate evacuate evade evict exceed exchange execute expand expect expel explain explode explore
export express extend extradite face fail favour favor file film finance fine fire fish fix flood focus follow force
form found free fuel fund gain guard guarantee guess hack halt handle happen harm harvest head heal heat help hijack
hike hire hope host house ignore impeach import impose improve include increase indict infect inflate inform injure
inspect insult insure interview introduce invade invent invest investigate invite involve issue jail join judge jump
justify kick kidnap kiss land last laugh launch leak learn legalise legalize lend license lift limit link list live
load loan lobby lock loot lower maintain manage march mark marry mediate merge migrate miss mourn move murder name
need negotiate nominate note offer open operate oppose order organise organize oust own pardon park participate pass
perform permit plan plant play plead pledge plunge point poison police poll pollute postpone praise predict prepare
present press prevent privatise privatize probe process produce profit prohibit promise promote propose prosecute
protect protest prove provide provoke publish pull pump punish push question race raid rain raise rally ramp ransom
rape rate ratify reach react rebel rebound rebuild recall receive recommend record recover recruit recycle reduce
reelect refer reform refuse register regulate reject release remain remember remove renew rent repair repeal replace
reply report rescue resign resist resolve respond rest restore restrict resume retire retreat return reveal review
revise revolt reward rob rule sabotage sail sanction save score search seize sentence serve settle shell shift shop
shrink sign slam slash slide slip slow slump smash smoke smuggle snow soar solve spark spill sponsor spy stab stage
start starve state stay stop storm struggle study succeed sue suffer suggest summon support surge surprise surrender
survey survive suspect suspend tackle talk target tax test thank threaten top torture tour trade train transfer
transform translate transport travel treat trial trigger try tumble turn update upgrade urge use vaccinate value visit
vote wage wait walk want warn wash waste watch weaken welcome whip widen work worry wound wreck yield
""".split()
)

# They end in s and have no singular, or a singular that means something else.
_WHOLE = frozenset(
    """
news series species politics economics physics mathematics athletics gymnastics ethics means headquarters barracks
athens brussels naples wales hamas texas kansas arkansas vegas angeles buenos aires laos carlos james charles thomas
nicolas lucas dallas paris mars venus jesus moses hercules netherlands philippines bahamas maldives seychelles honduras
christmas pancreas atlas gas bus bias canvas alias chaos cosmos ethos pathos rhinos always perhaps whereas overseas us
yes thus plus this his its has was airbus mercedes adidas davos dhabis siemens reuters lens diabetes rabies aids sos
asbestos herpes jeans pants trousers scissors shorts glasses goods customs arms
""".split()
)
_UNCHANGED = frozenset("sheep deer aircraft spacecraft hovercraft information equipment".split())


def english_forms(word: str) -> list[str]:
    """The other forms of a folded English word: `election` has `elections`, `run` has `runs ran running`."""
    forms = list(_families().get(word, ()))
    base = _singular(word)
    verb = base if base in _VERBS else _verb_of_past().get(word)
    if verb:
        forms += [verb, *_tenses(verb)]
    if forms:
        return forms
    if word in _UNCHANGED or word in _WHOLE:
        return []
    if base != word:
        return [base]
    if word.endswith("man") and len(word) > 4 and word not in ("german", "roman", "human", "ottoman", "shaman", "oman"):
        return [f"{word[:-3]}men"]
    if word.endswith("men") and word[:-3].endswith(("s", "ce", "work", "fire", "fisher", "business", "wo")):
        return [f"{word[:-3]}man"]
    return [_plural(word)]


@cache
def _families() -> dict[str, tuple[str, ...]]:
    families: dict[str, tuple[str, ...]] = {}
    for family in _FAMILIES.strip().replace("\n", "|").split("|"):
        words = family.split()
        for word in words:
            others = tuple(other for other in words if other != word)
            families[word] = families.get(word, ()) + others
    return families


@cache
def _verb_of_past() -> dict[str, str]:
    """Not of the forms in -ing, which are as often nouns: training is not to meet trains."""
    return {form: verb for verb in _VERBS for form in _tenses(verb) if form.endswith("ed")}


def _plural(word: str) -> str:
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return f"{word}es"
    if word.endswith("y") and word[-2:-1] not in VOWELS:
        return f"{word[:-1]}ies"
    return f"{word}s"


def _singular(word: str) -> str:
    """The word without the ending of a plural, where it surely is one."""
    if word in _WHOLE or len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is", "ics", "as")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("ches", "shes", "xes", "sses", "zzes")):
        return word[:-2]
    return word[:-1]


def _tenses(verb: str) -> list[str]:
    if verb.endswith("e"):
        return [f"{verb}s", f"{verb}d", f"{verb}ing" if verb.endswith("ee") else f"{verb[:-1]}ing"]
    if verb.endswith("y") and verb[-2] not in VOWELS:
        return [f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"]
    stems = [verb]
    if _may_double(verb):
        stems = [verb + verb[-1], verb] if _vowel_groups(verb) > 1 else [verb + verb[-1]]
    return [_plural(verb), *[f"{stem}{ending}" for stem in stems for ending in ("ed", "ing")]]


def _may_double(verb: str) -> bool:
    """Ends in one vowel and one consonant: stop has stopped, admit admitted; visited is given beside *visitted."""
    return (
        len(verb) > 2
        and verb[-1] not in f"{VOWELS}wxy"
        and verb[-2] in VOWELS
        and (verb[-3] not in VOWELS or verb[-3:-1] == "ui")
    )


def _vowel_groups(verb: str) -> int:
    return sum(
        letter in VOWELS and (number == 0 or verb[number - 1] not in VOWELS) for number, letter in enumerate(verb)
    )
