"""Languages in Latin letters. Family names are invented out of parts that the language has."""

from sandbox.made.tongues.tongue import tongue

LATIN = (
    tongue(
        "english",
        "Marla|Owen|Tessa|Callum|Ines|Jonah|Petra|Silas|Wren|Desmond|Ivy|Rufus|Cora|Elliot|Maeve|Hollis|Nadine|Percy|Della|"
        "Amos|Greta|Lyle|Opal|Dexter|Fern|Otis|Mabel|Curtis|Sylvie|Barnaby|Roz|Clement|Juno|Alvin|Thea|Ned|Effie|Wallace",
        "Ash|Thorn|Wick|Marl|Pen|Brack|Tarn|Quill|Fen|Rook|Hazel|Sorrel|Cold|Farrow|Linden|Mere|Pell|Ravel|Tamber|Under|"
        "Vance|Whin|Yar|Bellow|Cask|Dunmar|Ember|Gorse|Hale|Kest|Lark|Moor|Nettle|Orrin|Plover|Rill|Sable|Teasel",
        "combe|wick|thorpe|mere|well|by|dale|more|low|gate|ridge|sby|ington|croft|worthy|stow",
        "Paper Lanterns|Winter Ferries|Glass Houses|Copper Wires|Northern Lines|Slow Trains|Hollow Bells|Quiet Rooms|"
        "Salt Roads|Ember Fields|Tidal Letters|Garden Walls|Engine Songs|Mirror Lakes|Static Birds|Marble Stairs|Loose "
        "Threads|Far Orbits|Borrowed Coats|Dust and Feathers|Empty Harbours|Second Summers|Broken Clocks|Cheap Telescopes|"
        "Low Ceilings|Tall Grass|Kitchen Light|Sunday Weather|Velvet Rope|Last Orders|Wooden Stars|Blue Hour|Ghost Towns|"
        "Soft Machines|Wild Geese|Bad Maps|Open Water|Small Hours|Long Division|Signal Fires",
        "at Dusk|in the Snow|for Nobody|of the North|after the Rain|by the Canal|Without You|on the Radio|from Memory|"
        "under Glass|in Reverse|at the Border|to the Sea|before Morning|in the Attic|of Lisbon Street|Again|in Colour|"
        "on Standby|from Below|over the Rooftops|in Three Parts|with the Lights Off|for a While",
        "Records|Recordings|Music|Sound|Discs|Audio|Collective|Editions|Music Group|Records Ltd",
    ),
    tongue(
        "german",
        "Jonas|Greta|Lukas|Frieda|Matthis|Hanne|Anton|Lotte|Emil|Marit|Henning|Swantje|Theo|Ronja|Valentin|Edda|Kilian|Thilo",
        "Eichen|Birn|Wald|Hohen|Moos|Kessel|Linden|Stein|Falken|Grau|Sonn|Winter|Roggen|Tann|Ahorn|Krumm|Silber|Hasel",
        "bach|berg|feld|brunn|hagen|thal|rieder|mann|inger|dorff|auer|hofer|kamp|stetter",
        "Leere Häuser|Nachtzug|Kaltes Licht|Stille Post|Zwei Schatten|Unter Strom|Sommerregen|Glasherz|Letzte Bahn|"
        "Papierflieger|Blaue Stunde|Niemandsland|Kopfkino|Herbstlaub|Morgenrot|Weißes Rauschen|Fernweh|Kleine Brücken",
        "im Nebel|am Kanal|ohne dich|nach Norden|bei Nacht|im Rückspiegel|für immer|hinter Glas|aus Papier|am Ende|"
        "im Winter|von gestern|über der Stadt|auf Zeit|in Farbe|mit Absicht",
        "Tonträger|Schallplatten|Musik|Records|Musikverlag|Klang",
    ),
    tongue(
        "french",
        "Camille|Bastien|Élodie|Théo|Margaux|Rémi|Solène|Aurélien|Inès|Gaspard|Maëlle|Léandre|Noémie|Florian|Zélie|Cyprien",
        "Beau|Clair|Mont|Haute|Val|Roche|Font|Mar|Bois|Cham|Dar|Grand|Lan|Mire|Sau|Ver|Bel|Carn",
        "cour|lanc|vigny|ombre|fleur|ville|tour|ière|eau|ignac|mond|and|ange|bourg",
        "Lettres|Nuits blanches|Jardins|Feux|Maisons vides|Rivières|Le dernier métro|Ombres|Petits mensonges|Chambres|"
        "Les heures|Fenêtres|Un autre été|Le bruit|Cartes postales|Étoiles|Les toits|Poussière",
        "de verre|d'hiver|sans sommeil|du nord|en papier|pour personne|sous la pluie|d'avant|à l'aube|de passage|"
        "sur le quai|à rebours|de sel|en couleur|de minuit|à deux",
        "Disques|Musique|Records|Éditions|Sonore|Production",
    ),
    tongue(
        "spanish",
        "Lucía|Mateo|Jimena|Tadeo|Ainhoa|Bruno|Candela|Iker|Marisol|Gael|Abril|Fermín|Noa|Rodrigo|Paloma|Ulises|Renata|Dario",
        "Monte|Valde|Sala|Riba|Villa|Torre|Agua|Peña|Campo|Orma|Casa|Luza|Mira|Nava|Prado|Cald",
        "verde|marín|roya|secada|lindo|negral|zarra|mora|rubia|espina|luz|ceda|badal|quero",
        "Cartas|Noches|Jardines|Luces|Casas vacías|El último tren|Sombras|Mentiras|Ventanas|Otro verano|El ruido|Postales|"
        "Estrellas|Los tejados|Polvo|Las horas|Fuego lento|Mareas",
        "de papel|de invierno|sin dormir|del norte|de cristal|para nadie|bajo la lluvia|de ayer|al alba|de paso|"
        "en el muelle|al revés|de sal|en color|de medianoche|a solas",
        "Discos|Música|Records|Producciones|Sonidos|Ediciones",
    ),
    tongue(
        "portuguese",
        "Thiago|Luana|Caetana|Davi|Marina|Otávio|Jussara|Nilo|Yara|Raimundo|Bianca|Heitor|Iracema|Joaquim|Tainá|Vicente",
        "Serra|Campo|Pedra|Rio|Mata|Vale|Lago|Ribeira|Pinha|Alva|Monte|Cala|Ouro|Santa|Terra|Folha",
        "linda|negro|verde|dourado|branca|vila|feira|longa|bravo|mar|porã|seca|moura|funda",
        "Cartas|Noites|Jardins|Luzes|Casas vazias|O último bonde|Sombras|Mentiras|Janelas|Outro verão|Barulho|Retratos|"
        "Estrelas|Telhados|Poeira|As horas|Fogo lento|Marés",
        "de papel|de inverno|sem dormir|do norte|de vidro|pra ninguém|na chuva|de ontem|de manhã|de passagem|no cais|"
        "ao contrário|de sal|em cores|da meia-noite|a sós",
        "Discos|Música|Records|Produções|Som|Gravações",
    ),
    tongue(
        "italian",
        "Giada|Tommaso|Ilaria|Ettore|Ludovica|Nico|Ginevra|Saverio|Mirta|Elio|Fiamma|Corrado|Viola|Ruggero|Agnese|Dante",
        "Monte|Val|Rocca|Bel|Ferra|Castel|Chiara|Fonta|Gran|Lama|Mira|Orsi|Piana|Sala|Torre|Villa",
        "verde|forte|nella|rossa|bruna|longhi|spina|monti|luce|vecchia|grigia|serra|lotto|fina",
        "Lettere|Notti|Giardini|Luci|Case vuote|L'ultimo treno|Ombre|Bugie|Finestre|Un'altra estate|Il rumore|Cartoline|"
        "Stelle|I tetti|Polvere|Le ore|Fuoco lento|Maree",
        "di carta|d'inverno|senza sonno|del nord|di vetro|per nessuno|sotto la pioggia|di ieri|all'alba|di passaggio|"
        "sul molo|al contrario|di sale|a colori|di mezzanotte|da soli",
        "Dischi|Musica|Records|Edizioni|Suoni|Produzioni",
    ),
    tongue(
        "swedish",
        "Ebba|Sixten|Tuva|Alvar|Signe|Melker|Linnea|Folke|Majken|Hjalmar|Siri|Loke|Alva|Ture|Vega|Ingmar",
        "Lönn|Berg|Sten|Ek|Sjö|Norr|Väst|Hög|Gran|Al|Björk|Fjäll|Silver|Vinter|Åker|Ros",
        "ström|kvist|lund|mark|gren|fors|holm|näs|skog|hult|dahl|vall|stierna|hed",
        "Tomma hus|Nattåg|Kallt ljus|Papperslyktor|Två skuggor|Sommarregn|Sista bussen|Blå timmen|Ingens land|Höstlöv|"
        "Morgonljus|Vitt brus|Små broar|Brev|Fönster|Vågor|Stjärnor|Damm",
        "i dimman|vid kanalen|utan dig|norrut|om natten|i backspegeln|för alltid|bakom glas|av papper|till slut|i snön|"
        "från igår|över staden|på tid|i färg|med flit",
        "Skivor|Musik|Records|Ljud|Grammofon|Förlag",
    ),
    tongue(
        "dutch",
        "Sanne|Bram|Fenna|Joost|Lieke|Teun|Marijn|Wout|Roos|Gijs|Noor|Sjoerd|Fleur|Koen|Maud|Ruben",
        "Linden|Water|Hoog|Zand|Molen|Oever|Brug|Ster|Veen|Wilgen|Duin|Kers|Noord|Eiken|Riet|Vlas",
        "hof|broek|veld|man|dijk|kamp|stra|horst|daal|meer|linck|beek|sluis|woude",
        "Lege huizen|Nachttrein|Koud licht|Papieren lampen|Twee schaduwen|Zomerregen|Laatste bus|Blauw uur|Niemandsland|"
        "Herfstblad|Ochtendlicht|Witte ruis|Kleine bruggen|Brieven|Ramen|Golven|Sterren|Stof",
        "in de mist|aan het kanaal|zonder jou|naar het noorden|bij nacht|in de spiegel|voor altijd|achter glas|van papier|"
        "tot slot|in de sneeuw|van gisteren|boven de stad|op tijd|in kleur|met opzet",
        "Platen|Muziek|Records|Geluid|Producties",
    ),
    tongue(
        "polish",
        "Hania|Borys|Kalina|Ignacy|Zofia|Leon|Lena|Tymon|Mila|Gustaw|Iga|Kornel|Jagna|Olgierd|Nela|Witold",
        "Brzoz|Klon|Jawor|Lip|Sosn|Wierzb|Dąb|Gór|Rzecz|Jezior|Kamień|Łąk|Mróz|Siw|Wilcz|Żmud",
        "owicz|iński|ecki|owska|alski|anek|ewski|ycka|ulak|icz|owiak|arz|enko|ota",
        "Puste domy|Nocny pociąg|Zimne światło|Papierowe lampiony|Dwa cienie|Letni deszcz|Ostatni tramwaj|Niebieska godzina|"
        "Ziemia niczyja|Jesienne liście|Biały szum|Małe mosty|Listy|Okna|Fale|Gwiazdy|Kurz|Poranek",
        "we mgle|nad kanałem|bez ciebie|na północ|nocą|w lusterku|na zawsze|za szkłem|z papieru|na koniec|w śniegu|"
        "z wczoraj|nad miastem|na czas|w kolorze|na pamięć",
        "Nagrania|Muzyka|Records|Wytwórnia|Dźwięk",
    ),
    tongue(
        "turkish",
        "Defne|Aras|Elif|Kerem|Nehir|Bora|Selin|Emre|Ada|Çınar|İpek|Tuna|Melis|Ozan|Derya|Alp",
        "Ak|Kara|Gök|Yeşil|Dağ|Taş|Su|Bulut|Yıldız|Çam|Gümüş|Kum|Deniz|Bozkır|Kış|Söğüt",
        "dere|tepe|pınar|soy|er|bağ|kaya|oğlu|lar|can|yurt|gil|men|han",
        "Boş evler|Gece treni|Soğuk ışık|Kâğıt fenerler|İki gölge|Yaz yağmuru|Son vapur|Mavi saat|Sahipsiz topraklar|"
        "Sonbahar|Beyaz gürültü|Küçük köprüler|Mektuplar|Pencereler|Dalgalar|Yıldızlar|Toz|Sabah ışığı",
        "sisin içinde|sensiz|kuzeye|geceleri|aynada|sonsuza dek|camın ardında|kâğıttan|sonunda|karda|dünden|"
        "şehrin üstünde|zamanında|renkli|ezbere|kıyıda",
        "Müzik|Plak|Kayıt|Records|Yapım",
    ),
    tongue(
        "finnish",
        "Aino|Eino|Helmi|Onni|Venla|Toivo|Saimi|Urho|Lempi|Otso|Kerttu|Veikko|Aune|Ilmo|Tyyne|Arvi",
        "Koivu|Kuusi|Järvi|Mäki|Lumi|Kivi|Suo|Hiekka|Harju|Vesi|Talvi|Pihla|Halla|Korpi|Lehto|Saari",
        "nen|la|niemi|ranta|mäki|aho|oja|vaara|maa|salo|koski|rinne|pelto|virta",
        "Tyhjät talot|Yöjuna|Kylmä valo|Paperilyhdyt|Kaksi varjoa|Kesäsade|Viimeinen bussi|Sininen hetki|Syksyn lehdet|"
        "Aamun valo|Valkoinen kohina|Pienet sillat|Kirjeet|Ikkunat|Aallot|Tähdet|Pöly|Hiljaisuus",
        "sumussa|rannalla|ilman sinua|pohjoiseen|yöllä|peilissä|ikuisesti|lasin takana|paperista|lopulta|lumessa|eiliseltä|"
        "kaupungin yllä|ajallaan|väreissä|ulkomuistista",
        "Levyt|Musiikki|Records|Äänitteet",
    ),
    tongue(
        "icelandic",
        "Sóley|Kári|Embla|Snorri|Birta|Ari|Hekla|Úlfur|Lóa|Dagur|Ísold|Hrafn|Freyja|Sindri|Ylfa|Bjartur",
        "Haf|Jök|Vet|Snæ|Fjall|Sól|Hraun|Dag|Ís|Strand|Mos|Vind|Berg|Arn|Eld|Hvít",
        "fells|dóttir|borg|dal|fjörð|steins|vík|holts|land|mundsson|grímsson|nes|lind|laugs",
        "Tóm hús|Næturlest|Kalt ljós|Pappírsljós|Tveir skuggar|Sumarregn|Síðasti vagninn|Bláa stundin|Haustlauf|Morgunn|"
        "Hvítur hávaði|Litlar brýr|Bréf|Gluggar|Öldur|Stjörnur|Ryk|Þögn",
        "í þokunni|við sjóinn|án þín|til norðurs|um nótt|í speglinum|að eilífu|bak við gler|úr pappír|að lokum|í snjónum|"
        "frá í gær|yfir borginni|í lit|utanbókar|í vetur",
        "Hljómplötur|Tónlist|Records|Útgáfa",
    ),
    tongue(
        "hungarian",
        "Dorka|Bence|Réka|Zalán|Luca|Ábel|Hanga|Soma|Panna|Kende|Boróka|Vince|Lili|Botond|Flóra|Barnabás",
        "Nyír|Szil|Kő|Hegy|Tó|Erd|Fényes|Havas|Szél|Folyó|Magas|Fehér|Ezüst|Homok|Tölgy|Berek",
        "falvi|házy|földi|váry|laki|hegyi|esi|szegi|mezei|halmi|pataki|ligeti|kúti|réti",
        "Üres házak|Éjjeli vonat|Hideg fény|Papírlámpák|Két árnyék|Nyári eső|Utolsó villamos|Kék óra|Senki földje|"
        "Őszi levelek|Hajnal|Fehér zaj|Kis hidak|Levelek|Ablakok|Hullámok|Csillagok|Por",
        "a ködben|a parton|nélküled|északra|éjjel|a tükörben|örökre|üveg mögött|papírból|végül|a hóban|tegnapról|"
        "a város felett|időben|színesben|fejből",
        "Lemezek|Zene|Records|Kiadó",
    ),
)
