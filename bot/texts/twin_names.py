"""What CLDR's names need before they can be searched in the news: common names, and those that mean something else too.

A place is given by its CLDR code; names of one language stand apart by `|`, the most usual first. They replace CLDR's
own, which are the official ones and rarely stand in a headline (`Hong Kong SAR China`).
"""

LANGUAGES = ("en", "zh", "zh_Hant", "ja", "ko", "ru", "de", "fr", "es", "ar")

# Asia, Europe …; the other areas of the United Nations' list are words of statisticians.
AREAS = ("002", "009", "035", "142", "150", "419")
# Specks without news of their own, pseudo regions, and parts that nobody calls by these names.
NO_PLACES = frozenset(
    "AC AQ BL BQ BV CC CP CQ CX DG EA EZ GS HM IC IO MF NF NU PM PN QO SH SJ TA TF TK UM WF XA XB ZZ".split()
)

CURRENCIES = tuple(
    "AED ARS AUD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR IRR JPY KRW KZT MXN MYR NGN NOK NZD"
    " PHP PKR PLN RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR".split()
)

# Languages whose names say nothing else; the English of nearly all others is also said of a country and its people.
LANGUAGES_ALONE = ("eo", "he", "hi", "sa", "sw", "ur", "yi", "yue")
# Of these a name is a language only where it is written with 语, 語 or 어.
LANGUAGES_OF_PEOPLES = tuple(
    "ar bn cs da de el en es fa fi fr hu id it ja ko ms nl no pl pt ro ru sv th tr uk vi zh".split()
)
SCRIPTS_THAT_TELL = ("zh", "zh_Hant", "ja", "ko")

