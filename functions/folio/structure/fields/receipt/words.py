"""What stands beside the values of receipts and invoices, in each language that is told from a page's own words."""

import re

from msgspec import Struct

_T = r"\bT\s?O\s?T\s?A\s?L"  # widely set letters are read as words of their own
_NUMBER_SIGN = r"\.?\s?(?:N(?:[°ºR]|RO?|UM|[ÚU]M(?:ERO)?|UMMER|O)?\b|[#°º])\s?[.:°º#]*\s*"
_ID = r"((?=[A-Z0-9/-]*\d)[A-Z0-9][A-Z0-9/-]*)"


class Words(Struct, frozen=True):
    """Patterns of one language, for text in capitals; the first group of `number` is the number.

    `totals` are the names of a total, surest first; `not_*` tell rows that are about something else.
    """

    totals: tuple[str, ...]
    not_a_total: str
    tax: str
    not_a_tax: str
    included_tax: str  # of what stands on no row with a tax that is part of the total
    subtotal: str
    net: str
    paid: str
    change: str
    number: str
    date: str
    months: tuple[str, ...]
    company: str
    not_a_seller: str
    buyer: str
    end: str = "(?!)"  # of the items, beside the English words
    is_day_first: bool = False


ENGLISH = Words(
    totals=(
        rf"{_T}\s?(?:ROUNDED|AFTER)|\bROUND(?:ED|D)?\s?{_T}",
        rf"\bGRAND\s?{_T}|\bNETT?\s?{_T}|{_T}\s?(?:DUE|PAYABLE)|\b(?:AMOUNT|BALANCE)\s?DUE|\bAMOUNT\s?PAYABLE"
        r"|\bNETT?\s?(?:AMT|AMOUNT)",
        rf"{_T}\s?(?:SALES?)?\s?\(?\s?(?:INC|INCL|INCLUSIVE)|{_T}\s?\(?(?:RM|USD|\$|£|€)\)?|{_T}\s?(?:AMOUNT|AMT|SALES)",
        rf"{_T}\b|{_T}(?=[\d:(RM])",
    ),
    not_a_total=rf"SUB\s?-?\s?TOTAL|{_T}\s?(?:QTY|QUANTITY|ITEM|DISC|SAVING|GST|TAX|VAT|POINT|NO\b|PCS)"
    rf"|(?:TAX|GST|VAT|EXCL|EXCLUDING|EXCLUSIVE)\b.{{0,12}}{_T}|{_T}.{{0,14}}(?:EXCL|EXCLUD|BEFORE)|DISCOUNT|CHANGE"
    r"|\d\s?%\s?(?:TIP|GRATUITY)\b",
    tax=r"\b(?:TOTAL\s?)?(?:GST|VAT|SALES TAX|TAX|SST|SERVICE TAX)\b",
    not_a_tax=r"INVOICE|\bID\b|\bNO\b|REG|\bINC|EXCL|SUMMARY|CODE|TAXABLE|TOTAL AMOUNT|SUB",
    included_tax=r"\bTOTAL|\bID\b|\bNO\b|REG|INVOICE|PRICE|ITEM",
    subtotal=r"SUB\s?-?\s?TOTAL|TOTAL.{0,14}(?:EXCL|EXCLUD|BEFORE)|TAXABLE\s?AM",
    net=r"(?:^|(?<=\t))NET(?=[\s:]*[\t\d$£€-])",
    paid=r"\bCASH\b|\bTENDER|\bPAID\b|\bPAYMENT\b|\bVISA\b|\bMASTER",
    change=r"\bCHANGE\b",
    number=r"(?:INVOICE|INV|RECEIPT|BILL|RCPT|DOC)\.?\s?(?:NO|NUMBER|NUM|#|ID)?\s?[.:#]*\s*"
    r"((?=[A-Z0-9/-]*\d)[A-Z0-9][A-Z0-9/-]{3,})",
    date=r"(?:[A-Z]+ )?DATE|ISSUED",
    months=("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
    company=r"\b(?:SDN\.? ?BHD|BHD|S/B|LTD|LIMITED|LLC|INC|CORP|PLT|PTE|GMBH|ENTERPRISE|TRADING|RESTAURANT|RESTORAN"
    r"|STORES?|MART|CAFE|BAKERY|PHARMACY|SHOP|MARKET|HOTEL|COMPANY|CO\.)(?![A-Z])",
    not_a_seller=r"\b(?:INVOICE|RECEIPT|TEL|PHONE|FAX|GST|VAT|DATE|TIME|TAX|CASH|WELCOME|THANK|JALAN|STREET|ROAD|TABLE"
    r"|NO[.:]|LOT|COPY|REG|DESCRIPTION|QTY|AMOUNT)\b|WWW|@|\d{5}|^\W*\d",
    buyer=r"\b(?:BILL(?:ED)?|INVOICED?|SHIP(?:PED)?|SOLD|DELIVER(?:ED)?)\s?TO\b|\b(?:CUSTOMER|CLIENT|BUYER)\b",
)  # fmt: skip
_GERMAN_TAX = r"(?:MWST|MEHRWERTSTEUER|UST|UMSATZSTEUER|STEUER)\b"
_GERMAN = Words(
    totals=(
        r"\b(?:GESAMT|RECHNUNGS|BRUTTO|END|ZAHL)\s?-?(?:BETRAG|SUMME|PREIS)|\bZU\s?ZAHLEN"
        r"|\b(?:SUMME|GESAMT|TOTAL)\s?(?:BRUTTO|EUR|€|INKL)",
        r"\b(?:SUMME|GESAMT|TOTAL)\b", r"\b(?:BRUTTO|BETRAG)\b",
    ),
    not_a_total=rf"ZWISCHENSUMME|NETTO|(?<!INKL\. )(?<!INKL )(?<!INKL\.)\b{_GERMAN_TAX}|RABATT|R(?:Ü|UE|U)CKGELD"
    "|ERSPARNIS|PUNKTE|ARTIKEL|ANZAHL",
    tax=rf"\b{_GERMAN_TAX}",
    not_a_tax=r"\bID|IDNR|\bNR\b|NUMMER|INKL|EXKL|SUMME|BETRAG|BRUTTO|NETTO",
    included_tax=r"\bID|IDNR|\bNR\b|NUMMER|SUMME|BETRAG",
    subtotal=r"\bNETTO-?(?:BETRAG|SUMME|WERT)\b|\bSUMME\s?NETTO|\bZWISCHENSUMME",
    net=r"\bNETTO\b",
    paid=r"\bBAR(?:ZAHLUNG|GELD)?\b|\bGEGEBEN|\bEC\b|GIROCARD|KARTENZAHLUNG|\bBEZAHLT",
    change=r"R(?:Ü|UE|U)CKGELD|WECHSELGELD|\bZUR(?:Ü|UE|U)CK\b",
    number=rf"(?:RECHNUNG|BELEG|BON|QUITTUNG)S?\s?-?{_NUMBER_SIGN}{_ID}",
    date=r"[A-Z]*DATUM",
    months=("JAN", "FEB", "M[ÄA]R", "APR", "MAI", "JUN", "JUL", "AUG", "SEP", "OKT", "NOV", "DEZ"),
    company=r"\b(?:GMBH|E\.\s?K|OHG|UG|KG|AG|GBR|INH)(?![A-Z])|(?:B[ÄA]CKEREI|GASTHAUS|MARKT|CAF[ÉE]|RESTAURANT|HOTEL"
    "|APOTHEKE|METZGEREI|GASTST[ÄA]TTE|HANDLUNG)",
    not_a_seller=r"STRA(?:SS|ß|SZ)E|STR\.|\bTEL|\bFAX|UST|RECHNUNG|QUITTUNG|\bBON\b|DATUM|KUNDE|\bFRAU\b|\bHERR\b|WEG\b"
    r"|PLATZ\b|WILLKOMMEN|WWW|@|\d{5}|^\W*\d",
    buyer=r"RECHNUNGSEMPF|\bKUNDE\b|RECHNUNG\s?AN\b|LIEFERADRESSE|\bFRAU\b|\bHERRN?\b",
    end=rf"SUMME|GESAMT|ZU\s?ZAHLEN|NETTO|{_GERMAN_TAX}|\bBAR\b|R(?:Ü|UE|U)CKGELD|\bEC\b|GIROCARD|KARTE|BETRAG",
    is_day_first=True,
)  # fmt: skip
_ITALIAN_TAX = r"(?<!P\.)(?<!P)(?<!P\. )\bI\.?V\.?A\b\.?|\bIMPOSTA\b"
_ITALIAN = Words(
    totals=(
        r"\bTOTALE\s?(?:COMPLESSIVO|DOCUMENTO|FATTURA|(?:DA|A)\s?PAGARE|GENERALE|DOVUTO|EURO?\b|€)"
        r"|\bNETTO\s?(?:A|DA)\s?PAGARE|\bIMPORTO\s?TOTALE",
        r"\bTOTALE\b|\bTOT\b", r"\bIMPORTO\s?PAGATO",
    ),
    not_a_total=r"SUB\s?-?TOTALE|TOTALE\s?(?:IMPONIBILE|I\.?V\.?A|IMPOST|SCONT|PEZZI|ARTICOLI|PUNTI|MERCE|PARZIALE|NETTO)"
    "|RESTO|SCONTO",
    tax=rf"(?:TOTALE\s?|DI\s?CUI\s?)?(?:{_ITALIAN_TAX})",
    not_a_tax=r"PARTITA|IMPONIBILE|\bCOD|\bREG|INCL|COMPR",
    included_tax=r"PARTITA|\bCOD|\bREG|PREZZO|TOTALE\s?(?:COMP|DOC|FATT)",
    subtotal=r"(?:TOTALE\s?)?\bIMPONIBILE|\bTOTALE\s?(?:NETTO|MERCE)",
    net="(?!)",
    paid=r"\bCONTANT[EI]|\bPAGAMENTO|\bPAGATO|\bBANCOMAT|\bCARTA\b",
    change=r"\bRESTO\b",
    number=rf"(?:DOCUMENTO|DOC|FATTURA|SCONTRINO|RICEVUTA)(?:\s?(?:FISCALE|COMMERCIALE))?{_NUMBER_SIGN}{_ID}",
    date=r"\bDATA\b|\bDEL\b",
    months=("GEN", "FEB", "MAR", "APR", "MAG", "GIU", "LUG", "AGO", "SET", "OTT", "NOV", "DIC"),
    company=r"\b(?:S\.?\s?R\.?\s?L|S\.?\s?N\.?\s?C|S\.?\s?P\.?\s?A|S\.?\s?A\.?\s?S)\b|\b(?:BAR|TRATTORIA|RISTORANTE"
    "|PIZZERIA|SUPERMERCATO|PANIFICIO|FARMACIA|OSTERIA|GELATERIA|MACELLERIA|TABACCHERIA)\\b",
    not_a_seller=r"I\.?V\.?A\b|\bVIA\b|PIAZZA|\bCORSO\b|\bVIALE\b|\bTEL|DOCUMENTO|VENDITA|SCONTRINO|FATTURA|RICEVUTA|SPETT"
    r"|\bDATA\b|\bCASSA\b|BENVENUT|WWW|@|\d{5}|^\W*\d",
    buyer=r"\bSPETT|\bCLIENTE\b|DESTINATARIO|INTESTATARIO",
    end=r"TOTALE|IMPONIBILE|\bIVA\b|CONTANT|RESTO|SCONTO|PAGA|IMPORTO",
    is_day_first=True,
)  # fmt: skip
_FRENCH = Words(
    totals=(
        r"\bTOTAL\s?(?:T\.?T\.?C|[AÀ]\s?PAYER|GENERAL)|\bNET\s?[AÀ]\s?PAYER|\bMONTANT\s?(?:T\.?T\.?C|TOTAL|D[UÛ])",
        r"\bTOTAL\b",
    ),
    not_a_total=r"SOUS\s?-?\s?TOTAL|\bH\.?\s?T\b|TOTAL\s?(?:TVA|T\.V\.A|ARTICLE|REMISE|DES\sREMISES)|RENDU|REMISE",
    tax=r"\b(?:TOTAL\s?|MONTANT\s?|DONT\s?)?T\.?\s?V\.?\s?A\b",
    not_a_tax=r"INTRA|N[°º]|\bHT\b.*\bTTC\b|INCLUS",
    included_tax=r"INTRA|N[°º]|TTC",
    subtotal=r"\b(?:TOTAL|MONTANT|NET|BASE)?\s?H\.?\s?T\b|SOUS\s?-?\s?TOTAL",
    net="(?!)",
    paid=r"ESP[EÈ]CES|\bCARTE\b|\bCB\b|R[EÉ]GLEMENT|\bPAY[EÉ]\b",
    change=r"\bRENDU|\bMONNAIE\b",
    number=rf"(?:FACTURE|TICKET|RE[CÇ]U|NOTE){_NUMBER_SIGN}{_ID}",
    date=r"\bDATE\b|\bLE\b",
    months=("JANV?", "F[ÉE]V", "MARS?", "AVR", "MAI", "JUIN", "JUIL", "AO[UÛ]", "SEP", "OCT", "NOV", "D[ÉE]C"),
    company=r"\b(?:S\.?A\.?R\.?L|S\.?A\.?S|E\.?U\.?R\.?L|SA)\b|\b(?:BOULANGERIE|RESTAURANT|BRASSERIE|PHARMACIE|CAF[ÉE]|H[ÔO]TEL"
    "|SUPERMARCH[ÉE]|BISTROT)\\b",
    not_a_seller=r"\bT\.?V\.?A|\bRUE\b|AVENUE|\bPLACE\b|\bT[ÉE]L|FACTURE|TICKET|SIRET|\bDATE\b|BIENVENUE|CLIENT|WWW|@|\d{5}"
    r"|^\W*\d",
    buyer=r"\bCLIENT\b|FACTUR[ÉE]\s?[ÀA]|DESTINATAIRE|LIVR[ÉE]\s?[ÀA]",
    end=r"TOTAL|\bTVA\b|RENDU|ESP[EÈ]CES|\bCB\b|CARTE|PAYER|REMISE",
    is_day_first=True,
)  # fmt: skip
_SPANISH = Words(
    totals=(r"\bTOTAL\s?(?:A\s?PAGAR|FACTURA|EUR(?:OS?)?\b|€|\(?I\.?V\.?A\.?\s?INCL)|\bIMPORTE\s?TOTAL", r"\bTOTAL\b"),
    not_a_total=r"SUB\s?-?\s?TOTAL|TOTAL\s?(?:I\.?V\.?A\.?(?!\s?INCL)|BASE|NETO|ART|DESC|CUOTA)|CAMBIO|DESCUENTO",
    tax=r"\b(?:CUOTA\s?|TOTAL\s?)?I\.?V\.?A\b",
    not_a_tax=r"\bN\.?I\.?F|INCL|BASE|IMPONIBLE",
    included_tax=r"\bN\.?I\.?F|TOTAL",
    subtotal=r"\bBASE(?:\s?IMPONIBLE)?\b|SUB\s?-?\s?TOTAL|\bTOTAL\s?NETO|\bNETO\b",
    net="(?!)",
    paid=r"\bEFECTIVO|\bENTREGADO|\bTARJETA",
    change=r"\bCAMBIO\b|DEVOLUCI|\bDEVUELTO",
    number=rf"(?:FACTURA|TICKET|TIQUE|RECIBO)(?:\s?SIMPLIFICADA)?{_NUMBER_SIGN}{_ID}",
    date=r"\bFECHA\b",
    months=("ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SEP", "OCT", "NOV", "DIC"),
    company=r"\b(?:S\.?\s?L\.?\s?U?|S\.?\s?A|S\.?\s?COOP|C\.?B)\.?(?![A-Z.])|\b(?:BAR|RESTAURANTE|SUPERMERCADO|FARMACIA|CAFETER[IÍ]A"
    "|PANADER[IÍ]A|HOTEL|TIENDA)\\b",
    not_a_seller=r"\b[CN]\.?I\.?F|\bCALLE\b|\bC/|AVDA|PLAZA|\bT[EÉ]L|FACTURA|TICKET|FECHA|CLIENTE|BIENVENID|WWW|@|\d{5}|^\W*\d",
    buyer=r"\bCLIENTE\b|FACTURAR\s?A|DESTINATARIO",
    end=r"TOTAL|\bIVA\b|CAMBIO|EFECTIVO|TARJETA|ENTREGADO|\bBASE\b",
    is_day_first=True,
)  # fmt: skip
# What tells a language, in a text in capitals without white space: so many of its words, and more than of any other.
_MIN_TELLS = 3
_LANGUAGES = (
    (
        r"SUMME|GESAMT|ZUZAHLEN|MWST|UST-?ID|RECHNUNG|NETTO|BRUTTO|R(?:Ü|UE|U)CKGELD|GEGEBEN|DATUM|BELEG|QUITTUNG|DANK"
        r"|STEUER|KARTENZAHLUNG|BETRAG|TISCH|BEDIEN|MENGE|EINZELPREIS|\d{2}UHR|ZAHLBAR|STRA(?:SS|ß)E|GMBH",
        _GERMAN,
    ),
    (
        r"TOTALE|DOCUMENTO|P\.?IVA|DICUIIVA|CONTANT[EI]|RESTO(?!R)|SCONTRINO|FATTURA|RICEVUTA|IMPONIBILE|IMPORTO|PAGAMENTO"
        r"|DESCRIZIONE|GRAZIE|PREZZO|EURO\b|SPETT|QUANTIT|S\.R\.L",
        _ITALIAN,
    ),
    (
        r"FACTURE|TVA|TTC|MONTANT|RENDU|ESP[EÈ]CES|MERCI|[AÀ]PAYER|SIRET|TOTALHT|D[ÉE]SIGNATION|PRIXUNIT|QT[ÉE]|R[EÉ]GLEMENT",
        _FRENCH,
    ),
    (
        r"FACTURA|I\.?V\.?A\.?(?!T)|CAMBIO|EFECTIVO|IMPORTE|FECHA|BASEIMPONIBLE|[CN]\.?I\.?F|GRACIAS|TARJETA|CUOTA|ENTREGADO"
        r"|PRECIO|CANTIDAD|DESCRIPCI",
        _SPANISH,
    ),
)  # fmt: skip


def capitals(text: str) -> str:
    """Return a text in capitals, character by character: it stays as long as it is, where ß would become two."""
    return "".join(one if len(one.upper()) > 1 else one.upper() for one in text)


def words_of(text: str) -> Words:
    """Return the words of a page's language; English if none of the others is told by a text without white space."""
    upper = capitals(text)
    counts = [(len(set(re.findall(tells, upper))), words) for tells, words in _LANGUAGES]
    count, words = max(counts, key=lambda one: one[0])
    return words if count >= _MIN_TELLS else ENGLISH


def has_total(text: str, words: Words) -> bool:
    """Return whether a total stands beside an amount; `text` is in capitals and without white space."""
    names = "|".join(words.totals).replace(r"\b", "").replace(r"\s?", "")
    row = rf"(?:{names})[^\d\n]{{0,16}}\d[\d.,]*[.,]\d\d(?:EUR|€|[A-C])?$"
    return re.search(row, text, re.MULTILINE) is not None
