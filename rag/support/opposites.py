"""Words that say the opposite of each other, and words of which only one can be true: general English, by hand.

French is compared through its gloss, so one list serves both languages. A row of `OPPOSITES` has what is said
left of the bar and what denies it right of it («reject» is «not accept»); of a row of `EXCLUSIVE` one
excludes the others («wife», «mother»). All are compared by their stems.
"""

from __future__ import annotations

from functools import cache

from rag.support.irregular_verbs import english_stem

__all__ = ["INVERSE", "TURNING_PAIRS", "exclusive_groups", "opposite_signs"]

# Opposites only in front of one and the same word: «before the vote», «after the vote».
TURNING_PAIRS = (
    ("before", "after"), ("more", "less"), ("above", "below"), ("inside", "outside"), ("for", "against"),
    ("more", "fewer"), ("all", "none"), ("with", "without"),
)  # fmt: skip

_OPPOSITES = """
accept accepted approve welcome welcomed embrace agree agreed | reject rejected refuse refused ruled_out turned_down
support supported back backed favour favor endorse endorsed | oppose opposed resist condemn condemned
increase increased rise rose risen grow grew grown climb climbed jump jumped surge soar soared | decrease decreased \
fall fell fallen drop dropped decline shrink shrank slump slumped plunge plunged dip slip slipped reduce reduced
win won winning winner victory victorious | lose lost losing loser defeat defeated
buy bought purchase purchased acquire | sell sold selling
open opened opening reopen reopened | close closed closing shut
start started begin began begun launch launched | end ended finish finished stop stopped halt halted cease ceased
better improve improved improving improvement | worse worsen worsened worsening deteriorate deteriorated
greater higher larger bigger | lower smaller lesser
older elder senior | younger junior
faster quicker | slower
earlier | later
ahead lead led leading leader | behind trail trailed trailing
arrive arrived enter entered join joined | leave left quit depart departed resign resigned
guilty convicted convict | innocent acquitted acquit cleared
survive survived alive | die died dead killed death
allow allowed permit permitted authorise authorize authorised legal | ban banned forbid forbidden forbade prohibit \
prohibited bar barred illegal outlaw
succeed succeeded success successful | fail failed failure unsuccessful
strong stronger strengthen strengthened | weak weaker weaken weakened
confirm confirmed admit admitted acknowledge acknowledged | deny denied
true | false untrue
majority | minority
public | private
easy easier | difficult harder tougher
possible | impossible
likely | unlikely
safe safer | dangerous unsafe
satisfied happy pleased | unhappy dissatisfied disappointed
attend attended | absent missed
import imported | export exported
hire hired recruit recruited | fire fired sack sacked dismiss dismissed
love loved | hate hated dislike
remember remembered | forget forgot forgotten
continue continued | abandon abandoned
optimistic | pessimistic
"""
_EXCLUSIVE = """
mother mum mom | father dad | brother | sister | son | daughter | wife | husband | uncle | aunt | nephew | niece | \
cousin | grandmother | grandfather | girlfriend | boyfriend
north northern | south southern | east eastern | west western
spring | summer | autumn | winter
gold | silver | bronze
red | blue | green | yellow | black | white
double doubled doubling | triple tripled tripling | quadruple quadrupled | halve halved
primary | secondary
"""


# Said of one, and of the other the other way round: «father of», «son of».
INVERSE = tuple(
    frozenset(pair)
    for pair in (
        ("father", "son"), ("father", "daughter"), ("mother", "son"), ("mother", "daughter"), ("husband", "wife"),
        ("uncle", "nephew"), ("uncle", "niece"), ("aunt", "nephew"), ("aunt", "niece"), ("brother", "sister"),
        ("girlfriend", "boyfriend"),
    )
)  # fmt: skip


@cache
def opposite_signs() -> dict[str, tuple[int, int]]:
    """Stem → the number of its row and which side of it: +1 for what is said, -1 for what denies it."""
    signs: dict[str, tuple[int, int]] = {}
    for number, row in enumerate(_OPPOSITES.replace("\\\n", "").strip().splitlines()):
        for side, words in zip((1, -1), row.split("|"), strict=True):
            for word in words.split():
                signs.setdefault(english_stem(word), (number, side))
    return signs


@cache
def exclusive_groups() -> dict[str, tuple[int, int]]:
    """Stem → the number of its row and of its place there; two of one row and of other places exclude each other."""
    places: dict[str, tuple[int, int]] = {}
    for number, row in enumerate(_EXCLUSIVE.replace("\\\n", "").strip().splitlines()):
        for place, words in enumerate(row.split("|")):
            for word in words.split():
                places[english_stem(word)] = (number, place)
    return places
