"""German, French, Spanish, Portuguese, Italian and Polish inflections, by telling endings and by common words.

A query does not say its language, and folding takes the accents off, so the rules add forms wherever an ending may
belong to one of these languages; a form that is no word in any of them costs little and meets nothing.
Endings after which a form would often be another English word (data, date) count only for words of these lists.
"""

from functools import cache

# Endings of plurals and genders that give no other common word: what is taken off, and what comes in its place.
_RULES = (
    ("ung", "ungen"),  # de Regierung
    ("heit", "heiten"),
    ("keit", "keiten"),
    ("schaft", "schaften"),
    ("itat", "itaten"),
    ("ismus", "ismen"),
    ("ion", "ionen iones"),  # es avión
    ("ungen", "ung"),
    ("heiten", "heit"),
    ("keiten", "keit"),
    ("schaften", "schaft"),
    ("itaten", "itat"),
    ("ionen", "ion"),
    ("iones", "ion"),
    ("il", "iles eis"),  # es misil, pt míssil
    ("cion", "ciones"),  # es elección
    ("sion", "siones"),
    ("ciones", "cion"),
    ("siones", "sion"),
    ("dad", "dades"),
    ("dades", "dad"),
    ("dor", "dores"),
    ("dores", "dor"),
    ("hao", "hoes"),  # pt caminhão
    ("hoes", "hao"),
    ("cao", "coes"),  # pt eleição
    ("coes", "cao"),
    ("sao", "soes"),
    ("soes", "sao"),
    ("gem", "gens"),
    ("gens", "gem"),
    ("eau", "eaux"),  # fr bureau
    ("eaux", "eau"),
    ("ement", "ements"),
    ("zione", "zioni"),  # it elezione
    ("zioni", "zione"),
    ("sione", "sioni"),
    ("sioni", "sione"),
    ("aggio", "aggi"),
    ("aggi", "aggio"),
    ("ista", "isti"),
    ("isti", "ista"),
    ("ore", "ori"),
    ("ori", "ore"),
    ("iere", "ieri"),
    ("ieri", "iere"),
    ("ento", "enti"),
    ("enti", "ento ente"),
    ("ente", "enti"),
    ("ico", "ici"),  # it amico
    ("go", "ghi"),
    ("ga", "ghe"),
    ("nik", "nika nikowi nikiem niku nicy nikow nikom nikami nikach"),  # pl rolnik
    ("ciel", "ciela cielowi cielem cielu ciele cieli cielom cielami cielach"),
    ("cja", "cji cje cjo cja"),  # pl inflacja
    ("cje", "cja cji cjo cjom cjami cjach"),
    ("osc", "osci oscia"),
    ("anie", "ania aniu aniem aniach"),
    ("enie", "enia eniu eniem eniach"),
    ("ski", "skiego skiemu skim ska skiej skie skich skimi"),
    ("ska", "ski skiego skiej skie skich skim"),
    ("cki", "ckiego ckiemu ckim cka ckiej ckie ckich ckimi"),
    ("stwo", "stwa stwu stwem stwie stw stwom stwami stwach"),
    ("ztwo", "ztwa ztwu ztwem ztwie ztw ztwom ztwami ztwach"),
)
_RULE_OF = {ending: (number, ending, others) for number, (ending, others) in enumerate(_RULES)}
_ENDING_SIZES = sorted({len(ending) for ending, _ in _RULES})
_LONG = 6  # letters from which on these may be added to any word
_LONG_RULES = (
    ("al", "ales aux ais"),
    ("el", "eln eles eis"),
    ("or", "ores oren"),
    ("ar", "ares"),
    ("er", "ern ers"),  # de Mieter
    ("o", "i"),
    ("e", "en"),
    ("as", "a"),  # es huelgas
    ("a", "y om ami ach"),  # pl rakieta
    ("ow", "owa owie owem"),  # pl Kraków
)
# What these would make of other words.
_OTHER_WORDS = frozenset(
    "eastern western northern southern modern lantern pattern govern concern cavern intern eastern dalla nicola".split()
)

