"""Words by which citizens agree, leave something out, or mean several things at once."""

from collections.abc import Mapping
from dataclasses import dataclass

from actions.values.words.folding import folded
from actions.values.words.tables import Phrases, phrases
from assistant.core.languages import Language


@dataclass(frozen=True)
class DialogueWords:
    """Those of one language, folded."""

    # A yes to an act
    agreements: Phrases[bool]  # True: a yes beside those of every answer; False: says nothing beside one
    reservations: frozenset[str]  # takes something back of a yes, beside "but" and "other": yes, *if* ...
    # What is not meant
    denials: Phrases[bool]  # before what is not meant: *instead of* the passport; False: denies nothing, *not only*
    all_but: Phrases[bool]  # those of them that leave the rest
    denials_behind: Phrases[bool]  # behind it: passi *asemel*
    wanting: frozenset[str]  # may stand between the two, beside fillers: not *renew* the passport
    telling: frozenset[str]  # may not, although they are fillers: i do not *have* a passport
    joiners: frozenset[str]  # what was said of one is said of the next: not the passport *or* the ID card
    # A request that is none
    refusals: Phrases[bool]  # *i do not want to* renew
    prohibitions: Phrases[bool]  # the same as the first words: *do not* renew
    openings: frozenset[str]  # may come before them: *please* do not renew
    of_others: Phrases[bool]  # behind one of them: it is somebody else who shall not, or what follows is wanted
    infinitives: frozenset[str]  # directly behind one of them it is the citizen's own act: i don't want *to* renew
    stopping: frozenset[str]  # i do not want to *cancel*
    # Several at once
    none_of_them: Phrases[bool]
    pointed: frozenset[str]  # both *of them*
    both: Phrases[bool]
    all_of_them: Phrases[bool]
    ands: frozenset[str]
    cheaper: Phrases[bool]  # True: the one of the smallest amount; False: of the largest


