"""What stands among an article's sentences without being one: adverts, credits, links, and the dateline before it."""

import re

# How such lines start, in lower case; a line is compared without the signs and spaces before its first letter.
STARTS = tuple(
    phrase.strip()
    for phrase in """
    by signing up|sign up for|sign up to|sign up here|sign up now|subscribe|subscribers only|log in|register now
    |click here|click on|click the|click to|tap here|tap to|scroll down|swipe|watch the video|watch live|watch now
    |watch:|watch below|video:|audio:|listen:|read also|read more|read next|read on|read the full|read:|also read
    |more on this|more from|more stories|more like this|related:|related stories|related articles|related content
    |related topics|see also|don't miss|don’t miss|recommended|you may like|you may also like|you might like
    |you might also like|follow us|follow our|follow the latest|follow the author|follow @|like us on|join us
    |join our|join the conversation|share this|share on|download the|download our|get the latest|get our
    |get breaking|get all the|all rights reserved|copyright|(c)|©|image:|photo:|picture:|photos:|file photo|photo by
    |photo credit|photo issued|a photo issued|a file photo|in this photo|in this file|photograph:|photograph by
    |image copyright|image source|image caption|image credit|media caption
    |media playback|getty images|advertisement|sponsored|this article was|this article is|this article has
    |this article originally|this story was|this story has|this story is|this post was|reporting by
    |additional reporting|writing by|editing by|compiled by|translated by|with files from|has files from
    |please ensure|please read|please note|visit site
    |we use cookies|this site uses cookies|this website uses cookies|cookie policy|cookie settings|terms of use
    |terms of service|terms &|privacy policy|last updated|updated:|updated on|published:|published on|posted on
    |posted at|contact us|contact the author|contact the reporter|email:|e-mail:|tel:|phone:|correction:|tags:
    |keywords:|topics:|category:|source:|comments are|newsletter|lire aussi|lire la suite|à lire|voir aussi|crédit
    |abonnez|inscrivez|cliquez|partager|découvrez aussi|découvrez notre|retrouvez ici|lesen sie|mehr zum thema
    |mehr dazu|hier klicken|jetzt abonnieren|jetzt anmelden|foto:|fotos:|quelle:|bild:|lea también|lea más
    |le puede interesar|suscríb|haga clic|síguenos|fuente:|leggi anche|guarda anche|guarda il video|iscriviti|clicca
    |leia também|leia mais|assine|inscreva-se|clique|siga-nos|fonte:|lees ook|lees verder|lees meer|schrijf je in
    |bron:|czytaj też|czytaj także|czytaj więcej|zobacz też|zobacz także|kliknij|źródło:|zdjęcie:|fot.|читайте также
    |читайте по теме|подписывайтесь|подписаться|фото:|источник:|смотрите также|ранее мы писали|читайте також
    |підписуйтесь|джерело:|baca juga|sumber:|ikuti berita|haberin devamı|kaynak:|abone ol|xem thêm|đọc thêm|ảnh:
    |nguồn:|theo dõi chúng|اقرأ أيضا|اقرأ المزيد|شاهد أيضا|تابعونا|المصدر:|بیشتر بخوانید|منبع:|عکس:|यह भी पढ़ें
    |อ่านเพิ่มเติม|อ่านข่าว|ภาพ:|责任编辑|责编|原标题|来源：|来源:|作者：|作者:|编辑：|编辑:|记者：|校对|图片来源|图：
    |图:|点击|扫码|扫描|长按|关注我们|欢迎关注|更多精彩
    |更多资讯|更多内容|版权|未经授权|本文来自|本文来源|本文系|本文首发|声明：|相关阅读|相关新闻|相关报道|延伸阅读
    |推荐阅读|关键词|标签:|标签：|您的位置|用户名|验证码|責任編輯|來源：|延伸閱讀|更多新聞
    |點擊|編輯：|記者：|関連記事|写真：|写真=|写真＝|続きを読む|あわせて読みたい|提供：|出典：|クリック|관련기사
    |관련 기사|무단 전재|무단전재|저작권자|사진=|사진 =|사진:|기사제보|구독
    """.replace("\n", "").split("|")
)
_STARTS_BY_TWO = {
    pair: tuple(start for start in STARTS if start[:2] == pair) for pair in {start[:2] for start in STARTS}
}
# Anywhere in a line, in lower case; each is rare enough in news to give the line away.
PARTS = (
    "terms & conditions",
    "privacy policy",
    "all rights reserved",
    "sign up for our",
    "subscribe to our",
    "getty images",
    "(photo by",
    "(photo:",
    "scroll down for video",
    "click here",
    "your comments",
    "last updated at",
    "use cookies",
    "无断转载",
    "未经许可",
    "無断転載",
    "재배포 금지",
)
SIGNS = " \t\u3000\xa0*•▶☞►▪·-–—>|【[（(#“\"'"
# `By Ann Lee and Bo Chen, Staff Reporters`: a line of names without a verb or a stop.
BYLINE = re.compile(
    r"(?:By|Von|Par|Por|Di|Door|Текст:)\s+(?:[A-ZÀ-ÞА-Я][\w.’'-]*[,|\s]*(?:and\s|und\s|et\s|y\s)?){1,8}\Z"
)

