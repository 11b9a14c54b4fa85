"""The phrases, English and French, that pages put around an article; `cleaning` says how they are used.

Each is a regular expression for a whole line in lower case with straight apostrophes and plain spaces,
punctuation before and after left aside. No phrase may match a sentence that a journalist could have written.
"""

__all__ = [
    "ADVERTS",
    "AGENCIES",
    "COMMENT_STARTS",
    "COMMENT_WORDS",
    "COUNTERS",
    "CREDITS",
    "EDGE_LINES",
    "FOOTERS",
    "LINK_LISTS",
    "PAGERS",
    "PROMPTS",
    "READ_ALSO",
    "SHARE_NETWORKS",
    "SHARE_WORDS",
    "TAGS",
]

ADVERTS = (
    r"advertisements?",
    r"publicités?",
    r"sponsored(?: content| links?| post)?",
    r"(?:contenus?|liens?) sponsorisés?",
    r"(?:paid|promoted) content",
    r"your ad(?:vert(?:isement)?)? here\b.*",
    r"votre publicité ici\b.*",
    r"(?:la suite|l'article|suite)(?: de l'article)?(?: se poursuit| continue)? après (?:la|cette) publicité",
    r"(?:advertisement\W+)?(?:story|article) continues (?:below|after)(?: this| the)?(?: advertisements?| ad)?",
    r"continue reading the main story",
    r"scroll to continue(?: reading)?",
    r"(?:skip|close|hide|report) (?:this )?(?:ad|advertisement)",
    r"sponsored ?[:–—-] .{3,120}|publicité ?[–—-] .{3,120}|advertisement ?[:–—-] .{3,120}",
)

# Requests to the reader: consent, subscriptions, accounts.
PROMPTS = (
    r"(?:we|this (?:web)?site) uses? (?:\w+ )?cookies\b.*",
    r"(?:nous utilisons|ce site utilise) des cookies\b.*",
    r"en poursuivant votre navigation\b.*",
    r"by (?:continuing to (?:use|browse)|using) (?:this|our) (?:web)?site\b.*",
    r"(?:cookie settings|(?:paramètres|préférences|gestion) des cookies)\b.{0,80}",
    r"accept (?:all(?: cookies)?|cookies)|reject all(?: cookies)?",
    r"tout (?:accepter|refuser)|accepter et (?:fermer|continuer)",
    r"(?:manage|paramétrer|gérer)(?: \w+){0,2} (?:cookies|preferences|préférences)",
    r"(?:sign up|subscribe|register|inscrivez-vous|abonnez-vous|recevez|get)\b[^.!?]{0,80}\bnewsletters?\b[^.!?]{0,40}",
    r"(?:sign up|subscribe|get)\b[^.!?]{0,80}\byour inbox",
    r"(?:inscrivez-vous|abonnez-vous|recevez)\b[^.!?]{0,80}\bboîte (?:mail|aux lettres)",
    r"(?:follow us|join us) on .{2,60}|(?:suivez|retrouvez|rejoignez)-nous sur .{2,60}",
    r"(?:subscribe|abonnez-vous|je m'abonne|s'abonner)(?: now| today| here| dès maintenant| à partir de .{1,20})?",
    r"(?:download|get|téléchargez) (?:our |the |notre |l')app(?:lication)?\b.{0,40}",
    r"already a (?:subscriber|member)\b.{0,40}|déjà abonnée?\b.{0,40}",
    r"(?:cet article est |article )?réservé aux abonnés|subscribers? only|subscriber exclusive",
    r"il vous reste [\d.,]+ ?% de (?:cet |l')article à lire.*",
)

COUNTERS = (
    r"\d[\d., ]*k? ?(?:views?|vues?|shares?|partages?|likes?|j'aime|retweets?|comments?|commentaires?|réactions?)",
    r"(?:temps de lecture|durée de lecture|lecture|reading time) ?:? ?(?:environ )?\d+ ?(?:min(?:utes?)?|mn)",
    r"\d+ ?-?(?:min(?:ute)?s?|mn) (?:read|de lecture)",
)

TAGS = (
    r"(?:tags?|mots[- ]clés|keywords|étiquettes?|catégories?|categor(?:y|ies)) ?: ?[^.!?]{1,150}",
    r"(?:filed under|posted in|classé (?:dans|sous)) ?:? ?[^.!?]{1,150}",
)

