"""English."""

from actions.values.words.folding import folded
from actions.values.words.tables import (
    DayOfYear,
    Duration,
    Inflection,
    Rolling,
    Words,
    basic_forms,
    by_word,
    letters,
    listed,
    numerals,
    phrases,
)

_CARDINALS = {
    0: "zero nought",
    **listed("one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"),
    **listed("seventeen|eighteen|nineteen", 17),
    **listed("twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety", 20, 10),
}
_ORDINALS = {
    **listed("first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"),
    **{number: f"{_CARDINALS[number]}th" for number in range(13, 20)},
    **listed("twentieth|thirtieth|fortieth|fiftieth|sixtieth|seventieth|eightieth|ninetieth", 20, 10),
}
_LETTERS = letters(
    "a ay|b bee be|c see sea cee|d dee|e|f ef eff|g gee|h aitch haitch|i|j jay|k kay|l el ell|m em|"
    "n en|o oh|p pee|q queue cue|r ar are|s ess|t tee tea|u you|v vee|w|x ex|y why|z zed zee"
)

ENGLISH = Words(
    numerals=numerals(
        _CARDINALS,
        _ORDINALS,
        {
            12: "dozen dozens",
            100: "hundred hundreds hundredth",
            1000: "thousand thousands thousandth grand",
            1_000_000: "million millions",
        },
        "hundredth thousandth",
    ),
    joiners=folded("and"),
    articles=folded("a an"),
    halves=folded("half"),
    quarters=folded("quarter"),
    couples=folded("couple pair"),
    vague=folded("few several couple"),
    of=folded("of"),
    half_joiners=folded("and a"),
    one_and_half=folded(""),
    decimal_points=folded("point"),
    decimal_places={},
    minus=folded("minus negative"),
    plus=folded("plus"),
    zero_letters=folded("oh o nil naught"),
    repeats=by_word({2: "double", 3: "triple treble", 4: "quadruple"}),
    times=folded("times"),
    digit_plurals=by_word(listed("zeros zeroes ohs|ones|twos|threes|fours|fives|sixes|sevens|eights|nines", 0)),
    digit_homophones=by_word(
        {1: "won", 2: "to too", 3: "tree", 4: "for fore", 5: "fife", 6: "sicks sex", 8: "ate", 9: "niner nein"}
    ),
    digit_glue=folded("and then next comma dash hyphen space"),
    ordinal_suffixes=folded("st nd rd th"),
    ordinal_marks=folded(""),
    ors=folded("or"),
    months=by_word(
        listed(
            "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep"
            "|october oct"
            "|november nov|december dec"
        )
    ),
    weekdays=by_word(
        listed(
            "monday mondays mon|tuesday tuesdays tue|wednesday wednesdays wed|thursday thursdays thu"
            "|friday fridays fri"
            "|saturday saturdays|sunday sundays",
            first=0,
        )
    ),
    relative_days=phrases(
        {
            0: "today|tonight|right now|straight away|immediately",
            1: "tomorrow|day after today",
            2: "day after tomorrow|overmorrow",
            3: "day after the day after tomorrow",
            -1: "yesterday|last night",
            -2: "day before yesterday",
        }
    ),
    weeks_ahead=phrases({0: "this", 1: "next|following", 2: "after next", -1: "last|previous|past"}),
    weeks_ahead_behind=phrases({2: "after next", -2: "before last"}),
    after_that=phrases({True: "after that|after that one|after it|after this one"}),
    nearest=folded("coming upcoming"),
    durations=phrases(
        {
            Duration(1, 0): "day|days",
            Duration(7, 0): "week|weeks",
            Duration(14, 0): "fortnight|fortnights",
            Duration(0, 1): "month|months",
            Duration(0, 6): "half a year",
            Duration(0, 12): "year|years",
        }
    ),
    weeks=folded("week"),
    month_nouns=folded("month month's"),
    year_nouns=folded("year year's"),
    after_before=folded("in after"),
    after_behind=phrases({True: "from now|from today|later|time"}),
    ago_behind=phrases({True: "ago|back"}),
    boundaries=phrases(
        {
            "start": "beginning of|start of|first day of|first date of",
            "end": "end of|last day of|last date of|close of",
        }
    ),
    counting_from=folded("from on"),
    counts_weeks_bare=True,
    holidays=phrases(
        {
            DayOfYear(1, 1): "new year's day|new years day",
            DayOfYear(24, 2): "independence day",
            DayOfYear(1, 5): "may day|labour day",
            DayOfYear(23, 6): "victory day|midsummer's eve|midsummer eve",
            DayOfYear(24, 6): "midsummer day|midsummer's day|st john's day|saint john's day",
            DayOfYear(20, 8): "restoration day",
            DayOfYear(24, 12): "christmas eve",
            DayOfYear(25, 12): "christmas day|christmas",
            DayOfYear(26, 12): "boxing day",
            DayOfYear(31, 12): "new year's eve|new years eve",
        }
    ),
    date_glue=folded("the of on in , day"),
    before_day=folded("the"),
    day_nouns=folded(""),
    seasons=by_word({3: "spring", 6: "summer", 9: "autumn fall", 12: "winter"}),
    weekends=folded("weekend weekends"),
    times_that_are_words=folded("may march mar spring fall"),
    time_before=folded("in during for of since from between until till through throughout by over and whole all"),
    rolling=by_word(
        {Rolling(-1, True): "past", Rolling(-1, False): "last previous", Rolling(1, False): "next coming following"}
    ),
    within=phrases({True: "within|in the course of|inside"}),
    within_behind=folded(""),
    span_from=folded("from between since starting beginning"),
    since=folded("since"),
    between=folded("between"),
    between_behind=folded(""),
    span_to=folded("to until till through thru up - –"),
    until=folded("until till"),
    from_ending="",
    until_ending="",
    not_from=(),
    euros=folded("euro euros eur € euroes"),
    cents=folded("cent cents"),
    letters=_LETTERS,
    letters_that_are_words=folded("a i o see sea be oh you are why tea queue cue ex el en em ar ay pee"),
    plate_nouns=folded("plate plates car vehicle registration reg licence license number"),
    phone_nouns=folded("reach contact phone telephone mobile cell call number text ring"),
    at_signs=folded("at @"),
    dots=folded("dot period point ."),
    dashes=folded("dash hyphen minus -"),
    underscores=folded("underscore _"),
    streets=folded("street str st tänav tn"),
    street_names=folded("uus vana home old"),
    roads=basic_forms("road|rd|avenue|ave|lane|square|maantee|mnt|puiestee|pst|tee|boulevard|highway"),
    houses=folded("house building number no"),
    flats=folded("flat apartment apt unit room"),
    answers=phrases(
        {
            "yes": (
                "yes|yeah|yep|yup|yea|ya|aye|sure|sure thing|of course|certainly|absolutely|definitely|exactly|correct"
                "|right|that's right|that is right|that's correct|indeed|okay|ok|okey|fine|alright|all right|please do"
                "|i do|i am|i have|i would|i will|it does|it is|they are|i agree|agreed|i confirm|confirm|confirmed"
                "|go ahead|do it|go on|do that|send it|no problem|why not|i don't mind|i do not mind|you bet|true"
                "|no doubt|not a bad idea|not bad|i don't see why not"
                "|mhm|mm hm|mm hmm|uh huh|sounds good|by all means|i'd love to|works for me|good|perfect|great"
            ),
            "no": (
                "definitely no|absolutely no|of course no|certainly no|no sorry|no i'm sorry"
                "|no|nope|nah|no way|not really|of course not|certainly not|absolutely not|definitely not|not at all"
                "|not yet|not now|not today|not this time|never|don't|do not|please don't|i don't|i do not|i'm not"
                "|i am not|it isn't|it is not|it's not|they aren't|i haven't|i have not|i wouldn't|i won't"
                "|i'd rather not"
                "|rather not|better not|i don't think so|i do not think so|i don't want to|i do not want to"
                "|not correct"
                "|that's not right|that's wrong|that is wrong|wrong|incorrect|not right|false|negative|i disagree"
                "|i guess not|not necessary|no need|not okay|not ok|not sure i want to|not any more|neither|none"
                "|i'd prefer not to|i would prefer not to|prefer not to|i'd prefer not|not this one|not that one"
                "|not at the moment|not right now|i can't|i cannot|i'd not"
            ),
            "": "no idea|don't know|do not know|i don't know|i do not know|not sure|i'm not sure|i am not sure"
            "|no matter",
        }
    ),
    name_cues=folded("name named names call called is be it him her them baby's child's choose"),
    given_names=folded("will may"),
    name_fillers=folded(
        "we'll we've go going thought think thinking about of with decide decided settled picked like likes yet still"
        " know say tell him her them son daughter boy girl first"
    ),
    no_names=folded(
        "kid kids child children they stay stays staying move moves moving something anything nothing nobody else"
        " different forget unsure undecided never mind"
    ),
    questions=folded("how what why who when where which can could should do does"),
    fillers=folded(
        "middle mid place"
        "account iban bank transfer sometime somewhere going it it's its is i i'm i'd i'll am my me the a an this"
        " that that's there to on in at"
        " from of for be will would"
        " like want please well so okay ok then just about maybe perhaps thank thanks you let's let us say make put"
        " our"
        " we we'd we're they their his her he she and think guess believe probably should could may have has been was"
        " are date day starting start begins beginning from until till by since as around approximately exactly only"
        " altogether total in sum amount price cost costs paid pay number num code personal id identification"
        " plate"
        " registration licence license car vehicle email e mail address phone telephone mobile name named call called"
        " born birthday birth new old house home live moving move flat reach morning afternoon evening noon"
        " right now now here goes hello hi yes yeah really oh child's child baby answer take with give given"
        " current currently registered located cell choose chosen prefer would've that'll it'll"
    ),
    hesitations=folded("um umm uh uhm er erm hmm hm mm mmm ah eh uhh ahem"),
    denials=folded("no nope nah"),
    nots=folded("not isn't"),
    buts=folded("but rather instead"),
    take_backs=phrases(
        {
            True: (
                "actually|i meant|i mean|meant|rather|instead|sorry|i'm sorry|pardon|wait|hold on|correction|oops"
                "|scratch that"
                "|my mistake|i was wrong|i made a mistake|i misspoke|change it to|change that to|make it|make that"
                "|should be|let me correct|let me change|no not|not that|wrong one|that's wrong|that is wrong"
                "|that's not right"
                "|i said|on second thought|or rather|i want to change|i'd like to change|change the|correct the"
                "|fix the"
            )
        }
    ),
    after_plain_no=folded(
        "idea problem need way one thanks thank matter doubt more longer wonder car cars children child money"
    ),
    others=folded("other another"),
    lasts=folded("last latter final"),
    choice_nouns=folded(
        "one ones car vehicle child kid son daughter boy girl document company option number choice item entry person"
        " office school doctor card passport"
    ),
    inflection=Inflection(folded("s es")),
)
