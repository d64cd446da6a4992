"""Which words are everyday words, said in passing in articles about something else, where case does not show it.

Elsewhere small letters tell a word from a name. Chinese and Japanese have none, and German writes every noun with a
capital. So lists tell: of the commonest Chinese words (see `summarizer.han_words`) all that are no names, and everyday
words of Japanese and German.
"""

from functools import cache

from summarizer.han_words import WORDS
from summarizer.hanzi import SIMPLIFIED, TRADITIONAL

# Those of the dictionary's words of two and of three characters that jieba calls names, and are no other word.
_NAMES_OF_TWO = (
    "中国北京日本武汉湖北美国上海人大英国襄阳长江东北亚洲南京南北印度台湾和平德国欧洲法国苏联荆州香港三峡东南中共云南伊朗"
    "北平十堰午门华北四大四川大明天津天门太庙宜昌宝玉小龙山东崇祯巴黎年均广东广州康熙抗日搜狐朝鲜武昌永乐江南江苏江陵河北"
    "河南浙江湖南罗马美军蒙古西北西南重庆长安闯王陕西非洲韩国黄河万历东京东湖中华中原中文京城伦敦侍郎俄国光华冰川刘备北大"
    "十大华山南海南湖南路南阳南非古城咸宁回国回族埃及大国大都安徽安陆宋江山西巴西希腊干隆广西慈禧成都政协新疆曹操杭州欧盟"
    "汉口汉族汉江江夏江汉江湖江西沈阳波兰波斯泰国洛阳深圳满族满洲澳门王公瑞士甘肃白雪省直石英福建精华纽约苏州荆门荷兰藏族"
    "西安西汉西藏越南郧阳鄂州鄂西金殿长城长沙阿哥随州青岛鲁迅黄冈黄州黄石三合三国三藏东亚东岳东欧东海两湖两院中东中亚中山"
    "中洲中纺中路丹麦之江九江云集五保五行侗族兰州兴国内城列宁刘邦北洋北约北美北门华东华中华夏南岳南昌南极南门印尼厦门双喜"
    "双拥古巴吉林向东唐僧商城国共大侠大圣大汉大王天星太原太平太康契丹孔子孔明孙权宁夏安乡安娜宜都山南山寨山河山珍布朗师哥"
    "广义延安彝族徐州恒山慕容房县扬州挪威搜狗敦煌文华新城新建新港日志昆明朝阳朱德李逵杜甫林彪柏林桂林梁山欧元武松汉中汉水"
    "汉阳江北江山江水江淮江青池河沔阳沙市法王泰山洪山洪湖济南海南淮南清华清江湖广潜江燕京玉石王府珞狮珠江瑞典甘泉白领直隶"
    "石桥神龙福临福州缅甸罗田美洲老夫老山老营舞美芬兰苏丹苗族荆江莲蓬襄州西域西夏西欧西洋西门贵州辽东辽宁远安郑州鄂东鄂南"
    "长春阳新阿里雅典青海项羽鹿角麻城黄陂龙门一战三军东升东城两行中介中兴中军中南中和中小中道二中二战五岳仁兄傣族光电关公"
    "关山千古华南南亚南县南口古都台北司马吐蕃咸丰四中城垣大冶大湖大顺天大天山天河天黑太和夷陵夸特宁静宜城宫城山口岳飞嵩山"
    "布什常德平津广布张大德军拉萨捷克故城新华新河新浪昆仑明教明珠智利曹禺朱红李俊李鹏杭汉林冲武警武陵永安汉文江中江河沙僧"
    "治国洪武淮河渡江渤海港澳湖西潇湘潼关炎帝牛顿瑶族申花白宫白族白石白莲白马矿冶神农秘鲁秦岭秦汉秭归米兰米格索尼绍兴罗刹"
    "苏军英军范蠡蒲圻西亚西城西湖诸国诸州贝尔越国路桥重阳金星金牙钟祥锦州陕北雍正马来马良魏晋黄连黄陵黎族黎明黑陶"
)
_NAMES_OF_THREE = (
    "天安门国务院武汉市湖北省俄罗斯国民党外交部毛泽东石首市韦小宝令狐冲共产党北京市十堰市张居正意大利新华社李自成武当山"
    "江夏区洪山区联合国荆州市袁承志解放军邓小平上海市世界杯东南亚中华门中国队仙桃市以色列伊拉克党中央加拿大北京城南京市"
    "吴三桂周伯通咸宁市土家族大西洋天鹅洲太平洋孙中山孝感市宜昌市屈家岭张无忌斯巴达明永乐朱元璋李莫愁李高成李鸿章欧阳锋"
    "正阳门武昌区江泽民洞庭湖清政府湖南省王琦瑶紫禁城胡秉宸荆门市莫斯科蒋介石蒙古族袁世凯西班牙鄂州市钱谦益长安街阿拉伯"
    "陈家洛马朝旭黄冈市黄宗羲黄石市黑龙江丁能通中南部中密度中轴线亚运会傅德辉元大都内蒙古农业部刘子华刘宗敏刘少奇匈牙利"
    "华容县华盛顿南环路印度洋古希腊叶大鹰叶莲子周芷若哈尔滨四人帮四川省国防部土耳其地中海墨西哥多尔衮大别山天门市太和殿"
    "奥地利奥运会安徽省宋献策少林寺山海关岳不群左良玉布政使希特勒广东省康有为张湾区张献忠张翠山恩施市斯大林新加坡新华网"
    "新华门明成祖曹汝霖朱翊钧李先念李大钊李太后李文秀李鸿忠杜鹃花杨嗣昌杨桥湖杭天醉段正淳段祺瑞比利时江夏郡江苏省河北省"
    "河南省洪七公洪承畴潜江市焦山河牛金星王国生王夫人白嘉轩白沙洲石破天程灵素维也纳罗清泉翰林院苏维埃英国人英格兰菲律宾"
    "葡萄牙蒋祝平袁崇焕襄城区解放区诸葛亮贾志杰赵志敬鄂西北重庆市金水河钟祥市阿富汗阿根廷陆无双陈友谅陈水扁陈独秀陕西省"
    "随州市韩子奇须弥座顾秋水马克思高基庙鹿子霖黄依依黄药师黄金周黄鹤楼三座门中书省中山堂中新网丹江口乌克兰乔晓阳京山县"
    "京广线伊斯兰俞伯牙克里特公安县公安局刘郎浦区雄楚十五大南岩宫卢俊义卫生部叙利亚台湾省吴摩西吴汝义哈尼族大沽口大湾特"
    "大理寺大跃进大都城天地会姚师傅孙九爷孙四海安理会宋思明小康县小河口山东省山西省崇阳县布依族希腊人建设路张之洞张召重"
    "张学良张英才徐天宏徐秋斋德安府德意志恩施州慕容复拉栖第文化路新四军新西兰明世宗明洪武朝鲜族木婉清李沅芷李肇星李莲英"
    "柏拉图柬埔寨柯镇恶梁启超楚雁潮武陵山殷素素汉南区汉武帝汉阳区汉阳府江岸区江西省江陵县沙复明沙市区浙江省海南省深圳市"
    "熊廷弼爱尔兰犹太人独居石狮子山玄岳门玉虚宫王守仁王晓东王纬宇田伯光田福堂监利县盛华仁盛宣怀福建省秦始皇章宗祥红娘子"
    "罗田县耶律齐胡锦涛苏格兰苗人凤英特尔范子愚荆州区董小宛蒙古人西向东解放路詹姆斯贾朝轩赵大明赵寄客辽宁省迦太基通讯社"
    "邵大侠郭树言鄂豫皖金学曾金水桥钱其琛阮大铖陈丕显陈文洪陈瞎子陈贞慧霍青桐青山区魏忠贤鹿兆鹏黄庭坚"
)

