"""Languages in other scripts, every word with its reading in Latin letters."""

from sandbox.made.tongues.tongue import tongue

SCRIPTS = (
    tongue(
        "russian",
        "Тимур=Timur|Агата=Agata|Лев=Lev|Мила=Mila|Глеб=Gleb|Варя=Varya|Марк=Mark|Ульяна=Ulyana|Савва=Savva|Нина=Nina|"
        "Фёдор=Fyodor|Яна=Yana|Арсений=Arseny|Злата=Zlata",
        "Берез=Berez|Горн=Gorn|Лес=Les|Мороз=Moroz|Озер=Ozer|Полян=Polyan|Снег=Sneg|Ветл=Vetl|Камен=Kamen|Зимар=Zimar|"
        "Лун=Lun|Тихар=Tikhar",
        "овин=ovin|ский=sky|евич=evich|анов=anov|енко=enko|илин=ilin|аров=arov|ецкая=etskaya",
        "Пустые дома=Pustye doma|Ночной поезд=Nochnoy poezd|Холодный свет=Kholodny svet|Бумажные фонари=Bumazhnye fonari|"
        "Две тени=Dve teni|Летний дождь=Letny dozhd|Последний трамвай=Posledny tramvay|Синий час=Siny chas|"
        "Белый шум=Bely shum|Мосты=Mosty|Письма=Pisma|Окна=Okna|Волны=Volny|Звёзды=Zvyozdy|Пыль=Pyl",
        "в тумане=v tumane|без тебя=bez tebya|на север=na sever|по ночам=po nocham|в зеркале=v zerkale|навсегда=navsegda|"
        "за стеклом=za steklom|из бумаги=iz bumagi|под снегом=pod snegom|над городом=nad gorodom|вчера=vchera|наизусть=naizust",
        "Music|Records|Звук|Мелодии",
    ),
    tongue(
        "greek",
        "Ιάσων=Iason|Δανάη=Danai|Άρης=Aris|Λήδα=Lida|Φοίβος=Foivos|Μυρτώ=Myrto|Ορέστης=Orestis|Νεφέλη=Nefeli|Πάρης=Paris|"
        "Κλειώ=Kleio|Αλέκος=Alekos|Θάλεια=Thaleia",
        "Λιμν=Limn|Πετρ=Petr|Καλ=Kal|Ηλι=Ili|Δασ=Das|Βουν=Voun|Ανεμ=Anem|Χιον=Chion|Μαρμαρ=Marmar|Αστρ=Astr",
        "άκης=akis|ίδης=idis|όπουλος=opoulos|άτος=atos|έλλης=ellis|ούσης=ousis|ινός=inos|άρας=aras",
        "Άδεια σπίτια=Adeia spitia|Νυχτερινό τρένο=Nychterino treno|Κρύο φως=Kryo fos|Δύο σκιές=Dyo skies|"
        "Καλοκαιρινή βροχή=Kalokairini vrochi|Γαλάζια ώρα=Galazia ora|Γράμματα=Grammata|Παράθυρα=Parathyra|Κύματα=Kymata|"
        "Αστέρια=Asteria|Σκόνη=Skoni|Μικρές γέφυρες=Mikres gefyres",
        "στην ομίχλη=stin omichli|χωρίς εσένα=choris esena|τη νύχτα=ti nychta|για πάντα=gia panta|από χαρτί=apo charti|"
        "στο χιόνι=sto chioni|πάνω από την πόλη=pano apo tin poli|στον καθρέφτη=ston kathrefti|στο τέλος=sto telos|"
        "απ' έξω=ap exo",
        "Music|Records|Ήχος|Δίσκοι",
    ),
    tongue(
        "hebrew",
        "נועה=Noa|איתי=Itai|יעל=Yael|אורי=Uri|מיכל=Michal|עידו=Ido|שירה=Shira|גיל=Gil|תמר=Tamar|רון=Ron|דנה=Dana|אסף=Asaf",
        "הר=Har|אור=Or|גן=Gan|אבן=Even|נחל=Nahal|כפר=Kfar|שדה=Sde|רוח=Ruach|צור=Tzur|טל=Tal",
        "לב=lev|נוי=noy|זית=zait|שני=shani|גבע=geva|רז=raz|דור=dor|ים=yam",
        "בתים ריקים=Batim reikim|רכבת לילה=Rakevet laila|אור קר=Or kar|שני צללים=Shnei tzlalim|גשם קיץ=Geshem kayitz|"
        "השעה הכחולה=Hashaa hakhula|מכתבים=Mikhtavim|חלונות=Halonot|גלים=Galim|כוכבים=Kokhavim|אבק=Avak|גשרים=Gsharim",
        "בערפל=baarafel|בלעדיך=biladayikh|בלילה=balaila|לתמיד=letamid|מנייר=mineyar|בשלג=basheleg|מעל העיר=meal hair|"
        "במראה=bamara|בסוף=basof|בעל פה=beal pe",
        "Music|Records|הפקות|תקליטים",
    ),
    tongue(
        "arabic",
        "ليلى=Layla|كريم=Karim|سلمى=Salma|زياد=Ziad|نور=Nour|طارق=Tarek|هالة=Hala|رامي=Rami|دينا=Dina|فارس=Fares|"
        "مريم=Maryam|عمرو=Amr",
        "المنصور=Al-Mansur|الربيع=Al-Rabie|النجم=Al-Najm|البحري=Al-Bahri|الجبل=Al-Jabal|الصفدي=Al-Safadi|"
        "القمري=Al-Qamari|الوادي=Al-Wadi|الغيم=Al-Ghaym|السهل=Al-Sahl",
        "ي=i|ين=in|ان=an|ية=iya|ون=un|ات=at",
        "بيوت خالية=Buyut khaliya|قطار الليل=Qitar al-layl|ضوء بارد=Daw barid|ظلان=Zillan|مطر الصيف=Matar al-sayf|"
        "الساعة الزرقاء=Al-saa al-zarqa|رسائل=Rasail|نوافذ=Nawafidh|أمواج=Amwaj|نجوم=Nujum|غبار=Ghubar|جسور صغيرة=Jusur saghira",
        "في الضباب=fi al-dabab|بدونك=bidunak|في الليل=fi al-layl|إلى الأبد=ila al-abad|من ورق=min waraq|في الثلج=fi al-thalj|"
        "فوق المدينة=fawq al-madina|في المرآة=fi al-mirat|أخيرا=akhiran|غيبا=ghayban",
        "Music|Records|للإنتاج|تسجيلات",
    ),
    tongue(
        "hindi",
        "आरव=Aarav|मीरा=Meera|कबीर=Kabir|अनन्या=Ananya|रोहन=Rohan|तारा=Tara|निखिल=Nikhil|काव्या=Kavya|समर=Samar|ईशा=Isha|"
        "देव=Dev|नैना=Naina",
        "सूर्य=Surya|चन्द्र=Chandra|नील=Neel|वन=Van|गिरि=Giri|जल=Jal|मेघ=Megh|शील=Sheel|राज=Raj|तप=Tap",
        "वंशी=vanshi|मोहन=mohan|कर=kar|पाल=pal|नाथ=nath|वर्धन=vardhan|दास=das|लोक=lok",
        "खाली घर=Khali ghar|रात की रेल=Raat ki rail|ठंडी रोशनी=Thandi roshni|दो साये=Do saaye|गर्मी की बारिश=Garmi ki baarish|"
        "नीला पहर=Neela pahar|चिट्ठियाँ=Chitthiyan|खिड़कियाँ=Khidkiyan|लहरें=Lehrein|सितारे=Sitare|धूल=Dhool|छोटे पुल=Chhote pul",
        "धुंध में=dhundh mein|तेरे बिना=tere bina|रात में=raat mein|हमेशा=hamesha|काग़ज़ के=kagaz ke|बर्फ़ में=barf mein|"
        "शहर के ऊपर=shahar ke upar|आईने में=aaine mein|आख़िर=aakhir|यूँ ही=yun hi",
        "Music|Records|संगीत|Studios",
    ),
    tongue(
        "thai",
        "มานี=Manee|ธนา=Thana|พลอย=Ploy|กรณ์=Korn|น้ำฝน=Namfon|ภูมิ=Phum|ใบตอง=Baitong|ต้นกล้า=Tonkla|ฟ้าใส=Fahsai|ดินแดน=Dindaen",
        "วงศ์=Wong|ศรี=Si|แสง=Saeng|ธาร=Than|พนา=Phana|เมฆ=Mek|ดารา=Dara|ชล=Chon|ภูผา=Phupha|จันทร์=Chan",
        "สุข=suk|ทอง=thong|รุ่ง=rung|วัฒน์=wat|ชัย=chai|งาม=ngam|ใจ=jai|สกุล=sakun",
        "บ้านว่าง=Ban wang|รถไฟกลางคืน=Rotfai klang khuen|แสงเย็น=Saeng yen|สองเงา=Song ngao|ฝนหน้าร้อน=Fon na ron|"
        "จดหมาย=Chotmai|หน้าต่าง=Natang|คลื่น=Khluen|ดาว=Dao|ฝุ่น=Fun|สะพานเล็ก=Saphan lek|เช้าสีฟ้า=Chao si fa",
        "ในหมอก=nai mok|ไม่มีเธอ=mai mi thoe|ตอนดึก=ton duek|ตลอดไป=talot pai|จากกระดาษ=chak kradat|กลางหิมะ=klang hima|"
        "เหนือเมือง=nuea mueang|ในกระจก=nai krachok|สุดท้าย=sutthai|อีกครั้ง=ik khrang",
        "Music|Records|มิวสิก|Sound",
        glue=" ",
    ),
    tongue(
        "korean",
        "서윤=Seoyun|도현=Dohyun|하린=Harin|지호=Jiho|유나=Yuna|민재=Minjae|소이=Soi|태오=Taeo|나래=Narae|은우=Eunu|다온=Daon|"
        "시아=Sia",
        "한=Han|백=Baek|류=Ryu|남=Nam|여=Yeo|도=Do|길=Gil|봉=Bong|선=Seon|채=Chae",
        "별=byeol|솔=sol|강=gang|달=dal|담=dam|빛=bit|샘=saem|결=gyeol",
        "빈 집=Bin jip|밤기차=Bamgicha|차가운 빛=Chagaun bit|종이등=Jongideung|두 그림자=Du geurimja|여름비=Yeoreumbi|"
        "마지막 버스=Majimak beoseu|푸른 시간=Pureun sigan|편지=Pyeonji|창문=Changmun|파도=Pado|별자리=Byeoljari|먼지=Meonji|"
        "작은 다리=Jageun dari",
        "안개 속에=angae soge|너 없이=neo eopsi|밤마다=bammada|영원히=yeongwonhi|눈 위에=nun wie|도시 위로=dosi wiro|"
        "거울 속에=geoul soge|끝내=kkeunnae|다시=dasi|천천히=cheoncheonhi",
        "Music|Records|엔터테인먼트|뮤직",
        family_first=True,
    ),
    tongue(
        "japanese",
        "あかり=Akari|蓮=Ren|ひなた=Hinata|陽太=Yota|さくら=Sakura|湊=Minato|ミオ=Mio|奏=Kanade|ユイ=Yui|樹=Itsuki|しおり=Shiori|"
        "ハル=Haru|凪=Nagi|楓=Kaede",
        "白=Shira|青=Ao|星=Hoshi|森=Mori|雪=Yuki|月=Tsuki|霧=Kiri|水=Mizu|花=Hana|風=Kaza|夕=Yu|朝=Asa",
        "石=ishi|原=hara|浜=hama|木=ki|沢=zawa|瀬=se|宮=miya|野=no|坂=saka|島=jima",
        "空き家=Akiya|夜行列車=Yako ressha|冷たい光=Tsumetai hikari|紙の灯=Kami no hi|ふたつの影=Futatsu no kage|夏の雨=Natsu no ame|"
        "終電=Shuden|青い時間=Aoi jikan|手紙=Tegami|窓=Mado|波=Nami|星屑=Hoshikuzu|埃=Hokori|小さな橋=Chiisana hashi|ノイズ=Noizu|"
        "メトロ=Metoro",
        "のまま=no mama|をさがして=wo sagashite|のむこう=no muko|とわたし=to watashi|の途中=no tochu|がきこえる=ga kikoeru|"
        "の続き=no tsuzuki|はまだ=wa mada|とさよなら=to sayonara|の朝=no asa",
        "Music|Records|レコード|音楽出版",
        family_first=True,
        glue="",
    ),
    tongue(
        "chinese",
        "子涵=Zihan|若溪=Ruoxi|浩然=Haoran|语桐=Yutong|景行=Jingxing|知夏=Zhixia|星野=Xingye|沐阳=Muyang|清越=Qingyue|南乔=Nanqiao|"
        "予安=Yuan|书瑶=Shuyao",
        "白=Bai|林=Lin|沈=Shen|陆=Lu|温=Wen|秦=Qin|苏=Su|江=Jiang|顾=Gu|叶=Ye",
        "川=chuan|舟=zhou|屿=yu|岚=lan|雪=xue|野=ye|笙=sheng|渡=du",
        "空房子=Kong fangzi|夜车=Yeche|冷光=Leng guang|纸灯笼=Zhi denglong|两个影子=Liang ge yingzi|夏雨=Xia yu|末班车=Mobanche|"
        "蓝色时刻=Lanse shike|信=Xin|窗=Chuang|海浪=Hailang|星星=Xingxing|灰尘=Huichen|小桥=Xiao qiao",
        "之后=zhihou|以北=yi bei|没有你=meiyou ni|的夜=de ye|与我=yu wo|里的雪=li de xue|在远方=zai yuanfang|不说话=bu shuohua|"
        "的回声=de huisheng|慢慢来=manman lai",
        "Music|Records|文化|唱片",
        family_first=True,
        glue="",
    ),
)
