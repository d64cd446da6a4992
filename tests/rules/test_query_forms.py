"""Inflections: a query meets its words in all their forms, in ten languages, and never in words merely derived."""

import pytest

from bot.rules.matching import Document, explain_match
from bot.rules.queries import parse_query
from bot.rules.query_forms import MAX_CASE_LITERALS, MAX_LITERALS

MEETS = {
    "en": "election:elections elections:election run:ran ran:run country:countries countries:country tax:taxes"
    " leaf:leaves wolf:wolves"
    " woman:women spokesman:spokesmen policemen:policeman child:children crisis:crises criterion:criteria vote:voted"
    " vote:voting stop:stopped stopped:stop agree:agreed agree:agreeing try:tries try:tried visit:visited"
    " admit:admitted play:playing panic:panic hero:heroes movie:movies box:boxes boxes:box"
    " church:churches churches:church buzz:buzzes"
    " win:won strike:struck quit:quitting aircraft:aircraft analysis:analyses Putin:Putin's troops:troop bank:banks"
    " sell:sold resign:resigned minister:ministers ice:ICE"
    " hack:hacked protest:protesting tariff:tariffs invade:invaded refugee:refugees teach:taught fly:flew",
    "de": "Wahl:Wahlen Bundestagswahl:Bundestagswahlen Regierung:Regierungen Haus:Häuser Land:Länder Krieg:Kriege"
    " Krieg:Krieges Angriffskrieg:Angriffskriegs Staat:Staaten Minister:Ministern Freiheit:Freiheiten"
    " Universität:Universitäten Koalition:Koalitionen Gewerkschaft:Gewerkschaften Präsident:Präsidenten Bank:Banken"
    " Grenze:Grenzen Preis:Preise Zinsen:Zins Möglichkeit:Möglichkeiten"
    " Mieter:Mietern Zoll:Zölle Drohne:Drohnen Drohnen:Drohne Zeitungen:Zeitung Student:Studenten Bauer:Bauern"
    " Demonstrationen:Demonstration Universitäten:Universität Klimaschutz:Klimaschutzes Grüne:Grünen"
    " Wälder:Wald",
    "fr": "élection:élections journal:journaux bureau:bureaux hôpital:hôpitaux jeu:jeux national:nationales loi:lois"
    " président:présidents grève:grèves nouveau:nouvelle gouvernement:gouvernements"
    " réfugié:réfugiée étudiant:étudiante genou:genoux incendies:incendie syndical:syndicaux impôt:impôts",
    "es": "elección:elecciones ley:leyes gobierno:gobiernos ciudad:ciudades trabajador:trabajadores país:países"
    " guerra:guerras mujer:mujeres juez:jueces universidades:universidad embajador:embajadores"
    " presidencial:presidenciales"
    " misil:misiles avión:aviones camión:camiones huelgas:huelga joven:jóvenes volcán:volcanes español:española",
    "pt": "eleição:eleições eleições:eleição jornal:jornais homem:homens mulher:mulheres lei:leis avião:aviões"
    " governo:governos viagem:viagens nacional:nacionais"
    " míssil:mísseis caminhão:caminhões túnel:túneis vacinas:vacina professor:professores",
    "it": "elezione:elezioni guerra:guerre governo:governi partito:partiti paese:paesi ministro:ministri banca:banche"
    " legge:leggi incendio:incendi terremoto:terremoti giornalista:giornalisti governatore:governatori"
    " amico:amici lago:laghi droga:droghe camera:camere vaccino:vaccini",
    "ru": "выборы:выборов война:войны война:войне санкции:санкций президент:президента президент:президентом"
    " Россия:России Путин:Путиным Украина:Украине рынок:рынка Москва:Москвой министр:министры армия:армию"
    " северный:северной российский:российских область:области правительство:правительства Зеленский:Зеленского"
    " Киев:Киева решение:решения нефть:нефти книга:книги газ:газа учитель:учителя край:края"
    " человек:люди дети:ребёнок день:дни мать:матери лев:львы",
    "uk": "вибори:виборів війна:війни війна:війні санкції:санкцій президент:президентові Росія:Росії Україна:України"
    " Київ:Києва Зеленський:Зеленського Львів:Львова область:області армія:армії питання:питань місто:міста"
    " український:українських економіка:економіки"
    " дитина:діти лікар:лікарі людина:люди",
    "pl": "wojna:wojny wojna:wojnie wybory:wyborów rząd:rządu prezydent:prezydenta Polska:Polsce inflacja:inflacji"
    " żołnierz:żołnierzy Rosja:Rosji podatek:podatku śledztwo:śledztwa polski:polskiego sankcje:sankcji granica:granicy"
    " zatrzymanie:zatrzymania niemiecki:niemieckich wysokość:wysokości"
    " rakieta:rakiety dron:drony rolnik:rolnicy nauczyciel:nauczyciele Kraków:Krakowa Tusk:Tuska umowa:umowy"
    " uchodźca:uchodźcy samochód:samochody powódź:powodzi pożar:pożary",
    "ar": "العراق:والعراق العراق:للعراق العراق:بالعراق عراق:العراق رئيس:الرئيس رئيس:ورئيس انتخابات:الانتخابات",
    "he": "ממשלה:הממשלה ישראל:בישראל",
    "ko": "북한:북한이 북한:북한은 북한:북한군 미사일:미사일을 불:불을",
}
APART = {
    "en": "universe:university university:universe import:important organ:organize general:generate news:new"
    " training:train united:unite politics:politic econom:economy gas:ga Paris:pari Texas:texa physics:physic"
    " Easter:Eastern data:date car:care plan:plane china:chin ass:as"
    " policy:police arm:army corp:corpse marine:marinade operate:opera ration:rational past:pasta"
    " author:authority port:portion hero:heroin desert:dessert secret:secretary even:event model:modern"
    " contest:context wester:western east:eastern inter:intern patter:pattern star:stare hop:hope sever:severe"
    " ten:tent sofa:soft Israel:Israeli",
    "de": "Wahl:Wähler Wahl:Auswahl Haus:Hausaufgabe Arbeit:Arbeiter"
    " Staat:Statistik Art:Artist Rat:Ratte Miete:Mitte Tor:Torte Gras:Grad Hafen:Haft",
    "fr": "poli:police nation:national port:porte poste:poster part:parti bon:bonus cour:courage",
    "es": "casa:casar capital:capitalismo puerto:puerta libro:libra peso:pesca cuento:cuenta punto:punta",
    "pt": "governo:governador porto:porta ponto:ponta caso:casa",
    "it": "banca:bancario casa:caso modo:moda colpo:colpa pasto:pasta testo:testa",
    "ru": "война:военный мир:мировой Россия:российский"
    " суд:судьба газ:газета город:огород лес:лестница бой:бойкот ток:токарь",
    "uk": "Україна:український мова:мовний місто:місце газ:газета мир:мирний",
    "pl": "wojna:wojsko Polska:polak rok:rock gaz:gazeta lek:lekcja bank:bankrut",
    "ar": "عراق:عراقيون",
    "ko": "한국:대한국",
}