# word: forms, the commonest of the news where no ending tells.
_GERMAN = """
wahl wahlen|krieg kriege kriegs krieges kriegen|staat staaten staats staates|land lander landern landes lands
haus hauser hausern hauses|partei parteien|bank banken|preis preise preisen preises|gesetz gesetze gesetzen gesetzes
kind kinder kindern kindes|frau frauen|mann manner mannern mannes|arzt arzte arzten arztes|stadt stadte stadten
kraft krafte kraften|markt markte markten marktes markts|zahl zahlen|jahr jahre jahren jahres|tag tage tagen tages
monat monate monaten monats|woche wochen|schule schulen|kirche kirchen|krise krisen|grenze grenzen|waffe waffen
rakete raketen|bombe bomben|strasse strassen|miete mieten|rente renten|steuer steuern|stimme stimmen|frage fragen
streik streiks streiken|angriff angriffe angriffen angriffs|anschlag anschlage anschlagen anschlags
vertrag vertrage vertragen vertrags|konflikt konflikte konflikten konflikts|gericht gerichte gerichten gerichts
urteil urteile urteilen urteils|plan planen plans|zug zuge zugen zuges|flug fluge flugen fluges|flughafen flughafens
hafen hafens|unternehmen unternehmens|firma firmen|konzern konzerne konzernen konzerns
betrieb betriebe betrieben betriebs|werk werke werken werks|arbeit arbeiten|arbeitsplatz arbeitsplatze arbeitsplatzen
sanktion sanktionen|aktie aktien|zins zinsen|schuld schulden|kosten|fluchtling fluchtlinge fluchtlingen fluchtlings
migrant migranten|soldat soldaten|polizist polizisten|politiker politikern politikers|prasident prasidenten
minister ministern ministers|kanzler kanzlers kanzlern|abgeordneter abgeordnete abgeordneten|burger burgern burgers
verein vereine vereinen vereins|spiel spiele spielen spiels|mannschaft mannschaften|tor toren tors|auto autos
wald walder waldern waldes|see seen sees|berg berge bergen berges|fluss flusse flussen flusses|tier tiere tieren tiers
hund hunde hunden hundes|buch bucher buchern buches|film filme filmen films|wort worte worter wortern wortes
recht rechte rechten rechts|reise reisen|opfer opfern opfers|unfall unfalle unfallen unfalls
brand brande branden brandes|sturm sturme sturmen sturms|erdbeben erdbebens|virus viren|krankheit krankheiten
impfstoff impfstoffe impfstoffen impfstoffs|europaisch europaische europaischen|student studenten|drohne drohnen
bauer bauern bauers|zoll zolle zollen zolls|schutz schutzes|pflanze pflanzen|grune grunen gruner|linke linken linker
deutsch deutsche deutschen deutscher deutsches|russisch russische russischen russischer russisches
"""
_FRENCH = """
cheval chevaux|journal journaux|hopital hopitaux|tribunal tribunaux|capital capitaux|canal canaux|animal animaux
national nationale nationales nationaux|social sociale sociales sociaux|local locale locales locaux
general generale generales generaux|mondial mondiale mondiales mondiaux|travail travaux|oeil yeux|jeu jeux|feu feux
refugie refugies refugiee refugiees|etudiant etudiants etudiante etudiantes|genou genoux|incendie incendies
syndical syndicale syndicaux syndicales|lieu lieux|milieu milieux|francais francaise francaises
chinois chinoise chinoises|americain americaine americains americaines|europeen europeenne europeens europeennes
russe russes|nouveau nouvelle nouveaux nouvelles|presidentiel presidentielle presidentiels presidentielles
"""
_SPANISH = """
ley leyes|rey reyes|pais paises|mes meses|juez jueces|voz voces|luz luces|paz|vez veces|pez peces|crisis
militar militares|general generales|capital capitales|hospital hospitales|tribunal tribunales|papel papeles
mujer mujeres|lider lideres|gol goles|arbol arboles|trabajador trabajadora trabajadores trabajadoras
ingles inglesa ingleses inglesas|frances francesa franceses francesas|ciudad ciudades|red redes
universidad universidades|guerra guerras|joven jovenes|actor actores|volcan volcanes|tren trenes
espanol espanola espanoles espanolas|aleman alemana alemanes alemanas
"""
_PORTUGUESE = """
homem homens|jovem jovens|ordem ordens|viagem viagens|bem bens|fim fins|trem trens|jornal jornais|hospital hospitais
capital capitais|animal animais|nacional nacionais|social sociais|geral gerais|papel papeis|hotel hoteis
mulher mulheres|pais paises|mes meses|luz luzes|juiz juizes|lei leis|rei reis|mao maos|irmao irmaos|pao paes
tunel tuneis|professor professora professores professoras|vacina vacinas|reforma reformas|alemao alemaes
cidadao cidadaos|milhao milhoes|leilao leiloes|aviao avioes|prisao prisoes
"""
_ITALIAN = """
guerra guerre|politica politiche|banca banche|scuola scuole|partita partite|squadra squadre|tassa tasse
spesa spese|riforma riforme|campagna campagne|azienda aziende|fabbrica fabbriche|strada strade|vittima vittime
bomba bombe|arma armi|legge leggi|paese paesi|mese mesi|crisi|citta|universita|governo governi|presidente presidenti
ministro ministri|deputato deputati|partito partiti|voto voti|prezzo prezzi|mercato mercati|lavoro lavori
soldato soldati|attacco attacchi|missile missili|nave navi|treno treni|aereo aerei|tribunale tribunali|giudice giudici
processo processi|sciopero scioperi|terremoto terremoti|incendio incendi|ospedale ospedali|medico medici
malattia malattie|donna donne|uomo uomini|bambino bambini|giovane giovani|studente studenti|straniero stranieri
migrante migranti|italiano italiana italiani italiane|francese francesi|americano americana americani americane
russo russa russi russe|cinese cinesi|tedesco tedesca tedeschi tedesche|banco banchi|famiglia famiglie|impresa imprese
borsa borse|lega leghe|camera camere|droga droghe
"""
_POLISH = """
wojna wojny wojnie wojne wojna wojen wojnom wojnami wojnach|rzad rzadu rzadowi rzadem rzadzie rzady rzadow rzadom
wybory wyborow wyborom wyborami wyborach|prezydent prezydenta prezydentowi prezydentem prezydencie prezydenci
minister ministra ministrowi ministrem ministrze ministrowie ministrow|premier premiera premierowi premierem premierze
sejm sejmu sejmowi sejmem sejmie|partia partii partie partiom partiami partiach|rosja rosji rosje
polska polski polsce polske|ukraina ukrainy ukrainie ukraine|chiny chin chinom chinami chinach
niemcy niemiec niemcom niemcami niemczech|unia unii unie|europa europy europie europe
warszawa warszawy warszawie warszawe|policja policji policje|armia armii armie armiom armiami
zolnierz zolnierza zolnierze zolnierzy zolnierzom zolnierzami
ustawa ustawy ustawie ustawe ustaw ustawom ustawami ustawach|sad sadu sadowi sadem sadzie sady sadow
bank banku bankowi bankiem banki bankow bankom bankach|rynek rynku rynkiem rynki rynkow rynkom rynkach
cena ceny cenie cene cen cenom cenami cenach|podatek podatku podatkiem podatki podatkow podatkom
gospodarka gospodarki gospodarce gospodarke|szkola szkoly szkole szkol szkolom szkolach
granica granicy granice granic granicom granicami granicach|sankcje sankcji sankcjom sankcjami sankcjach
kraj kraju krajowi krajem kraje krajow krajom krajach|miasto miasta miastu miastem miescie miast miastom miastach
pociag pociagu pociagiem pociagi pociagow|samolot samolotu samolotem samolocie samoloty samolotow
mecz meczu meczem mecze meczow meczach|kobieta kobiety kobiecie kobiete kobiet kobietom kobietami kobietach
dziecko dziecka dziecku dzieckiem dzieci dzieciom dziecmi dzieciach
czlowiek czlowieka czlowiekowi czlowiekiem ludzie ludzi
lekarz lekarza lekarzowi lekarzem lekarze lekarzy lekarzom lekarzami
szpital szpitala szpitalu szpitalem szpitale szpitali
pracownik pracownika pracownikowi pracownikiem pracownicy pracownikow pracownikom
posel posla poslowi poslem poslowie poslow poslom|strajk strajku strajkiem strajki strajkow
kryzys kryzysu kryzysem kryzysy|firma firmy firmie firme firm firmom firmami firmach|woda wody wodzie wode
ropa ropy ropie rope|gaz gazu gazem gazie|wegiel wegla weglem weglu|energia energii energie
dron drona drony dronow dronom dronami dronach dronem|pozar pozaru pozarem pozary pozarow
umowa umowy umowie umowe umow umowami|student studenta studentem studenci studentow studentom
samochod samochodu samochodem samochody samochodow|powodz powodzi powodzia powodzie
uchodzca uchodzcy uchodzce uchodzcow uchodzcom uchodzcami|tusk tuska tuskowi tuskiem tusku
pogoda pogody pogodzie pogode|zamach zamachu zamachem zamachy zamachow
"""
_LEXICA = (_GERMAN, _FRENCH, _SPANISH, _PORTUGUESE, _ITALIAN, _POLISH)
_MIN_FIRST_PART = 3  # letters before a German noun that make a compound of it


