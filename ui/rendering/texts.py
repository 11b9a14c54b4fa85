"""Every word that the faces say to a reader, in English and French, in one table.

A text is asked for by its key and the interface's language; `{…}` in it are filled by name. Language names are
here too, and dates are written out by `ui.rendering.dating`, so that a page never mixes two languages.
"""

from __future__ import annotations

import re

__all__ = ["INTERFACE_LANGUAGES", "choose_language", "colon", "language_name", "text"]

INTERFACE_LANGUAGES = ("en", "fr")

# French keeps ; : ! ? and « » on the line of their word by a no-break space; it is put in when a text is asked for.
_FRENCH_SPACE = re.compile("(?<=«) | (?=[;:!?»])")

_TEXT_BY_KEY: dict[str, tuple[str, str]] = {
    # The masthead.
    "page_title": ("Gazette", "Gazette"),
    "articles": ("{count} articles", "{count} articles"),
    "one_article": ("1 article", "1 article"),
    "no_articles": ("no articles yet", "aucun article pour l’instant"),
    "new_conversation": ("New conversation", "Nouvelle conversation"),
    "conversations": ("Conversations", "Conversations"),
    "search_conversations": ("Search the conversations", "Chercher dans les conversations"),
    "no_conversations": ("No conversation has been kept yet.", "Aucune conversation pour l’instant."),
    "no_conversation_found": ("No conversation holds these words.", "Aucune conversation ne contient ces mots."),
    "one_question": ("1 question", "1 question"),
    "questions": ("{count} questions", "{count} questions"),
    "rename": ("Rename", "Renommer"),
    "rename_label": ("New title", "Nouveau titre"),
    "delete": ("Delete", "Supprimer"),
    "delete_sure": ("Delete for good?", "Supprimer pour de bon ?"),
    "export": ("Save as", "Enregistrer en"),
    "share": ("Share by link", "Partager par un lien"),
    "share_again": ("Bring up to date", "Mettre à jour"),
    "unshare": ("Stop sharing", "Ne plus partager"),
    "copy_link": ("Copy link", "Copier le lien"),
    "shared_as_of": (
        "Whoever has this link reads the conversation as of {day}, without signing in:",
        "Qui a ce lien lit la conversation telle qu’au {day}, sans se connecter :",
    ),
    "shared_page": (
        "A conversation with an archive of news articles, shared by its reader as of {day}.",
        "Une conversation avec une archive d’articles de presse, partagée par son lecteur telle qu’au {day}.",
    ),
    "shared_gone_title": ("Nothing is shared here", "Rien n’est partagé ici"),
    "shared_gone": (
        "The link is not complete, or its reader no longer shares the conversation.",
        "Le lien n’est pas complet, ou son lecteur ne partage plus la conversation.",
    ),
    "unreachable": (
        "Gazette doesn’t answer. Is it still running?",
        "Gazette ne répond pas. Fonctionne-t-elle encore ?",
    ),
    "all_articles": ("All articles", "Tous les articles"),
    "to_chat": ("Ask a question", "Poser une question"),
    "search_articles": ("Titles, outlets, authors", "Titres, journaux, auteurs"),
    "search": ("Search", "Chercher"),
    "order": ("Order", "Ordre"),
    "order_newest": ("newest first", "les plus récents d’abord"),
    "order_oldest": ("oldest first", "les plus anciens d’abord"),
    "order_title": ("by title", "par titre"),
    "order_outlet": ("by outlet", "par journal"),
    "by_year": ("By year", "Par année"),
    "by_outlet": ("By outlet", "Par journal"),
    "by_language": ("By language", "Par langue"),
    "nothing_listed": ("No article is like that.", "Aucun article de ce genre."),
    "take_back": ("Take back", "Retirer"),
    "add_articles": ("Add articles", "Ajouter des articles"),
    "drop_files": ("Drop files here, or", "Déposez des fichiers ici, ou"),
    "choose_files": ("choose files", "choisissez des fichiers"),
    "file_size": ("At most {size} MB each.", "{size} Mo au plus par fichier."),
    "address": ("Address of a page or a feed", "Adresse d’une page ou d’un flux"),
    "add_address": ("Add", "Ajouter"),
    "file_waiting": ("waiting", "en attente"),
    "file_sending": ("sending:", "envoi :"),
    "file_reading": ("being read…", "lecture…"),
    "files_done": ("All has been read.", "Tout a été lu."),
    "file_too_large": ("Not added: larger than {size} MB.", "Non ajouté : plus de {size} Mo."),
    "file_unreachable": (
        "Not added: it can’t be sent. Is it a file, and is Gazette still running?",
        "Non ajouté : l’envoi a échoué. Est-ce un fichier, et Gazette fonctionne-t-elle encore ?",
    ),
    "archive_busy": (
        "Somebody else is writing to the archive: try again when they have finished.",
        "Quelqu’un d’autre écrit dans l’archive : réessayez quand ce sera terminé.",
    ),
    "outcome_added": ("Added:", "Ajouté :"),
    "outcome_updated": ("Updated:", "Mis à jour :"),
    "outcome_unchanged": ("Already there:", "Déjà là :"),
    "outcome_duplicate": ("Added, a near copy:", "Ajouté, presque identique à un autre :"),
    "outcome_failed": ("Not added:", "Non ajouté :"),
    "nothing_in_it": ("No article was found in it.", "Aucun article n’y a été trouvé."),
    "and_more": ("and {count} more", "et {count} autres"),
    "remove": ("Remove", "Retirer"),
    "remove_sure": ("Remove for good?", "Retirer pour de bon ?"),
    "remove_failed": ("It could not be removed. Try again?", "Le retrait a échoué. Réessayer ?"),
    "page_of": ("Page {page} of {count}", "Page {page} sur {count}"),
    "page_before": ("Previous", "Précédente"),
    "page_after": ("Next", "Suivante"),
    "switch_language": ("Language of the page", "Langue de la page"),
    "skip_to_question": ("Skip to the question", "Aller à la question"),
    # Signing in.
    "login_title": ("Sign in to Gazette", "Se connecter à Gazette"),
    "login_name": ("Name", "Nom"),
    "login_password": ("Password", "Mot de passe"),
    "login": ("Sign in", "Se connecter"),
    "logout": ("Sign out", "Se déconnecter"),
    "login_wrong": ("Name or password is wrong.", "Le nom ou le mot de passe est faux."),
    "login_locked": (
        "Too many attempts: try again in {seconds} seconds.",
        "Trop de tentatives : réessayez dans {seconds} secondes.",
    ),
    "signed_in": ("Signed in as {name} ({role}).", "Connecté sous le nom {name} ({role})."),
    "role_reader": ("reader", "lecture"),
    "role_editor": ("editor", "rédaction"),
    "role_admin": ("admin", "administration"),
    "signed_out": ("You are no longer signed in.", "Vous n’êtes plus connecté."),
    "login_go_on": ("Go to the archive", "Aller à l’archive"),
    # The empty conversation.
    "welcome": ("What would you like to know?", "Que voulez-vous savoir ?"),
    "welcome_detail": (
        "Answers come from the articles of this archive alone, and every sentence cites the words it rests on.",
        "Les réponses viennent uniquement des articles de cette archive, et chaque phrase cite les mots "
        "sur lesquels elle s’appuie.",
    ),
    "examples": ("For example", "Par exemple"),
    "latest": ("The latest articles", "Les articles les plus récents"),
    "empty_title": ("This archive has no articles yet", "Cette archive ne contient encore aucun article"),
    "empty_detail": (
        "Add files or addresses of pages on the archive’s page, or a whole folder on the command line, then reload "
        "this page and ask.",
        "Ajoutez des fichiers ou des adresses de pages sur la page de l’archive, ou un dossier entier depuis la ligne "
        "de commande, puis rechargez cette page et posez vos questions.",
    ),
    "empty_formats": (
        "It reads text, Markdown, web pages, PDF, Word, JSONL and feeds.",
        "Formats lus : texte, Markdown, pages web, PDF, Word, JSONL et flux.",
    ),
    # Asking.
    "question": ("Your question", "Votre question"),
    "question_placeholder": ("Ask about the articles…", "Posez une question sur les articles…"),
    "ask": ("Ask", "Demander"),
    "stop": ("Stop", "Arrêter"),
    "filter": ("Answer from", "Répondre d’après"),
    "filter_all": ("All", "Tous"),
    "filter_more": ("Outlet and dates", "Journal et dates"),
    "filter_count": ("{count} set", "{count} en place"),
    "filter_source": ("Outlet", "Journal"),
    "filter_all_outlets": ("All outlets", "Tous les journaux"),
    "filter_since": ("From", "Du"),
    "filter_until": ("To", "Au"),
    "filter_clear": ("Clear", "Effacer"),
    "timeline": ("When the articles found were published", "Dates des articles trouvés"),
    "timeline_label": (
        "Timeline of the {count} articles found; a period can be drawn in it, or typed under the question box",
        "Frise des {count} articles trouvés ; on peut y tracer une période, ou la saisir sous la question",
    ),
    "ask_period": ("Ask again of", "Reposer pour"),
    "only": ("Only:", "Seulement :"),
    "only_language": ("articles in {name}", "articles en {name}"),
    "leave_language": ("Ask again in all languages", "Reposer dans toutes les langues"),
    "leave_source": ("Ask again of all outlets", "Reposer à tous les journaux"),
    "leave_filter_dates": ("Ask again of all dates", "Reposer pour toutes les dates"),
    "conversation": ("Conversation", "Conversation"),
    # The answer.
    "you_asked": ("You asked:", "Vous avez demandé :"),
    "answer": ("Answer", "Réponse"),
    "searching": ("Searching the archive…", "Recherche dans l’archive…"),
    "loading": (
        "Loading the models, once only; then searching…",
        "Chargement des modèles, une seule fois ; puis recherche…",
    ),
    "reading": ("Reading {count} passages…", "Lecture de {count} passages…"),
    "reading_one": ("Reading one passage…", "Lecture d’un passage…"),
    "sources": ("Sources", "Sources"),
    "source_number": ("Source {number}", "Source {number}"),
    "source_label": ("Source {number}: {facts}", "Source {number} : {facts}"),
    "source": ("Article", "Article"),
    "also_in": ("also in {outlets}", "aussi dans {outlets}"),
    "other_language_note": (
        "Quoted from articles in {languages}.",
        "Cité d’après des articles en {languages}.",
    ),
    "partly_other_language_note": (
        "Partly quoted from articles in {languages}.",
        "Cité en partie d’après des articles en {languages}.",
    ),
    "understood_as": ("Understood as:", "Compris comme :"),
    "preferred_period": ("Preferred: articles of {period}", "Articles préférés : {period}"),
    "preferred": ("Preferred:", "De préférence :"),
    "understood": ("How the question was understood", "Comment la question a été comprise"),
    "leave_completion": ("Ask again exactly as written", "Reposer exactement comme écrit"),
    "leave_dates": ("Ask again without preferring a date", "Reposer sans préférer de date"),
    "as_written": ("asked exactly as written", "posée exactement comme écrit"),
    "without_dates": ("asked without preferring a date", "posée sans préférer de date"),
    "ignore_dates": ("{option} leaves the date out", "{option} n’en tient pas compte"),
    "about_archive": ("From the archive’s own records", "D’après le registre de l’archive"),
    "disagreement": ("The sources disagree", "Les sources divergent"),
    "disagreement_within": ("One article says different things", "Un même article dit deux choses"),
    "in_language": ("in {name}", "en {name}"),
    "refused": ("No answer in the archive", "Pas de réponse dans l’archive"),
    "nearest": ("The nearest articles", "Les articles les plus proches"),
    "supported": ("supported", "étayé"),
    "partly": ("partly supported", "étayé en partie"),
    "unsupported": ("not supported", "non étayé"),
    "unchecked": ("not checked", "non vérifié"),
    "actions": ("This question", "Cette question"),
    "retry": ("Ask again", "Reposer"),
    "edit": ("Edit", "Modifier"),
    "edit_label": ("The question in other words", "La question en d’autres mots"),
    "cancel": ("Cancel", "Annuler"),
    "copy": ("Copy with sources", "Copier avec les sources"),
    "copied": ("Copied", "Copié"),
    "copy_failed": ("The browser does not let it be copied", "Le navigateur ne permet pas de copier"),
    "answer_up": ("Good answer", "Bonne réponse"),
    "answer_down": ("Bad answer", "Mauvaise réponse"),
    "citation_wrong": ("This citation is wrong", "Cette citation est fausse"),
    "marked_wrong": ("marked as wrong", "signalée comme fausse"),
    "feedback_note": ("Say why, if you like", "Dites pourquoi, si vous voulez"),
    "save_note": ("Keep", "Garder"),
    "note_saved": ("Kept with the answer.", "Gardé avec la réponse."),
    "stopped": ("Stopped before the end.", "Arrêté avant la fin."),
    "stopped_at_once": ("Stopped.", "Arrêté."),
    "failed": ("This question got no answer", "Cette question est restée sans réponse"),
    "failed_inside": (
        "Something went wrong inside Gazette; the terminal it runs in says what. "
        "The conversation is kept: you can ask again.",
        "Une erreur s’est produite dans Gazette ; le terminal où elle tourne en donne la raison. "
        "La conversation est conservée : vous pouvez reposer la question.",
    ),
    # The source panel.
    "close": ("Close", "Fermer"),
    "to_quote": ("To the quote", "Aller à la citation"),
    "loading_source": ("Opening the article…", "Ouverture de l’article…"),
    "source_unreachable": (
        "The article can’t be opened: Gazette doesn’t answer. Is it still running?",
        "Impossible d’ouvrir l’article : Gazette ne répond pas. Fonctionne-t-elle encore ?",
    ),
    "source_gone": (
        "This article is no longer in the archive.",
        "Cet article n’est plus dans l’archive.",
    ),
    "source_changed": (
        "This article has changed since the answer was written, so the quote is no longer marked in it.",
        "Cet article a changé depuis la réponse : la citation n’y est plus signalée.",
    ),
    "original": ("Original at {host}", "Original sur {host}"),
    "opens_tab": ("(opens a new tab)", "(s’ouvre dans un nouvel onglet)"),
    "file": ("File: {name}", "Fichier : {name}"),
    "untitled": ("Untitled", "Sans titre"),
    "undated": ("no date", "sans date"),
    "and": (" and ", " et "),
    # Time.
    "today": ("today", "aujourd’hui"),
    "yesterday": ("yesterday", "hier"),
    "days_ago": ("{count} days ago", "il y a {count} jours"),
    "one_month_ago": ("1 month ago", "il y a 1 mois"),
    "months_ago": ("{count} months ago", "il y a {count} mois"),
    "one_year_ago": ("1 year ago", "il y a 1 an"),
    "years_ago": ("{count} years ago", "il y a {count} ans"),
    "since_day": ("since {day}", "depuis le {day}"),
    "until_day": ("until {day}", "jusqu’au {day}"),
}

