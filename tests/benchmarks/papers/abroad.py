"""Receipts of tills and invoices in Italian and German, with decimal commas."""

import random

from tests.benchmarks.papers import made_up
from tests.benchmarks.papers.canvas import Canvas, Paper

_ITALIAN = "PANE CASERECCIO", "LATTE INTERO 1L", "CAFFE' ESPRESSO", "PIZZA MARGHERITA", "PROSCIUTTO CRUDO", "COPERTO"
_GERMAN = "BROETCHEN", "KAFFEE CREMA", "BUTTER 250G", "APFELSAFT", "SCHNITZEL", "MINERALWASSER"
_SHOPS = "BAR AURORA SNC", "TRATTORIA DA GINO", "SUPERMERCATO LA SPIGA SRL", "FARMACIA SAN LUCA"
_LADEN = "Bäckerei Sonnenschein GmbH", "Gasthaus Zum Hirschen", "MARKT AM RING e.K.", "Café Linde"
_ROW = 44


def _comma(cents: int) -> str:
    return f"{cents / 100:,.2f}".translate(str.maketrans(".,", ",."))


def _row(canvas: Canvas, y: int, label: str, value: str = "", size: int = 27) -> int:
    canvas.put(40, y, label, size, latin=True)
    if value:
        canvas.put(720, y, value, size, latin=True, anchor="ra")
    return y + _ROW


def _middle(canvas: Canvas, y: int, *texts: str) -> int:
    for text in texts:
        canvas.put(380, y, text, 28, latin=True, anchor="ma")
        y += _ROW
    return y


def _sold(canvas: Canvas, y: int, made: random.Random, names: tuple[str, ...], code: str) -> tuple[int, int]:
    """Write what was sold, a count before the name of it; return where it ends, and its sum."""
    total = 0
    for item in made.sample(names, made.randint(1, 5)):
        quantity, price = made.choice((1, 1, 1, 2, 3)), made.randint(80, 2500)
        total += quantity * price
        sold = {"item_name": item, "item_amount": made_up.money(quantity * price)}
        if quantity > 1:
            y = _row(canvas, y, f"  {quantity} X {_comma(price)}")
            sold |= {"item_quantity": str(quantity), "item_unit_price": made_up.money(price)}
        y = _row(canvas, y, item, f"{_comma(quantity * price)}{code}")
        canvas.items.append(sold)
    return y, total


