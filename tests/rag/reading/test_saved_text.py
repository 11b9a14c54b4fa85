"""Text files saved from pages, made up here in the ways the real ones are untidy."""

from __future__ import annotations

from datetime import date

from rag.reading.drafts import Draft
from rag.reading.saved_text import read_saved_text

BLOG = """\
Notes Harbour defence

Between the ferry and the fleet, a polite silence?

(credit: Port of Riga)

(RIGA4) The two captains did not speak to each other, and did not have to. Everybody on the quay \
had read the radio log, printed in the morning paper beside an advertisement for winter tyres.

A channel for three

The pilot boat led the way through the ice, the ferry followed, and the frigate kept a mile behind. \
Readers may comment on the course, and read also what the harbour master wrote about it.

One rule for the frigate, another for the ferry

" We keep to the rules of the sea " , said the captain of the ferry. The navy answered on Thursday, May 3, \
that it had done nothing else.

Read also: The ice breaker that nobody ordered

Ann Marie Carver

Managing editor of the R4 site. Graduated in maritime law from the University of Tartu. Journalist since 1991, \
founded R4 - Riga4 in 2006. Baltic correspondent for two dailies.

2 thoughts on “Between the ferry and the fleet, a polite silence?"

  • I was on that ferry, and it was not polite at all:
    – the frigate came much closer than a mile
    – nobody explained anything to us

    Pascal

Comments closed.

p2Gallery®
"""

WEEKLY = """\
Header
Mise à jour: 21-Jan-2003 09:40 Escadre Hebdo

18-19 jan. 2003
\u00a0

L’Islande et la Norvège partagent leurs avions de surveillance

Historique
Iceland-Norway relations
Nouvelles
15/01/03 - OSLO
Visite à Keflavik du ministre norvégien
Multimédia
19/01/03 - OSLO
High resolution photos of the visit of the Norwegian minister to Keflavik

Au cours d’une visite de deux jours à Keflavik, le ministre norvégien a signé un accord qui met en commun \
les avions de surveillance des deux pays.

L’accord ne change rien aux zones de pêche

« Nous partageons des avions, pas des poissons », a dit le ministre. « Chacun garde sa mer. »\
"""

REGIONAL = """\
Votre publicité ici avec REGIE_ouest

Le pont-levis de Brest restera levé tout l'été

Alors que la métropole promettait une réouverture pour les fêtes maritimes, les ingénieurs ont découvert 12 fissures \
dans le tablier.

9 févr. 2015, 07:05
Le pont de Recouvrance ne rouvrira pas.

Le pont de Recouvrance restera levé jusqu'en septembre. Les ingénieurs ont compté 120 fissures dans le tablier, \
dont trois traversent la poutre principale.

\u00a0

Un commentaire du maire était attendu mardi. Il n'est pas venu : « Je lirai aussi le rapport », a-t-il fait savoir.

Navette gratuite

Une navette gratuite relie les deux rives toutes les dix minutes. Elle embarque les vélos, mais pas les chevaux, \
a précisé la compagnie.

Votre publicité ici avec REGIE_ouest"""

DAILY = """\
Aller au contenu
S'ABONNER
Menu
À la une
International
Accueil > International > Europe
INTERNATIONAL

Les gardes-côtes lettons réclament deux navires de plus
Par Hélène Vasseur, envoyée spéciale à Riga
Publié le 04/11/2014 à 07:15, mis à jour le 05/11/2014 à 19:02
12 commentaires
Partager
Facebook
Twitter

Un patrouilleur letton dans le port de Ventspils. ILMARS KALNINS/REUTERS

DÉCRYPTAGE - Depuis le printemps, les incursions dans la zone économique ont triplé. Riga demande de l'aide.

À Ventspils, le port ne dort plus. Trois fois par nuit, raconte le commandant Ozols, ses hommes doivent sortir.
La suite après cette publicité
En septembre, deux corvettes ont coupé la route d'un ferry. « Nous n'avons pu que prendre des photos », dit-il.

« Nous n'avons pu que prendre des photos »
Commandant Ozols

LIRE AUSSI - Tallinn ferme son espace aérien

Le chef d'état-major ne se plaint pas : une publicité pour l'armée, dit-il, et les commentaires sont aimables.

SUR LE MÊME SUJET
La Lituanie rétablit le service militaire
Les Suédois cherchent toujours leur sous-marin

Vos commentaires
jeanlouis44
Et qui va payer ? Toujours les mêmes, comme d'habitude, et personne ne nous demande notre avis.

© Le Journal du Soir 2014. Tous droits réservés.
"""

