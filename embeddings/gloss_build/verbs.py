"""French infinitives → their forms, so that the hand-made list needs one line for a verb.

Only the forms that written news has: the third persons, «nous» and «vous» of the present, both participles.
What a form of a verb is called in English follows from its tense: «annonce» announce, «annonçait» announced,
«annoncera» will announce.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["conjugate", "past_of"]


@dataclass(frozen=True, slots=True)
class _Stems:
    """What all forms of a verb are made from: whole forms, but for the imperfect and the future, which are stems."""

    present: str
    presents: str
    imperfect: str  # «annonç»ait
    past: str
    pasts: str
    future: str  # «annoncer»a
    participle: str
    subjunctive: str


# The end of the infinitive, then what stands in its place: present «il», «ils», stem of the imperfect, simple past
# «il», «ils», stem of the future, past participle, subjunctive «il». The longest end that fits is taken.
_MODELS = {
    ending: _Stems(*rest.split())
    for ending, rest in (
        line.split(maxsplit=1)
        for line in """\
ir       it issent iss it irent ir i isse
frir     fre frent fr frit frirent frir fert fre
vrir     vre vrent vr vrit vrirent vrir vert vre
cueillir cueille cueillent cueill cueillit cueillirent cueiller cueilli cueille
aillir   aille aillent aill aillit aillirent aillir ailli aille
tenir    tient tiennent ten tint tinrent tiendr tenu tienne
venir    vient viennent ven vint vinrent viendr venu vienne
partir   part partent part partit partirent partir parti parte
sortir   sort sortent sort sortit sortirent sortir sorti sorte
mentir   ment mentent ment mentit mentirent mentir menti mente
sentir   sent sentent sent sentit sentirent sentir senti sente
dormir   dort dorment dorm dormit dormirent dormir dormi dorme
servir   sert servent serv servit servirent servir servi serve
courir   court courent cour courut coururent courr couru coure
mourir   meurt meurent mour mourut moururent mourr mort meure
quérir   quiert quièrent quér quit quirent querr quis quière
fuir     fuit fuient fuy fuit fuirent fuir fui fuie
cevoir   çoit çoivent cev çut çurent cevr çu çoive
voir     voit voient voy vit virent verr vu voie
prévoir  prévoit prévoient prévoy prévit prévirent prévoir prévu prévoie
savoir   sait savent sav sut surent saur su sache
mouvoir  meut meuvent mouv mut murent mouvr mu meuve
valoir   vaut valent val valut valurent vaudr valu vaille
dre      d dent d dit dirent dr du de
prendre  prend prennent pren prit prirent prendr pris prenne
aindre   aint aignent aign aignit aignirent aindr aint aigne
eindre   eint eignent eign eignit eignirent eindr eint eigne
oindre   oint oignent oign oignit oignirent oindr oint oigne
soudre   sout solvent solv solut solurent soudr solu solve
uire     uit uisent uis uisit uisirent uir uit uise
nuire    nuit nuisent nuis nuisit nuisirent nuir nui nuise
naître   naît naissent naiss naquit naquirent naîtr né naisse
connaître connaît connaissent connaiss connut connurent connaîtr connu connaisse
paraître paraît paraissent paraiss parut parurent paraîtr paru paraisse
croître  croît croissent croiss crut crurent croîtr cru croisse
mettre   met mettent mett mit mirent mettr mis mette
battre   bat battent batt battit battirent battr battu batte
rompre   rompt rompent romp rompit rompirent rompr rompu rompe
vaincre  vainc vainquent vainqu vainquit vainquirent vaincr vaincu vainque
suivre   suit suivent suiv suivit suivirent suivr suivi suive
vivre    vit vivent viv vécut vécurent vivr vécu vive
crire    crit crivent criv crivit crivirent crir crit crive
lire     lit lisent lis lut lurent lir lu lise
dire     dit disent dis dit dirent dir dit dise
faire    fait font fais fit firent fer fait fasse
plaire   plaît plaisent plais plut plurent plair plu plaise
taire    tait taisent tais tut turent tair tu taise
traire   trait traient tray trait traient trair trait traie
croire   croit croient croy crut crurent croir cru croie
boire    boit boivent buv but burent boir bu boive
rire     rit rient ri rit rirent rir ri rie
clure    clut cluent clu clut clurent clur clu clue
inclure  inclut incluent inclu inclut inclurent inclur inclus inclue
""".splitlines()
    )
}  # fmt: skip
_DOUBLING = ("appeler", "jeter")  # «appelle», «rejette»; the others take a grave accent, «mène»


def conjugate(infinitive: str) -> Iterator[tuple[str, str]]:
    """The forms of a verb, each with its tense: "present", "past", "future" or "conditional".

    A form of two tenses counts as its first, so that «produit» is the participle. Raises ValueError when it is
    no infinitive that is known here.

    >>> dict(conjugate("réunir"))["réunies"], dict(conjugate("annoncer"))["annonça"]
    ('past', 'past')
    """
    stems = _stems_of(infinitive)
    hard, soft = _before_a(stems.imperfect, infinitive), stems.imperfect
    yield infinitive, "present"
    plural = stems.participle if stems.participle.endswith("s") else stems.participle + "s"
    for form in (stems.participle, plural, stems.participle + "e", stems.participle + "es"):
        yield form, "past"
    for form in (stems.present, stems.presents, stems.subjunctive, hard + "ons", soft + "ez", hard + "ant"):
        yield form, "present"
    for form in (stems.past, stems.pasts, hard + "ait", hard + "aient"):
        yield form, "past"
    for form in (stems.future + "a", stems.future + "ont"):
        yield form, "future"
    for form in (stems.future + "ait", stems.future + "aient"):
        yield form, "conditional"


def past_of(english: str) -> str:
    """The regular past of an English verb, of the first word when it is a phrase: «carry out» → «carried out»."""
    verb, space, rest = english.partition(" ")
    if verb.endswith("e"):
        past = verb + "d"
    elif verb.endswith("y") and verb[-2:-1] not in "aeou":
        past = verb[:-1] + "ied"
    else:
        past = verb + "ed"
    return past + space + rest


def _stems_of(infinitive: str) -> _Stems:
    if infinitive.endswith("er"):
        return _stems_of_first_group(infinitive)
    ends = [end for end in _MODELS if infinitive.endswith(end)]
    if not ends:
        raise ValueError(f"'{infinitive}' is no infinitive that can be conjugated: write its forms one by one")
    end = max(ends, key=len)
    start, model = infinitive[: -len(end)], _MODELS[end]
    return _Stems(
        start + model.present,
        start + model.presents,
        start + model.imperfect,
        start + model.past,
        start + model.pasts,
        start + model.future,
        start + model.participle,
        start + model.subjunctive,
    )


def _stems_of_first_group(infinitive: str) -> _Stems:
    stem = infinitive[:-2]
    hard = _before_a(stem, infinitive)
    closed, future = stem, infinitive
    if infinitive.endswith(_DOUBLING):
        closed = stem + stem[-1]
        future = closed + "er"
    elif infinitive.endswith(("oyer", "uyer", "ayer")):
        closed = stem[:-1] + "i"
        future = stem[:-2] + "err" if infinitive.endswith("envoyer") else closed + "er"
    elif len(stem) > 2 and stem[-1] not in "aeéiouy" and stem[-2] == "e":
        closed = stem[:-2] + "è" + stem[-1]
        future = closed + "er"
    else:
        closed = _with_grave_accent(stem)
    return _Stems(closed + "e", closed + "ent", stem, hard + "a", stem + "èrent", future, stem + "é", closed + "e")


def _with_grave_accent(stem: str) -> str:
    """«céd» → «cèd», «protég» → «protèg», «intégr» → «intègr»: the last vowel, when consonants alone follow it."""
    at = len(stem)
    while at > 0 and stem[at - 1] not in "aeéèêiouyâîôû":
        at -= 1
    return stem[: at - 1] + "è" + stem[at:] if 0 < at < len(stem) and stem[at - 1] == "é" else stem


def _before_a(stem: str, infinitive: str) -> str:
    """The stem before «a» and «o»: «annonç»ons, «exige»ons."""
    if infinitive.endswith("cer"):
        return stem[:-1] + "ç"
    return stem + "e" if infinitive.endswith("ger") else stem
