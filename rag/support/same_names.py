"""One country, city, body or person under several names, in English and French: a table, and what is found in a text.

A row holds what can stand for each other: a country with its people and the capital that speaks for its
government, a body with its initials, a person as either language writes him. Rows are compared without accents,
in lower case, and a form of five letters or more with its French and plural endings. What both languages write
nearly alike («Colombia», «Colombie») needs no row: see `rag.support.names`.
"""

from __future__ import annotations

import re
from functools import cache

from rag.words import fold

__all__ = ["known_bodies"]

LONGEST_FORM_WORDS = 3
INFLECTED_LETTERS = 5
_ENDINGS = ("s", "e", "es", "n", "ns", "ne", "nes", "le", "les", "x")

# Separated by commas; initials in capitals are only met written so.
_ROWS = """
UN, ONU, united nations, nations unies
EU, UE, european union, union europeenne, brussels, bruxelles
NATO, OTAN, alliance, atlantic alliance, alliance atlantique
US, USA, EU, united states, etats unis, america, american, amerique, americain, washington
UK, RU, united kingdom, royaume uni, britain, great britain, grande bretagne, british, britannique, london, londres
england, angleterre, english, anglais, englishman
scotland, ecosse, scottish, ecossais, scots
wales, galles, welsh, gallois
ireland, irlande, irish, irlandais, dublin
northern ireland, irlande du nord, northern irish, nord irlandais
russia, russie, russian, russe, moscow, moscou, kremlin
soviet, sovietique, USSR, URSS, soviet union, union sovietique
china, chine, chinese, chinois, beijing, pekin
germany, allemagne, german, allemand, berlin
france, french, francais, paris, frenchman
spain, espagne, spanish, espagnol, spaniard, madrid
netherlands, pays bas, dutch, neerlandais, hollande, holland, hollandais
belgium, belgique, belgian, belge
switzerland, suisse, swiss
austria, autriche, austrian, autrichien, vienna, vienne
hungary, hongrie, hungarian, hongrois, budapest
poland, pologne, polish, polonais, warsaw, varsovie
czech, tcheque, czechia, tchequie, czech republic, republique tcheque, prague
greece, grece, greek, grec, grecque, athens, athenes
turkey, turquie, turkish, turc, turque, ankara
ukraine, ukrainian, ukrainien, kiev, kyiv
belarus, bielorussie, belarusian, bielorusse, minsk
sweden, suede, swedish, suedois, stockholm
norway, norvege, norwegian, norvegien, oslo
denmark, danemark, danish, danois, dane, copenhagen, copenhague
finland, finlande, finnish, finlandais, helsinki
iceland, islande, icelandic, islandais, reykjavik
italy, italie, italian, italien, rome
portugal, portuguese, portugais, lisbon, lisbonne
croatia, croatie, croatian, croate, zagreb
serbia, serbie, serbian, serbe, belgrade
romania, roumanie, romanian, roumain, bucharest, bucarest
bulgaria, bulgarie, bulgarian, bulgare, sofia
lithuania, lituanie, lithuanian, lituanien
latvia, lettonie, latvian, letton
estonia, estonie, estonian, estonien
slovakia, slovaquie, slovak, slovaque
slovenia, slovenie, slovenian, slovene
cyprus, chypre, cypriot, chypriote
japan, japon, japanese, japonais, tokyo
north korea, coree du nord, north korean, nord coreen, pyongyang, DPRK, RPDC
south korea, coree du sud, south korean, sud coreen, seoul
india, inde, indian, indien, new delhi, delhi
iran, iranian, iranien, tehran, teheran
iraq, irak, iraqi, irakien, baghdad, bagdad
syria, syrie, syrian, syrien, damascus, damas
lebanon, liban, lebanese, libanais, beirut, beyrouth
israel, israeli, israelien, jerusalem
jordan, jordanie, jordanian, jordanien, amman
egypt, egypte, egyptian, egyptien, cairo, caire
saudi, saoudien, saudi arabia, arabie saoudite, saoudite, riyadh, riyad
UAE, EAU, united arab emirates, emirats arabes unis, emirati
yemen, yemeni, yemenite
morocco, maroc, moroccan, marocain, rabat
algeria, algerie, algerian, algerien, algiers, alger
tunisia, tunisie, tunisian, tunisien, tunis
libya, libye, libyan, libyen, tripoli
ethiopia, ethiopie, ethiopian, ethiopien
south africa, afrique du sud, south african, sud africain, pretoria
cameroon, cameroun, cameroonian, camerounais
chad, tchad, chadian, tchadien
ivory coast, cote d ivoire, ivorian, ivoirien
senegal, senegalese, senegalais
brazil, bresil, brazilian, bresilien, brasilia
argentina, argentine, argentinian, argentin, argentinean
chile, chili, chilean, chilien
bolivia, bolivie, bolivian, bolivien
peru, perou, peruvian, peruvien
mexico, mexique, mexican, mexicain
salvador, el salvador, salvadoran, salvadorien
cuba, cuban, cubain, havana, havane
haiti, haitian, haitien
canada, canadian, canadien, ottawa
australia, australie, australian, australien, canberra
new zealand, nouvelle zelande, new zealander, neo zelandais
taiwan, taiwanese, taiwanais, taipei
thailand, thailande, thai, thailandais
cambodia, cambodge, cambodian, cambodgien
vietnam, vietnamese, vietnamien, hanoi
malaysia, malaisie, malaysian, malaisien
indonesia, indonesie, indonesian, indonesien, jakarta
philippines, filipino, philippin, manila, manille
burma, myanmar, birmanie, burmese, birman
afghanistan, afghan, kabul, kaboul
europe, european, europeen
africa, afrique, african, africain
asia, asie, asian, asiatique
middle east, moyen orient, proche orient
geneva, geneve
edinburgh, edimbourg
florence, firenze
venice, venise
naples, napoli
munich, munchen
cologne, koln
the hague, hague, haye, la haye
antwerp, anvers
ghent, gand, gent
bruges, brugge
dover, douvres
seville, sevilla
aleppo, alep
new orleans, nouvelle orleans
philadelphia, philadelphie
florida, floride
california, californie
catalonia, catalogne, catalan
bavaria, baviere, bavarian, bavarois
brittany, bretagne
thames, tamise
IMF, FMI, international monetary fund, fonds monetaire international
WHO, OMS, world health organization, world health organisation, organisation mondiale de la sante
WTO, OMC, world trade organization, organisation mondiale du commerce
ECB, BCE, european central bank, banque centrale europeenne
ICC, CPI, international criminal court, cour penale internationale
ICJ, CIJ, international court of justice, cour internationale de justice
OECD, OCDE
IAEA, AIEA
GDP, PIB
AIDS, SIDA
HIV, VIH
AI, IA, artificial intelligence, intelligence artificielle
DNA, ADN
NGO, ONG
AP, associated press
white house, maison blanche
congress, congres, congressional
state department, departement d etat
foreign office, foreign ministry, ministere des affaires etrangeres, quai d orsay
republican, republicain, GOP, grand old party
democrat, democratic, democrate
labour, travailliste
tory, tories, conservative, conservateur
supreme court, cour supreme
world cup, coupe du monde, mondial
olympic, olympique, olympics
champions league, ligue des champions
christmas, noel
easter, paques
pope, pape, vatican, holy see, saint siege
putin, poutine
yeltsin, eltsine
gorbachev, gorbatchev
stalin, staline
lenin, lenine
zelensky, zelenskyy, zelenskiy, zelenski
netanyahu, netanyahou
gaddafi, qaddafi, kadhafi
bin laden, ben laden
khashoggi, khashogi
muhammad, mohammed, mohamed, mahomet
elizabeth, elisabeth
francis, francois
muslim, musulman, islam, islamic, islamique
jewish, juif, juive, jews
christian, chretien
catholic, catholique
islamic state, etat islamique, daesh, ISIS, ISIL, EI
"""


