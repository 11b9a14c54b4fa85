"""Single lines: clutter goes, prose that uses clutter's words stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.reading.cleaning import is_clutter, is_edge_clutter, is_prose, starts_comments


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement",
        "- Publicité -",
        "Votre publicité ici avec REGIE_sud",
        "La suite après cette publicité",
        "Story continues below advertisement",
        "Read also: Ministers meet again in Riga",
        "READ MORE: Ministers meet again in Riga",
        "À lire aussi : Les ministres se retrouvent à Riga",
        "Lire aussi Les ministres se retrouvent à Riga",
        "» Lire aussi : Les ministres se retrouvent",
        "Share this article on Facebook",
        "Facebook Twitter LinkedIn E-mail",
        "Partager sur Twitter",
        "(credit: NATO)",
        "Crédit photo : Marine nationale",
        "Photo by Ann Carver / Reuters",
        "Ann Carver/AFP",
        "Le port à l'aube. ANN CARVER/AFP",
        "© AFP / Ann Carver",
        "© 2016 Le Courrier. Tous droits réservés.",
        "Accueil > Monde > Europe",
        "Home | News | Europe",
        "Sign up for our daily newsletter",
        "Inscrivez-vous à notre newsletter",
        "Nous utilisons des cookies pour améliorer votre visite.",
        "Temps de lecture : 3 min",
        "3 min read",
        "1,204 views",
        "Tags: NATO, Russia, Baltic",
        "Article réservé aux abonnés",
        "The post Ships meet appeared first on Baltic Watch.",
        "You may also like",
    ],
)
def test_clutter_is_known(line: str) -> None:
    assert is_clutter(line)


@pytest.mark.parametrize(
    "line",
    [
        "The advertisement cost the ministry two million euros.",
        "Publicité et propagande, deux métiers",
        "Nobody would comment on the record.",
        "Comments by the minister angered the Baltic states.",
        "Les commentaires du ministre ont fâché Riga.",
        "Read also the second part of the treaty, he told them.",
        "Lire aussi le second alinéa, a-t-il conseillé.",
        "Voir aussi loin était un luxe, dit-elle.",
        "See also what happened in Georgia, she said.",
        "Share prices fell on Monday.",
        "Partager le pouvoir, un rêve ancien",
        "Copyright reform divides ministers",
        "Photo de famille à Varsovie",
        "The photo shows the two presidents.",
        "Facebook",
        "Twitter under fire",
        "Subscribe to the treaty or leave, the minister told them.",
        "Cookies and tea were served.",
        "Home rule for the islands",
        "Navigation",
        "Réactions",
        "« Oui » ou « non » : l'Islande vote",
        "12 March 1999",
        "Russia/NATO: the end of an affair",
        "Two systems > one system",
        "3 commentaires ont été supprimés par le ministère.",
        "Follow us or perish, the admiral wrote.",
    ],
)
def test_prose_and_sub_headings_survive(line: str) -> None:
    assert not is_clutter(line)
    assert not starts_comments(line)


@pytest.mark.parametrize(
    "line",
    [
        "One thought on “Ships meet”",
        "12 thoughts on “Ships meet”",
        "3 commentaires sur « Des navires se croisent »",
        "Comments (12)",
        "Vos commentaires",
        "Leave a Reply",
        "Laisser un commentaire",
        "Comments closed.",
        "Les commentaires sont fermés",
        "Your email address will not be published. Required fields are marked *",
    ],
)
def test_start_of_comments_is_known(line: str) -> None:
    assert starts_comments(line)


@pytest.mark.parametrize(
    "line", ["Menu", "Header", "Se connecter", "AFP", "Le Courrier avec AFP", "s2Gallery®", "Twitter"]
)
def test_menu_words_are_clutter_at_the_edges_only(line: str) -> None:
    assert is_edge_clutter(line)
    assert not is_clutter(line)


def test_paragraph_is_told_from_title() -> None:
    assert is_prose("The harbour opened again on Monday, and forty ships left it before noon.")
    assert not is_prose("Harbour opens again after the ice, and forty ships leave it before noon")
    assert not is_prose("Will the harbour open again before the ice is gone for good this year?")


@given(st.text(max_size=3000))
def test_any_line_is_judged(line: str) -> None:
    assert isinstance(is_edge_clutter(line) or starts_comments(line), bool)


@pytest.mark.parametrize("piece", ["a ", "share ", "© ", "/", "> ", "lire aussi : ", "«", "photo", "(" * 3, "1 ", ". "])
def test_long_repetitive_lines_are_judged_at_once(piece: str) -> None:
    """Bounded by pytest's time limit: a pattern that backtracks would take years."""
    for length in (30, 380, 100_000):
        is_edge_clutter(piece * length)
        starts_comments(piece * length)