def _pairs(samples: dict[str, str]) -> list[tuple[str, str]]:
    return [(pair.partition(":")[0], pair.partition(":")[2]) for text in samples.values() for pair in _split(text)]


def _split(text: str) -> list[str]:
    return [pair for pair in text.split(" ") if pair]


@pytest.mark.parametrize(("query", "form"), _pairs(MEETS))
def test_a_word_is_met_in_its_other_forms(query: str, form: str) -> None:
    assert explain_match(parse_query(query), Document(text=f"… {form} …"))


@pytest.mark.parametrize(("query", "other"), _pairs(APART))
def test_a_derived_word_is_another_word(query: str, other: str) -> None:
    assert explain_match(parse_query(query), Document(text=f"… {other} …")) is None


@pytest.mark.parametrize("query", ['"election"', "elect*", '"Wahl"'])
def test_quotes_and_prefixes_have_no_inflections(query: str) -> None:
    assert len(parse_query(query).literals) == 1


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("interest rate", "lower interest rates"),
        ("attorney general", "two attorneys general met"),
        ("Korea troop", "Korea’s troops"),
        ("North Korea", "North Korea's"),
        ("Северная Корея", "в Северной Корее"),
        ("президент Украины", "с президентом Украины"),
        ("كوريا الشمالية", "وكوريا الشمالية"),
        ("북한 미사일", "북한의 미사일을"),
        ("interest rate cut", "interest rates cut"),
        ("interest rate cut", "interest rate cuts"),
        ("us troops", "US troops and us"),
        ("رئيس كوريا الشمالية", "ورئيس كوريا الشمالية"),
        ("help us", "help US"),
        ("世界大战", "第二次世界大戰"),
    ],
)
def test_every_word_of_a_phrase_may_be_inflected(query: str, text: str) -> None:
    assert explain_match(parse_query(query), Document(text=text))


@pytest.mark.parametrize(
    ("query", "text"),
    [("us troops", "troops told us"), ("Korea Iran", "Korea said Iran"), ("5g", "5gs"), ("kim il", "kim ils")],
)
def test_a_phrase_stays_a_phrase(query: str, text: str) -> None:
    assert explain_match(parse_query(query), Document(text=text)) is None


@pytest.mark.parametrize(
    ("query", "limit"),
    [
        ("North Korea", MAX_LITERALS),
        ("world vote run attack plan election", MAX_LITERALS),
        ("министр иностранных дел Российской Федерации", MAX_CASE_LITERALS),
    ],
)
def test_a_phrase_has_no_more_forms_than_the_limit(query: str, limit: int) -> None:
    literals = parse_query(query).literals
    assert 1 < len(literals) <= limit
    assert literals[0] == parse_query(f'"{query}"').literals[0]
