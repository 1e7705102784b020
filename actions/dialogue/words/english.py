"""English."""

from actions.dialogue.words.tables import DialogueWords
from actions.values.words.folding import folded
from actions.values.words.tables import phrases

ENGLISH = DialogueWords(
    agreements=phrases(
        {
            True: (
                "mhm|that's it|that's the one|do so|send it off|send it away|consider it confirmed"
                "|i confirm the change|confirm the change"
                "|i confirm the changes|confirm the changes|i confirm the withdrawal|confirm the withdrawal"
            ),
            False: (
                "please|thank you|thanks|thank|i|it|its|it's|is|are|that|that's|this|all|all of it|all of that"
                "|everything|the|my|so|well|oh|and|then|now|right now|just|for me|let's|submit|send|data|details"
                "|application|request|payment|can|i can|you can|you may|want to|would like to|i'd like to|like to|i'd"
                "|i'm|am|very|very much|hereby|do|looks|sounds|quite|completely|dear|carry on|kratt|the one|that one"
                "|want it|want that|to me|by me|with that|as you read it|these|those|them|you|got it|submit it|apply"
                "|apply for it|order it|is in order|they"
                # It is told, not asked.
                "|that is|this is|that is it|this is it|it is all|it's all|it is everything|it's everything"
                "|everything is|all is|all of it is|all of that is|these are|those are|they are all|all are"
                "|details are|data are|data is|application is|request is|payment is|the change is"
                # A yes as far as they go, and not to this.
                "|i have it|i have that|i have them|i have everything|i have the|i have my|i have all"
            ),
            None: (
                # It is asked.
                "is that|is it|is this|is everything|is all|is my|is the|are they|are these|are those|are you|are all"
                "|are my|are the|am i|can i|can you|can they|may i|may you|do i|do you|do they"
                # Said to be left alone, or of something else.
                "|i'm good|i am good|i'm fine|i am fine|i'm okay|i am okay|i'm ok|i am ok|i'm all right|i am all right"
                "|i'm alright|i am alright|the fine|my fine|this fine|that fine|send it to me|send that to me"
                "|send this to me|send them to me|do away"
            ),
        }
    ),
    finished=folded("done finished ready confirmed"),
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
                "|i am not trying|i don't mean|i do not mean|i didn't mean|i did not mean|i never asked"
                "|i never asked you to|i didn't ask you to|i did not ask you to|i'm not asking you to"
                "|i am not asking you to|i have not asked|i haven't asked|i haven't asked you to"
                "|i have not asked you to|i never wanted|i never meant|i never intended|i would hate|i'd hate"
                "|i refuse|i prefer not|i'd prefer not|i would prefer not|i decided against"
                "|i have decided against|i changed my mind about|i have changed my mind about"
                "|i've changed my mind about"
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
    leaving=folded("forget hesitate wait delay let worry"),
    undoing=phrases(
        {
            True: (
                "cancel|stop|undo|withdraw|revoke|take back|call off|abort|scrap|drop my|drop the|reverse|annul"
                "|halt|forget"
                "|forget about|give up"
            ),
        }
    ),
    asking=folded("can could would will you have need must wish"),
    matters=(
        "renewal",
        "renewing",
        "applic",
        "applying",
        "registration",
        "registering",
        "change",
        "order",
        "move",
        "moving",
        "extension",
        "replacement",
        "request",
    ),
    left_undone=phrases(
        {True: "not to renew|not to apply|not to register|not to order|not to move|not to replace|not to send"}
    ),
    not_so=phrases(
        {
            True: (
                "i'm not|i am not|we're not|we aren't|i've not|i haven't|we've not|we haven't|i didn't"
                "|we didn't|i won't|we won't|i never|we never|i am no longer|i'm no longer|we're no longer"
                "|nobody|nobody has|nobody is|no one|no one has|no one is|no baby|no child"
            ),
            False: (
                "am not|are not|aren't|is not|isn't|did not|didn't|have not|haven't|has not|hasn't|do not|don't"
                "|does not|doesn't|will not|won't|would not|are no longer|really not|definitely not"
                "|certainly not|actually not"
            ),
        }
    ),
    events=phrases(
        {
            True: (
                "moving|moved|move|relocating|relocated|have a baby|had a baby|having a baby|have a child"
                "|had a child|having a child|expecting a baby|expecting a child|pregnant|give birth|gave birth"
                "|given birth|born|die|died|dead|sold|sell|selling|bought|buying|renewing|applying|registering"
                "|ordering|changing my|retiring|retired"
            ),
        }
    ),
    adverbs=folded("really actually now just going to yet been ever currently at all was is has planning intending"),
    put_offs=phrases(
        {
            True: "not now|not right now|not yet|not just yet|not at the moment|not this time|maybe later"
            "|some other time|some other day"
        }
    ),
    questioning=folded("how what why who when where which should did does if whether unless before because or"),
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
    than=folded("than"),
)
