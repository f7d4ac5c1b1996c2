"""Receipts and invoices in German, Italian, French and Spanish, told by their own words."""

from folio.models import Line, Word
from folio.structure.fields.find import fields_of
from folio.transform import box
from tests.unit.structure.fields.test_find import page, values


def line(text: str, x: float, y: float) -> Line:
    """A line of words between blanks, letters with accents among them."""
    words = []
    for one in text.split():
        words.append(Word(one, 0.99, box(x, y, x + 10 * len(one), y + 20)))
        x += 10 * len(one) + 10
    return Line(text, 0.99, box(words[0].polygon[0][0], y, x - 10, y + 20), tuple(words))


def read(*texts: str) -> dict[str, tuple[str, str]]:
    return values(page(*(line(text, 50, 50 + 40 * at) for at, text in enumerate(texts))))


def test_an_italian_receipt() -> None:
    found = read(
        "TRATTORIA DA GINO", "VIA GARIBALDI 7", "P.IVA 00000000000", "DOCUMENTO COMMERCIALE",
        "PIZZA MARGHERITA 8,50", "SUBTOTALE 8,50", "TOTALE COMPLESSIVO 8,50", "di cui IVA 0,77",
        "Pagamento contante 10,00", "Resto 1,50", "03-05-2021 20:41", "DOCUMENTO N. 0012-0034",
    )  # fmt: skip
    assert found == {
        "invoice_number": ("0012-0034", "unchecked"), "invoice_date": ("2021-05-03", "passed"),
        "seller_name": ("TRATTORIA DA GINO", "unchecked"), "tax_amount": ("0.77", "unchecked"),
        "total_amount": ("8.50", "passed"),
    }  # fmt: skip


def test_a_german_receipt_has_tax_and_net_in_a_table() -> None:
    found = read(
        "Bäckerei Sonnenschein GmbH", "Hauptstraße 12", "Rechnung Nr.: 123456", "BUTTER 250G 2,94 B", "Gesamt 2,94",
        "girocard 2,94", "MwSt Netto Steuer Brutto", "A 19,0% 2,47 0,47 2,94", "Datum: 06.11.24 15:04 Uhr",
    )  # fmt: skip
    assert found["seller_name"][0] == "Bäckerei Sonnenschein GmbH"
    assert found["invoice_number"][0] == "123456"
    assert found["invoice_date"] == ("2024-11-06", "passed")
    assert found["amount_without_tax"] == ("2.47", "passed")
    assert found["tax_amount"] == ("0.47", "passed")
    assert found["total_amount"] == ("2.94", "passed")


def test_a_german_invoice_has_a_months_name_and_a_sharp_s_before_its_values() -> None:
    found = read(
        "Gartenbau Krause e.K.", "Rechnungsnummer: RE-78353", "Straße Weiß Datum: 12. März 2021",
        "Nettobetrag 3122,49 €",        "zzgl. 7% MwSt. 218,57 €", "Weiß Gesamtbetrag 3341,06 €", "Zahlbar ohne Abzug",
    )  # fmt: skip
    assert found["invoice_date"] == ("2021-03-12", "passed")
    assert found["total_amount"] == ("3341.06", "passed")
    assert found["invoice_number"][0] == "RE-78353"


def test_french_and_spanish_totals_are_those_with_tax() -> None:
    french = read(
        "Boulangerie Petit",
        "Facture N° 2021-17",
        "Date : 03/05/2021",
        "Total HT 10,00",
        "TVA 20% 2,00",
        "Total TTC 12,00",
    )
    assert (french["total_amount"], french["tax_amount"]) == (("12.00", "passed"), ("2.00", "passed"))
    assert (french["invoice_number"][0], french["invoice_date"][0]) == ("2021-17", "2021-05-03")
    spanish = read(
        "Bar Luna",
        "Factura N. 55",
        "Fecha: 03/05/2021",
        "Base imponible 10,00",
        "IVA 21% 2,10",
        "Total a pagar 12,10",
        "Gracias",
    )
    assert (spanish["total_amount"], spanish["amount_without_tax"]) == (("12.10", "passed"), ("10.00", "passed"))


def test_a_count_above_its_item_is_of_that_item() -> None:
    texts = (
        "TRATTORIA DA GINO", "DESCRIZIONE", "2 X 3,00", "PIZZA 6,00", "ACQUA 1,00", "TOTALE 7,00", "CONTANTE 7,00",
        "03/05/2021 20:41", "DOCUMENTO N. 0012-0034",
    )  # fmt: skip
    fields = fields_of(page(*(line(text, 50, 50 + 40 * at) for at, text in enumerate(texts))), "auto")[1]
    items = [(one.item, one.name, one.value, one.check) for one in fields if one.item]
    assert items == [
        (1, "item_name", "PIZZA", "unchecked"), (1, "item_quantity", "2", "passed"),
        (1, "item_unit_price", "3.00", "passed"), (1, "item_amount", "6.00", "passed"),
        (2, "item_name", "ACQUA", "unchecked"), (2, "item_amount", "1.00", "passed"),
    ]  # fmt: skip


def test_running_text_with_such_words_is_no_receipt() -> None:
    texts = ("Rechnung und Steuer", "Der Betrag von 12,00 Euro", "ist zum Datum 03.05.2021 fällig.", "Vielen Dank")
    assert fields_of(page(*(line(text, 50, 50 + 40 * at) for at, text in enumerate(texts))), "auto")[0] is None