@cache
def _row_numbers_by_form() -> dict[str, frozenset[int]]:
    numbers: dict[str, set[int]] = {}
    for number, row in enumerate(_ROWS.strip().splitlines()):
        for form in row.split(", "):
            numbers.setdefault(form, set()).add(number)
    return {form: frozenset(rows) for form, rows in numbers.items()}


def known_bodies(text: str) -> dict[frozenset[int], str]:
    """What of the table a text names: the numbers of the rows that a form may belong to → the words it stands in.

    The longest form wins: «North Korea» is not Korea, and «EU» in French can be the Union or the States.
    """
    rows = _row_numbers_by_form()
    written = re.findall(r"[^\W_]+", text.replace(".", "").replace("’", "'"))
    found: dict[frozenset[int], str] = {}
    at = 0
    while at < len(written):
        for length in range(min(LONGEST_FORM_WORDS, len(written) - at), 0, -1):
            group = written[at : at + length]
            numbers = _rows_of(group, rows)
            if numbers:
                found[numbers] = " ".join(group)
                break
        at += length
    return found


def _rows_of(group: list[str], rows: dict[str, frozenset[int]]) -> frozenset[int] | None:
    if len(group) == 1 and group[0].isupper() and len(group[0]) > 1 and group[0] in rows:
        return rows[group[0]]
    form = fold(" ".join(group))
    for ending in ("", *_ENDINGS):
        if form.endswith(ending):
            stem = form[: len(form) - len(ending)]
            if stem in rows and not stem.isupper() and (not ending or len(stem) >= INFLECTED_LETTERS):
                return rows[stem]
    return None
