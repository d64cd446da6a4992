"""Words that a full stop follows without ending the sentence, by language, in lower case and without that stop."""

from dataclasses import dataclass, field
from functools import cache


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """How a language abbreviates.

    Attributes:
        inner: never the last word of a sentence: `Mr.`, `vs.`, `z.B.`
        numbered: inner where a number follows (`No. 5`, `Jan. 3`), else an ordinary word (`He said no.`)
        closing: may be the last word (`Inc.`, `p.m.`, `г.`): the sentence ends if a starter follows.
        starters: words that open sentences far more often than they open names, capitalised.
        ordinals: whether a stop after a short number makes it an ordinal (`am 3. Oktober`).
        words: all that may be abbreviations.
    """

    inner: frozenset[str] = frozenset()
    numbered: frozenset[str] = frozenset()
    closing: frozenset[str] = frozenset()
    starters: frozenset[str] = frozenset()
    ordinals: bool = False
    words: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", self.inner | self.numbered | self.closing)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ENGLISH = Abbreviations(
    inner=_words("""mr mrs ms messrs dr prof st mt ft rev hon gen col lt maj capt cmdr cpt sgt cpl pvt adm gov sen rep
        reps sens pres supt insp det sir vs v eg e.g ie i.e cf al approx asst assoc dept univ fig figs viz mme mlle jan
        feb mar apr aug sept sep oct nov dec calif fla ariz mass mich minn wis wash okla tenn ill ind conn colo"""),
    numbered=_words("no nos vol pp p fig art sec ch jun jul mar may jan feb apr aug sept sep oct nov dec"),
    closing=_words("""inc ltd co corp plc llc bros etc jr sr esq u.s u.k u.n e.u u.a.e d.c a.m p.m am pm ph.d m.d b.a
        m.a n.y l.a ave blvd rd est"""),
    starters=_words("""The He She It They We I But And In On At A An This That These Those His Her Its Their Our As For
        After Before When While If Mr Mrs Ms Dr There However Meanwhile Last According Since With By From Some Many Most
        Now So Then Also Although Under Asked Police You My What Such Both All Not One Two Three No Yet Still Since
        During Despite Because Once Until Where Why How Who Which Perhaps Earlier Later Today Yesterday Another Other
        Each Every Several More Here Of To Though Even Only Among Unlike Like Nearly About Over"""),
)
RUSSIAN = Abbreviations(
    inner=_words("""ул им стр тыс млн млрд трлн пр проф акад см обл кв рис напр св ср т.е т.к т.н т.наз и.о гр им.
        гос мин макс род ум просп пос дер наб корп гл изд ред сост доц докт полк ген лейт кап адм о пл пер бул т"""),
    numbered=_words("п пп с ст д г гг кг рис табл гл № тел ч кн вып м р"),
    closing=_words("""г гг в вв др пр д т.д т.п руб долл коп н.э н э м км кг см мм л га сек мин час р шт чел т.ч с.ш в.д
        гг. ок"""),
    starters=_words("""В На По С Из За От До Он Она Они Оно Это Эта Эти Этот Но И А Как Так Для При Его Её Ее Их Мы Я
        После Также Однако Если Когда Однако Затем Тогда Там Здесь Во Со К У О Об Под Над Между Через Был Была Было Были
        Кроме Среди Сейчас Теперь Уже Не Что Все Всё Вместе Впервые Позднее Позже Ранее Согласно Благодаря Несмотря"""),
)
GERMAN = Abbreviations(
    inner=_words("""dr prof hr fr frl st bzw ca z.b d.h u.a i.d.r v.a evtl ggf inkl max min nr tel str vgl zzgl dipl ing
        mag hl geb gest mio mrd bspw sog s art abs z d u jan feb apr aug sept okt nov dez"""),
    closing=_words("usw etc jr sr co inc o.ä u.s.w u.ä"),
    starters=_words("""Der Die Das Ein Eine Er Sie Es Wir Ich In Im Am An Auf Aus Bei Mit Nach Von Vor Zu Und Aber Auch
        Als Da Dann Dies Diese Dieser Doch Für Wenn Wie Wer Was So Seit Nun Noch Nur"""),
    ordinals=True,
)
FRENCH = Abbreviations(
    inner=_words("m mm mme mmes mlle me mgr dr pr st ste av bd cf env p ex fig hab max min n° no tél vol art chap"),
    closing=_words("etc inc ltd co j.-c s.a"),
    starters=_words("""Le La Les Un Une Des Il Elle Ils Elles On Nous Vous Je Ce Cette Ces C Cela Et Mais En Au Aux Dans
        Pour Par Sur Selon Après Avant Avec Si Comme Quand À A Son Sa Ses Leur L D"""),
)
SPANISH = Abbreviations(
    inner=_words(
        "sr sra sres srta dr dra d dña lic ing prof gral cnel av avda núm núms pág págs p art ej aprox máx mín"
    ),
    closing=_words("etc ee.uu ud uds s.a s.l a.c d.c inc ltd co"),
    starters=_words(
        "El La Los Las Un Una En Se Y Pero Por Para Con De Según Su Sus Este Esta Esto Cuando Como No A Al"
    ),
)
PORTUGUESE = Abbreviations(
    inner=_words("sr sra srs dr dra prof profa d eng av r gen cel pág págs p art núm n ex exmo aprox máx mín séc"),
    closing=_words("etc s.a ltda inc co a.c d.c"),
    starters=_words("O A Os As Um Uma Em No Na E Mas Por Para Com De Segundo Ele Ela Eles Elas Seu Sua Este Esta Isso"),
)
ITALIAN = Abbreviations(
    inner=_words(
        "sig sigg dott dr prof avv ing arch on sen s sig.ra dott.ssa art n pag p vol cfr es ecc.mo tel gen col"
    ),
    closing=_words("ecc etc s.p.a s.r.l a.c d.c inc co"),
    starters=_words("Il Lo La I Gli Le Un Una In Nel Nella E Ma Per Con Di Da Secondo Questo Questa Non Si Ha È A Al"),
)
DUTCH = Abbreviations(
    inner=_words("dhr mevr mw dr drs ir ing prof mr st ca bijv bv d.w.z e.d m.b.t o.a t.o.v nr p blz vgl resp max min"),
    closing=_words("enz etc e.d jr sr inc co"),
    starters=_words(
        "De Het Een In Op Aan Met Van Voor Door Hij Zij Ze Wij We Ik Dat Dit Die Deze Maar En Ook Als Volgens"
    ),
)
POLISH = Abbreviations(
    inner=_words(
        "p pp pan dr prof hab inż mgr np m.in tzw tj ul al pl os św ks gen płk ppłk mjr kpt im godz ok min nr"
    ),
    closing=_words("r w itd itp etc tys mln mld zł n.e"),
    starters=_words(
        "W Na Z Do Po Za To Ten Ta Te On Ona Oni Nie Jak Jego Jej Ich Według Jednak Ale I A Od Przez Dla O"
    ),
    ordinals=True,
)
TURKISH = Abbreviations(
    inner=_words("dr prof doç yrd av sn sok cad mah apt no tel vb örn alm ing st hz yy bkz s"),
    closing=_words("vb vs a.ş ltd şti m.ö m.s"),
    starters=_words("Bu Bir O Ve Ama Ancak Bunun Daha Çok Her Son Yeni Türkiye Şu Ben Biz Onlar"),
    ordinals=True,
)
UKRAINIAN = Abbreviations(
    inner=_words("ім вул просп бул пров пл див напр проф акад обл тис млн млрд ст т.зв т.к гр ген полк"),
    numbered=_words("п с ст д р рр рис табл гл № тел ч"),
    closing=_words("р рр ст ін т.д т.п грн дол коп н.е м км кг"),
    starters=_words(
        "У В На За З Із Від До Він Вона Вони Це Але І Й А Як Так Для При Його Її Їх Ми Я Після Також Однак"
    ),
)
INDONESIAN = Abbreviations(
    inner=_words("dr drs prof ir h hj jl no tgl bpk sdr kol letjen mayjen brigjen kompol akp st"),
    closing=_words("dll dsb dst tbk pt s.h m.h m.si"),
    starters=_words("Ia Dia Mereka Ini Itu Di Pada Dalam Menurut Namun Tetapi Dan Untuk Kami Kita Saya Sementara"),
)
ARABIC = Abbreviations(inner=_words("د م أ ص ج ت ه هـ ب ق"))
ABBREVIATIONS = {
    "en": ENGLISH,
    "ru": RUSSIAN,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
    "pt": PORTUGUESE,
    "it": ITALIAN,
    "nl": DUTCH,
    "pl": POLISH,
    "tr": TURKISH,
    "uk": UKRAINIAN,
    "id": INDONESIAN,
    "ar": ARABIC,
    "cs": Abbreviations(inner=_words("dr prof ing mgr tzv např č str ul sv tj mj"), ordinals=True),
    "da": Abbreviations(inner=_words("dr prof hr fr nr ca f.eks bl.a dvs kl"), ordinals=True),
    "no": Abbreviations(inner=_words("dr prof nr ca f.eks bl.a dvs kl"), ordinals=True),
    "fi": Abbreviations(inner=_words("esim mm ns klo nro prof tri"), ordinals=True),
    "hu": Abbreviations(inner=_words("dr prof pl kb ún ill st"), ordinals=True),
}


@cache
def abbreviations(language: str) -> Abbreviations:
    """How a language abbreviates; English for one that we know nothing about, because its titles are met everywhere."""
    return ABBREVIATIONS.get(language, ENGLISH)