_KANJI = """
映画 電話 会社 選手 番組 試合 携帯 結婚 恋愛 女性 男性 彼女 彼氏 仕事 料理 食事 食品 野菜 果物 牛肉 豚肉 弁当 朝食
昼食 夕食 夜食 音楽 歌手 俳優 女優 監督 芸能 芸人 話題 記事 記者 新聞 雑誌 書籍 漫画 小説 写真 動画 画像 画面 映像
放送 配信 公開 発売 発表 販売 価格 無料 有料 料金 割引 予約 注文 購入 買物 商品 製品 商店 店舗 店員 客室 銀行 株価
株式 経済 景気 円安 円高 税金 増税 減税 予算 年金 保険 医療 病院 医師 患者 診断 治療 手術 薬局 看護 介護 健康 病気
風邪 感染 予防 検査 美容 化粧 運動 体操 野球 水泳 競馬 登山 旅行 温泉 観光 空港 飛行機 電車 鉄道 地下鉄 自動車
自転車 車両 運転 道路 渋滞 交通 駐車場 事故 事件 逮捕 裁判 警察 犯罪 詐欺 被害 被災 災害 地震 津波 台風 大雨 洪水
停電 節電 電力 原発 発電 電気 電池 充電 端末 回線 通信 接続 設定 機能 性能 容量 液晶 半導体 開発 研究 技術 科学 宇宙
環境 温暖化 学校 小学校 中学校 高校 高校生 大学 大学生 大学院 学生 生徒 教師 先生 授業 入試 受験 卒業 留学 就職 就活
転職 失業 給料 給与 年収 残業 労働 社員 社長 部長 上司 同僚 部下 夫婦 離婚 出産 育児 妊娠 子供 赤ん坊 両親 家族 兄弟
姉妹 友達 友人 祖父 祖母 住宅 家賃 不動産 土地 建物 建設 工事 工場 農業 漁業 林業 牧場 農家 輸出 輸入 貿易 関税 外交
国会 議員 議会 選挙 投票 政治 政策 政党 政府 内閣 首相 大臣 知事 市長 憲法 法律 法案 条約 戦争 平和 軍隊 兵器 核兵器
兵士 難民 移民 宗教 仏教 神社 寺院 祭り 正月 花火 季節 天気 気温 動物 植物 犬猫 魚介 昆虫 人気 人間 世界 社会
"""
_KATAKANA = """
アプリ スマホ スマートフォン ケータイ パソコン タブレット カメラ テレビ ラジオ ビデオ ゲーム アニメ マンガ ドラマ
ニュース インターネット ネット サイト ブログ メール ソフト ソフトウェア ハードウェア データ デジタル システム
サービス サーバー クラウド セキュリティ ウイルス パスワード モデル バッテリー ケーブル ディスプレイ モニター
キーボード マウス プリンター ロボット エンジン モーター エネルギー ガス ガソリン バス タクシー トラック バイク
クルマ ドライブ ホテル レストラン カフェ バー スーパー コンビニ デパート ショップ ブランド ファッション デザイン
サイズ カラー バッグ シャツ スカート ドレス コート ジーンズ シューズ アクセサリー メイク コスメ ダイエット ヘア
スキンケア ネイル エステ マッサージ ヨガ ジム スポーツ サッカー テニス ゴルフ スキー スケート マラソン バレーボール
バスケットボール ラグビー ボクシング プロレス レース チーム リーグ クラブ コーチ ファン ライブ コンサート ステージ
アルバム シングル ダンス バンド アイドル タレント スター ミュージカル オペラ ピアノ ギター ロック ジャズ ポップ パン
ケーキ チーズ バター ミルク コーヒー ビール ワイン ジュース チョコレート アイス アイスクリーム サラダ スープ パスタ
ピザ カレー ラーメン ハンバーガー ステーキ サンドイッチ トマト レモン リンゴ バナナ イチゴ キャベツ レシピ メニュー
ランチ ディナー デザート スイーツ キッチン イベント パーティー パーティ セール キャンペーン プレゼント クリスマス
バレンタイン デート セックス キス プロポーズ ペット イヌ ネコ クジラ アンケート ランキング レポート インタビュー
コメント メッセージ メディア マスコミ スポンサー プロデューサー スタッフ メンバー リーダー トップ ビジネス
マーケット メーカー コスト ローン ボーナス ストレス トラブル リスク ニーズ アイデア アイディア プロジェクト
プログラム プラン スケジュール シーズン テスト コース クラス グループ センター ビル マンション アパート トイレ ドア
エアコン ベッド テーブル ソファ カーテン ガラス プラスチック ゴミ
"""