PAGERS = (
    r"(?:previous|next) (?:article|post|story|page)(?: ?[:»›>→].{0,120})?",
    r"(?:article|page|billet) (?:précédente?|suivante?)(?: ?[:»›>→].{0,120})?",
    r"page \d+ (?:of|sur|/) \d+",
)

FOOTERS = (
    r".{0,100}\b(?:all rights reserved|tous droits réservés)\b.{0,60}",
    r"(?:copyright|\(c\)|©)\W{0,5}\d{4}.{0,100}|copyright ©.{0,100}",
    r"mentions légales|conditions générales d'utilisation|politique de confidentialité",
    r"cookie policy|terms of (?:use|service)",
    r"plan du site|site ?map|nous contacter|contact us|contactez-nous",
    r"back to (?:the )?top|haut de page|retour (?:en haut|à l'accueil|au sommaire)(?: de (?:la )?page)?",
    r"skip to (?:main )?content|aller au contenu(?: principal)?|toggle navigation",
    r"main menu|menu principal|page d'accueil",
    r"(?:e-?mail|send)(?: this)?(?: article| page| story)? to a friend|envoyer (?:cet article )?à un ami",
    r"print this (?:page|article)|imprimer (?:cet article|cette page)|version imprimable|printer[- ]friendly version",
    r"the post .{3,200} (?:first )?appeared first on .{2,100}",
    r"(?:l'article|cet article) .{0,200} est apparu en premier sur .{2,100}",
    r"(?:vous êtes ici|you are here) ?[:>»›].{0,100}",
)

CREDITS = (
    r"(?:(?:photo|image|picture|video|vidéo|illustration|visuel|graphic|infographie)s?\W{0,3})?"
    r"(?:credits?|crédits?)\W{0,3}(?:photos?|images?)? ?[:©] ?\S.{0,100}",
    r"(?:photo|image|illustration|visuel|légende|caption)s?(?: (?:copyright|credit|caption))? ?[:©] ?\S.{0,100}",
    r"(?:image|media|video) (?:copyright|caption|credit|source) .{1,100}",
    r"(?:enlarge (?:this )?(?:image|picture|photo)|agrandir (?:l'image|la photo))\b.{0,150}",
    # A caption that ends with its credit: «The quay at dawn (Photograph: J. Doe)».
    r".{0,200}\((?:photo(?:graph|graphie)?|image|picture|credit|crédits?)s? ?[:©] ?[^()]{2,60}\)",
    # «[Video: the arrival, 1 min 12]»
    r"\[ ?(?:video|vidéo|photo|image|audio|infographi[ce]|diaporama|gallery|map|carte)s? ?:[^\[\]]{2,150}\]",
    r"©[^.!?]{1,100}",
)

AGENCIES = (
    *(
        "AFP",
        "Reuters",
        "REUTERS",
        "AP",
        "EPA",
        "EFE",
        "TASS",
        "DPA",
        "dpa",
        "ANSA",
        "PA",
        "SIPA",
        "Sipa",
        "Belga",
        "BELGA",
    ),
    *("Getty Images", "Shutterstock", "Flickr", "Wikimedia Commons", "RIA Novosti", "Sputnik", "Xinhua", "MAXPPP"),
)

# Menus, footers, signatures of agencies. Above a section the same words can be a heading, so they count as
# clutter only before and after the article's paragraphs.
EDGE_LINES = (
    r"menu|header|footer|navigation|search|rechercher?|home|homepage|accueil|sommaire|top|archives?|rss",
    r"contact|log ?in|sign in|register|se connecter|connexion|close|fermer|about|à propos|newsletter|news|actualités?",
    r"next|previous|suivante?|précédente?|tags?|mots[- ]clés|share|partager|print|imprimer|tweet",
    r"facebook|twitter|linkedin|instagram|youtube|whatsapp|advertising|annonces?|fin|end",
    r"qui sommes-nous|about us|terms and conditions|conditions générales(?: de vente)?|privacy policy",
    r"(?:(?:le|la|the) )?(?:\w+ )?(?:avec |with |and |et )?(?:afp|reuters|ap|tass|belga)",
    r"\w+ ?[®™]",
    r"(?:subscribe|sign up|abonnez-vous|inscrivez-vous|lettre d'information|newsletter)\b[^.?]{0,100}",
    r"(?:©|\(c\)).{2,150}|[^.?!]{3,80} (?:©|\(c\)) ?\d{4}",
)

