"""How sentences open that lean on the one before, by language: connectives, pronouns, pointing words.

Matched at the start of a sentence, with its capital; whole words in scripts with spaces.
"""

import re
from collections.abc import Callable
from functools import cache

from summarizer.languages import UNSPACED

ENGLISH = """But|And|Or|In fact|Meanwhile|Now|So|Yet|Nor|However|Instead|Then|Also|Too|Therefore|Thus|Hence|Moreover
        |Furthermore|Besides
    |Otherwise|Nevertheless|Nonetheless|Similarly|Likewise|Consequently|Additionally|Conversely|Accordingly
    |Regardless|Indeed|In addition|In other words|In contrast|In turn|In that case|In this case|In response
    |In return|One day later|Days later|Hours later|The next day|The day before
    |As a result|As such|For example|For instance|On the other hand|At the same time|At that time
    |At the time|At the moment|Even so|After that|By contrast|Among them|One of them|Some of them|Many of them
    |Most of them|All of them|That said|To that end|For that reason|On its part|On his part|On her part|For his part
    |For her part|On the contrary|He|She|They|It|His|Her|Hers|Their|Theirs|Its|Him|Them|He's|She's|They're|It's|He’s
    |She’s|They’re|It’s|He'd|She'd|I|We|My|Our|Us|I'm|We're|I’m|We’re|You|Your|This|That|These|Those|Such|Both
    |Neither|Either|Another|Other|Others|The former|The latter|The same|The other|The others|Here|There he|There she
    |There they|Who|Which|Where|When he|When she|When they|When it|While he|While she|While they|After he|After she
    |After they|Before he|Before she|Before they|As he|As she|As they|If he|If she|If they|If it|If so|If not
    |Although he|Although she|Although they|Asked|Speaking|Not so|Only then|Even he|Even she|Even they
    |Earlier"""
CALENDAR = r"(?!\s+(?:week|weekend|month|year|morning|afternoon|evening|spring|summer|autumn|fall|winter|season)\b)"