_LANGUAGE_NAME_BY_CODE: dict[str, tuple[str, str]] = {
    "ar": ("Arabic", "arabe"),
    "de": ("German", "allemand"),
    "en": ("English", "anglais"),
    "es": ("Spanish", "espagnol"),
    "fr": ("French", "français"),
    "it": ("Italian", "italien"),
    "nl": ("Dutch", "néerlandais"),
    "pl": ("Polish", "polonais"),
    "pt": ("Portuguese", "portugais"),
    "ru": ("Russian", "russe"),
    "uk": ("Ukrainian", "ukrainien"),
}


def text(key: str, language: str, **values: str | int) -> str:
    """The text under `key`, filled with `values`, in English unless `language` is "fr".

    >>> text("reading", "fr", count=8)
    'Lecture de 8 passages…'
    """
    english, french = _TEXT_BY_KEY[key]
    template = _FRENCH_SPACE.sub("\u00a0", french) if language == "fr" else english
    return template.format(**values)


def colon(language: str) -> str:
    """A colon as the language writes it behind a word."""
    return "\u00a0:" if language == "fr" else ":"


def language_name(code: str, language: str) -> str:
    """The name of the language with this ISO 639-1 code, or the code where no name is known.

    >>> language_name("fr", "en")
    'French'
    """
    names = _LANGUAGE_NAME_BY_CODE.get(code)
    return names[language == "fr"] if names else code


def choose_language(accept_language: str) -> str:
    """The interface language a browser's Accept-Language header prefers; English where it names neither.

    >>> choose_language("de;q=0.9, fr-CA;q=0.8, en;q=0.5")
    'fr'
    """
    best, best_weight = "en", 0.0
    for part in accept_language.split(","):
        tag, _, parameter = part.strip().partition(";")
        code = tag.strip().lower().partition("-")[0]
        weight = _weight(parameter)
        if code in INTERFACE_LANGUAGES and weight > best_weight:
            best, best_weight = code, weight
    return best


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
