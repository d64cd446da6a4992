"""Words that carry no subject: sumy's lists where it has one, small lists of our own where it has none.

The lists here also tell the Latin languages apart (`summarizer.languages`), so each holds the commonest words first
of all, and accents are kept.
"""

from functools import cache
from importlib.metadata import distribution
from pathlib import Path

# sumy's names of the languages whose lists it brings.
SUMY_NAMES = {
    "ar": "arabic",
    "cs": "czech",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "he": "hebrew",
    "it": "italian",
    "ja": "japanese",
    "ko": "korean",
    "pl": "polish",
    "pt": "portuguese",
    "sk": "slovak",
    "sv": "swedish",
    "th": "thai",
    "uk": "ukrainian",
    "zh": "chinese",
}

COMMON = {
    "en": """the of and to in a is that for it was on with as be at by this from have are not but had his they which
        were has an been their he she we you its will would who said there what when more about""",
    "de": """der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er
        hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur
        bis mehr durch man sein wurde sei wenn""",
    "fr": """de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec son
        aux ou mais comme nous été cette ses on ont elle leur vous être deux fait aussi même sa ces d l qu n c s après
        avant depuis lors selon sous sans contre pendant ainsi alors encore très peu dont toujours entre moins ans""",
    "es": """de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin
        sobre este ya entre cuando todo esta ser son dos también fue había era muy años hasta desde está""",
    "pt": """de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu
        sua ou ser quando muito há nos já está eu também só pelo pela até isso ela entre era são anos""",
    "it": """di e il la che in a per un è del non sono le della con si da una i al ha dei nel anche come più alla gli
        ma lo se delle su o essere stato dal questo ai nella ed tra era hanno suo dalla due""",
    "nl": """de en van ik te dat die in een hij het niet zijn is was op aan met als voor had er maar om hem dan zou of
        wat mijn men dit zo door over ze zich bij ook tot je mij uit der daar haar naar heb hoe heeft hebben deze u want
        nog zal me zij nu ge geen omdat iets worden toch al waren veel meer doen toen moet ben zonder kan hun dus alles
        onder ja eens hier wie werd altijd doch wordt wezen kunnen ons zelf tegen na reeds wil kon niets uw iemand
        geweest andere""",
    "pl": """w i na z się do nie że to o jest za od po jak co ale tym przez dla są ze jego czy był tak już być tego
        oraz które który może także tylko jej ich ma roku przed przy było lub""",
    "tr": """ve bir bu da de için ile çok daha olarak gibi ama o en ne kadar var olan sonra ki mi her ya değil ise diye
        göre önce ben sen biz siz onlar şu şey bazı hem veya yani bile ancak çünkü nasıl neden niye kim hangi tüm bütün
        hiç az biri birçok yine bunu buna bunun onu ona onun olduğu olduğunu oldu etti eden edildi dedi tarafından
        üzerinde içinde arasında karşı kendi aynı diğer son yeni""",
    "id": """yang dan di ke dari untuk pada dengan ini itu adalah dalam tidak akan oleh juga sebagai ada saya kami kita
        mereka dia ia anda bisa dapat telah sudah karena atau tersebut lebih para bahwa saat menjadi seperti belum hanya
        masih harus sangat bagi namun tetapi agar jika ketika kepada antara secara hingga sampai setelah sebelum serta
        lain lagi pun atas tentang yaitu bukan maka sedang kata katanya ujar oleh banyak semua seorang satu dua""",
    "vi": """và của là có được cho trong không một những người với các này đã để khi đến về từ ra vào tôi như cũng nhiều
        năm ở theo tại sau đó thì lại ông còn bị trên hay đang rằng sẽ phải mà bà anh chị em họ chúng ta nên nếu vì do
        bởi nhưng hoặc rất hơn nhất chỉ mới vẫn đều làm gì nào đây kia ấy việc sự cuộc chiếc cái con thế cùng giữa qua
        lên xuống trước ngày biết nói""",
    "sv": """och att det i en som är på av för med den till har inte om ett han men de var jag sig från vi så kan hon
        när år efter också vid sin nu under eller man hade skulle ska mot över mer där""",
    "da": """og i at det er en til af på den som for med de der var ikke et har han vi om men fra jeg sig også kan havde
        hun skal efter nu ved år over blev være eller så når hvor mod""",
    "no": """og i det som er på en til av for at med de var ikke den har han om et jeg fra men vi seg også kan hadde
        hun skal etter nå ved år over ble være eller så når hvor mot""",
    "fi": """ja on ei se että oli hän ovat mutta kun myös joka tai ole mukaan kuin sen jo niin nyt vain olla vuoden
        hänen ne tämä he jos ollut sekä joka tässä siitä kanssa voi""",
    "cs": """a v se na je že s z do o k i to ve jako za pro by ale po jsou byl tak od jeho jak už podle které který
        jen také byla nebo aby při bude jsem má více může až""",
    "ro": """de și în a la cu pe că o nu din un care mai este pentru au fost s se sau fi dar al sunt ale lui prin după
        către până cum când această acest fost avea lor""",
    "hu": """a az és hogy nem is egy van meg ez volt de csak már mint vagy el még azt ki be kell lesz akkor majd lehet
        minden szerint után között során alatt pedig ezt több""",
    "ru": """и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по только ее её мне было вот
        от меня еще ещё нет о из ему теперь когда даже ну ли если уже или ни быть был него до вас нибудь опять уж вам
        ведь там потом себя ничего ей может они тут где есть надо ней для мы тебя их чем была сам чтоб без будто чего
        раз тоже себе под будет ж тогда кто этот того потому этого какой совсем ним здесь этом один почти мой тем чтобы
        нее сейчас были куда зачем всех при наконец два об другой хоть после над больше тот через эти нас про них какая
        много разве три эту моя впрочем свою этой перед иногда лучше чуть том нельзя такой им более всегда конечно всю
        между также это который которые которая которого сообщил заявил""",
    "fa": """و در به از که این را با است برای آن یک خود تا کرد بر هم نیز گفت شد شود می وی ها های اما یا ما او من شما
        آنها باید دو هر اگر پس بود بودند کند کرده شده شدن کردن دارد دارند داشت داشته نمی نه چه همه دیگر بین پیش روی
        چند بی تنها هیچ همین همان چون زیرا بسیار خواهد باشد هستند نیست سال مورد طی پی""",
    "hi": """के का की में है और से को पर कि यह ने हैं था थे थी एक नहीं भी ही तो कर हो इस उस जो गया गई गए किया लिए साथ अपने
        अपनी अपना वह वे हम मैं आप ये या तक बाद जब तब अब कुछ कोई सब बहुत रहा रहे रही हुए हुआ हुई होता होती होते करने करते
        करता दिया दी दे लेकिन क्या क्यों कैसे कहा बताया वाले वाली उन्होंने इसके उनके उसके जिस""",
}  # fmt: skip

LATIN_LANGUAGES = tuple(sorted(COMMON.keys() - {"ru", "fa", "hi"}))


@cache
def common_words(language: str) -> frozenset[str]:
    """The commonest words of a language in lower case; empty where we have no list."""
    return frozenset(COMMON.get(language, "").split())


@cache
def stop_words(language: str) -> frozenset[str]:
    """Words that say nothing about a text's subject, in lower case; empty for a language without a list."""
    if language not in SUMY_NAMES:
        return common_words(language)
    # The list alone, without importing sumy: the process that groups articles wants it too.
    path = distribution("sumy").locate_file(f"sumy/data/stopwords/{SUMY_NAMES[language]}.txt")
    words = Path(str(path)).read_text("utf-8")
    return frozenset(words.lower().splitlines()) | common_words(language)
