"""Estonian."""

from actions.dialogue.words.tables import DialogueWords
from actions.values.words.folding import folded
from actions.values.words.tables import phrases

ESTONIAN = DialogueWords(
    agreements=phrases(
        {
            True: (
                "nii on|nii see on|väga hea|väga hästi|hea|hea mõte|tehke nii|tee nii|tehke seda|tehke ära"
                "|absoluutselt"
                "|kahtlemata|õigus|seda küll|mhmh|kinnita|kinnitage|kinnitatud|kinnitada|kinnitatuks|saatke|saatke ära"
                "|saatke see ära|saada see ära|esitage|esita|esitage ära|esita ära|olgu peale|jätkake|vormistage"
                "|vormista|kinnitan muudatuse|kinnitan muudatust|kinnitan selle muudatuse|kinnitan seda muudatust"
                "|kinnitan tagasivõtmise|kinnitan tagasivõtmist|kinnitan avalduse tagasivõtmise"
            ),
            False: (
                "palun|aitäh|tänan|see|seda|selle|on|kõik|kõike|kogu|ja|siis|nüüd|ma|mina|noh|nojah|no|teele|andmed"
                "|andmeid|andmete|taotlus|taotluse|taotlust|avaldus|avalduse|avaldust|makse|makset|tehingu|õigsust"
                "|õiged|korras|klapib|täiesti|väga|mulle|võite|võib|võid|võin|saab|saata|ära saata|ära teha|soovin"
                "|tahan|tahaksin|sooviksin|sellega|olen|et|puha|minu|oma|käia|laske|sul on|teil on|samuti|loeme|nii"
                "|just nüüd|nüüd just"
                # It is told, not asked.
                "|see on|need on|kõik on|andmed on|taotlus on|avaldus on|makse on"
            ),
            None: (
                "on see|on need|on kõik|on andmed|on taotlus|on avaldus|on makse|võin ma|ja siis|tahan avaldust tagasi"
            ),
        }
    ),
    finished=folded("tehtud valmis korras kinnitatud"),
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
                "|ei soovinud|ei palunud|pole palunud|ei ole palunud|ei tellinud|pole tellinud|ei ole tellinud"
                "|keeldun|ei küsinud|pole küsinud|pole soovinud|pole tahtnud"
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
    leaving=folded(
        "unusta unustage unustada viivita viivitage viivitada oota oodake oodata lase laske lasta muretse muretsege"
    ),
    undoing=phrases(
        {
            True: (
                "tühista|tühistage|tühistada|tühistan|peata|peatage|peatada|katkesta|katkestage|katkestada"
                "|lõpeta|lõpetage|lõpetada|võta tagasi|võtke tagasi|tagasi võtta|võtan tagasi|tagasi võtan"
                "|taotlus tagasi|taotluse tagasi|taotlust tagasi|avaldus tagasi|avalduse tagasi|avaldust tagasi"
                "|muudatus tagasi|muudatuse tagasi|loobun|loobuda|loobume|annulleeri|annulleerige|annulleerida"
                "|unusta ära"
            ),
        }
    ),
    asking=folded("kas saaksite saaksid saaks saad saate sa te võiksite võiksid võiks võid pean vaja soovime"),
    matters=tuple(
        sorted(
            folded(
                "taotlus taotlem avaldus pikendami pikendus uuendami uuendus registreerimi tellimu muudatu muutmi"
                " vahetami kolimi arvelevõtmi vormistami"
            )
        )
    ),
    left_undone=phrases(
        {
            True: "mitte pikendada|mitte uuendada|mitte taotleda|mitte esitada|mitte registreerida|mitte muuta"
            "|mitte tellida|mitte vahetada|mitte kolida|mitte saata|mitte vormistada|mitte teha"
        }
    ),
    not_so=phrases({True: "keegi ei|keegi pole", False: "ei|pole|ei ole"}),
    events=phrases(
        {
            True: (
                "koli|kolinud|kolida|sündinud last|sündinud laps|sündinud lapsi|sündinud beebit|sündinud poega"
                "|sündinud tütart|last sündinud|laps sündinud|saanud last|saanud lapse|last saanud|sünni last"
                "|sure|surnud|müü|müünud|ostnud|ootame last|pikenda|uuenda|taotle|registreeri|vaheta"
            ),
        }
    ),
    adverbs=folded("ole olnud veel praegu üldse küll enam tegelikult kuhugi siis ju kavatse plaani meil meie"),
    put_offs=phrases(
        {True: "mitte praegu|mitte veel|mitte nüüd|mitte seekord|võib olla hiljem|mõni teine kord|teine kord"}
    ),
    questioning=folded("kas miks kuidas kui mis mida millal kus kes kelle palju või ega enne"),
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
    than=folded("kui"),
)
