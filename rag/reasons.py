"""Why an input gives no article, or one that is there already: each kind of reason with its texts, in both languages.

A reason is kept as its kind and values, and put into words where it is told: nothing that reads files knows who will
hear of it. What other libraries say of a broken file stays as they say it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Reason", "reason"]

# Libraries' messages, which reasons quote, may be long and have several lines.
_LONGEST_CHARACTERS = 250
# French keeps ; and : on the line of their word.
_FRENCH_SPACE = re.compile(" (?=[;:])")

_TEXTS_BY_KIND: dict[str, tuple[str, str]] = {
    # What was named.
    "nothing_named": (
        "is empty: name a file, a folder or an address",
        "est vide : nommez un fichier, un dossier ou une adresse",
    ),
    "missing": ("does not exist", "n’existe pas"),
    "broken_link": ("is a link to a file that does not exist", "est un lien vers un fichier qui n’existe pas"),
    "outside_link": (
        "is a link out of the folder: name its target to add it",
        "est un lien hors du dossier : nommez sa cible pour l’ajouter",
    ),
    "folder_link": (
        "is a link to a folder: name the folder to add it",
        "est un lien vers un dossier : nommez le dossier pour l’ajouter",
    ),
    "no_path": (
        "is no path: it holds a zero character",
        "n’est pas un chemin : il contient un caractère nul",
    ),
    "unopened": ("can't be opened ({error})", "ne s’ouvre pas ({error})"),
    "no_file": ("is not a file", "n’est pas un fichier"),
    "special_file": ("is {what}, not a file", "est {what}, pas un fichier"),
    "other_suffix": ("is a {suffix} file: {read} are read", "est un fichier {suffix} ; sont lus : {read}"),
    "empty_folder": ("holds no file that is read ({read})", "ne contient aucun fichier qui soit lu ({read})"),
    # Addresses.
    "other_scheme": (
        "is a {scheme} address: only http and https are read",
        "est une adresse {scheme} : seules http et https sont lues",
    ),
    "no_host": ("is no address: it names no host", "n’est pas une adresse : elle ne nomme aucun hôte"),
    "no_page_address": (
        "is no address of a page: it begins with http:// or https://",
        "n’est pas l’adresse d’une page : celle-ci commence par http:// ou https://",
    ),
    "private_address": (
        "leads to {host} at {address}, an address of a private network: such addresses are read only with "
        "--allow-private-addresses",
        "mène à {host}, à {address}, une adresse d’un réseau privé : de telles adresses ne sont lues qu’avec "
        "--allow-private-addresses",
    ),
    "unknown_host": ("has a host that is not found, {host} ({error})", "a un hôte introuvable, {host} ({error})"),
    "silent_host": (
        "has a host that no name server answered for in time, {host}",
        "a un hôte pour lequel aucun serveur de noms n’a répondu à temps, {host}",
    ),
    "slow": ("took longer than {seconds} s to answer", "a mis plus de {seconds} s à répondre"),
    "unfetched": ("could not be fetched ({error})", "n’a pas pu être chargé ({error})"),
    "redirected": (
        "was redirected more than {most} times, at last to {url}",
        "a été redirigé plus de {most} fois, en dernier vers {url}",
    ),
    "leads_elsewhere": (
        "leads to {url}: only http and https addresses are fetched",
        "mène à {url} : seules les adresses http et https sont chargées",
    ),
    "holds_credentials": (
        "holds a user name or password: leave it out, it would be kept in the archive",
        "contient un nom d’utilisateur ou un mot de passe : retirez-le, il serait gardé dans l’archive",
    ),
    "status": ("was answered with {status}", "a reçu la réponse {status}"),
    "other_content": ("is {content}, not an article", "est {content}, pas un article"),
    "large_page": (
        "is larger than {megabytes} MB, the most that is fetched",
        "dépasse {megabytes} Mo, le plus qui soit chargé",
    ),
    # What a file is.
    "empty": ("is empty", "est vide"),
    "only_spaces": ("holds nothing but spaces", "ne contient que des espaces"),
    "large_file": (
        "is larger than {megabytes} MB: split it into articles",
        "dépasse {megabytes} Mo : divisez-le en articles",
    ),
    "binary": ("holds {what}, not text", "contient {what}, pas du texte"),
    "other_package": ("is {what}", "est {what}"),
    "zip": ("is a ZIP archive: unpack it", "est une archive ZIP : décompressez-la"),
    "encrypted_office": (
        "is an encrypted Office file: save a copy without its password",
        "est un fichier Office chiffré : enregistrez-en une copie sans mot de passe",
    ),
    "old_office": (
        "is an old Office file (.doc, .xls, .ppt): save it as .docx",
        "est un ancien fichier Office (.doc, .xls, .ppt) : enregistrez-le en .docx",
    ),
    "misnamed_text": (
        "is named {suffix} but holds plain text: rename it to .txt if that is right",
        "porte le nom {suffix} mais contient du texte : renommez-le en .txt si c’est bien cela",
    ),
    "misnamed_feed": (
        "is named {suffix} but holds neither RSS nor Atom",
        "porte le nom {suffix} mais ne contient ni RSS ni Atom",
    ),
    "encrypted_pdf": (
        "is an encrypted PDF: save a copy without its password",
        "est un PDF chiffré : enregistrez-en une copie sans mot de passe",
    ),
    "broken_pdf": ("is a broken PDF ({error})", "est un PDF abîmé ({error})"),
    "scanned_pdf": (
        "is a PDF without text, probably scanned: run character recognition on it first",
        "est un PDF sans texte, sans doute numérisé : passez-le d’abord à la reconnaissance de caractères",
    ),
    "long_pdf": (
        "is a PDF of {pages} pages, more than the {most} that are read of one",
        "est un PDF de {pages} pages, plus que les {most} qui sont lues d’un seul",
    ),
    "wordy_pdf": (
        "is a PDF with more than {most} characters of text: split it",
        "est un PDF de plus de {most} caractères de texte : divisez-le",
    ),
    "broken_word": ("is a broken Word file ({error})", "est un fichier Word abîmé ({error})"),
    "unpacks_large": (
        "unpacks to {megabytes} MB, far more than an article",
        "fait {megabytes} Mo une fois décompressé, bien plus qu’un article",
    ),
    "broken_feed": ("holds a feed that can't be read ({error})", "contient un flux illisible ({error})"),
    "empty_feed": ("holds a feed without entries", "contient un flux sans entrée"),
    "empty_entry": ("has neither content nor summary", "n’a ni contenu ni résumé"),
    # JSON.
    "split_json": (
        "holds one JSON document over several lines: give each article its own line",
        "contient un document JSON sur plusieurs lignes : donnez à chaque article sa ligne",
    ),
    "long_line": (
        "is longer than {megabytes} MB: give each article its own line",
        "dépasse {megabytes} Mo : donnez à chaque article sa ligne",
    ),
    "line_id_taken": (
        "has the id {id} of line {line}: give each article its own",
        "a l’identifiant {id} de la ligne {line} : donnez à chaque article le sien",
    ),
    "deep_json": ("is nested too deeply to be an article", "est trop imbriqué pour être un article"),
    "no_json": ("is not JSON ({error})", "n’est pas du JSON ({error})"),
    "no_object": (
        "holds a {found}, not an object with a text",
        "contient un {found}, pas un objet avec un texte",
    ),
    "no_text_field": (
        "has no text: one of {names} must hold it",
        "n’a pas de texte : un des champs {names} doit le contenir",
    ),
    # Pages and articles.
    "empty_page": ("holds an empty HTML page", "contient une page HTML vide"),
    "long_page": (
        "is a page of {characters} characters, more than the {most} that are read of one",
        "est une page de {characters} caractères, plus que les {most} qui sont lus d’une seule",
    ),
    "no_article_on_page": (
        "holds a page without an article: only links, or hardly a sentence",
        "contient une page sans article : des liens seulement, ou à peine une phrase",
    ),
    "broken_page": (
        "holds a page that can't be analysed ({error})",
        "contient une page impossible à analyser ({error})",
    ),
    "no_article_text": ("holds no article text", "ne contient pas de texte d’article"),
    "long_article": (
        "holds {characters} characters of text, more than the {most} of one article: split it into several files",
        "contient {characters} caractères de texte, plus que les {most} d’un article : "
        "divisez-le en plusieurs fichiers",
    ),
    "no_id": ("it has no id", "il n’a pas d’identifiant"),
    "no_text": ("there is no text in it", "il ne contient pas de texte"),
    "half_surrogate": (
        "its text is not valid Unicode (half of a surrogate pair)",
        "son texte n’est pas de l’Unicode valide (la moitié d’une paire de substitution)",
    ),
    # What is there already.
    "same_article": ("the same article as {origin}", "le même article que {origin}"),
    "id_taken": (
        "has the id of {origin}, «{id}», and other content",
        "a l’identifiant de {origin}, «{id}», et un autre contenu",
    ),
    "near_copy": ("near copy of «{title}»{outlet}", "presque identique à «{title}»{outlet}"),
}

# What a value calls something that has a name in French too.
_FRENCH_BY_NAME = {
    "a 7z archive": "une archive 7z",
    "a GIF image": "une image GIF",
    "a JPEG image": "une image JPEG",
    "a PNG image": "une image PNG",
    "a TIFF image": "une image TIFF",
    "a PostScript document": "un document PostScript",
    "a PowerPoint file": "un fichier PowerPoint",
    "a RAR archive": "une archive RAR",
    "a device": "un périphérique",
    "a named pipe": "un tube nommé",
    "a program": "un programme",
    "a socket": "une prise réseau",
    "a video or image container": "une vidéo ou une image",
    "an EPUB book": "un livre EPUB",
    "an Excel workbook": "un classeur Excel",
    "an MP3 recording": "un enregistrement MP3",
    "an Ogg recording": "un enregistrement Ogg",
    "an OpenDocument file: save it as .docx": "un fichier OpenDocument : enregistrez-le en .docx",
    "an RTF document": "un document RTF",
    "an SQLite database": "une base SQLite",
    "an image, sound or video container": "une image, un son ou une vidéo",
    "binary data": "des données binaires",
    "bzip2-compressed data": "des données compressées en bzip2",
    "gzip-compressed data": "des données compressées en gzip",
    "xz-compressed data": "des données compressées en xz",
    "zstd-compressed data": "des données compressées en zstd",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a kind that programs know it by and the values it names."""

    kind: str
    values: Mapping[str, str]

    def said(self, language: str = "en") -> str:
        """The reason on one line, in English unless `language` is "fr".

        >>> reason("binary", what="a PNG image").said("fr")
        'contient une image PNG, pas du texte'
        """
        english, french = _TEXTS_BY_KIND[self.kind]
        if language != "fr":
            return _on_one_line(english.format(**self.values))
        named = {name: _FRENCH_BY_NAME.get(value, value) for name, value in self.values.items()}
        return _FRENCH_SPACE.sub("\u00a0", _on_one_line(french.format(**named)))


def _on_one_line(said: str) -> str:
    return " ".join(said.split())[:_LONGEST_CHARACTERS]


def reason(kind: str, **values: str | int) -> Reason:
    """The reason of this kind. Raises `KeyError` where there is no such kind."""
    if kind not in _TEXTS_BY_KIND:
        raise KeyError(kind)
    return Reason(kind, {name: str(value) for name, value in values.items()})
