"""What the pages say around questions and answers, each in English and French; asked for by `texts.text`."""

from __future__ import annotations

__all__ = ["PAGE_TEXTS"]

PAGE_TEXTS: dict[str, tuple[str, str]] = {
    # The masthead.
    "page_title": ("Gazette", "Gazette"),
    "articles": ("{count} articles", "{count} articles"),
    "one_article": ("1 article", "1 article"),
    "no_articles": ("no articles yet", "aucun article pour l’instant"),
    "new_conversation": ("New conversation", "Nouvelle conversation"),
    "switch_language": ("Language of the page", "Langue de la page"),
    "skip_to_question": ("Skip to the question", "Aller à la question"),
    # The conversations kept, and shared.
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
    # The archive page.
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
}
