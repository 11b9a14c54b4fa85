"""Markdown with and without front matter."""

from __future__ import annotations

from datetime import date

from rag.reading.markdown import read_markdown

BODY = """\
# Un pont sur la Narva

Les **travaux** du [pont](http://x.example/z "titre") ont commencé lundi, sous la neige et avec trois mois de
retard sur le calendrier que la ville avait *promis* à ses habitants.

## Un chantier _cher_

> Nous n'avons pas le choix, a dit le maire.
> Il faut traverser.

- premier point
- second point

![une image](x.png)

<!-- à relire -->
Le fichier snake_case_name et 2 * 3 * 4 restent comme ils sont.

Lire aussi : [Autre](http://a.example/b)
"""
FRONT_MATTER = """\
---
title: "Un pont sur la Narva"
authors: [Anne Carver, 'Bo Lind']
date: 2018-03-04
source: Baltic Watch
tags:
- ponts
- villes
---

"""


def test_markup_goes_and_words_stay() -> None:
    draft = read_markdown(BODY)
    assert draft.title == "Un pont sur la Narva"
    assert draft.paragraphs == (
        "Les travaux du pont ont commencé lundi, sous la neige et avec trois mois de retard sur le calendrier que la "
        "ville avait promis à ses habitants.",
        "Un chantier cher",
        "Nous n'avons pas le choix, a dit le maire. Il faut traverser.",
        "premier point",
        "second point",
        "Le fichier snake_case_name et 2 * 3 * 4 restent comme ils sont.",
    )


def test_front_matter_gives_the_facts_and_no_text() -> None:
    draft = read_markdown(FRONT_MATTER + BODY)
    assert draft.paragraphs == read_markdown(BODY).paragraphs
    assert (draft.title, draft.authors) == ("Un pont sur la Narva", ("Anne Carver", "Bo Lind"))
    assert (draft.published, draft.source) == (date(2018, 3, 4), "Baltic Watch")


def test_authors_listed_line_by_line_are_all_named() -> None:
    draft = read_markdown(
        "---\ntitle: A\nauthor:\n  - Anne Carver\n  - Bo Lind\n---\nThe harbour opened again on Monday."
    )
    assert draft.authors == ("Anne Carver", "Bo Lind")


def test_underlined_headings_are_headings() -> None:
    draft = read_markdown("Harbour opens\n=============\n\nThe harbour opened again.\n\nLater\n-----\n\nIt closed.")
    assert draft.title == "Harbour opens"
    assert draft.paragraphs == ("The harbour opened again.", "Later", "It closed.")


def test_front_matter_that_never_ends_is_text() -> None:
    assert "title: A" in "\n".join(read_markdown("---\ntitle: A\n\nThe harbour opened again on Monday.").paragraphs)
