"""Invented articles in several languages and lengths, for tests that compare two ways to the same end."""

FLOOD = """The river Tarn burst its banks near Orvik on Monday, forcing 4,000 people from their homes.

Rescue boats reached the old town by noon. “We had ten minutes to leave,” said Mara Lind, who runs a bakery there.
The boats came from Port Tarn, where the river is wide and slow.

The mayor of Orvik asked the army for help, and two hundred soldiers are building a wall of sandbags.
Engineers fear that the Orvik dam could fail if the rain goes on. A football match was called off. Who will pay?

Forecasters expect the river to fall by Thursday. The army will stay in Orvik until the dam is safe."""
BUDGET = """LOWMERE (Tarn Press) - Lowmere's parliament passed a budget of $3.4 billion on Friday after long talks.

The budget raises the tax on beer and lowers the one on bread. Farmers had blocked the roads to Lowmere for a week.
Finance minister Ilo Marsh said the farmers would get "what was promised, and no more". But he would not say when.
He spoke after the vote, in which two members of his own party sided with the farmers. "This is a budget for bread," he
told reporters. "Bread comes first." The opposition called it a budget for nobody.

Beer makers said the tax would close five breweries. The brewers' union will march on Monday. Beer is Lowmere's
largest export after wool. Wool prices fell last year, and the wool tax was not touched.

Parliament meets again in May. The farmers' roads were open by noon on Saturday."""
COMPANY = """Quillon, a maker of ferries, will lay off 900 of its 4,200 workers. The company said so in a letter.
The letter names two yards, in Orvik and in Upper Tarn. Orvik's yard opened in 1921 and built 300 ferries.
Quillon lost $40 million last year as orders for ferries dried up. Orders for ferries halved in two years.
The union of yard workers called the letter a shock. Its head, Bo Venn, asked for talks before the summer.
Quillon's shares rose by 6 per cent. Analysts had expected 1,200 lay-offs. The yard in Port Tarn stays open."""
CHINESE = (
    "塔恩河周一在奥维克决堤，四千人被迫离开家园。救援船中午到达老城。市长请求军队支援，二百名士兵正在筑沙袋墙。"
    "工程师担心，如果雨不停，奥维克大坝可能垮塌！一场足球赛被取消。气象部门预计河水周四回落。军队将留在奥维克，直到大坝安全。"
)
RUSSIAN = (
    "Река Тарн в понедельник вышла из берегов у города Орвик. Четыре тысячи человек покинули дома. Мэр города попросил "
    "армию о помощи. Солдаты строят стену из мешков с песком. Инженеры боятся, что плотина у Орвика не выдержит дождя. "
    "Футбольный матч отменили. Армия останется в Орвике, пока плотина не будет безопасна."
)
FRENCH = (
    "La rivière Tarn est sortie de son lit lundi près d'Orvik. Quatre mille habitants ont quitté leurs maisons. Le "
    "maire d'Orvik a demandé l'aide de l'armée. Les soldats construisent un mur de sacs de sable. Les ingénieurs "
    "craignent que le barrage d'Orvik ne cède. Un match de football a été annulé. L'armée restera à Orvik."
)
ARABIC = (
    "فاض نهر تارن يوم الاثنين قرب مدينة أورفيك. غادر أربعة آلاف شخص منازلهم. طلب رئيس بلدية أورفيك مساعدة الجيش. "
    "يبني الجنود جدارا من أكياس الرمل. يخشى المهندسون انهيار سد أورفيك. ألغيت مباراة كرة القدم. سيبقى الجيش في أورفيك."
)
ARTICLES = [
    ("River floods Orvik", FLOOD),
    ("Lowmere passes budget", BUDGET),
    ("Quillon to lay off 900", COMPANY),
    ("", FLOOD.replace("\n\n", " ")),
    ("Three stories", "\n\n".join([FLOOD, BUDGET, COMPANY])),
    ("塔恩河决堤", CHINESE),
    ("Наводнение в Орвике", RUSSIAN),
    ("Le Tarn déborde", FRENCH),
    ("فيضان نهر تارن", ARABIC),
]