_ENGLISH = DialogueWords(
    agreements=phrases(
        {
            True: "mhm|huh|that's it|that's the one|do so",
            False: (
                "please|thank you|thanks|thank|i|it|its|it's|is|are|that|that's|this|all|all of it|all of that"
                "|everything"
                "|the|my|so|well|oh|and|then|now|just|for me|let's|submit|send|off|data|details|application"
                "|request|payment|withdrawal|the change|can|you can|you may|want to|would like to|i'd like to"
                "|like to|i'd"
                "|i'm|am|sure|very|very much|hereby|do|consider|looks|sounds|quite|completely|dear|carry on|kratt"
                "|the one|that one|want it|want that|to me|by me|with that|as you read it|away|these|those|them|you"
                "|got it"
                "|submit it|apply|apply for it|order it|is in order|they"
            ),
        }
    ),
    reservations=folded("if unless except first only different wrong before until later once when change"),
    denials=phrases(
        {
            True: (
                "not|isn't|don't|do not|didn't|did not|doesn't|does not|without|except|except for|neither|nor|never"
                "|anything but|everything but|anywhere but|everywhere but|all but|any but|any one but|any office but"
                "|anyone but|other than|apart from|rather than|instead of|no longer"
            ),
            False: (
                "not only|not just|why don't|why not|why do not|don't you|do not you|don't we|if not|whether or not"
                "|or not"
            ),
        }
    ),
    all_but=phrases(
        {
            True: (
                "except|except for|anything but|everything but|anywhere but|everywhere but|all but|any but|any one but"
                "|anyone but|any of them but|any car but|any office but|other than|apart from"
            )
        }
    ),
    denials_behind=phrases({True: "excluded|instead of it"}),
    wanting=folded("renew apply order replace need get mean change extend choose pick that all type kind do of"),
    telling=folded("have has been was may born answer price cost costs"),
    joiners=folded("or nor and"),
    refusals=phrases(
        {
            True: (
                "i don't want|i do not want|we don't want|we do not want|i don't need|i do not need|i don't wish"
                "|i do not wish|i no longer want|i no longer need|i wouldn't like|i would not like|i'd rather not"
                "|i would rather not|i'm not going|i am not going|there is no need|i won't|i will not|i didn't want"
                "|i did not want|i didn't ask|i did not ask|i'm not asking|i am not asking|i don't intend"
                "|i'm not trying"
                "|i am not trying|i don't mean|i do not mean|i didn't mean|i did not mean"
            )
        }
    ),
    openings=folded("please well so ok okay then hey oh kratt"),
    prohibitions=phrases({True: "don't|do not|never", False: "don't you|do not you"}),
    of_others=phrases(
        {
            True: (
                "but|just|only|instead|rather|tell|show|give|want|need|would|when|how|what|where|who|which|why|if"
                "|you to"
                "|used|that|than"
            )
        }
    ),
    infinitives=folded("to"),
    stopping=folded("cancel stop quit exit end abort leave"),
    none_of_them=phrases(
        {True: "neither|neither of them|neither one|none|none of them|none of these|not any of them|no one of them"}
    ),
    pointed=folded("them these those of cars cards documents children please"),
    both=phrases({True: "both"}),
    all_of_them=phrases({True: "all of them|all three|all of these|each of them|every one|everything|all"}),
    ands=folded("and"),
    cheaper=phrases(
        {
            True: "cheaper|cheapest|less expensive|least expensive|lowest|smaller|smallest|costs less",
            False: "more expensive|most expensive|dearer|dearest|highest|larger|largest|biggest|bigger|costs more",
        }
    ),
)
_ESTONIAN = DialogueWords(
    agreements=phrases(
        {
            True: (
                "nii on|nii see on|väga hea|väga hästi|hea|hea mõte|tehke nii|tee nii|tehke seda|tehke ära|absoluutselt"
                "|kahtlemata|õigus|seda küll|mhmh|kinnita|kinnitage|kinnitatud|kinnitada|kinnitatuks|saatke|saatke ära"
                "|saatke see ära|saada see ära|esitage|esita|esitage ära|esita ära|olgu peale|jätkake|vormistage"
                "|vormista"
            ),
            False: (
                "palun|aitäh|tänan|see|seda|selle|on|kõik|kõike|kogu|ja|siis|nüüd|ma|mina|noh|nojah|no|teele|andmed"
                "|andmeid|andmete|taotlus|taotluse|taotlust|avaldus|avalduse|avaldust|muudatus|muudatuse|muudatust"
                "|makse"
                "|makset|tehingu|tagasivõtmise|tagasivõtmist|õigsust|õiged|korras|klapib|täiesti|väga|mulle|võite"
                "|võib|võid"
                "|võin|saab|saata|ära saata|ära teha|soovin|tahan|tahaksin|sooviksin|sellega|olen|et|puha|minu|oma|käia"
                "|laske|sul on|teil on|samuti|loeme|nii"
            ),
        }
    ),
    reservations=folded("kui ainult enne esmalt kõigepealt muu muule välja vale hiljem alles kuid ent teine teise"),
    denials=phrases(
        {
            True: (
                "mitte|ei taha|ei soovi|ei tahaks|ei sooviks|ei vaja|pole vaja|ei ole vaja|ei mõelnud|kõik peale"
                "|mis tahes peale|ükskõik mis peale|ükskõik milline peale|ükskõik kus peale|igal pool peale"
                "|välja arvatud|ilma|kõik muu kui|muu kui|mujal kui"
            ),
            False: "mitte ainult|kas mitte|või mitte|miks mitte",
        }
    ),
    all_but=phrases(
        {
            True: (
                "kõik peale|mis tahes peale|ükskõik mis peale|ükskõik milline peale|ükskõik kus peale|igal pool peale"
                "|ükskõik milline kontor peale|välja arvatud|kõik muu kui|muu kui|mujal kui"
            )
        }
    ),
    denials_behind=phrases({True: "asemel|välja arvatud"}),
    wanting=folded("uuendada pikendada taotleda tellida vahetada uuendamist uut vaja teha saada vaid seda kontorit"),
    telling=folded("on ole oleks sundinud"),
    joiners=folded("ega või ja"),
    refusals=phrases(
        {
            True: (
                "ei taha|ei soovi|ei tahaks|ei sooviks|ei vaja|pole vaja|ei ole vaja|ei kavatse|ei plaani|ei tahtnud"
                "|ei soovinud|ei palunud"
            )
        }
    ),
    openings=folded("palun noh no siis kuule kuulge kratt"),
    prohibitions=phrases({True: "ära|ärge"}),
    of_others=phrases(
        {
            True: (
                "et|vaid|aga|kuid|hoopis|ainult|lihtsalt|tahan|soovin|vajan|tahaksin|sooviksin|ütle|öelge|näita|millal"
                "|kuidas|mis|kus|kes|mida|palju|miks|kui|räägi"
            )
        }
    ),
    infinitives=folded(""),
    stopping=folded("tühistada tühista tühistage lõpetada lõpeta lõpetage katkestada katkesta katkestage peatuda"),
    none_of_them=phrases(
        {True: "mitte kumbki|mitte kumbagi|ei kumbki|ei kumbagi|kumbki|mitte ükski|mitte ühtegi|mitte üks"}
    ),
    pointed=folded("neist nendest neid need palun"),
    both=phrases({True: "mõlemad|mõlemat|mõlema|mõlemal|mõlemas|mõlemast|mõlemale|mõlemaid"}),
    all_of_them=phrases({True: "kõik kolm|kõik need|kõiki|kõik|igaüks"}),
    ands=folded("ja ning"),
    cheaper=phrases(
        {
            True: "odavam|odavama|odavamat|odavaim|kõige odavam|kõige odavamat|väiksem|väiksema|väikseim",
            False: "kallim|kallima|kallimat|kalleim|kõige kallim|kõige kallimat|suurem|suurema|suurim",
        }
    ),
)
_RUSSIAN = DialogueWords(
    agreements=phrases(
        {
            True: (
                "именно так|совершенно верно|устраивает|вы правы|ты прав|я за|действуй|действуйте|поехали|продолжай"
                "|само собой|еще бы|подтвердить|подтверждено|подтверди|подтвердите|подтверждение|отправьте|отправь"
                "|подавайте"
                "|подайте|оформляйте|оформите|делай|делаем|все так|можно отправлять|можете отправлять"
            ),
            False: (
                "пожалуйста|спасибо|это|этот|эту|этого|все|и|тогда|теперь|я|мне|меня|ну|там|он|она|они|очень|отправлять"
                "|отправить|можете|данные|верны|правильны|заявление|свое|мое|ходатайство|запрос|изменение|изменения"
                "|платеж"
                "|отзыв|правильность|данных|что|могу|хотел бы|хотела бы|хотелось бы|считайте|полностью|нужно|надо"
                "|его|ее|их"
                "|так|вполне|абсолютно|думаю|вот|заказывайте"
            ),
        }
    ),
    reservations=folded("если только сначала кроме прежде потом позже однако"),
    denials=phrases(
        {
            True: "не|кроме|без|ни|вместо|за исключением|не считая|помимо",
            False: "не только|почему не|или не|если не|не знаю|не могу",
        }
    ),
    all_but=phrases({True: "кроме|за исключением|не считая|помимо"}),
    denials_behind=phrases({True: "не надо|не нужно|не нужен|не нужна|не хочу"}),
    wanting=folded(
        "менять обновить продлить оформлять оформить заказывать заказать получать получить делать новый новую"
    ),
    telling=folded("будет был была было"),
    joiners=folded("или и ни"),
    refusals=phrases(
        {
            True: (
                "не хочу|не надо|не нужно|не буду|не желаю|не собираюсь|не хотел|не хотела|не нужен|не нужна|не нужны"
                "|не хотелось бы|не хотел бы|не хотела бы|не просил|не просила|не планирую"
            )
        }
    ),
    openings=folded("пожалуйста ну тогда ой так кратт"),
    prohibitions=phrases(
        {
            True: (
                "не отменяй|не отменяйте|не продлевай|не продлевайте|не меняй|не меняйте|не оформляй|не оформляйте"
                "|не заказывай|не заказывайте|не подавай|не подавайте|не обновляй|не обновляйте|не прекращай"
                "|не прекращайте|не останавливайся|не останавливайтесь"
            )
        }
    ),
    of_others=phrases(
        {
            True: (
                "чтобы|чтоб|а|но|просто|только|лучше|хочу|нужно|нужен|надо|скажи|скажите|покажи|покажите|когда|как|что"
                "|где|кто|сколько|какой|почему|если"
            )
        }
    ),
    infinitives=folded(""),
    stopping=folded(
        "отменять отменить отменяй отменяйте прекращать прекратить прекращай прекращайте останавливаться прерывать"
        " останавливайся останавливайтесь заканчивать закончить"
    ),
    none_of_them=phrases(
        {True: "ни тот ни другой|ни то ни другое|ни ту ни другую|ни один|ни одну|ни одного|никакой|никакую"}
    ),
    pointed=folded("них этих те из"),
    both=phrases({True: "оба|обе|обоих|обеих"}),
    all_of_them=phrases({True: "все три|все|каждый|каждую"}),
    ands=folded("и"),
    cheaper=phrases(
        {
            True: "дешевле|подешевле|дешевый|самый дешевый|самая дешевая|самую дешевую|меньше|меньший",
            False: "дороже|подороже|самый дорогой|самая дорогая|самую дорогую|больше|больший",
        }
    ),
)

DIALOGUE_WORDS: Mapping[Language, DialogueWords] = {
    Language.EN: _ENGLISH,
    Language.ET: _ESTONIAN,
    Language.RU: _RUSSIAN,
}
