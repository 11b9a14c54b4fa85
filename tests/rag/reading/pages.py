"""Web pages made up for the tests: a newspaper's, a blog's, one from before style sheets."""

__all__ = ["BLOG", "FRONT_PAGE", "NEWSPAPER", "OLD"]

NEWSPAPER = """\
<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8">
<title>La flotte du Nord manœuvre au large de Mourmansk - Le Courrier du Ponant</title>
<meta property="og:title" content="La flotte du Nord manœuvre au large de Mourmansk">
<meta property="og:site_name" content="Le Courrier du Ponant">
<link rel="canonical" href="https://www.ponant.example/monde/2017/09/12/flotte-du-nord-12345.html">
<meta property="article:published_time" content="2017-09-12T18:40:00+02:00">
<meta property="article:modified_time" content="2017-09-14T08:00:00+02:00">
<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",
"headline":"La flotte du Nord manœuvre au large de Mourmansk","datePublished":"2017-09-12T18:40:00+02:00",
"author":[{"@type":"Person","name":"Solène Kermarrec"},{"@type":"Person","name":"Yann Le Goff"}],
"publisher":{"@type":"Organization","name":"Le Courrier du Ponant"}}</script>
</head><body>
<div id="cookies">Nous utilisons des cookies pour améliorer votre visite. <button>Tout accepter</button></div>
<nav><ul><li><a href="/">Accueil</a></li><li><a href="/monde">Monde</a></li></ul></nav>
<div class="breadcrumb"><a href="/">Accueil</a> &gt; <a href="/monde">Monde</a> &gt; Russie</div>
<article>
<h1>La flotte du Nord manœuvre au large de Mourmansk</h1>
<p class="chapo">Trente bâtiments et quatre sous-marins participent à l’exercice, le plus grand depuis dix ans.</p>
<div class="meta">Par <a rel="author" href="/a/sk">Solène Kermarrec</a> et Yann Le Goff
| Publié le 12 septembre 2017</div>
<div class="share"><a href="#">Partager sur Facebook</a> <a href="#">Tweeter</a> <a href="#">Imprimer</a></div>
<figure><img src="x.jpg"><figcaption>Un croiseur en mer. Crédit photo : Marine norvégienne</figcaption></figure>
<p>Les navires ont quitté la baie de Kola mardi à l’aube, suivis par un avion parti d’Andøya. L’exercice doit durer
une semaine et s’étendre jusqu’à l’archipel de Svalbard.</p>
<p>« Nous observons, nous ne commentons pas », a dit un porte-parole&nbsp;: «&nbsp;Cela se règle à Bruxelles.&nbsp;»</p>
<div class="ad">Publicité</div>
<h2>Des tirs annoncés pour jeudi</h2>
<p>Une zone de trois mille kilomètres carrés est fermée à la navigation jusqu’à dimanche. Les pêcheurs
s’en plaignent.</p>
<p><strong>À lire aussi :</strong> <a href="/x">Oslo rouvre sa base de Bodø</a></p>
<blockquote>Nous observons, nous ne commentons pas</blockquote>
<p>Le ministère parle d’un exercice prévu de longue date. Il dit avoir invité des attachés militaires de huit pays.</p>
<ul><li>trente bâtiments de surface</li><li>quatre sous-marins</li></ul>
<p>L’exercice s’achèvera le 19 septembre.</p>
<div class="author-bio"><h3>Solène Kermarrec</h3><p>Journaliste au Courrier du Ponant depuis 2009, elle couvre la
défense. Diplômée de Sciences Po Rennes.</p></div>
</article>
<section class="related"><h3>Sur le même sujet</h3>
<ul><li><a href="/1">Un sous-marin fait surface à Tromsø</a></li></ul></section>
<section id="comments"><h3>3 commentaires</h3><div class="comment"><p>Pascal : je pense que tout cela est très cher pour
pas grand-chose, et que les poissons n'y gagnent rien du tout.</p></div></section>
<footer>© 2017 Le Courrier du Ponant. Tous droits réservés. <a href="/ml">Mentions légales</a></footer>
</body></html>
"""

BLOG = """\
<html><head><title>Alliance opens cyber range in Tallinn &laquo; Baltic Watch</title>
<meta name="author" content="admin"></head><body class="single">
<div id="header"><h1><a href="/">Baltic Watch</a></h1><p class="description">Security notes from the coast</p></div>
<div id="menu"><a href="/">Home</a> | <a href="/about">About</a> | <a href="/contact">Contact</a></div>
<div id="content"><div class="post"><h2 class="entry-title">Alliance opens cyber range in Tallinn</h2>
<div class="entry-meta">Posted on <a href="#"><time datetime="2019-06-03T09:12:00+00:00">June 3, 2019</time></a>
by <span class="author vcard"><a class="url fn n" href="/author/mtamm">Maarja Tamm</a></span> | 2 Comments</div>
<div class="entry">
<p>TALLINN — Soldiers from nineteen countries will train on a new cyber range that opened on Monday in a paper mill.</p>
<p>The building cost 6 million euros. “Nobody learns to swim on dry land,” said its director, who asked for
advertisement to be kept away from the halls.</p>
<h3>Exercises twice a year</h3>
<p>Two large exercises are planned each year; reporters may comment and read also the logs afterwards.</p>
<div class="sharedaddy"><h3>Share this:</h3><ul><li><a>Click to share on Twitter</a></li></ul></div>
<div class="jp-relatedposts"><h3>Related</h3><p>Baltic air policing in numbers</p></div>
</div></div>
<div id="comments"><h3>2 thoughts on “Alliance opens cyber range in Tallinn”</h3><ol>
<li><p>Great to see this finally open, we waited for years and years for something like that.</p><a>Reply</a></li></ol>
<div id="respond"><h3>Leave a Reply</h3><p>Your email address will not be published.</p></div></div>
</div><div id="footer">Proudly powered by a machine</div></body></html>
"""

OLD = """\
<HTML><HEAD><TITLE>Sea Review: Partners at sea</TITLE></HEAD><BODY BGCOLOR=white>
<TABLE><TR><TD WIDTH=150><A HREF=a.htm>Home</A><BR><A HREF=b.htm>Archive</A><BR><A HREF=c.htm>Search</A></TD>
<TD><FONT SIZE=5><B>Partners at sea</B></FONT><BR><I>By John Harrow</I><P>
Four frigates of the standing force left Rota on Saturday for a month of exercises with their new partners. It is the
first time that both sides sail under one signal book.<P>
The commander said that the crews had prepared since March. &quot;We speak the same language at sea,&quot; he told
reporters, &quot;and it is mostly flags.&quot;<BR><BR>
Two more ships will join near Sevastopol. The exercise, called Steady Anchor, ends on 30 June 2005.
</TD></TR></TABLE><HR><CENTER>Copyright 2005 Sea Power Quarterly</CENTER></BODY></HTML>
"""

FRONT_PAGE = """\
<html><head><title>Le Courrier du Ponant - Actualités</title></head><body><h1>À la une</h1>
<div><h2><a href="/a">La flotte du Nord manœuvre</a></h2><p>Trente bâtiments participent à l’exercice.</p></div>
<div><h2><a href="/b">Oslo rouvre Bodø</a></h2><p>La base avait fermé en 2012.</p></div>
<div><h2><a href="/c">Sommet à Riga</a></h2><p>Les ministres arrivent ce soir.</p></div></body></html>
"""