def _paid(canvas: Canvas, y: int, total: int, cash: str, change: str) -> int:
    paid = -(-total // 500) * 500
    return _row(canvas, _row(canvas, y, cash, _comma(paid)), change, _comma(paid - total))


def scontrino(made: random.Random) -> Paper:
    canvas = Canvas(760, 1300)
    fields, day = canvas.fields, made_up.day(made, 2019)
    fields["seller_name"], fields["invoice_date"] = made.choice(_SHOPS), day.isoformat()
    y = _middle(canvas, 40, fields["seller_name"], "VIA GARIBALDI 7", f"P.IVA {made_up.digits(made, 11)}")
    y = _middle(canvas, y + 10, "DOCUMENTO COMMERCIALE", "di vendita o prestazione")
    y = _row(canvas, y + 10, "DESCRIZIONE", "Prezzo(€)", 24)
    y, total = _sold(canvas, y, made, _ITALIAN, "")
    rate = made.choice((4, 10, 22))
    tax = total - round(total * 100 / (100 + rate))
    fields["total_amount"], fields["tax_amount"] = made_up.money(total), made_up.money(tax)
    y = _row(canvas, y + 12, "TOTALE COMPLESSIVO", _comma(total), 30)
    y = _row(canvas, y, "di cui IVA", _comma(tax))
    if made.random() < 0.5:
        y = _paid(canvas, y, total, "Pagamento contante", "Resto")
    else:
        y = _row(canvas, y, "Pagamento elettronico", _comma(total))
    shown = day.strftime(made.choice(("%d-%m-%Y", "%d/%m/%Y", "%d-%m-%y")))
    fields["invoice_number"] = f"{made.randint(1, 2000):04}-{made.randint(1, 400):04}"
    _middle(canvas, y + 14, f"{shown} {made.randint(7, 22):02}:{made.randint(0, 59):02}",
            f"DOCUMENTO N. {fields['invoice_number']}")  # fmt: skip
    return canvas.paper("receipt")


def kassenbon(made: random.Random) -> Paper:
    canvas = Canvas(760, 1300)
    fields, day = canvas.fields, made_up.day(made, 2016)
    fields["seller_name"], fields["invoice_date"] = made.choice(_LADEN), day.isoformat()
    fields["invoice_number"] = made_up.digits(made, 6)
    y = _middle(canvas, 40, fields["seller_name"], "Hauptstraße 12", f"USt-IdNr. DE{made_up.digits(made, 9)}")
    label = made.choice(("Rechnung Nr.: ", "Bon-Nr.: ", "Beleg-Nr. "))
    y = _row(canvas, y + 10, label + fields["invoice_number"], "EUR")
    y, total = _sold(canvas, y, made, _GERMAN, made.choice((" A", " B")))
    rate = made.choice((7, 19))
    net = round(total * 100 / (100 + rate))
    fields["total_amount"], fields["tax_amount"] = made_up.money(total), made_up.money(total - net)
    fields["amount_without_tax"] = made_up.money(net)
    y = _row(canvas, y + 10, made.choice(("SUMME", "Summe EUR", "GESAMTBETRAG", "zu zahlen")), _comma(total), 32)
    y = _paid(canvas, y, total, made.choice(("Bar", "Gegeben Bar")), "Rückgeld")
    if made.random() < 0.5:
        table = ("MwSt", "Netto", "Steuer", "Brutto"), (f"A {rate},0%", _comma(net), _comma(total - net), _comma(total))
        for row in table:
            y += _ROW
            for x, text in zip((240, 400, 550, 720), row, strict=True):
                canvas.put(x, y, text, 25, latin=True, anchor="ra")
    else:
        y = _row(canvas, _row(canvas, y, "Netto", _comma(net)), f"MwSt {rate}%", _comma(total - net))
    shown = made.choice((f"Datum: {day:%d.%m.%Y}", f"{day:%d.%m.%y}"))
    _row(canvas, y + 50, f"{shown}   {made.randint(7, 21):02}:{made.randint(0, 59):02} Uhr", size=26)
    return canvas.paper("receipt")


def _bill(made: random.Random, texts: dict[str, tuple[str, ...]], rate: int) -> Paper:
    """Draw an invoice on a sheet; `texts` are its words, the first of each that stand in several ways by chance."""
    canvas = Canvas(1240, 1754)
    fields, day = canvas.fields, made_up.day(made, 2016)
    fields.update({
        "seller_name": made.choice(texts["sellers"]), "invoice_number": made_up.digits(made, 5),
        "invoice_date": day.isoformat(),
    })  # fmt: skip
    for at, text in enumerate((fields["seller_name"], *texts["address"])):
        canvas.put(700, 90 + 38 * at, text, 28, latin=True)
    for at, text in enumerate(texts["buyer"]):
        canvas.put(110, 300 + 38 * at, text, 28, latin=True)
    for at, (name, value) in enumerate((("number", fields["invoice_number"]), ("date", f"{day:{texts['day'][0]}}"))):
        canvas.put(700, 460 + 40 * at, f"{made.choice(texts[name])} {value}", 26, latin=True)
    y, net = 740, 0
    rows: list[tuple[str, ...]] = [texts["heads"]]
    for item in made.sample(texts["items"], made.randint(1, len(texts["items"]))):
        quantity, price = made.randint(1, 12), made.randint(500, 40000)
        net += quantity * price
        rows.append((item, str(quantity), _comma(price), _comma(quantity * price)))
        canvas.items.append({
            "item_name": item, "item_quantity": str(quantity), "item_unit_price": made_up.money(price),
            "item_amount": f"{quantity * price / 100:,.2f}",
        })  # fmt: skip
    for row in rows:
        for x, text, anchor in zip((110, 720, 920, 1130), row, ("la", "ra", "ra", "ra"), strict=True):
            canvas.put(x, y, text, 26, latin=True, anchor=anchor)
        y += 46
    tax = round(net * rate / 100)
    for name, cents in (("amount_without_tax", net), ("tax_amount", tax), ("total_amount", net + tax)):
        y += 46
        fields[name] = f"{cents / 100:,.2f}"
        canvas.put(700, y, made.choice(texts[name]).format(rate), 26, latin=True)
        canvas.put(1130, y, _comma(cents) + texts["sign"][0], 26, latin=True, anchor="ra")
    return canvas.paper("receipt")


def rechnung(made: random.Random) -> Paper:
    texts = {
        "sellers": ("Malerbetrieb Weber GmbH", "Schreiner & Sohn OHG", "Gartenbau Krause e.K."), "day": ("%d.%m.%Y",),
        "address": ("Lindenweg 4", "30159 Hannover"), "buyer": ("Frau Erika Sommer", "Ringstraße 12", "20095 Hamburg"),
        "number": ("Rechnungsnummer:", "Rechnung Nr.:", "Rechnungs-Nr."), "date": ("Rechnungsdatum:", "Datum:"),
        "heads": ("Bezeichnung", "Menge", "Einzelpreis", "Gesamt"), "items": ("Arbeitszeit", "Material", "Anfahrt"),
        "amount_without_tax": ("Nettobetrag", "Summe netto", "Zwischensumme", "Netto"), "sign": (" €",),
        "tax_amount": ("zzgl. {}% MwSt.", "Umsatzsteuer {} %", "{}% USt."),
        "total_amount": ("Gesamtbetrag", "Rechnungsbetrag", "Summe brutto", "Endbetrag"),
    }  # fmt: skip
    return _bill(made, texts, made.choice((7, 19)))


def fattura(made: random.Random) -> Paper:
    texts = {
        "sellers": ("Officine Verdi S.r.l.", "Studio Bianchi & C. S.a.s.", "EDIL NORD SPA"), "day": ("%d/%m/%Y",),
        "address": ("Via Mazzini 7", "40121 Bologna (BO)", "P.IVA 00000000000"),
        "buyer": ("Spett.le", "Alfa Costruzioni Srl", "Corso Italia 21"), "number": ("FATTURA N.", "Fattura n.:"),
        "date": ("Data:", "del"), "heads": ("Descrizione", "Q.tà", "Prezzo", "Importo"), "sign": ("",),
        "items": ("Manodopera", "Trasporto", "Ricambi"), "amount_without_tax": ("Imponibile", "Totale imponibile"),
        "tax_amount": ("IVA {}%", "Totale IVA", "I.V.A. {} %"),
        "total_amount": ("Totale fattura", "TOTALE DOCUMENTO", "Totale da pagare", "TOTALE", "Netto a pagare"),
    }  # fmt: skip
    return _bill(made, texts, made.choice((4, 10, 22)))


KINDS = {
    "receipt-italian": scontrino, "receipt-german": kassenbon, "receipt-rechnung": rechnung, "receipt-fattura": fattura,
}  # fmt: skip
