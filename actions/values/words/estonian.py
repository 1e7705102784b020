"""Estonian. Nouns and numbers come in fourteen cases; most are the genitive and an ending."""

from actions.values.words.folding import folded
from actions.values.words.tables import (
    DayOfYear,
    Duration,
    Inflection,
    Rolling,
    Words,
    basic_forms,
    by_word,
    changes,
    letters,
    listed,
    numerals,
    phrases,
)

_CASES = ("", "le", "l", "lt", "s", "st", "sse", "ks", "ni", "ga", "ta", "na")


def _cased(genitive: str, *others: str) -> str:
    """All cases of a word, by its genitive; `others` are the nominative and the partitive."""
    return " ".join([*others, *(genitive + ending for ending in _CASES)])


_UNITS = {
    value: tuple(forms.split())
    for value, forms in listed(
        "üks ühe üht ühte|kaks kahe kaht kahte|kolm kolme|neli nelja|viis viie viit|kuus kuue kuut"
        "|seitse seitsme seitset"
        "|kaheksa kaheksa kaheksat|üheksa üheksa üheksat"
    ).items()
}
_ORDINAL_STEMS = {
    value: tuple(forms.split())
    for value, forms in listed(
        "esimene esimese esimest|teine teise teist|kolmas kolmanda kolmandat|neljas neljanda neljandat"
        "|viies viienda viiendat|kuues kuuenda kuuendat|seitsmes seitsmenda seitsmendat"
        "|kaheksas kaheksanda kaheksandat|üheksas üheksanda üheksandat|kümnes kümnenda kümnendat"
    ).items()
}
_VAGUE_COMPOUNDS = {50: "poolsada", 200: "paarsada paarisaja", 2000: "paartuhat paarituhande"}
# Locatives of numbers (`viies`, "in five") are ordinals far more often, so ordinals are entered last.
_CARDINALS = {
    0: _cased("nulli", "null"),
    **{value: _cased(forms[1], forms[0], f"{forms[1]}kesi", *forms[2:]) for value, forms in _UNITS.items()},
    10: "kümme kümmet kümnega kümnele kümneni",
    **{
        10 + value: _cased(f"{forms[1]}teistkümne", f"{forms[0]}teist", f"{forms[1]}teist")
        for value, forms in _UNITS.items()
    },
    **{
        10 * value: _cased(f"{forms[1]}kümne", f"{forms[0]}kümmend", f"{forms[0]}kümment")
        for value, forms in _UNITS.items()
        if value > 1
    },
    **{
        100 * value: _cased(f"{forms[1]}saja", f"{forms[0]}sada", f"{forms[0]}sadat")
        for value, forms in _UNITS.items()
        if value > 1
    },
}
_ORDINALS = {
    **{value: _cased(forms[1], forms[0], forms[2]) for value, forms in _ORDINAL_STEMS.items()},
    **{
        10 + value: _cased(f"{forms[1]}teistkümnenda", f"{forms[1]}teistkümnes", f"{forms[1]}teistkümnendat")
        for value, forms in _UNITS.items()
    },
    **{
        10 * value: _cased(f"{forms[1]}kümnenda", f"{forms[1]}kümnes", f"{forms[1]}kümnendat")
        for value, forms in _UNITS.items()
        if value > 1
    },
}
_MONTHS = listed(
    "jaanuari jaanuar|veebruari veebruar|märtsi märts|aprilli aprill|mai mai|juuni juuni|juuli juuli|augusti august"
    "|septembri september|oktoobri oktoober|novembri november|detsembri detsember"
)  # genitive and nominative


def _month_forms(genitive: str, nominative: str) -> str:
    compound = f"{genitive}kuu"
    return f"{_cased(genitive, nominative, f'{genitive}t')} {_cased(compound, f'{compound}d')}"