def latin_forms(word: str) -> list[str]:
    """The other forms of a folded Latin word in these languages, English apart."""
    known = _known().get(word)
    forms = list(known) if known else _compound_forms(word)
    endings = [word[-size:] for size in _ENDING_SIZES if len(word) > size + 1]
    for _, ending, others in sorted([_RULE_OF[ending] for ending in endings if ending in _RULE_OF]):
        forms += [f"{word.removesuffix(ending)}{other}" for other in others.split()]
    if len(word) >= _LONG and not forms:
        for ending, others in _LONG_RULES:
            if word.endswith(ending):
                forms += [f"{word.removesuffix(ending)}{other}" for other in others.split()]
    return [form for form in forms if form not in _OTHER_WORDS]


@cache
def _known() -> dict[str, list[str]]:
    known: dict[str, list[str]] = {}
    for lexicon in _LEXICA:
        for word, forms in _families(lexicon).items():
            known.setdefault(word, []).extend(forms)
    return known


@cache
def _german() -> dict[str, list[str]]:
    return _families(_GERMAN)


def _families(lexicon: str) -> dict[str, list[str]]:
    families: dict[str, list[str]] = {}
    for family in lexicon.strip().replace("\n", "|").split("|"):
        words = family.split()
        for word in words:
            families.setdefault(word, []).extend(other for other in words if other != word)
    return families


def _compound_forms(word: str) -> list[str]:
    """A German compound is inflected like its last noun: Bundestagswahl, Bundestagswahlen."""
    for start in range(_MIN_FIRST_PART, len(word) - 3):
        forms = _german().get(word[start:])
        if forms:
            return [word[:start] + form for form in forms]
    return []