WIRE = """\
From the archive of the Northern Wire

DIVERS OF FOUR NAVIES SHARE A RESCUE EXERCISE OFF NORWAY

BERGEN, May 30, 2008 (Northern Wire) - Divers from four navies opened the
hatch of a sunken submarine on Friday in the largest rescue exercise that
they have held together. The crew of eleven, all volunteers, had spent two
days at a depth of 70 metres.

  The rescue vehicle docked on its first attempt, said Commander Inge Dahl,
who led the operation. It then took all eleven up in two dives, with a pause
for peut-
être an hour, and found them well. "We were lucky with the current," he
said. The ship carried an observer from the North-
Eastern Fleet and his inter-
preter.

(c) 2008 Northern Wire. All rights reserved.
"""


def paragraphs_of(text: str) -> list[str]:
    return list(read_saved_text(text).paragraphs)


def assert_nothing_of(draft: Draft, *clutter: str) -> None:
    text = "\n".join((draft.title, *draft.paragraphs))
    assert [line for line in clutter if line in text] == []


def test_blog_page_gives_title_author_and_outlet() -> None:
    draft = read_saved_text(BLOG)
    assert draft.title == "Between the ferry and the fleet, a polite silence?"
    assert draft.authors == ("Ann Marie Carver",)
    assert draft.source == "R4 (Riga4)"


def test_a_day_of_the_week_without_a_year_is_no_publication_date() -> None:
    assert read_saved_text(BLOG).published is None


def test_blog_page_keeps_every_paragraph_and_sub_heading_of_the_article() -> None:
    paragraphs = paragraphs_of(BLOG)
    assert [paragraph[:22] for paragraph in paragraphs] == [
        "(RIGA4) The two captai",
        "A channel for three",
        "The pilot boat led the",
        "One rule for the friga",
        '" We keep to the rules',
    ]


def test_sentences_that_mention_clutter_words_survive() -> None:
    text = "\n".join(paragraphs_of(BLOG))
    assert "beside an advertisement for winter tyres." in text
    assert "Readers may comment on the course, and read also what the harbour master wrote about it." in text


def test_blog_page_loses_crumbs_credit_link_biography_and_comments() -> None:
    assert_nothing_of(
        read_saved_text(BLOG),
        *("Notes Harbour defence", "(credit:", "ice breaker", "Carver", "Managing editor", "thoughts on", "Pascal"),
        *("I was on that ferry", "Comments closed", "p2Gallery"),
    )


def test_update_line_gives_date_and_outlet() -> None:
    draft = read_saved_text(WEEKLY)
    assert (draft.title, draft.published, draft.source) == (
        "L’Islande et la Norvège partagent leurs avions de surveillance",
        date(2003, 1, 21),
        "Escadre Hebdo",
    )


def test_link_block_above_the_article_is_left_out() -> None:
    draft = read_saved_text(WEEKLY)
    assert len(draft.paragraphs) == 3
    assert draft.paragraphs[1] == "L’accord ne change rien aux zones de pêche"
    assert_nothing_of(
        draft, "Historique", "Nouvelles", "Multimédia", "High resolution", "Visite à Keflavik du", "Header"
    )


def test_date_under_the_standfirst_is_the_publication_date() -> None:
    draft = read_saved_text(REGIONAL)
    assert draft.title == "Le pont-levis de Brest restera levé tout l'été"
    assert draft.published == date(2015, 2, 9)
    assert draft.authors == ()
    assert draft.source is None


def test_standfirst_and_article_that_differ_are_both_kept() -> None:
    paragraphs = paragraphs_of(REGIONAL)
    assert "12 fissures" in paragraphs[0]
    assert any("120 fissures" in paragraph for paragraph in paragraphs[1:])
    assert "Navette gratuite" in paragraphs
    assert "Un commentaire du maire était attendu mardi." in paragraphs[3]
    assert not any("publicité" in paragraph for paragraph in paragraphs)


def test_newspaper_page_gives_its_facts() -> None:
    draft = read_saved_text(DAILY)
    assert draft.title == "Les gardes-côtes lettons réclament deux navires de plus"
    assert draft.authors == ("Hélène Vasseur",)
    assert draft.published == date(2014, 11, 4)
    assert draft.source == "Le Journal du Soir"


def test_newspaper_page_keeps_its_four_paragraphs_alone() -> None:
    assert [paragraph.split()[0] for paragraph in paragraphs_of(DAILY)] == ["DÉCRYPTAGE", "À", "En", "Le"]