_WEEKDAYS = listed(
    "esmaspäeva esmaspäev esmaspäevane|teisipäeva teisipäev teisipäevane|kolmapäeva kolmapäev kolmapäevane"
    "|neljapäeva neljapäev neljapäevane|reede reedet reedene|laupäeva laupäev laupäevane"
    "|pühapäeva pühapäev pühapäevane",
    first=0,
)
_LETTERS = letters(
    "a aa|b bee|c tsee cee|d dee|e ee|f eff ehv|g gee kee|h haa|i ii|j jott joti|k kaa|l ell|m emm|n enn|o oo|"
    "p pee|q kuu|r err ärr|s ess|t tee|u uu|v vee|w kaksisvee|x iks|y igrek üpsilon|z zett tsett sett"
)

# From the nominative to the stem of the other cases; the double letters of the strong grade become single ones, too.
_STEM_CHANGES = changes(
    "k g|p b|t d|g -|d -|b -|sk s|nd n|nd nn|ld l|ld ll|rd r|rd rr|mb m|mb mm|rg r|lg l|pp p|kk k|tt t|ss s|gi e"
    "|ne se|e ese|e es|as a|llas lda|mmas mba|el l|er r|ur r|pel pl|her htr|der dr|der tr|gi ge|vi ve|eg ia|ed ia|us uk"
)