# «Read also», alone on its line or before the title of another article.
READ_ALSO = (
    r"(?:à |a )?(?:lire|voir|écouter|découvrir) (?:aussi|également|encore)",
    r"à (?:lire|voir)|lire la suite|lire (?:notre|aussi notre) (?:dossier|article|analyse|enquête|reportage)",
    r"(?:read|see|watch|listen) (?:also|more|next)|also read",
    r"related(?: articles?| stories| content| news| coverage| topics| links)?|recommended(?: for you| reading)?",
    r"sur le même (?:sujet|thème)|dans (?:la même rubrique|le même dossier)|pour aller plus loin|further reading",
    r"articles? (?:liés?|connexes?|similaires?|associés?)|more on this (?:story|topic|subject)",
    r"don't miss|ne manquez pas|à ne pas manquer|du même auteur|(?:by|from) the same author|à lire ensuite",
)

# What stands above a list of links at the foot of a page.
LINK_LISTS = (
    *READ_ALSO,
    r"you (?:may|might) also like|vous aimerez aussi|recommandés? pour vous",
    r"ces articles (?:peuvent|pourraient) (?:aussi )?vous intéresser",
    r"most (?:read|popular|viewed|shared)|les plus (?:lus|consultés|partagés)|trending(?: now)?",
    r"what to read next|top stories|latest (?:news|stories|articles)|recent posts",
    r"dernières (?:nouvelles|infos|actualités)|nos derniers articles|articles récents",
)

# Headings of comments that can head a section as well: only with a reader's name under them.
COMMENT_WORDS = (r"réactions|reactions|comments?|commentaires?|one comment|un commentaire|letters|courrier|forum",)

COMMENT_STARTS = (
    r"(?:one|two|three|\d+|un|une|deux|trois) (?:thoughts? on|pensées? sur|réflexions? sur) .{3,300}",
    r"(?:one|two|three|\d+|une?|deux|trois) (?:comments?|commentaires?|responses?|réponses?|replies|réactions?)"
    r" (?:on|to|sur|à|pour) .{3,300}",
    r"(?:(?:all|tous les|vos|your|readers?'?|les) )?(?:comments|commentaires)(?: ?\(\d+\)| des lecteurs| section)?",
    r"(?:comments|commentaires|réactions) ?\(\d+\)(?: ?[–—-] .{3,30})?|(?:le |les )?(?:courrier|lettres) des lecteurs",
    r"(?:(?:our|nos|les|the) )?(?:readers|lecteurs)(?: write| react| respond| comment| écrivent| réagissent)",
    r"vos réactions|réactions ?\(\d+\)|\d+ (?:comments?|commentaires?|réactions?)",
    r"(?:les )?(?:comments|commentaires)(?: are| sont)? (?:closed|fermés|désactivés|off)(?: .{0,40})?",
    r"(?:leave|post|add|write) (?:a|your) (?:comment|reply)(?: cancel reply)?|join the (?:discussion|conversation)",
    r"(?:laisser|laissez|ajouter|ajoutez|poster|écrire|publier) (?:un|votre) commentaire(?: annuler la réponse)?",
    r"(?:réagissez|réagir) à (?:cet|l')article|votre adresse (?:e-mail|de messagerie) ne sera pas publiée.*",
    r"your email address will not be published.*",
)

SHARE_NETWORKS = frozenset(
    "share partager partagez tweet tweeter facebook twitter linkedin whatsapp telegram pinterest reddit".split()
)
# A line of these words alone, one of the networks among them, is a row of buttons.
SHARE_WORDS = SHARE_NETWORKS | frozenset(
    "x flipboard print imprimer email e-mail mail courriel messenger pocket viber tumblr instagram youtube copy copier "
    "commenter comment link lien envoyer send save sauvegarder on sur via by par to this article story cet cette page "
    "a à ami friend your votre les un une réseaux sociaux social media with et and or ou shares partages".split()
)