_DASH = r"\s*(?:--?|[–—])\s+"
_AGENCY = r"\([A-Za-zÀ-ÿ/.,\s]{2,40}\)"
_DAY = r"(?:\d{1,2}\.?\s)?[A-ZÀ-Þ][a-zà-ÿ]{2,}\.?(?:\s\d{1,2})?(?:,?\s\d{4})?"  # 27 November, Oct 22, 2024
_WIRED = r"\d{1,2}日[电電讯訊](?![话話影视視力台臺脑腦子器池])[）)]?\s*(?:[（(][^（）()]{2,30}[）)])?\s*(?=\S)"
DATELINE_SIGN = re.compile("[(（【电電讯訊:–—-]")  # every dateline has one of them …
MAX_DATELINE = 120  # … within so many characters
DATELINES = (
    re.compile(r"(?:[A-Z][\w’'.-]+,?\s){1,4}\(CNN\)\s?(?:--?|[–—])?\s*(?=[A-Z“\"'])"),
    re.compile(r"\((?:CNN|AP|AFP|Reuters|BBC|UPI|dpa|EFE|ANSA|Xinhua)\)\s*(?:--?|[–—])?\s*(?=\S)"),
    # SEOUL -, NEW YORK (Reuters) -, WASHINGTON, Oct 22 (Reuters) -; not NASA - the agency - nor POLICE:
    re.compile(
        r"[A-ZÀ-Þ][A-ZÀ-Þ.’'/-]{2,}(?:,?\s[A-ZÀ-Þ][A-ZÀ-Þ.’'/-]*){0,3}(?:,?\s[A-Z][a-z.]+){0,2}(?:,?\s\d{1,4}){0,2}"
        rf"\s*(?:{_AGENCY})?{_DASH}(?=[^\sa-zà-ÿ])"
    ),
    # SEOUL, 27 November:, PAJU, South Korea:
    re.compile(
        r"[A-ZÀ-Þ][A-ZÀ-Þ.’'/-]{2,}(?:\s[A-ZÀ-Þ][A-ZÀ-Þ.’'/-]*){0,3}(?:,\s[A-ZÀ-Þ][a-zà-ÿ]+(?:\s[A-ZÀ-Þ][a-zà-ÿ]+){0,2})?"
        rf"(?:,\s{_DAY})?(?<=[a-zà-ÿ\d.])\s*(?:{_AGENCY})?(?::|{_DASH})\s*(?=[^\sa-zà-ÿ])"
    ),
    # Paris (AFP) -, Bonn, 3. Mai (dpa) –
    re.compile(rf"[A-ZÀ-Þ][\w’'-]+(?:,?\s[\w’'.-]+){{0,4}}\s*{_AGENCY}{_DASH}(?=\S)"),
    # 新华社首尔10月22日电（记者…）, （中央社…）, 北京10月22日电
    re.compile(rf"[（(]?[\u4e00-\u9fff]{{1,8}}[社网網报報台][^\s，。,]{{0,20}}?{_WIRED}"),
    re.compile(rf"[（(]?[\u4e00-\u9fff]{{2,8}}\d{{1,2}}月{_WIRED}"),
    re.compile(r"【[^】]{2,30}】\s*(?=\S)"),
    # (서울=연합뉴스) 김하나 기자 =, [앵커]
    re.compile(r"[（(][가-힣]{1,6}=[가-힣\d]{1,8}[）)]\s*(?:[가-힣]{2,4}\s(?:기자|특파원)\s*=\s*)?(?=\S)"),
)

# SEOUL:, NEW YORK:, but no speaker, nor what several letters stand for.
PLACE_ALONE = re.compile(
    r"(?!(?:POLICE|PRESIDENT|MINISTER|GOVERNMENT|QUESTION|ANSWER|HOST|REPORTER|INTERVIEWER|NASA|NATO|CNN|BBC|FBI|WHO)\b)"
    r"[A-ZÀ-Þ][A-ZÀ-Þ.’'/-]{2,}(?:\s[A-ZÀ-Þ][A-ZÀ-Þ.’'/-]+){0,3}:\s+(?=[^\sa-zà-ÿ])"
)


def is_furniture(line: str) -> bool:
    """Whether a line of an article is no part of what it says."""
    lower = line.lower()
    start = lower[:40].lstrip(SIGNS)
    if start.startswith(_STARTS_BY_TWO.get(start[:2], ())) or any(map(lower.__contains__, PARTS)):
        return True
    return BYLINE.match(line) is not None


def dateline_end(line: str, *, opens: bool = True) -> int:
    """Where a paragraph's first sentence begins after its dateline (`SEOUL - `), in characters; 0 without one.

    Args:
        line: the sentence.
        opens: whether it opens the article; only there is a bare `SEOUL: ` a dateline rather than a speaker.
    """
    if not DATELINE_SIGN.search(line, 0, MAX_DATELINE):
        return 0
    for dateline in DATELINES:
        found = dateline.match(line)
        if found:
            return found.end()
    found = PLACE_ALONE.match(line) if opens else None
    return found.end() if found and not line.isupper() else 0