def test_wrapped_lines_are_joined_and_cut_words_mended() -> None:
    draft = read_saved_text(WIRE)
    assert draft.title == "DIVERS OF FOUR NAVIES SHARE A RESCUE EXERCISE OFF NORWAY"
    assert draft.published == date(2008, 5, 30)
    assert draft.source == "Northern Wire"
    assert len(draft.paragraphs) == 2
    assert "opened the hatch of a sunken submarine" in draft.paragraphs[0]
    assert "peut-être an hour" in draft.paragraphs[1]
    assert "the North-Eastern Fleet and his interpreter." in draft.paragraphs[1]


def test_lines_that_each_end_a_sentence_are_paragraphs_of_their_own() -> None:
    lines = [f"The {number} ship left the harbour of Riga with a cargo of timber and salt fish." for number in range(6)]
    assert paragraphs_of("Ships leave Riga for good\n" + "\n".join(lines)) == lines


def test_dates_that_head_a_chronology_stay_in_the_text() -> None:
    entries = [
        (
            "28 mai 2002",
            "Le Conseil est créé sur une base aérienne, en présence de vingt chefs d'État et de leurs ministres.",
        ),
        (
            "19 août 2008",
            "Les réunions sont suspendues après l'entrée des troupes dans le pays voisin au début du mois.",
        ),
    ]
    draft = read_saved_text(
        "Repères : dix ans de réunions\n\n" + "\n\n".join(f"{day}\n{text}" for day, text in entries)
    )
    assert list(draft.paragraphs) == [line for entry in entries for line in entry]
    assert draft.published is None


def test_labelled_lines_at_the_top_are_believed() -> None:
    draft = read_saved_text(
        "Titre : Deux navires dans la brume\nAuteurs : Anne Carver et Yann Le Goff\nDate : 03/04/2011\n"
        "Source : Skagerrak Post\nLangue : fr\nURL : https://post.example/brume\n\n"
        "Deux navires se sont frôlés jeudi dans la brume, sans autre dégât qu'une antenne pliée."
    )
    assert draft.title == "Deux navires dans la brume"
    assert draft.authors == ("Anne Carver", "Yann Le Goff")
    assert draft.published == date(2011, 4, 3)
    assert (draft.source, draft.language, draft.url) == ("Skagerrak Post", "fr", "https://post.example/brume")
    assert len(draft.paragraphs) == 1


def test_text_without_a_title_keeps_its_first_line() -> None:
    text = "The bridge was closed for an hour on Monday while experts looked at a suitcase. It held books."
    draft = read_saved_text(text)
    assert draft.title == ""
    assert draft.paragraphs == (text,)


def test_title_is_not_repeated_in_the_text() -> None:
    draft = read_saved_text(
        "The harbour of Riga is closed by ice\n\nThe harbour of Riga is closed by ice.\n\n"
        "No ship has left since Sunday, and the pilots have gone home to wait for the wind to turn."
    )
    assert draft.title == "The harbour of Riga is closed by ice"
    assert len(draft.paragraphs) == 1


def test_the_file_name_helps_to_choose_the_title() -> None:
    text = (
        "All the news of the coast and of the sea\n\nIcebreaker returns\n\n"
        "The ship came back on Sunday with a bent propeller and a crew that did not want to talk about it."
    )
    assert read_saved_text(text, "icebreaker-returns").title == "Icebreaker returns"


def test_a_profile_that_ends_with_its_subject_is_no_biography() -> None:
    text = (
        "A life at sea and after it\n\n"
        "Maarja Tamm commanded the icebreaker for eleven winters, and nobody had asked her why before last week.\n\n"
        "Maarja Tamm\n\n"
        "The former correspondent, who studied law in Tartu, writes on harbours. Tamm says she does not miss the ice."
    )
    assert any("does not miss the ice" in paragraph for paragraph in paragraphs_of(text))
    assert read_saved_text(text).authors == ()


def test_a_count_of_comments_under_the_title_does_not_end_the_article() -> None:
    text = (
        "The lighthouse keeper wins her case\nBy Ann Carver\n3 comments\n\n"
        "The court gave her back the tower on Friday, eleven years after the ministry had sold it to a hotel.\n\n"
        "The ministry may appeal until the end of the month, but its lawyers looked tired."
    )
    assert len(paragraphs_of(text)) == 2


def article_by_ann_carver(*lines: str) -> str:
    paragraphs = [
        f"The {number} ferry of the morning left Riga with a delay of an hour, and nobody on the quay asked why."
        for number in range(4)
    ]
    return "\n\n".join(["Ferries leave the harbour of Riga late", "By Ann Carver", *paragraphs, *lines])


