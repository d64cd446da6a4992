"""Subscriptions as people write them, short and risky ones among them, for the sample that is judged by hand."""

JUDGED_QUERIES = tuple(
    query
    for line in """
AI, US, Apple, Turkey, Iran, Blair, Gordon Brown, Microsoft, Sony, Google, Windows, Chelsea, Reading, Labour, Federer
house prices, interest rates, oil prices, coffee, gold, Chrysler, trade deficit, strike, merger OR takeover
wheat AND export, Japan -yen, virus AND computer, mobile phone, EU, UN, OPEC, soybean
天津, 北京, 上海, 美国, 京东, 手机, 国会, 苹果, 央行, 河北, 和平, 中国 -法院, 工伤, 计划生育, 信息公开, 拆迁 AND 补偿
公安, 学校, 医院, 土地 -征收, 交通事故, 大学, 电影, 日本
東京, 京都, トヨタ, アップル, スマホ, アプリ, 映画, 結婚, 韓国, サッカー, パン, 本田, バス, 中国
Wahl, Wien, Merkel, Griechenland, Flüchtlinge, Bayern, Grüne, ÖVP OR SPÖ, Rapid, Syrien, Bahn
Путин, мир, Украина, выборы, Москва -суд, Газпром, США, Россия AND банк
العراق, إيران, مصر, النفط, سوريا, الأهلي, الأمم المتحدة, عمان
대통령, Macron, Türkiye, España
""".split("\n")
    for query in line.split(", ")
    if query
)
