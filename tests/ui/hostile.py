"""Articles by somebody who wants the page to run, fetch or hide something."""

from __future__ import annotations

from datetime import date

from rag import Article

__all__ = ["QUESTIONS", "hostile_articles"]

_RUNS = (
    "<script>window.hit=1</script>",
    '<img src="http://attacker.example/a.png" onerror="window.hit=2">',
    "${window.hit=3}",
    "`${window.hit=4}`",
    "{{window.hit=5}} {{{window.hit=6}}} {{#each value}}{{this}}{{/each}}",
    "![pixel](http://attacker.example/b.png)",
    "[click](javascript:window.hit=7)",
    '<svg onload="window.hit=8"><a xlink:href="javascript:window.hit=9">x</a></svg>',
    '"><iframe src="http://attacker.example/c"></iframe>',
    '</textarea></template></style></title><style>@import "http://attacker.example/d.css";</style>',
    '<link rel="stylesheet" href="http://attacker.example/e.css"><base href="http://attacker.example/">',
    "' onmouseover='window.hit=10' autofocus onfocus='window.hit=11",
    "\u202eelif-eht-nepo\u202c \u2066hidden\u2069 \u200bspace",
)

# One for each article below, in its words.
QUESTIONS = (
    "Where did the minister of Zubrowka sign the harbour treaty?",
    "How many ferries does the Zubrowka harbour company own?",
    "Who is the mayor of the town of Lutz?",
)


def hostile_articles() -> list[Article]:
    noise = "\n\n".join(_RUNS)
    together = " ".join(_RUNS)
    return [
        Article(
            id=f"h1{together}",
            title=f"Treaty {together}",
            text=f"{noise}\n\nThe minister of Zubrowka signed the harbour treaty in Lutz {together}.\n\n{noise}",
            url="javascript:window.hit=12",
            source=f"Gazeta {together}",
            authors=(together,),
            published=date(2010, 5, 4),
            language="en",
            path="../../../../etc/passwd",
        ),
        Article(
            id="h2",
            title="T" * 10_000 + "<script>window.hit=13</script>",
            text=f"The Zubrowka harbour company owns 27 ferries, says its director. {together}",
            url="https://attacker.example/<script>window.hit=14</script>",
            source="\u202eelif\u202c Le Mоnde",  # with a Cyrillic о
            published=date(2011, 5, 4),
            language="en",
        ),
        Article(
            id="h3",
            title="{{constructor.constructor('window.hit=15')()}}",
            text=f"The mayor of the town of Lutz is Ida <b onclick='window.hit=16'>Moll</b>. {together}\n\n{noise}",
            url="data:text/html,<script>window.hit=17</script>",
            source="${window.hit=18}",
            language="en",
        ),
    ]
