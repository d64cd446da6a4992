"""Subscriptions as people write them, for the sample that is judged by hand."""

_PLAIN = """
Iran, Blair, Gordon Brown, Microsoft, Sony, Google, Chelsea, Federer, house prices, interest rates, oil prices, coffee
Chrysler, trade deficit, merger OR takeover, wheat AND export, Japan -yen, virus AND computer, mobile phone, OPEC
soybean, 天津, 北京, 上海, 美国, 中国 -法院, 工伤, 计划生育, 信息公开, 拆迁 AND 补偿, 公安, 学校
医院, 土地 -征收, 交通事故, 大学, 电影, 日本, 東京, トヨタ, アップル, スマホ, アプリ, 映画, 結婚, 韓国, サッカー
中国, Wien, Merkel, Griechenland, Flüchtlinge, ÖVP OR SPÖ, Syrien, Путин, Украина, выборы, Москва -суд, Газпром
США, Россия AND банк, العراق, إيران, مصر, النفط, سوريا, الأمم المتحدة, 대통령, Macron, Türkiye, España
"""
# Words that mean something else, too (Turkey, мир, 和平), or stand in other words (AI, 京都, パン).
_RISKY = """
AI, US, EU, UN, Apple, Turkey, Windows, Reading, Labour, gold, strike, Wahl, Bayern, Grüne, Rapid, Bahn, мир
京东, 手机, 国会, 苹果, 央行, 河北, 和平, 京都, パン, 本田, バス, الأهلي, عمان
"""


def _split(queries: str) -> tuple[str, ...]:
    return tuple(queries.strip().replace("\n", ", ").split(", "))


RISKY_QUERIES = _split(_RISKY)
JUDGED_QUERIES = _split(_PLAIN) + RISKY_QUERIES