COMMON_NAMES: dict[str, dict[str, str]] = {
    "AE": {
        "en": "UAE|United Arab Emirates",
        "zh": "阿联酋",
        "zh_Hant": "阿聯",
        "ja": "アラブ首長国連邦|UAE",
        "ar": "الإمارات",
    },
    "AU": {"zh": "澳大利亚|澳洲", "ko": "호주|오스트레일리아"},
    "BA": {
        "en": "Bosnia",
        "zh": "波黑",
        "zh_Hant": "波士尼亞",
        "ja": "ボスニア",
        "ko": "보스니아",
        "ru": "Босния",
        "de": "Bosnien",
        "fr": "Bosnie",
        "ar": "البوسنة",
    },
    "BY": {"ru": "Беларусь|Белоруссия"},
    "CD": {
        "en": "DR Congo|Democratic Republic of Congo|Democratic Republic of the Congo",
        "zh": "刚果（金）",
        "zh_Hant": "剛果民主共和國",
        "ja": "コンゴ民主共和国",
        "ko": "콩고민주공화국",
        "ru": "ДР Конго",
        "de": "DR Kongo|Demokratische Republik Kongo",
        "fr": "RDC|République démocratique du Congo",
        "ar": "الكونغو الديمقراطية",
    },
    "CG": {"zh": "刚果（布）", "zh_Hant": "剛果共和國", "es": "República del Congo"},
    "CI": {"en": "Ivory Coast|Côte d’Ivoire", "de": "Elfenbeinküste", "es": "Costa de Marfil"},
    "CZ": {
        "en": "Czech Republic|Czechia",
        "fr": "République tchèque|Tchéquie",
        "es": "República Checa|Chequia",
    },
    "EU": {
        "en": "European Union|EU",
        "ja": "欧州連合|EU",
        "ko": "유럽연합",
        "ru": "Евросоюз|Европейский союз",
        "ar": "الاتحاد الأوروبي",
    },
    "GB": {
        "en": "UK|Britain|United Kingdom",
        "ja": "英国|イギリス",
        "de": "Großbritannien",
        "fr": "Royaume-Uni",
        "ar": "بريطانيا",
    },
    "HK": {
        "en": "Hong Kong",
        "zh": "香港",
        "zh_Hant": "香港",
        "ja": "香港",
        "ko": "홍콩",
        "ru": "Гонконг",
        "de": "Hongkong",
        "fr": "Hong Kong",
        "es": "Hong Kong",
        "ar": "هونغ كونغ",
    },
    "KP": {"en": "North Korea|DPRK", "ru": "КНДР|Северная Корея"},
    "KR": {"ko": "한국|대한민국", "ru": "Южная Корея|Республика Корея"},
    "MM": {
        "en": "Myanmar|Burma",
        "ja": "ミャンマー",
        "ru": "Мьянма",
        "fr": "Birmanie|Myanmar",
        "es": "Birmania|Myanmar",
        "ar": "ميانمار",
    },
    "MO": {
        "en": "Macau|Macao",
        "zh": "澳门",
        "zh_Hant": "澳門",
        "ja": "マカオ",
        "ko": "마카오",
        "ru": "Макао",
        "de": "Macau",
        "fr": "Macao",
        "es": "Macao",
        "ar": "ماكاو",
    },
    "PS": {
        "en": "Palestine",
        "zh": "巴勒斯坦",
        "zh_Hant": "巴勒斯坦",
        "ja": "パレスチナ",
        "ko": "팔레스타인",
        "ru": "Палестина",
        "de": "Palästina",
        "fr": "Palestine",
        "es": "Palestina",
        "ar": "فلسطين",
    },
    "SA": {"zh": "沙特|沙特阿拉伯", "zh_Hant": "沙烏地阿拉伯", "ar": "السعودية"},
    "TR": {"en": "Turkey|Türkiye", "ko": "튀르키예|터키"},
    "UN": {
        "en": "United Nations|UN",
        "ja": "国連",
        "ko": "유엔",
        "ru": "ООН",
        "fr": "ONU|Nations unies",
        "es": "ONU|Naciones Unidas",
    },
    "US": {
        "en": "US|United States|USA",
        "ja": "米国|アメリカ",
        "ru": "США",
        "de": "USA|Vereinigte Staaten",
        "es": "Estados Unidos|EE. UU.",
        "ar": "الولايات المتحدة|أمريكا",
    },
    "VA": {
        "en": "Vatican",
        "zh": "梵蒂冈",
        "zh_Hant": "梵蒂岡",
        "ja": "バチカン",
        "ko": "바티칸",
        "ru": "Ватикан",
        "de": "Vatikan",
        "fr": "Vatican",
        "es": "Vaticano",
        "ar": "الفاتيكان",
    },
}

# Ordinary words of some language, or names of people: neither understood as a place nor offered for one.
# island is Iceland in German, того "of that" in Russian, 저지 "stopping" in Korean, grenade Grenada in French;
# الهندية is Hindi, and everything else that is Indian.
ORDINARY = tuple(
    "island reunion la_reunion chili grenade granada maurice mauricio dominique salvador jersey того джерси 저지 건지"
    " جيرسي ジャージー الهندية".split()
)

# Names with another great meaning: understood when somebody writes them, but never added to somebody's query.
# Georgia and Jordan, a state and a person; turkey, the bird; Guinea, within three countries; タイ within タイトル,
# シリア within シリアル, 马里 within 索马里, 查德 within 理查德, 尼日 within 尼日利亚; 수단 "means", 인도 "delivery",
# 그리스 within 그리스도; Мали "they had" in Ukrainian; عمان is Amman, too, and مالي "financial"; the Euro is a football
# championship.
SHARED = tuple(
    "georgia georgie ジョージア 조지아 喬治亞 جورجيا jordan chad чад 查德 turkey togo guinea guinee ギニア 几内亚 기니"
    " гвинея غينيا dominica доминика 도미니카 多米尼克 タイ チリ マリ インド ハイチ アルバ リビア シリア 马里 馬利"
    " 尼日 苏丹 阿曼 수단 인도 오만 부탄 아이티 말리 가나 피지 차드 그리스 가봉 мали عمان مالي بنين كوبا"
    " euro евро ユーロ 유로 يورو".split()
)
