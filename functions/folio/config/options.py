"""The options of a document, each declared once: name, type, default, range or choices, and help in two languages.

`folio.options` makes of this table what is checked, asked and documented: the parser, the settings of the same names,
the command line, OpenAPI, the template's pattern, the form of the web page, and docs/tables.md.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Struct

from folio.config.declare import option
from folio.config.metadata import decoded
from folio.models import Mode, Output

type Frames = Literal["first", "all"]
type Ocr = Literal["auto", "always", "never"]
type Recipe = Literal["auto", "none", "classic", "scan", "photo", "receipt"]
type Codes = Literal["auto", "never"]
type Split = Literal["none", "barcode", "blank"]
type Redact = Literal["id_number", "bank_card", "phone", "email"]
type CardSide = Literal["auto", "front", "back"]
# Tesseract's page segmentation modes, without those that only look at orientation and read nothing.
type Psm = Literal["", "1", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13"]

# The type of an option says how it is written: a `Literal` is one of its values, a tuple of them several joined by
# commas, an int a whole number, a float a decimal one; and these have a syntax of their own.
type ProviderChain = tuple[str, ...]  # names of providers joined by commas
type Languages = tuple[str, ...]  # Tesseract's names joined by + or commas
type PageRanges = str  # 1-3,7,9-; empty: all pages
type FileName = str  # of an attached document
type Switches = tuple[tuple[str, str], ...]  # options of single services, name and value

# The provider and the language of those who leave it to Folio; found page by page.
AUTO = "auto"

# Modes that ask for text, which a PDF's own text layer may have.
TEXT_MODES = ("general", "accurate")
# Papers whose fields are found from their words, whoever has read these; auto finds out which paper it is.
PAPER_MODES: tuple[Mode, ...] = (
    "invoice", "id_card", "bank_card", "receipt", "train_ticket", "business_license", "form", "auto",
)  # fmt: skip
FREE = (AUTO, "ppocr", "tesseract")  # providers that cost nothing

METADATA = "folio-"  # what the names of options begin with in an object's metadata


class Options(Struct, frozen=True, kw_only=True):
    """What may differ from document to document, checked; what decides about a result goes into its fingerprint."""

    providers: Annotated[
        ProviderChain,
        option(
            "Who reads, in the order in which they are asked: each where those before it cannot. Metadata and callers"
            " of the API choose a paid one only where FOLIO_PROVIDERS or FOLIO_CALLER_PROVIDERS names it.",
            "由谁识别，按询问的顺序：前一个读不了时才问下一个。元数据和 API 调用者只能选用 FOLIO_PROVIDERS 或"
            " FOLIO_CALLER_PROVIDERS 中列出的付费服务商。",
            example="auto,baidu",
        ),
    ] = (AUTO,)
    mode: Annotated[
        Mode,
        option(
            "What is read.",
            "识别什么内容。",
            labels={
                "general": ("text", "文字"),
                "accurate": ("text, more exactly", "文字（高精度）"),
                "handwriting": ("handwriting", "手写文字"),
                "table": ("table", "表格"),
                "id_card": ("ID card", "身份证"),
                "bank_card": ("bank card", "银行卡"),
                "invoice": ("VAT invoice", "增值税发票"),
                "receipt": ("receipt or invoice in a Western European language", "英、德、法、意、西文小票或发票"),
                "train_ticket": ("train ticket", "火车票"),
                "business_license": ("business license", "营业执照"),
                "form": ("form: questions and answers", "表单（问与答）"),
                "auto": ("paper of any of these kinds, with its fields", "自动判断票证种类并提取字段"),
            },
        ),
    ] = "general"
    languages: Annotated[
        Languages,
        option(
            "Languages of the text, by Tesseract's names for every provider; auto finds them page by page. For Chinese"
            " or Japanese written downwards chi_sim_vert, chi_tra_vert or jpn_vert alone.",
            "文字的语言，对所有服务商都用 Tesseract 的名字；auto 逐页自动判断；竖排的中文或日文单用 chi_sim_vert、"
            "chi_tra_vert 等。",
            example="eng+chi_sim",
        ),
    ] = (AUTO,)
    pages: Annotated[
        PageRanges,
        option(
            "Which pages are read; all, if it is left out.", "识别哪些页；不写则全部。", example="1-3,7", setting=False
        ),
    ] = ""
    attachment: Annotated[
        FileName,
        option(
            "Which document attached to a PDF (in a portfolio too) is read instead of it: its name, or # and its number"
            " among them.",
            "改读 PDF（包括文件夹 PDF）所附的哪个文档：写它的文件名，或 # 加序号。",
            example="#1",
            setting=False,
        ),
    ] = ""
    frames: Annotated[
        Frames,
        option(
            "Which frames of a moving picture (GIF, WebP, AVIF, HEIC) are pages.",
            "动图（GIF、WebP、AVIF、HEIC）的哪些帧算作页。",
            labels={"first": ("the first", "第一帧"), "all": ("all", "全部")},
            setting=False,
        ),
    ] = "first"
    recipe: Annotated[
        Recipe,
        option(
            "How pages are prepared before they are read.",
            "识别前如何处理页面。",
            labels={
                "auto": ("what the page needs", "按页面需要"),
                "none": ("nothing", "不处理"),
                "classic": ("blur and Otsu's threshold", "模糊加大津阈值"),
                "scan": ("for stained or faded black and white", "适合有污渍或褪色的黑白件"),
                "photo": ("for hard shadows or little contrast", "适合阴影很硬或对比很弱的照片"),
                "receipt": ("for till receipts, read as one column", "适合购物小票，按单栏读"),
            },
        ),
    ] = "auto"
    dpi: Annotated[
        int,
        option(
            "Resolution at which pages of a PDF are drawn.", "把 PDF 页面绘成图像的分辨率。", at_least=50, at_most=1200
        ),
    ] = 300
    ocr: Annotated[
        Ocr,
        option(
            "Whether a PDF's own text is taken instead of recognizing its pages.",
            "是否直接取用 PDF 自带的文本层。",
            labels={
                "auto": ("pages are recognized where their own text cannot be trusted", "自带的文本不可信的页才识别"),
                "always": ("all pages are recognized", "每页都识别"),
                "never": (
                    "no page is recognized, its own text is taken as it is",
                    "从不识别，只取自带的文本，原样给出",
                ),
            },
        ),
    ] = "auto"
    codes: Annotated[
        Codes,
        option(
            "Whether barcodes and QR codes are read.",
            "是否读取条形码和二维码。",
            labels={
                "auto": ("on every page that shows more than its own text", "凡是除自带文本外还有内容的页都读"),
                "never": ("never", "从不读取"),
            },
        ),
    ] = "auto"
    split: Annotated[
        Split,
        option(
            "Where a batch scan is split into documents, with a result for each in the folder KEY.ocr/.",
            "批量扫描件在何处拆分成多个文档，每个文档的结果放在文件夹 KEY.ocr/ 里。",
            labels={
                "none": ("nowhere", "不拆分"),
                "barcode": (
                    "at separator sheets: pages with a barcode or QR code and hardly anything else",
                    "在分隔页处：只有条形码或二维码、几乎没有别的内容的页",
                ),
                "blank": ("at blank pages", "在空白页处"),
            },
        ),
    ] = "none"
    redact: Annotated[
        tuple[Redact, ...],
        option(
            "What is masked wherever it is read: in the result, in every output, and in the pixels of the searchable"
            " PDF, whose pages are pictures then. The source stays as it is.",
            "识别后在哪些内容上打码：结果、各种输出及可搜索 PDF 的像素（其页面随之变为图像）都会遮盖；源文件不变。",
            labels={
                "id_number": ("identity numbers (China)", "身份证号"),
                "bank_card": ("numbers of bank cards", "银行卡号"),
                "phone": ("telephone numbers", "电话号码"),
                "email": ("e-mail addresses", "电子邮箱"),
            },
        ),
    ] = ()
    psm: Annotated[
        Psm,
        option(
            "Tesseract's page segmentation mode; left out, what the recipe likes.",
            "Tesseract 的页面分割模式；不写则由 recipe 决定。",
            setting=False,
        ),
    ] = ""
    second_pass: Annotated[
        float,
        option(
            "With Tesseract, how many characters of a page may be read again: 1 is as many as there are, 0 none; not"
            " for the recipes none and classic.",
            "用 Tesseract 时，一页可以再读多少字：1 为全页的字数，0 为不再读；recipe 为 none 或 classic 时从不再读。",
            at_least=0,
            at_most=9,
        ),
    ] = 2.0
    outputs: Annotated[
        tuple[Output, ...],
        option(
            "Files beside the JSON, in the folder KEY.ocr/.",
            "JSON 之外的文件，放在文件夹 KEY.ocr/ 里。",
            labels={
                "text": ("Plain text", "纯文本"),
                "hocr": ("hOCR", "hOCR"),
                "alto": ("ALTO XML", "ALTO XML"),
                "markdown": ("Markdown", "Markdown"),
                "html": ("HTML", "HTML"),
                "docx": ("Word (.docx)", "Word（.docx）"),
                "chunks": ("Chunks for retrieval (JSON lines)", "检索用的文本块（JSON Lines）"),
                "textract": ("Amazon Textract's JSON", "Amazon Textract 的 JSON"),
                "csv": ("Tables as CSV", "表格（CSV）"),
                "xlsx": ("Tables as Excel workbook", "表格（Excel）"),
                "pdf": ("Searchable PDF", "可搜索的 PDF"),
                "pdfa": ("Searchable PDF/A-2b", "可搜索的 PDF/A-2b"),
            },
        ),
    ] = ()
    min_confidence: Annotated[
        float,
        option(
            "Below this confidence the next provider is asked too.",
            "置信度低于它时也问下一个服务商。",
            at_least=0,
            at_most=1,
        ),
    ] = 0.0
    max_calls: Annotated[
        int,
        option(
            "Paid calls for one document at most; metadata and callers of the API may lower the installation's number,"
            " not raise it.",
            "一个文档最多的付费调用次数；元数据和 API 调用者只能调低本安装的数值，不能调高。",
            at_least=0,
            at_most=999_999,
            ceiling=True,
        ),
    ] = 1000
    id_card_side: Annotated[
        CardSide,
        option(
            "Which side of an ID card it is.",
            "身份证的哪一面。",
            labels={
                "auto": ("whichever it is", "自动判断"),
                "front": ("the side with the portrait", "人像面"),
                "back": ("the side with the emblem", "国徽面"),
            },
            setting=False,
        ),
    ] = "auto"
    switches: Switches = ()


def takes_text_layers(options: Options) -> bool:
    """Return whether a PDF's own text can be what is asked for: text, or fields that are found from it.

    A paid provider that is asked first gives fields of its own.
    """
    return options.mode in TEXT_MODES or (options.mode in PAPER_MODES and options.providers[0] in FREE)


def metadata_options(metadata: Mapping[str, str]) -> dict[str, str]:
    """Return the options among an object's user metadata: `x-amz-meta-folio-languages` is `languages`."""
    return {name[len(METADATA) :]: decoded(value) for name, value in metadata.items() if name.startswith(METADATA)}