def test_words_about_the_author_end_the_article_whatever_they_are() -> None:
    text = article_by_ann_carver(
        "Ann Carver keeps bees on the roof of the harbour office.",
        "A floating hotel for sale",
        "Weather in Riga: 12 degrees, showers",
    )
    assert len(paragraphs_of(text)) == 4


def test_an_author_who_asks_the_questions_does_not_end_the_article() -> None:
    text = article_by_ann_carver("Ann Carver: Why so late?", "Ozols: We waited for the bread, as every day.")
    assert paragraphs_of(text)[-2:] == ["Ann Carver: Why so late?", "Ozols: We waited for the bread, as every day."]


def test_two_hyphens_end_the_article() -> None:
    text = article_by_ann_carver(
        "--", "The Coast Wire is an agency of eleven journalists with its seat on a houseboat."
    )
    assert len(paragraphs_of(text)) == 4


def test_a_sub_heading_called_reactions_stays_unless_readers_answer_under_it() -> None:
    kept = article_by_ann_carver(
        "Réactions", "Le maire de Riga a refusé de répondre aux questions de la presse mardi soir."
    )
    assert "Réactions" in paragraphs_of(kept)
    cut = article_by_ann_carver("Réactions\nGaspard : Ma cousine était à bord, il n'y avait pas de pain.")
    assert len(paragraphs_of(cut)) == 4


def test_masthead_that_the_page_names_again_is_the_outlet() -> None:
    menu = "The Harbour Ledger\nSign in | Subscribe | E-paper\nNews > World > Latvia\n\n"
    named = menu + article_by_ann_carver("Ann Carver is the Ledger's correspondent for everything that floats.")
    assert read_saved_text(named).source == "The Harbour Ledger"
    assert read_saved_text(menu + article_by_ann_carver()).source is None


def test_outlet_is_found_in_every_form_of_copyright_line() -> None:
    for line in (
        "© 2016 Le Courrier du Port. Tous droits réservés.",
        "(c) Le Courrier du Port 2016",
        "© Le Courrier du Port, 2016. Nous écrire",
        "© Le Courrier du Port – courrier-port.example – Tous droits réservés",
        "Abonnez-vous · Le Courrier du Port © 2016",
        "Copyright 2016 Le Courrier du Port",
    ):
        draft = read_saved_text(article_by_ann_carver(line))
        assert draft.source == "Le Courrier du Port", line
        assert len(draft.paragraphs) == 4, line


def test_labelled_adverts_and_captions_between_paragraphs_go() -> None:
    text = article_by_ann_carver(
        "Sponsored: Is your loft too cold? Five tricks builders hate",
        "Enlarge image: The quay at dawn (Photograph: J. Lesnoy)",
        "[Video: the arrival of the ferry, 1 min 12]",
        "The last ferry of the day, which carried the mayor and his dog, arrived before it was expected.",
    )
    assert len(paragraphs_of(text)) == 5


def test_subtitles_of_a_text_without_empty_lines_stay() -> None:
    text = (
        "Icebreaker comes home with a bent propeller\nThe crew of eleven does not want to talk about it\n"
        "Repairs will take the whole of the spring\n"
        "The ship came back on Sunday with a bent propeller and a crew that did not want to talk about it. Nobody on the "
        "quay had expected her before Easter, when the ice usually breaks, and the pilots had gone home."
    )
    assert len(paragraphs_of(text)) == 3
    assert read_saved_text(text).title == "Icebreaker comes home with a bent propeller"


def test_a_comment_button_above_the_article_does_not_end_it() -> None:
    standfirst = (
        "The court gave the keeper back her tower, " + "and nobody in the ministry would say why, " * 6 + "it said."
    )
    body = "The ministry may appeal until the end of the month, but its lawyers looked tired on Friday. " * 4
    text = f"The lighthouse keeper wins her case\n\n{standfirst}\n\nComments (12)\n\nLeave a comment\n\n{body}"
    assert len(paragraphs_of(text)) == 2


def test_rubric_of_two_capitalised_words_is_no_author() -> None:
    text = (
        "Northern Lights\n\nHarbour opens again after the ice is gone\n\nCold Front\n\n"
        "The harbour opened again on Monday, and forty ships left it before noon, as the pilots had promised."
    )
    assert read_saved_text(text).authors == ()


def test_lone_name_beside_a_date_is_the_author() -> None:
    text = (
        "Harbour opens again after the ice is gone\nAnn Carver\n3 May 2011\n\n"
        "The harbour opened again on Monday, and forty ships left it before noon, as the pilots had promised."
    )
    draft = read_saved_text(text)
    assert (draft.authors, draft.published) == (("Ann Carver",), date(2011, 5, 3))
