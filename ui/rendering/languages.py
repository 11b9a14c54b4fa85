"""The interface's languages: which one a browser prefers, and what languages are called in it."""

from __future__ import annotations

__all__ = ["INTERFACE_LANGUAGES", "choose_language", "language_name"]

INTERFACE_LANGUAGES = ("en", "fr")

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