ESTONIAN = Words(
    numerals=numerals(
        {value: f"{words} {_VAGUE_COMPOUNDS.get(value, '')}" for value, words in {2000: "", **_CARDINALS}.items()},
        _ORDINALS,
        {
            10: "kümmend kümne kümnes kümnenda kümnendal kümnendat",
            12: _cased("tosina", "tosin", "tosinat"),
            100: f"{_cased('saja', 'sada', 'sadat')} {_cased('sajanda', 'sajas')}",
            1000: f"{_cased('tuhande', 'tuhat', 'tuhandet')} {_cased('tuhandenda', 'tuhandes')}",
            1_000_000: _cased("miljoni", "miljon", "miljonit"),
        },
        f"{_cased('sajanda', 'sajas')} {_cased('tuhandenda', 'tuhandes')} kümnes kümnenda kümnendal kümnendat",
    ),
    joiners=folded("ja"),
    articles=folded(""),
    halves=folded("pool poole"),
    quarters=folded("veerand veerandi"),
    couples=folded("paar paari"),
    vague=folded("paar paari mõni mõne mitu mitme"),
    of=folded(""),
    half_joiners=folded("ja"),
    one_and_half=folded("poolteist pooleteise poolteise"),
    decimal_points=folded("koma"),
    decimal_places={},
    minus=folded("miinus"),
    plus=folded("pluss plus"),
    zero_letters=folded("oo o"),
    repeats=by_word({2: "topelt kahekordne", 3: "kolmekordne"}),
    times=folded("korda"),
    digit_plurals=by_word(listed("nulli|ühte üht|kahte kaht|kolme|nelja|viit|kuut|seitset|kaheksat|üheksat", 0)),
    digit_homophones={},
    digit_glue=folded("ja siis edasi järgmiseks koma kriips"),
    ordinal_suffixes=folded("ndal ndast nda ndat ndaks ndaga s es ndani"),
    ordinal_marks=folded("."),
    ors=folded("või ehk"),
    months=by_word({number: _month_forms(*words.split()) for number, words in _MONTHS.items()}),
    weekdays=by_word({number: _cased(*words.split()) for number, words in _WEEKDAYS.items()}),
    relative_days=phrases(
        {
            0: "täna|tänane|tänase|tänasest|tänaseni|täna õhtul|kohe|praegu|otsekohe",
            1: "homme|homne|homse|homsest|homseks|homset|homseni|hommepäev",
            3: "üleülehomme|üle-ülehomme|üle ülehomme|üleülehomsest|üleülehomseks",
            2: "ülehomme|ülehomne|ülehomsest|ülehomse|ülehomseni|üle homme",
            -1: "eile|eilne|eilsest|eilse",
            -2: "üleeile|üle eile|üleeilne|üleeilsest",
        }
    ),
    weeks_ahead=phrases(
        {
            0: f"see|selle|sel|sellel|sellest|selles|{_cased('käesoleva', 'käesolev').replace(' ', '|')}",
            1: _cased("järgmise", "järgmine", "järgmist").replace(" ", "|") + "|tuleva|tuleval|järgneva|järgneval|uue",
            2: _cased("ülejärgmise", "ülejärgmine", "ülejärgmist").replace(" ", "|"),
            -2: "|".join(
                form
                for start in ("üleeelmi", "üle-eelmi")
                for form in _cased(f"{start}se", f"{start}ne", f"{start}st").split()
            ),
            -1: _cased("eelmise", "eelmine", "eelmist").replace(" ", "|") + "|möödunud|läinud",
        }
    ),
    weeks_ahead_behind=phrases({}),
    after_that=phrases({True: "pärast seda|peale seda|sellest järgmine"}),
    nearest=folded("eeloleval eelolev eeloleva lähim lähima lähimal tulev"),
    durations=phrases(
        {
            Duration(1, 0): "päev|päeva|päevade|päeva aja",
            Duration(7, 0): "nädal|nädala aja|nädala|nädalat|nädalate",
            Duration(0, 1): "kuu aja|kuu|kuud|kuude",
            Duration(0, 6): "poole aasta|pool aastat",
            Duration(0, 12): "aasta aja|aasta|aastat|aastate",
        }
    ),
    weeks=folded(_cased("nädala", "nädal", "nädalat")),
    month_nouns=folded("kuu kuus kuul kuust kuuks kuuni"),
    year_nouns=folded("aasta aastal aastast aastaks aastat aastani aastasse a"),
    after_before=folded(""),
    after_behind=phrases({True: "pärast|möödudes|hiljem"}),
    ago_behind=phrases({True: "tagasi|eest"}),
    boundaries=phrases(
        {
            "start": "alguses|algus|algusest|algul|alguseks|esimene päev|esimesel päeval|esimesest päevast",
            "end": "lõpus|lõpp|lõpuks|lõpuni|lõpust|viimane päev|viimasel päeval|viimasest päevast|viimane kuupäev"
            "|viimasel kuupäeval",
        }
    ),
    counting_from=folded(""),
    counts_weeks_bare=False,
    holidays=phrases(
        {
            day: _cased(*forms.split()).replace(" ", "|").replace("+", " ")
            for day, forms in {
                DayOfYear(1, 1): "uusaasta uusaastapäev uusaastapäeval uusaastapäeva",
                DayOfYear(24, 2): "vabariigi+aastapäeva vabariigi+aastapäev",
                DayOfYear(1, 5): "kevadpüha",
                DayOfYear(23, 6): "võidupüha",
                DayOfYear(24, 6): "jaanipäeva jaanipäev",
                DayOfYear(20, 8): "taasiseseisvumispäeva taasiseseisvumispäev",
                DayOfYear(24, 12): "jõululaupäeva jõululaupäev",
                DayOfYear(25, 12): "jõulupüha esimene+jõulupüha esimesel+jõulupühal",
                DayOfYear(26, 12): "teise+jõulupüha teine+jõulupüha teisel+jõulupühal",
                DayOfYear(31, 12): "vana-aasta+õhtu vana-aastaõhtu vana-aastaõhtul",
            }.items()
        }
    ),
    date_glue=folded(". , kuu"),
    before_day=folded(""),
    day_nouns=folded("kuupäev kuupäeval kuupäevast kuupäevaks kuupäeva"),
    seasons=by_word(
        {
            3: _cased("kevade", "kevad", "kevadet", "kevadel"),
            6: _cased("suve", "suvi"),
            9: _cased("sügise", "sügis", "sügist", "sügisel"),
            12: _cased("talve", "talv"),
        }
    ),
    weekends=folded(_cased("nädalavahetuse", "nädalavahetus", "nädalavahetust")),
    times_that_are_words=folded(""),
    time_before=folded("alates kuni terve kogu aasta"),
    rolling=by_word(
        {
            Rolling(-1, True): f"{_cased('viimase', 'viimane', 'viimast')} viimased",
            Rolling(-1, False): f"{_cased('eelmise')} eelmised",
            Rolling(1, True): "lähema lähima",
            Rolling(1, False): f"{_cased('järgmise')} järgmised järgneva järgnevad tuleva tulevad lähemad lähimad",
        }
    ),
    within=phrases({}),
    within_behind=folded("jooksul kestel vältel"),
    span_from=folded("alates vahemikus ajavahemikus"),
    since=folded(""),
    between=folded(""),
    between_behind=folded("vahel vahele vahelise vahelisel"),
    span_to=folded("kuni - –"),
    until=folded("kuni"),
    from_ending="st",
    until_ending="ni",
    not_from=("ust", "mest", "eist"),
    euros=folded("euro eurot eurod eurosid euroga eurole euri eurone eur €"),
    cents=folded("sent senti sendi sendiga"),
    letters=_LETTERS,
    letters_that_are_words=folded("a e i o tee kuu ee oo uu aa ii ess enn"),
    plate_nouns=folded(
        "numbrimärk numbrimärgi numbrimärki numbrimärgiga auto autot autol autoga number numbri numbriga sõiduk"
        " sõiduki"
        " registreerimisnumber registreerimisnumbriga masin"
    ),
    phone_nouns=folded(
        "telefon telefoni telefoninumber telefoninumbri mobiil mobiili helista helistage number numbri numbril tel"
    ),
    at_signs=folded("ät ätt at @ atmärk ätmärk"),
    dots=folded("punkt ."),
    dashes=folded("kriips sidekriips miinus -"),
    underscores=folded("alakriips allkriips alljoon _"),
    streets=folded("tänav tänava tänaval tänavale tn street"),
    street_names=folded("uus vana kodu päeva"),
    roads=basic_forms(
        "|".join(f"{name} {name}l {name}le {name}lt" for name in ("maantee", "puiestee", "tee", "allee", "kallas"))
        + "|mnt|pst|väljak väljakul väljakule|plats platsil platsile|põik põigul põigule|käik käigul käigule"
    ),
    houses=folded("maja majas majja number nr hoone hoones"),
    flats=folded("korter korteri korteris korterisse kr krt kv toa tuba ruum"),
    answers=phrases(
        {
            "yes": (
                "jah|jaa|pole paha mõte|ei ole paha mõte|pole üldse paha mõte"
                "|saatke ära|saatke see ära|saatke see nüüd ära"
                "|mhmh|mhm|ahah|ja ikka|jep|jap|jaajaa|jajah|muidugi|kindlasti|loomulikult|ikka|just"
                "|just nii|täpselt|õige|õigesti"
                "|see on õige|on küll|olen küll|küll|olen nõus|nõus|sobib|sobib küll|kinnitan|ma kinnitan|hea küll"
                "|hästi"
                "|okei|ok|tee ära|palun küll|soovin|soovin küll|tahan|tahan küll|miks mitte|pole probleemi|pole vastu"
                "|ei ole vastu|saada|saada ära|laseme käia|lase käia|tõesti|vabalt|jätka|olgu|käib|teeme nii"
                "|teeme ära|aga muidugi"
            ),
            "no": (
                "muidugi ei|kindlasti ei|loomulikult ei|ei vabandust|ei vabandage"
                "|ärge saatke|ärge saatke ära|ära saada ära"
                "|ei|ei aitäh|ei tänan|ei soovi|ei taha|ma ei soovi|ma ei taha|ei ole|pole|ei pea|ära|ärge|ära tee"
                "|ära saada"
                "|ei ole vaja|pole vaja|ei olegi|polegi|mitte|kindlasti mitte|muidugi mitte|sugugi mitte|üldse mitte"
                "|mitte eriti|mitte päris|mitte praegu|parem mitte|vist mitte|loomulikult mitte|vale|see on vale"
                "|valesti"
                "|ei ole õige|pole õige|ei sobi|ei ole nõus|pole nõus|eip|ei ei|ei kinnita|mitte mingil juhul"
                "|mitte veel|veel mitte"
                "|iialgi|ei iialgi|ei kindlasti mitte|ei muidugi mitte|ei mitte|ei ole küll|jätame ära|jäta ära"
            ),
            "": "ei tea|ma ei tea|ei oska öelda|ei ole kindel|pole kindel|pole aimugi|ei mäleta",
        }
    ),
    name_cues=folded(
        "nimi eesnimi eesnimeks eesnime nimeks on olema olla talle temale teda nimega pannakse panna saab"
    ),
    given_names=folded("anna"),
    name_fillers=folded(
        "tuleb mõtlen mõtlesime mõtleme mõtlesin kaalume kaalun"
        " otsustanud otsustada veel öelda tütre poja poiss tüdruk poisi tüdruku pani"
        " panime valisime meeldib"
    ),
    no_names=folded(
        "lapsed lapsi lastega laste nad nemad jäävad jääb kolivad kolib midagi muud muu teist teine keegi mingi unusta"
    ),
    questions=folded("mitu miks mis kes millal kus kuidas kas kui"),
    fillers=folded(
        "keskel keskpaik keskpaigas"
        "konto kontonumber iban arveldusarve pank pangakonto arve kunagi millalgi kuskil see on mu minu ma mina me"
        " meie oma ta tema selle siis et ja palun aitäh tänan noh no"
        " nii vist umbes täpselt"
        " ainult"
        " kokku summa hind raha maksta maksin maksis saab oleks olgu alates kuni kuupäev kuupäeval kuupäevast"
        " kuupäevaks"
        " päev päeval päevast sünnipäev sündinud sündis sündisin sünniaeg number numbriks nr kood isikukood isikukoodi"
        " isikukoodiga numbrimärk registreerimisnumber auto autol sõiduk meil e post email aadress aadressi"
        " aadressiks aadressil telefon telefoninumber mobiil tel nimi nimeks nime panna paneme paneks uus uue vana"
        " kodu elan kolin kolida kolime tahan tahaksin soovin sooviksin tahame soovime hommikul õhtul pärastlõunal"
        " lõunal"
        " ikka jah jaa küll tere ole hea lihtsalt praegu seal siin just kas järgmine ütleme ütleks mul mulle meile"
        " hakkab algab"
        " võiks võib peaks arvan usun ligikaudu lapse laps tütre poja beebi kutsuda hüüda valin valiksin võtan võtaks"
        " anna"
        " elukoht asun asub korteris aga sobib alguskuupäev alguses teie sinu siia sinna mis kell ajal kätte minema"
    ),
    hesitations=folded("ee eee mm mmm öö ööö õõ ää äää hmm hm ah eh umm um"),
    denials=folded("ei eip"),
    nots=folded("mitte ära"),
    buts=folded("vaid hoopis aga"),
    take_backs=phrases(
        {
            True: (
                "hoopis|tähendab|see tähendab|tegelikult|õigemini|täpsemalt|parandan|parandus|ma parandan|mõtlesin"
                "|ma mõtlesin"
                "|pidasin silmas|vabandust|vabandage|oot|oota|oodake|ups|eksisin|ma eksisin|vale|valesti"
                "|ütlesin valesti"
                "|mitte see|muuda|muudan|muudame|paranda|peaks olema|ei hoopis|ei vaid|pigem|ei mitte|tahan muuta"
                "|soovin muuta"
            )
        }
    ),
    after_plain_no=folded(
        "ole olnud saa saanud taha tahtnud tea teadnud soovi soovinud pea mäleta oska ela maksa usu arva leia näe"
        " ütle jõua kavatse luba nõustu kinnita saada aitäh tänan mingit ühtegi sobi muuda tule tohi kuule mõista"
        " vaja oleks meeldi tundu aita"
    ),
    others=folded("teine teise teist teisel teisele teisest muu teistsugune"),
    lasts=folded("viimane viimase viimast viimasel viimasele viimasest viimasena"),
    choice_nouns=folded(
        "auto autot autole autol autoga autost sõiduk sõiduki sõidukit masin masina laps lapse last lapsele lapsel"
        " poeg poja"
        " poega tütar tütre tütart dokument dokumendi dokumenti firma ettevõte ettevõtte variant valik number kirje"
        " oma"
        " isik kontor kool arst kaart pass passi"
    ),
    inflection=Inflection(
        folded([*_CASES[1:], "t", "d", "de", *(vowel + end for vowel in "aeiu" for end in (*_CASES, "t", "d"))]),
        changes=_STEM_CHANGES,
    ),
)