# Folded, with the forms that news has them in.
_GERMAN = """
abend anfang angst antwort apotheke arbeit arbeiten arbeitsplatz arbeitsplatze artikel arzt arzte auge augen auto
autos bad bahn bahnhof ball bank banken baum baume bein berg berge beruf bett bier bild bilder blatt blume blumen
boden brand brief brille brot bruder brucke buch bucher bus butter computer dach dame daten demokratie diskussion dorf
druck ehe ei eier eis eltern ende energie ergebnis erfolg essen fahrer fahrrad fahrt fall familie familien farbe
fehler fenster ferien fernsehen fest feuer film filme firma firmen fisch flasche fleisch flug fluge flughafen flugzeug
fluss form foto fotos frage fragen frau frauen freiheit freund freunde frieden fruhling fuss fussball garten gast
gaste gebaude gefahr gefangnis gefuhl geheimnis geld gemuse gericht geschaft geschichte geschenk gesellschaft gesetz
gesetze gesicht gesprach gesundheit gewalt gewicht gewinn glas gluck gold gras grenze grippe gruppe haar haare hand
handel handy handys haus hauser haut heimat herbst herz hilfe himmel hitze hochzeit holz hotel hund hunde hunger idee
insel internet jagd jahr jahre jugend junge kaffee kalte kampf karte kase katze katzen kind kinder kino kirche klasse
kleid kleidung klima kochen konig konzert kopf korper kosten kraft krankenhaus krankheit krieg kriege krise kritik
kuche kultur kunst kuste land landwirtschaft leben lehrer leistung licht liebe lied liste luft macht mann manner
mannschaft markt mauer medien meer meinung mensch menschen messer miete mieten milch mittel mode moment mond montag
morgen motor musik mutter nacht nahrung name natur nebel netz neuigkeit not obst ofen offentlichkeit ol opfer ort
papier park partei parteien partner patient patienten pause pension person pferd pferde pflanze pflege platz politik
polizei post preis preise problem produkt programm projekt prozess radio rauch raum recht regen regierung reich reise
reisen religion rente restaurant richter ring roman ruhe salz sand schiff schlaf schloss schmerz schnee schuld
schulden schule schulen schuler schutz schwester see sicherheit silber sommer sonne spiel spiele spieler sport sprache
staat stadt stahl star start stein stern steuer steuern stimme stoff strand strasse strassen streik streit strom
student studenten studie stuck stunde sturm sturz tag tanz tasche technik teil telefon temperatur theater tier tiere
tisch tod tor tore tourismus tradition training traum trend tur turm uhr umwelt unfall unfalle unternehmen urlaub
ursache vater verein verkehr verlust versicherung vertrag virus viren vogel volk wachstum waffe waffen wahl wahlen
wahrheit wald walder wand wasser weg wein weihnachten welt werbung werk wetter wettbewerb wind winter wirtschaft
wissenschaft woche wohnung wolf wolfe wolke wort zahl zahn zahne zeichen zeit zeitung zentrum zeuge ziel zimmer zins
zinsen zucker zug zuge zukunft
"""


def is_common_german(word: str) -> bool:
    """Whether a folded word is an everyday noun of German."""
    return word in _german()


def is_common_word(word: str) -> bool:
    """Whether a folded word of Chinese or Japanese is an everyday word, or two in one, and no name."""
    words = _common_words()
    return word in words or (len(word) == 4 and word[:2] in words and word[2:] in words)


@cache
def _german() -> frozenset[str]:
    return frozenset(_GERMAN.split())


@cache
def _common_words() -> frozenset[str]:
    names = set(_cut(_NAMES_OF_TWO, 2) + _cut(_NAMES_OF_THREE, 3))
    chinese = [
        word for length in WORDS if length > 1 for words in WORDS[length].values() for word in _cut(words, length)
    ]
    simplified = _KANJI.translate(str.maketrans(TRADITIONAL, SIMPLIFIED))
    return frozenset([word for word in chinese if word not in names] + simplified.split() + _KATAKANA.split())


def _cut(words: str, length: int) -> list[str]:
    return [words[start : start + length] for start in range(0, len(words), length)]