OPENINGS = {
    "en": ENGLISH,
    "de": """Aber|Und|Oder|Doch|Denn|Dennoch|Trotzdem|Deshalb|Daher|Darum|Also|Außerdem|Zudem|Dann|Jedoch|Allerdings
        |Stattdessen|Dagegen|Auch|So|Er|Sie|Es|Sein|Seine|Ihr|Ihre|Ihm|Ihn|Dies|Diese|Dieser|Dieses|Das|Dabei|Dafür
        |Damit|Danach|Davon|Dazu|Darauf|Daran|Darin|Darüber|Hinzu|Ich|Wir|Beide|Solche""",
    "fr": """Mais|Et|Ou|Or|Donc|Car|Cependant|Pourtant|Toutefois|Néanmoins|Ainsi|Alors|Puis|Ensuite|Aussi|En effet
        |De plus|En outre|Par ailleurs|Par exemple|Du coup|D'ailleurs|D’ailleurs|C'est pourquoi|C’est pourquoi|Il
        |Elle|Ils|Elles|Son|Sa|Ses|Leur|Leurs|Celui-ci|Celle-ci|Ceux-ci|Celles-ci|Cela|Ça|Ce|Cet|Cette|Ces|C'est
        |C’est|C'était|C’était|Lui|Je|J'|J’|Nous|On|Une fois|Tous deux|À cette|Dans ce cas|Pour autant|Reste que
        |Reste qu'un|Reste qu'une|Reste qu'il
        |Viennent ensuite|D'autres|D’autres|Du moins|L'un,|L’un,|L'une,|L'autre|L’autre
        |Dans celui-ci|Dans celle-ci|Dans ceux-ci|Dans celles-ci|Parmi eux
        |Parmi elles|Certains d'entre eux|Certaines d'entre elles|L'un d'entre eux|L'une d'entre elles|À l'inverse""",
    "es": """Pero|Y|E|O|Sin embargo|No obstante|Además|Entonces|Así|Por eso|Por ello|Por lo tanto|Por tanto|También
        |Tampoco|Luego|Después|En cambio|Por ejemplo|Asimismo|De hecho|Él|Ella|Ellos|Ellas|Su|Sus|Este|Esta|Esto
        |Estos|Estas|Ese|Esa|Eso|Esos|Esas|Yo|Nosotros|Ambos|Aunque|Porque|Lo que|Le""",
    "it": """Ma|E|Ed|O|Però|Tuttavia|Inoltre|Quindi|Dunque|Così|Poi|Anche|Invece|Perciò|Infatti|Eppure|Per esempio
        |Lui|Lei|Loro|Egli|Ella|Essi|Esse|Suo|Sua|Suoi|Sue|Questo|Questa|Questi|Queste|Quello|Quella|Quelli|Ciò|Io
        |Noi|Entrambi""",
    "pt": """Mas|E|Ou|Porém|Contudo|Entretanto|No entanto|Além disso|Então|Assim|Por isso|Portanto|Também|Depois|Já
        |Por exemplo|Ele|Ela|Eles|Elas|Seu|Sua|Seus|Suas|Este|Esta|Isto|Esse|Essa|Isso|Estes|Estas|Esses|Essas|Eu
        |Nós|Ambos|Aliás""",
    "nl": """Maar|En|Of|Dus|Want|Toch|Echter|Daarom|Daardoor|Bovendien|Ook|Dan|Daarna|Daarnaast|Bijvoorbeeld|Hij|Zij
        |Ze|Het|Zijn|Haar|Hun|Dit|Dat|Deze|Die|Daar|Ik|Wij|We|Beide""",
    "pl": """Ale|I|A|Lecz|Jednak|Więc|Dlatego|Zatem|Ponadto|Poza tym|Również|Też|Potem|Następnie|Natomiast
        |Jednocześnie|On|Ona|Ono|Oni|One|Jego|Jej|Ich|To|Ten|Ta|Te|Ci|Tego|Taki|Ja|My|Jak dodał|Jak dodała|Dodał
        |Dodała""",
    "tr": """Ama|Ve|Fakat|Ancak|Oysa|Bu nedenle|Bu yüzden|Ayrıca|Sonra|Daha sonra|Böylece|Üstelik|Örneğin|O|Onlar
        |Onun|Bu|Şu|Bunlar|Bunun|Buna|Bunu|Ben|Biz|Bununla""",
    "ru": """Но|И|А|Или|Однако|Поэтому|Также|Кроме того|При этом|Тем не менее|Зато|Затем|Потом|Так|Например
        |В частности|В то же время|Вместе с тем|В результате|После этого|Он|Она|Оно|Они|Его|Её|Ее|Их|Ему|Ей|Им|Это
        |Этот|Эта|Эти|Этого|Тот|Та|Те|Такой|Такая|Такие|Там|Тогда|Я|Мы|Оба|По его словам|По ее словам|По её словам
        |По их словам""",
    "uk": """Але|І|Й|А|Або|Однак|Проте|Тому|Також|Крім того|При цьому|Водночас|Потім|Так|Наприклад|Зокрема|Він|Вона
        |Воно|Вони|Його|Її|Їх|Їхній|Це|Цей|Ця|Ці|Цього|Той|Та|Ті|Такий|Там|Тоді|Я|Ми|За його словами|За її словами""",
    "id": """Tetapi|Tapi|Namun|Dan|Atau|Karena itu|Oleh karena itu|Selain itu|Kemudian|Lalu|Jadi|Juga|Misalnya
        |Sementara itu|Akibatnya|Dia|Ia|Mereka|Ini|Itu|Hal ini|Hal itu|Hal tersebut|Saya|Kami|Kita""",
    "vi": """Nhưng|Và|Tuy nhiên|Song|Vì vậy|Vì thế|Do đó|Ngoài ra|Bên cạnh đó|Sau đó|Rồi|Cũng|Ví dụ|Đồng thời|Ông|Bà
        |Anh|Chị|Cô|Họ|Nó|Này|Đó|Đây|Điều này|Điều đó|Việc này|Tôi|Chúng tôi|Theo đó|Trong đó|Thế nhưng""",
    "ar": """لكن|ولكن|لكنه|لكنها|كما|وقال|وأضاف|وأضافت|وقالت|وأوضح|وأكد|وتابع|وأشار|وهو|وهي|وهذا|وهذه|هو|هي|هم|هذا
        |هذه|ذلك|تلك|لذلك|ولذلك|أيضا|ثم|وكان|وكانت|غير أن|إلا أن|ومع ذلك|أما|فيما""",
    "fa": """اما|ولی|و|همچنین|بنابراین|سپس|با این حال|او|وی|آنها|آن|این|وی افزود|من|ما""",
    "hi": """लेकिन|और|परंतु|इसलिए|हालांकि|वह|वे|उन्होंने|उसने|यह|ये|इस|इसके|उनके|उसके|उनका|उसका|मैं|हम|साथ ही|फिर""",
    "zh": """但是|但|然而|不过|可是|而且|并且|因此|所以|因而|于是|此外|另外|同时|与此同时|对此|为此|其中|其后|随后
        |之后|然后|接着|而|并|也(?!门)|还|他们|她们|它们|他|她|它|这些|那些|这|那
        |其|该|此|我们|我|例如|比如|换句话说|相反|總之|总之|不過|這|該公司|他們|她們|它們|這些|與此同時|對此|為此|隨後
        |之後|於是|並|還|同時|據此|据此""",
    "ja": """しかし|だが|ただ|ただし|また|さらに|そして|それで|そこで|そのため|このため|これに|これを|これは|これまで
        |それ|その|この|こうした|そうした|彼女|彼ら|彼|同氏|同社|同省|一方|なお
        |でも|けれど|つまり|例えば|たとえば|すると|私(?!立)|僕|我々|あれ|同時に|ところが""",
    "ko": """그러나|하지만|그런데|그리고|또한|또|그래서|따라서|그는|그가|그녀는|그의|이는|이에|이와|이어|이어서|이로
        |이런|이러한|이같은|이 같은|이를|그것은|그들은|이들은|한편|다만|반면|특히
        |나는|우리는|우리|저는""",
    "th": """แต่|และ|หรือ|ดังนั้น|อย่างไรก็ตาม|นอกจากนี้|จากนั้น|เขา|เธอ|พวกเขา|มัน|นี้|นี่|นั้น|ซึ่ง|ทั้งนี้|โดย
        |ส่วน|ผม|เรา""",
}  # fmt: skip


@cache
def opening(language: str) -> Callable[[str, int], bool]:
    """A function that tells whether a sentence, from a place on, leans on the one before; English if unknown."""
    phrases = [part.strip() for part in OPENINGS.get(language, ENGLISH).split("|")]
    words = "|".join(phrases)
    if language in UNSPACED:
        pattern = re.compile(f"(?:{words})")
        firsts = frozenset(phrase[0] for phrase in phrases)
        return lambda text, place: text[place : place + 1] in firsts and pattern.match(text, place) is not None
    calendar = CALENDAR if OPENINGS.get(language, ENGLISH) is ENGLISH else ""
    pattern = re.compile(rf"(?:{words})(?![\w’'-]){calendar}")
    starts = frozenset(phrase[:2] for phrase in phrases)
    return lambda text, place: text[place : place + 2] in starts and pattern.match(text, place) is not None
