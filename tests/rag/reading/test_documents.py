"""PDF and Word files, made here with reportlab and python-docx."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate

from rag.errors import ReadingError
from rag.reading.drafts import Draft
from rag.reading.pdf import read_pdf
from rag.reading.word import read_word

TITLE = "Un centre de cyberdéfense ouvre dans une ancienne papeterie de la banlieue de Tallinn"
SENTENCE = (
    "Les ministres de la défense se sont retrouvés jeudi à Tallinn pour parler de la sécurité des ports et des câbles, "
    "et ils ont décidé d’ouvrir un centre où des soldats de {} pays apprendront à se défendre. "
)


def newspaper_pdf(paragraph_count: int, **properties: str) -> bytes:
    styles = getSampleStyleSheet()

    def decorate(canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(50, 820, "Le Courrier du Ponant - lundi 3 juin 2019")
        canvas.drawString(50, 20, f"Page {document.page}")

    story: list[Flowable] = [
        Paragraph(TITLE, styles["Title"]),
        Paragraph("Par Maarja Tamm", styles["Normal"]),
        Paragraph("Publié le 4 juin 2019 à 9h12", styles["Normal"]),
    ]
    for number in range(paragraph_count):
        if number == 4:
            story.append(Paragraph("Deux exercices par an", styles["Heading2"]))
        story.append(Paragraph(f"{number}. " + SENTENCE.format(number) * (1 + number % 3), styles["BodyText"]))
    stream = io.BytesIO()
    document = SimpleDocTemplate(stream, pagesize=A4, **properties)
    document.build(story, onFirstPage=decorate, onLaterPages=decorate)
    return stream.getvalue()


@pytest.fixture(scope="module")
def newspaper() -> Draft:
    return read_pdf(newspaper_pdf(20, title="Microsoft Word - papeterie.doc", author="user"))


def test_pdf_gives_title_author_and_date_of_the_page(newspaper: Draft) -> None:
    assert (newspaper.title, newspaper.authors, newspaper.published) == (TITLE, ("Maarja Tamm",), date(2019, 6, 4))


def test_pdf_lines_become_whole_paragraphs_across_pages(newspaper: Draft) -> None:
    body = [paragraph for paragraph in newspaper.paragraphs if paragraph[0].isdigit()]
    assert body == [f"{number}. " + (SENTENCE.format(number) * (1 + number % 3)).strip() for number in range(20)]


def test_pdf_keeps_sub_headings_and_loses_running_heads(newspaper: Draft) -> None:
    assert [paragraph for paragraph in newspaper.paragraphs if not paragraph[0].isdigit()] == ["Deux exercices par an"]


def test_pdf_running_head_names_the_outlet(newspaper: Draft) -> None:
    assert newspaper.source == "Le Courrier du Ponant"


def test_pdf_creation_date_is_no_publication_date() -> None:
    canvas_bytes = io.BytesIO()
    canvas = Canvas(canvas_bytes)
    canvas.drawString(72, 700, "The harbour opened again on Monday, and forty ships left it.")
    canvas.save()
    data = canvas_bytes.getvalue()
    assert "/CreationDate" in (PdfReader(io.BytesIO(data)).metadata or {})
    assert read_pdf(data).published is None


def test_pdf_that_opens_without_a_password_is_read() -> None:
    writer = PdfWriter(clone_from=io.BytesIO(newspaper_pdf(3)))
    writer.encrypt("", "owner", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    assert read_pdf(stream.getvalue()).title == TITLE


def word_file(document: docx.document.Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_word_file_gives_styled_title_byline_and_all_paragraphs() -> None:
    document = docx.Document()
    document.add_heading("Le pont de Narva ferme une heure", 0)
    document.add_paragraph("Par Yann Le Goff")
    document.add_paragraph("3 mars 2015")
    document.add_paragraph("Le pont de Narva a été fermé une heure lundi, le temps d’examiner une valise de livres.")
    document.add_heading("Des livres", 1)
    document.add_paragraph("Le propriétaire, un professeur à la retraite, s’est excusé.")
    document.sections[0].header.paragraphs[0].text = "Le Courrier du Ponant"
    document.sections[0].footer.paragraphs[0].text = "© Le Courrier du Ponant, 2015"
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Navires", "30"
    draft = read_word(word_file(document))
    assert (draft.title, draft.authors) == ("Le pont de Narva ferme une heure", ("Yann Le Goff",))
    assert (draft.published, draft.source) == (date(2015, 3, 3), "Le Courrier du Ponant")
    assert [paragraph.split()[0] for paragraph in draft.paragraphs] == ["Le", "Des", "Le", "Navires"]


def test_word_properties_are_used_where_the_text_says_nothing() -> None:
    document = docx.Document()
    document.core_properties.author = "Ann Carver"
    document.core_properties.title = "The harbour opens after the ice"
    document.add_paragraph("The harbour opened again on Monday, and forty ships left it before noon.")
    draft = read_word(word_file(document))
    assert (draft.title, draft.authors, draft.published) == ("The harbour opens after the ice", ("Ann Carver",), None)


def test_program_names_in_word_properties_are_not_believed() -> None:
    document = docx.Document()
    document.core_properties.title = "Microsoft Word - final version.docx"
    document.add_paragraph("The harbour opened again on Monday, and forty ships left it before noon.")
    draft = read_word(word_file(document))
    assert (draft.title, draft.authors) == ("", ())


def test_pdf_and_word_readers_refuse_each_others_files() -> None:
    with pytest.raises(ReadingError):
        read_word(newspaper_pdf(1))
    with pytest.raises(ReadingError):
        read_pdf(word_file(docx.Document()))
