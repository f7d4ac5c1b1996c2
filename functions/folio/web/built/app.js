/* Written by `make generate` from the files in the folder above. */

const $address = (() => {
/** The address of a job, and of its review: #/jobs/ID and #/jobs/ID/review. A fragment is sent to nobody. */

const PATTERN = /^#\/jobs\/([A-Za-z0-9_-]{32})(\/review)?$/;

/** {id, review} of the address now, or null. */
function addressed() {
  const match = PATTERN.exec(location.hash);
  return match ? { id: match[1], review: Boolean(match[2]) } : null;
}

const addressOf = (id, review = false) => `#/jobs/${id}${review ? "/review" : ""}`;

/** Show another address, without going there. */
function readdress(id, review = false) {
  const wanted = id ? addressOf(id, review) : location.pathname + location.search;
  if (id ? location.hash !== wanted : location.hash) window.history.pushState(null, "", wanted);
}
return { addressed, addressOf, readdress };
})();

const $dom = (() => {
/** Finding and making elements. Text is always text: nothing here, or elsewhere on the page, reads a string as HTML. */

const $ = (id) => document.getElementById(id);

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes (null: left out) and children, which are elements or texts. */
const make = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);

const shape = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Focus for the keyboard and the screen reader after what they were on has gone. */
function moveTo(element) {
  element.focus({ preventScroll: true });
  window.scrollTo({ top: 0, behavior: "instant" });
}

/** Waits; ends with an AbortError where the signal says so. */
function sleep(seconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, seconds * 1000);
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop, { once: true });
  });
}
return { $, make, shape, moveTo, sleep };
})();

const $errors = (() => {
/** The kinds of errors in Chinese: what went wrong, and what to do. In English the service tells it itself. */

const $default = {
  "bad-option": ["有一个选项的值无法识别。", "请更改选项后重试。"],
  "unknown-language": ["识别引擎没有所选语言的数据。", "请选择已安装的语言，或安装缺少的语言数据。"],
  "empty-document": ["文档是空的。", "请重新上传；收到的这一份没有内容。"],
  "unsupported-type": ["不支持这种文件。", "请转换为 PDF 或 docs/zh-CN/tables.md 中列出的其他类型。"],
  "password-protected": ["文档需要密码。", "请先去掉密码（例如用 qpdf --decrypt），再重新上传。"],
  "damaged-document": ["文档已损坏，没有一页能够读取。", "请用阅读器打开并重新保存，或重新扫描。"],
  "too-large": ["文档超过了上限。", "请拆分或压缩文档。"],
  "body-too-large": ["文档太大，一次调用放不下。", "请改为通过上传的方式提交。"],
  "bad-request": ["请求的格式不正确。", "请重新加载页面后重试。"],
  "review-changed": ["别人同时更正了这份文档。", "请在较新的更正上重新提交。"],
  "not-found": ["没有找到。", "任务只有提交者可以查看，并且只保留一段时间。"],
  "method-not-allowed": ["此地址不支持这种操作。", "请重新加载页面后重试。"],
  "not-acceptable": ["没有所要求的格式。", "请选择其他格式。"],
  "unauthorized": ["密钥缺失或无效。", "请使用有效的密钥。"],
  "idempotency-key-reused": ["这个请求编号已用于另一个请求。", "请重试。"],
  "document-type-mismatch": ["服务商认为这不是所选类型的证件或票据。", "请上传正确的文档（或证件的正确一面），或选择相应的识别内容。"],
  "call-budget-exceeded": ["需要的付费调用次数超过了上限。", "请减少页数、提高上限，或改用 Tesseract。"],
  "blurred-writing": ["这一页上的文字太模糊，无法识别。", "请重新拍摄或扫描这一页：对好焦、拿稳；字小时靠近一些。"],
  "unreadable-script": ["这里没有引擎认识这一页的文字。", "请为 Tesseract 安装这种语言的数据，或写明实际的语言。"],
  "page-unreadable": ["有一页无法读取。", "请用阅读器打开并重新保存，或重新扫描这一页。"],
  "image-refused": ["服务商不接受这一页的图像。", "请换一个识别引擎、降低分辨率，或重新扫描这一页。"],
  "source-changed": ["文档在识别期间被更换了。", "无需处理：新的文档会另行识别。"],
  "source-gone": ["文档已不在原处。", "请检查名称；它可能已被移动或删除。"],
  "unavailable": ["账号同时运行的函数已达上限（AWS Lambda 的并发），或者 API 配置有误。", "请稍后重试；如果一直这样，请告知服务的运营者。"],
  "store-unavailable": ["存储服务暂时不可用。", "请重试；如果一直这样，请告知服务的运营者。"],
  "engine-failed": ["识别引擎出错。", "请重试；如果一直这样，请告知服务的运营者。"],
  "engine-timeout": ["识别引擎超时。", "请重试；如果一直这样，请告知服务的运营者。"],
  "throttled": ["对服务商的调用过于频繁。", "请稍后重试。"],
  "busy": ["服务正忙。", "请稍后重试。"],
  "still-running": ["同样的请求正在处理中。", "请稍后重试。"],
  "stalled": ["任务长时间没有进展。", "请重新上传；如果再次失败，运营者可在死信队列和日志中查明原因。"],
  "request-timeout": ["请求没有及时传完。", "请在更快的网络上重试。"],
  "deadline-exceeded": ["处理时间用完了。", "请减少页数，或分成几个文档。"],
  "access-denied": ["服务没有权限访问存储。", "请告知服务的运营者。"],
  "name-too-long": ["文档的名称太长。", "请缩短名称后重新上传。"],
  "tool-missing": ["服务缺少所需的程序。", "请告知服务的运营者。"],
  "credentials-missing": ["没有配置这个服务商的密钥。", "请选择其他识别引擎，或告知服务的运营者。"],
  "provider-denied": ["服务商拒绝了访问。", "请告知服务的运营者。"],
  "quota-exhausted": ["服务商的额度已用完。", "请稍后再试，或选择其他识别引擎。"],
  "folio-error": ["服务出错了。", "请重试；如果一直这样，请告知服务的运营者。"]
};
return { $default };
})();

const $choices = (() => {
// Written by `make generate` from the options and the providers.
const PAID = ["baidu", "tencent", "aliyun"];
const OUTPUTS = ["pdfa", "pdf", "xlsx", "csv", "textract", "chunks", "docx", "html", "markdown", "alto", "hocr"];
const OPTIONS = [
  {"name": "pages", "values": [], "type": "string", "minimum": null, "maximum": null, "example": "1-3,7"},
  {"name": "attachment", "values": [], "type": "string", "minimum": null, "maximum": null, "example": "#1"},
  {"name": "frames", "values": ["first", "all"], "type": "string", "minimum": null, "maximum": null, "example": ""},
  {"name": "recipe", "values": ["auto", "none", "classic", "scan", "photo", "receipt"], "type": "string", "minimum": null, "maximum": null, "example": ""},
  {"name": "dpi", "values": [], "type": "integer", "minimum": 50, "maximum": 1200, "example": ""},
  {"name": "ocr", "values": ["auto", "always", "never"], "type": "string", "minimum": null, "maximum": null, "example": ""},
  {"name": "codes", "values": ["auto", "never"], "type": "string", "minimum": null, "maximum": null, "example": ""},
  {"name": "split", "values": ["none", "barcode", "blank"], "type": "string", "minimum": null, "maximum": null, "example": ""},
  {"name": "redact", "values": ["id_number", "bank_card", "phone", "email"], "type": "string", "minimum": null, "maximum": null, "example": ""},
  {"name": "psm", "values": ["1", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13"], "type": "string", "minimum": null, "maximum": null, "example": ""},
  {"name": "second_pass", "values": [], "type": "number", "minimum": 0, "maximum": 9, "example": ""},
  {"name": "min_confidence", "values": [], "type": "number", "minimum": 0, "maximum": 1, "example": ""},
  {"name": "max_calls", "values": [], "type": "integer", "minimum": 0, "maximum": 999999, "example": ""},
  {"name": "id_card_side", "values": ["auto", "front", "back"], "type": "string", "minimum": null, "maximum": null, "example": ""},
];
const ENGLISH = {
  "provider.auto": "PP-OCR, or Tesseract where that fits better",
  "provider.tesseract": "Tesseract",
  "provider.ppocr": "PP-OCR",
  "provider.baidu": "Baidu AI Cloud",
  "provider.tencent": "Tencent Cloud",
  "provider.aliyun": "Alibaba Cloud",
  "mode.general": "text",
  "mode.accurate": "text, more exactly",
  "mode.handwriting": "handwriting",
  "mode.table": "table",
  "mode.id_card": "ID card",
  "mode.bank_card": "bank card",
  "mode.invoice": "VAT invoice",
  "mode.receipt": "receipt or invoice in a Western European language",
  "mode.train_ticket": "train ticket",
  "mode.business_license": "business license",
  "mode.form": "form: questions and answers",
  "mode.auto": "paper of any of these kinds, with its fields",
  "option.pages": "Which pages are read; all, if it is left out.",
  "option.attachment": "Which document attached to a PDF (in a portfolio too) is read instead of it: its name, or # and its number among them.",
  "option.frames": "Which frames of a moving picture (GIF, WebP, AVIF, HEIC) are pages.",
  "value.frames.first": "the first",
  "value.frames.all": "all",
  "option.recipe": "How pages are prepared before they are read.",
  "value.recipe.auto": "what the page needs",
  "value.recipe.none": "nothing",
  "value.recipe.classic": "blur and Otsu's threshold",
  "value.recipe.scan": "for stained or faded black and white",
  "value.recipe.photo": "for hard shadows or little contrast",
  "value.recipe.receipt": "for till receipts, read as one column",
  "option.dpi": "Resolution at which pages of a PDF are drawn.",
  "option.ocr": "Whether a PDF's own text is taken instead of recognizing its pages.",
  "value.ocr.auto": "pages are recognized where their own text cannot be trusted",
  "value.ocr.always": "all pages are recognized",
  "value.ocr.never": "no page is recognized, its own text is taken as it is",
  "option.codes": "Whether barcodes and QR codes are read.",
  "value.codes.auto": "on every page that shows more than its own text",
  "value.codes.never": "never",
  "option.split": "Where a batch scan is split into documents, with a result for each in the folder KEY.ocr/.",
  "value.split.none": "nowhere",
  "value.split.barcode": "at separator sheets: pages with a barcode or QR code and hardly anything else",
  "value.split.blank": "at blank pages",
  "option.redact": "What is masked wherever it is read: in the result, in every output, and in the pixels of the searchable PDF, whose pages are pictures then. The source stays as it is.",
  "value.redact.id_number": "identity numbers (China)",
  "value.redact.bank_card": "numbers of bank cards",
  "value.redact.phone": "telephone numbers",
  "value.redact.email": "e-mail addresses",
  "option.psm": "Tesseract's page segmentation mode; left out, what the recipe likes.",
  "value.psm.1": "1",
  "value.psm.3": "3",
  "value.psm.4": "4",
  "value.psm.5": "5",
  "value.psm.6": "6",
  "value.psm.7": "7",
  "value.psm.8": "8",
  "value.psm.9": "9",
  "value.psm.10": "10",
  "value.psm.11": "11",
  "value.psm.12": "12",
  "value.psm.13": "13",
  "option.second_pass": "With Tesseract, how many characters of a page may be read again: 1 is as many as there are, 0 none; not for the recipes none and classic.",
  "output.text": "Plain text",
  "output.hocr": "hOCR",
  "output.alto": "ALTO XML",
  "output.markdown": "Markdown",
  "output.html": "HTML",
  "output.docx": "Word (.docx)",
  "output.chunks": "Chunks for retrieval (JSON lines)",
  "output.textract": "Amazon Textract's JSON",
  "output.csv": "Tables as CSV",
  "output.xlsx": "Tables as Excel workbook",
  "output.pdf": "Searchable PDF",
  "output.pdfa": "Searchable PDF/A-2b",
  "option.min_confidence": "Below this confidence the next provider is asked too.",
  "option.max_calls": "Paid calls for one document at most; metadata and callers of the API may lower the installation's number, not raise it.",
  "option.id_card_side": "Which side of an ID card it is.",
  "value.id_card_side.auto": "whichever it is",
  "value.id_card_side.front": "the side with the portrait",
  "value.id_card_side.back": "the side with the emblem",
};
const CHINESE = {
  "provider.auto": "PP-OCR，更合适时用 Tesseract",
  "provider.baidu": "百度智能云",
  "provider.tencent": "腾讯云",
  "provider.aliyun": "阿里云",
  "mode.general": "文字",
  "mode.accurate": "文字（高精度）",
  "mode.handwriting": "手写文字",
  "mode.table": "表格",
  "mode.id_card": "身份证",
  "mode.bank_card": "银行卡",
  "mode.invoice": "增值税发票",
  "mode.receipt": "英、德、法、意、西文小票或发票",
  "mode.train_ticket": "火车票",
  "mode.business_license": "营业执照",
  "mode.form": "表单（问与答）",
  "mode.auto": "自动判断票证种类并提取字段",
  "option.pages": "识别哪些页；不写则全部。",
  "option.attachment": "改读 PDF（包括文件夹 PDF）所附的哪个文档：写它的文件名，或 # 加序号。",
  "option.frames": "动图（GIF、WebP、AVIF、HEIC）的哪些帧算作页。",
  "value.frames.first": "第一帧",
  "value.frames.all": "全部",
  "option.recipe": "识别前如何处理页面。",
  "value.recipe.auto": "按页面需要",
  "value.recipe.none": "不处理",
  "value.recipe.classic": "模糊加大津阈值",
  "value.recipe.scan": "适合有污渍或褪色的黑白件",
  "value.recipe.photo": "适合阴影很硬或对比很弱的照片",
  "value.recipe.receipt": "适合购物小票，按单栏读",
  "option.dpi": "把 PDF 页面绘成图像的分辨率。",
  "option.ocr": "是否直接取用 PDF 自带的文本层。",
  "value.ocr.auto": "自带的文本不可信的页才识别",
  "value.ocr.always": "每页都识别",
  "value.ocr.never": "从不识别，只取自带的文本，原样给出",
  "option.codes": "是否读取条形码和二维码。",
  "value.codes.auto": "凡是除自带文本外还有内容的页都读",
  "value.codes.never": "从不读取",
  "option.split": "批量扫描件在何处拆分成多个文档，每个文档的结果放在文件夹 KEY.ocr/ 里。",
  "value.split.none": "不拆分",
  "value.split.barcode": "在分隔页处：只有条形码或二维码、几乎没有别的内容的页",
  "value.split.blank": "在空白页处",
  "option.redact": "识别后在哪些内容上打码：结果、各种输出及可搜索 PDF 的像素（其页面随之变为图像）都会遮盖；源文件不变。",
  "value.redact.id_number": "身份证号",
  "value.redact.bank_card": "银行卡号",
  "value.redact.phone": "电话号码",
  "value.redact.email": "电子邮箱",
  "option.psm": "Tesseract 的页面分割模式；不写则由 recipe 决定。",
  "option.second_pass": "用 Tesseract 时，一页可以再读多少字：1 为全页的字数，0 为不再读；recipe 为 none 或 classic 时从不再读。",
  "output.text": "纯文本",
  "output.docx": "Word（.docx）",
  "output.chunks": "检索用的文本块（JSON Lines）",
  "output.textract": "Amazon Textract 的 JSON",
  "output.csv": "表格（CSV）",
  "output.xlsx": "表格（Excel）",
  "output.pdf": "可搜索的 PDF",
  "output.pdfa": "可搜索的 PDF/A-2b",
  "option.min_confidence": "置信度低于它时也问下一个服务商。",
  "option.max_calls": "一个文档最多的付费调用次数；元数据和 API 调用者只能调低本安装的数值，不能调高。",
  "option.id_card_side": "身份证的哪一面。",
  "value.id_card_side.auto": "自动判断",
  "value.id_card_side.front": "人像面",
  "value.id_card_side.back": "国徽面",
};
return { PAID, OUTPUTS, OPTIONS, ENGLISH, CHINESE };
})();

const $en = (() => {
const $default = {
  "language": "English",
  "skip": "Skip to the content",
  "tagline": "Documents into text",
  "start.title": "Read a document",
  "start.drop": "Drop documents here, or paste them",
  "start.choose": "Choose files",
  "start.again": "Read {name} again",
  "start.types": "PDF, pictures (HEIC too), OFD, Word, Excel, PowerPoint, OpenDocument, EPUB, HTML, text, mail or ZIP",
  "docs": "The API, for programs",
  "folder.title": "In the folder {name}",
  "folder.search": "Find by name",
  "folder.more": "Show more",
  "folder.pages.one": "{count} page",
  "folder.pages.other": "{count} pages",
  "folder.reviewed": "corrected",
  "folder.all.one": "{count} document that has been read.",
  "folder.all.other": "{count} documents that have been read.",
  "folder.some.one": "The first document of more.",
  "folder.some.other": "The first {count} documents of more.",
  "folder.none": "No document of such a name has been read.",
  "folder.empty": "No document of this folder has been read yet: folio read does that.",
  "options.title": "How to read it",
  "options.provider": "Read by",
  "options.fallback": "If that fails, by",
  "options.fallback.none": "nobody else",
  "options.mode": "As",
  "options.languages": "Languages",
  "options.names": "Language names",
  "options.names.note": "Tesseract’s names joined by +, for example deu+fra",
  "options.outputs": "Other forms of the result",
  "options.outputs.note": "JSON and plain text are there always, and all other forms are made later too, when they are asked for.",
  "options.more": "More options",
  "options.default": "as it is set here",
  "options.paid": "{name} is a paid service: every page is a call, and the page leaves for it.",
  "options.unsaid": "Who reads is decided by whoever runs Folio here.",
  "options.free": "The page is read where Folio runs: nothing is paid, nothing leaves.",
  "options.unusable": "{name} (not set up)",
  "languages.auto": "as the page is written",
  "languages.eng": "English",
  "languages.chi_sim": "Chinese, simplified",
  "languages.chi_sim+eng": "Chinese and English",
  "languages.other": "others …",
  "output.result": "JSON",
  "busy.cancel": "Cancel",
  "busy.prepare": "Getting ready …",
  "busy.upload": "Uploading {bytes}: {percent} {left}",
  "busy.waiting": "Uploaded. Waiting to be read …",
  "busy.reading": "Reading …",
  "busy.pages": "Reading: {done} of {total} pages done {left}",
  "busy.stopped": "Cancelled.",
  "failed.title": "This did not work",
  "failed.retry": "Try again",
  "failed.choose": "Choose another document",
  "failed.reference": "Reference for a report: {id}",
  "problem.network": "The service cannot be reached.",
  "problem.network.hint": "Check the connection and try again.",
  "problem.upload": "The storage did not take the document (status {status}).",
  "problem.upload.hint": "Try again; the permission to upload may have expired meanwhile.",
  "problem.large": "The document has {bytes}, more than the {limit} that are taken.",
  "problem.large.hint": "Split or reduce the document.",
  "problem.empty": "The file is empty.",
  "problem.empty.hint": "Choose the document again; this copy holds nothing.",
  "problem.unreadable": "The browser cannot read the file.",
  "problem.unreadable.hint": "It may have been moved or changed; choose it again. A folder cannot be read.",
  "problem.key": "Without an API key or a token nothing can be read here.",
  "problem.key.hint": "Try again with one; the operator of this service gives you a key, your sign-in a token.",
  "problem.fault": "The page made a mistake.",
  "problem.fault.hint": "Load the page again; if it lasts, tell the operator of this service.",
  "problem.answer": "The service answered with status {status}.",
  "problem.answer.hint": "Try again; if it lasts, tell the operator of this service.",
  "result.new": "Another document",
  "result.again": "Read with other options",
  "result.more": "More forms",
  "result.downloads": "Download",
  "fact.pages": "Pages",
  "fact.confidence": "Confidence",
  "fact.provider": "Read by",
  "fact.cost": "Paid calls",
  "fact.status": "Status",
  "status.partial": "in part: some of it could not be read",
  "cost.about": "{calls}, about {estimate} {currency}",
  "fields.title": "Fields",
  "fields.name": "Field",
  "fields.value": "Value",
  "fields.check": "Check",
  "check.passed": "passed",
  "check.failed": "failed",
  "check.unchecked": "unchecked",
  "warnings.title": "Notes",
  "page.nav": "Pages",
  "page.previous": "Previous page",
  "page.next": "Next page",
  "page.label": "Page",
  "page.of": "of {total}",
  "page.shown.one": "Page {number} of {total}: {count} word",
  "page.shown.other": "Page {number} of {total}: {count} words",
  "page.mixed": "This page carries its own text; what else is written on it was read by OCR.",
  "page.layer": "This page carries its own text; it was taken from there, without OCR.",
  "page.blank": "This page is blank.",
  "page.failed": "This page failed: {message}",
  "page.notext": "No text on this page.",
  "page.loading": "Loading the page …",
  "picture.title": "Page",
  "picture.number": "Page {number} of the document",
  "picture.alt": "Page {number} of {name}",
  "picture.none": "The picture of this page cannot be shown.",
  "zoom": "Size of the page",
  "zoom.in": "Larger",
  "zoom.out": "Smaller",
  "boxes.show": "Boxes",
  "boxes.label": "Words on the page",
  "boxes.help": "Point at a word, or move among the words with the arrow keys, or type its first letters. Enter or a click finds it in the text; a click in the text finds it on the page.",
  "word.sure": "{text}, {percent} sure",
  "word.unknown": "{text}, confidence unknown",
  "word.percent": "{percent}",
  "word.none": "unknown",
  "text.confidence": "{percent} sure",
  "text.copy": "Copy",
  "text.copied": "Copied",
  "text.selected": "Selected: press Ctrl+C",
  "legend.title": "Confidence",
  "legend.sure": "from 90 %",
  "legend.fair": "70 to 90 %",
  "legend.poor": "below 70 %",
  "legend.unknown": "unknown",
  "key.title": "API key or token",
  "key.why": "This service asks for an API key, or for a token of your sign-in (a JWT). It is kept in this browser tab until the tab is closed, and sent to this service only.",
  "key.label": "Key or token",
  "key.use": "Use it",
  "key.cancel": "Cancel",
  "key.refused": "It was refused; a token may have expired.",
  "key.forget": "Forget key or token",
  "key.forgotten": "It is forgotten.",
  "work.title": "Documents",
  "work.queued": "Waiting for its turn",
  "work.done.one": "Read: {count} page",
  "work.done.other": "Read: {count} pages",
  "work.failed": "This did not work: open it to see why",
  "work.cancel": "Cancel",
  "work.retry": "Try again",
  "work.added.one": "{count} more document is in the list.",
  "work.added.other": "{count} more documents are in the list.",
  "past.title": "Read before",
  "past.note": "Only this browser knows this list: names and times, nothing of what the documents say. A job is kept for a limited time.",
  "past.clear": "Clear the list",
  "past.forget": "Forget",
  "past.forget.name": "Forget {name}",
  "busy.left.one": "– about {count} minute left",
  "busy.left.other": "– about {count} minutes left",
  "busy.leave": "This goes on when you close the page. Its address, or the list on the first page, brings you back.",
  "result.review": "Correct",
  "download.note": "What is not there yet is made when you ask for it.",
  "download.making": "Getting it ready …",
  "download.none": "This document has nothing to put into this form.",
  "doubt.text": "Only {percent} sure. It was read as: {languages}. If that is not its language, read it again as:",
  "page.unread": "This page is still to be read; it is shown as soon as it is.",
  "pane.list": "Beside the picture",
  "pane.text": "Text",
  "pane.tables.one": "{count} table",
  "pane.tables.other": "{count} tables",
  "pane.fields.one": "{count} field",
  "pane.fields.other": "{count} fields",
  "pane.table": "Table {number}",
  "correct.title": "Correct",
  "correct.doubt": "{number} of {total} doubtful, page {page} of {pages}",
  "correct.rest": "{number} of {total}, page {page} of {pages}",
  "correct.none": "Nothing doubtful is left.",
  "correct.all": "Look at all the rest",
  "correct.leave": "Done",
  "correct.kind.word": "Word",
  "correct.kind.cell": "Cell {name}",
  "correct.kind.field": "Field {name}",
  "correct.sure": "{percent} sure",
  "correct.take": "Take it",
  "correct.skip": "Skip",
  "correct.back": "Back",
  "correct.nothing": "Nothing there",
  "correct.help": "Enter takes what the field says and goes on. Arrow down skips, arrow up goes back, Escape ends. An empty field says that nothing is written there.",
  "correct.by": "Your name, kept with your corrections",
  "correct.saved": "All corrections are saved.",
  "correct.saving": "Saving …",
  "correct.unsaved": "Not saved: {message} It is tried again.",
  "correct.conflicts": "Somebody else has corrected the same",
  "correct.conflict": "“{read}”: {by} says “{theirs}”, you say “{mine}”.",
  "correct.somebody": "somebody",
  "correct.theirs": "Leave theirs",
  "correct.mine": "Take mine"
};
return { $default };
})();

const $zh = (() => {
const $default = {
  "language": "中文",
  "skip": "跳到正文",
  "tagline": "让文档变成文字",
  "start.title": "识别文档",
  "start.drop": "把文档拖到这里，或者粘贴",
  "start.choose": "选择文件",
  "start.again": "再次识别 {name}",
  "start.types": "PDF、图片（包括 HEIC）、OFD、Word、Excel、PowerPoint、OpenDocument、EPUB、HTML、文本、邮件或 ZIP",
  "docs": "供程序使用的 API",
  "folder.title": "文件夹 {name} 中的文档",
  "folder.search": "按名称查找",
  "folder.more": "显示更多",
  "folder.pages.other": "{count} 页",
  "folder.reviewed": "已更正",
  "folder.all.other": "共 {count} 份已识别的文档。",
  "folder.some.other": "前 {count} 份文档，还有更多。",
  "folder.none": "没有叫这个名称的已识别文档。",
  "folder.empty": "这个文件夹里还没有识别过的文档：请先运行 folio read。",
  "options.title": "识别方式",
  "options.provider": "识别引擎",
  "options.fallback": "失败时改用",
  "options.fallback.none": "不改用",
  "options.mode": "识别内容",
  "options.languages": "语言",
  "options.names": "语言名称",
  "options.names.note": "Tesseract 的语言名称，用 + 连接，例如 deu+fra",
  "options.outputs": "其他输出格式",
  "options.outputs.note": "JSON 和纯文本总会提供；其他格式以后也可以随时生成。",
  "options.more": "更多选项",
  "options.default": "按此处的设置",
  "options.paid": "{name} 是付费服务：每页调用一次，页面会发送给它。",
  "options.unsaid": "由谁识别，由此处 Folio 的运行者决定。",
  "options.free": "页面就在 Folio 运行的地方识别：不收费，文档不外传。",
  "options.unusable": "{name}（未配置）",
  "languages.auto": "按页面文字自动判断",
  "languages.eng": "英文",
  "languages.chi_sim": "简体中文",
  "languages.chi_sim+eng": "中文和英文",
  "languages.other": "其他……",
  "output.result": "JSON",
  "busy.cancel": "取消",
  "busy.prepare": "正在准备……",
  "busy.upload": "正在上传 {bytes}：{percent}{left}",
  "busy.waiting": "已上传，等待识别……",
  "busy.reading": "正在识别……",
  "busy.pages": "正在识别：共 {total} 页，已完成 {done} 页{left}",
  "busy.stopped": "已取消。",
  "failed.title": "没有成功",
  "failed.retry": "重试",
  "failed.choose": "选择其他文档",
  "failed.reference": "报告问题时请提供编号：{id}",
  "problem.network": "无法连接到服务。",
  "problem.network.hint": "请检查网络连接后重试。",
  "problem.upload": "存储服务没有接收文档（状态码 {status}）。",
  "problem.upload.hint": "请重试；上传许可可能已经过期。",
  "problem.large": "文档大小为 {bytes}，超过了上限 {limit}。",
  "problem.large.hint": "请拆分或压缩文档。",
  "problem.empty": "文件是空的。",
  "problem.empty.hint": "请重新选择文档；这一份没有内容。",
  "problem.unreadable": "浏览器无法读取这个文件。",
  "problem.unreadable.hint": "文件可能已被移动或修改，请重新选择。文件夹无法识别。",
  "problem.key": "没有 API 密钥或令牌就无法使用。",
  "problem.key.hint": "请输入后重试：密钥由服务的运营者提供，令牌来自您的登录系统。",
  "problem.fault": "页面出错了。",
  "problem.fault.hint": "请重新加载页面；如果一直这样，请告知服务的运营者。",
  "problem.answer": "服务返回了状态码 {status}。",
  "problem.answer.hint": "请重试；如果一直这样，请告知服务的运营者。",
  "result.new": "另一个文档",
  "result.again": "换个方式再识别",
  "result.more": "更多格式",
  "result.downloads": "下载",
  "fact.pages": "页数",
  "fact.confidence": "置信度",
  "fact.provider": "识别引擎",
  "fact.cost": "付费调用",
  "fact.status": "状态",
  "status.partial": "部分完成：有的内容未能识别",
  "cost.about": "{calls} 次，约 {estimate} {currency}",
  "fields.title": "字段",
  "fields.name": "字段",
  "fields.value": "内容",
  "fields.check": "校验",
  "check.passed": "通过",
  "check.failed": "未通过",
  "check.unchecked": "未校验",
  "warnings.title": "说明",
  "page.nav": "页",
  "page.previous": "上一页",
  "page.next": "下一页",
  "page.label": "第",
  "page.of": "页，共 {total} 页",
  "page.shown.other": "第 {number} 页，共 {total} 页：{count} 个词",
  "page.mixed": "这一页自带文字，直接取用；页面上其余的文字由 OCR 识别。",
  "page.layer": "这一页自带文字，直接取用，没有经过 OCR。",
  "page.blank": "这是空白页。",
  "page.failed": "这一页失败了：{message}",
  "page.notext": "这一页没有文字。",
  "page.loading": "正在加载页面……",
  "picture.title": "页面",
  "picture.number": "文档第 {number} 页",
  "picture.alt": "{name} 第 {number} 页",
  "picture.none": "无法显示这一页的图像。",
  "zoom": "页面大小",
  "zoom.in": "放大",
  "zoom.out": "缩小",
  "boxes.show": "方框",
  "boxes.label": "页面上的词",
  "boxes.help": "指向一个词，或用方向键在词之间移动，或输入它开头的字。按回车或点击可在文字中找到它；点击文字可在页面上找到它。",
  "word.sure": "{text}，置信度 {percent}",
  "word.unknown": "{text}，置信度未知",
  "word.percent": "{percent}",
  "word.none": "未知",
  "text.confidence": "置信度 {percent}",
  "text.copy": "复制",
  "text.copied": "已复制",
  "text.selected": "已选中：请按 Ctrl+C",
  "legend.title": "置信度",
  "legend.sure": "90% 及以上",
  "legend.fair": "70% 至 90%",
  "legend.poor": "低于 70%",
  "legend.unknown": "未知",
  "key.title": "API 密钥或令牌",
  "key.why": "此服务需要 API 密钥，或登录系统签发的令牌（JWT）。它只保存在这个浏览器标签页中，关闭即删除，并且只发送给此服务。",
  "key.label": "密钥或令牌",
  "key.use": "使用",
  "key.cancel": "取消",
  "key.refused": "被拒绝了；令牌可能已过期。",
  "key.forget": "删除密钥或令牌",
  "key.forgotten": "已删除。",
  "work.title": "文档",
  "work.queued": "排队中",
  "work.done.other": "已识别 {count} 页",
  "work.failed": "没有成功，打开可看原因",
  "work.cancel": "取消",
  "work.retry": "重试",
  "work.added.other": "列表中新增了 {count} 个文档。",
  "past.title": "以前识别的文档",
  "past.note": "只有这个浏览器知道这份列表：只有名称和时间，没有文档内容。任务只保留一段时间。",
  "past.clear": "清空列表",
  "past.forget": "忘记",
  "past.forget.name": "忘记 {name}",
  "busy.left.other": "，大约还需 {count} 分钟",
  "busy.leave": "关闭页面后仍会继续；用它的网址或首页的列表可以回来查看。",
  "result.review": "更正",
  "download.note": "还没有的格式会在您点选时生成。",
  "download.making": "正在准备……",
  "download.none": "这份文档没有可放进这种格式的内容。",
  "doubt.text": "只有 {percent} 的把握。识别时用的语言：{languages}。如果语言不对，请改用：",
  "page.unread": "这一页还没有识别；识别后会立即显示。",
  "pane.list": "图像旁边的内容",
  "pane.text": "文字",
  "pane.tables.other": "{count} 个表格",
  "pane.fields.other": "{count} 个字段",
  "pane.table": "表格 {number}",
  "correct.title": "更正",
  "correct.doubt": "可疑之处 {number}/{total}，第 {page} 页，共 {pages} 页",
  "correct.rest": "{number}/{total}，第 {page} 页，共 {pages} 页",
  "correct.none": "没有可疑之处了。",
  "correct.all": "查看其余内容",
  "correct.leave": "完成",
  "correct.kind.word": "词",
  "correct.kind.cell": "单元格 {name}",
  "correct.kind.field": "字段 {name}",
  "correct.sure": "把握 {percent}",
  "correct.take": "采用",
  "correct.skip": "跳过",
  "correct.back": "返回",
  "correct.nothing": "此处无字",
  "correct.help": "按回车采用输入框中的文字并继续；向下键跳过，向上键返回，Esc 结束。输入框为空表示此处没有字。",
  "correct.by": "您的姓名，随更正一起保存",
  "correct.saved": "所有更正都已保存。",
  "correct.saving": "正在保存……",
  "correct.unsaved": "没有保存：{message} 会再试一次。",
  "correct.conflicts": "别人也更正了同一处",
  "correct.conflict": "“{read}”：{by}改为“{theirs}”，您改为“{mine}”。",
  "correct.somebody": "有人",
  "correct.theirs": "保留对方的",
  "correct.mine": "用我的"
};
return { $default };
})();

const $texts = (() => {
/** What the page says, in English and Chinese. An element knows what it says by its data-text (or data-label,
 * data-placeholder) and data-values, so that a change of language finds everything that is on the page. */

const { $ } = $dom;
const { CHINESE, ENGLISH } = $choices;
const en = $en.$default;
const zh = $zh.$default;

const TEXTS = { en: { ...ENGLISH, ...en }, "zh-CN": { ...ENGLISH, ...CHINESE, ...zh } };
const NAME = "folio.language";
const PLACES = {
  text: (element, text) => { element.textContent = text; },
  label: (element, text) => element.setAttribute("aria-label", text),
  alt: (element, text) => element.setAttribute("alt", text),
};

let current = "en";

const language = () => current;

/** The message, with {names} replaced by values; a value `count` chooses between singular and plural. */
function text(key, values = {}) {
  const messages = TEXTS[current];
  let message = messages[key];
  if (message === undefined && "count" in values) {
    const form = new Intl.PluralRules(current).select(values.count);
    message = messages[`${key}.${form}`] ?? messages[`${key}.other`];
  }
  return (message ?? key).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? shown(values[name]) : whole));
}

/** Let an element say a message, in whatever language is chosen, now and later. */
function say(element, key, values = {}, place = "text") {
  element.dataset[place] = key;
  element.dataset.values = JSON.stringify(values);
  PLACES[place](element, text(key, values));
}

/** Let an element say what no language changes. */
function sayAs(element, words) {
  delete element.dataset.text;
  element.textContent = words;
}

const percent = (part) => part.toLocaleString(current, { style: "percent" });

/** Bytes as people write them: 3.4 MB. */
function size(bytes) {
  const options = { style: "unit", unit: bytes < 1e6 ? "kilobyte" : "megabyte", maximumFractionDigits: 1 };
  return (bytes < 1e6 ? bytes / 1e3 : bytes / 1e6).toLocaleString(current, options);
}

function shown(value) {
  return typeof value === "number" ? value.toLocaleString(current) : String(value);
}

function use(chosen) {
  current = chosen;
  document.documentElement.lang = chosen;
  for (const element of document.querySelectorAll("[data-text], [data-label], [data-alt]")) {
    const values = JSON.parse(element.dataset.values ?? "{}");
    for (const [place, put] of Object.entries(PLACES)) {
      if (element.dataset[place]) put(element, text(element.dataset[place], values));
    }
  }
  const [other] = Object.keys(TEXTS).filter((name) => name !== chosen);
  $("language").textContent = TEXTS[other].language;
  $("language").lang = other;
}

/** Speak the browser's language, or the one chosen in this tab; `changed` is called after every switch. */
function startTexts(changed) {
  const wanted = sessionStorage.getItem(NAME) ?? navigator.language;
  use(wanted.toLowerCase().startsWith("zh") ? "zh-CN" : "en");
  $("language").addEventListener("click", (event) => {
    sessionStorage.setItem(NAME, event.currentTarget.lang);
    use(event.currentTarget.lang);
    changed();
  });
}
return { language, text, say, sayAs, percent, size, startTexts };
})();

const $problem = (() => {
/** What went wrong: the service's own problem document (RFC 9457), or a problem of the page's own, told by a message. */

const errors = $errors.$default;
const { language, text } = $texts;

class Problem extends Error {
  /** `told` is a problem document; `key` and `values` are a message of the page's, whose hint is `key`.hint. */
  constructor({ status = 0, told = null, key = null, values = {}, reference = null }) {
    super(told?.detail ?? key);
    Object.assign(this, { status, told, key, values, reference });
  }
}

/** What went wrong, and what to do, in the language of the page as far as that is known: {detail, hint, lang}. The
 * service tells it in English; what else it tells of the kind of error is in `told.type`. */
function sentences({ told, key, values }) {
  if (!told) return { detail: text(key, values), hint: text(`${key}.hint`, values), lang: null };
  const [detail, hint] = (language() === "zh-CN" && errors[told.type.replace("urn:folio:error:", "")]) || [];
  if (!detail) return { detail: told.detail, hint: told.hint ?? "", lang: "en" };
  return { detail, hint, lang: null, original: told.detail };
}

/** The problem that an answer of the service tells. */
async function problemOf(answer) {
  const { status } = answer;
  const reference = answer.headers.get("X-Request-Id");
  const told = await answer.json().catch(() => null);
  if (typeof told?.detail === "string") return new Problem({ status, told, reference });
  return new Problem({ status, key: "problem.answer", values: { status }, reference });
}
return { Problem, sentences, problemOf };
})();

const $failure = (() => {
/** What is said of what went wrong, and what to do about it. */

const { $ } = $dom;
const { Problem, sentences } = $problem;
const { say, sayAs } = $texts;

const HOPELESS = [400, 404, 413, 415, 422]; // what the same document, asked for in the same way, is answered again

let failure = null;

function showFailure(problem, name, reference) {
  failure = problem instanceof Problem ? problem : new Problem({ key: "problem.fault" });
  failure.reference ??= reference;
  sayAs($("failed-name"), name);
  tellFailure();
  const hopeless = HOPELESS.includes(failure.status);
  $("retry").hidden = hopeless;
  $("other-file").classList.toggle("second", !hopeless);
}

function tellFailure() {
  const { detail, hint, lang, original } = sentences(failure);
  for (const [id, words] of [["failed-detail", detail], ["failed-hint", hint], ["failed-original", original ?? ""]]) {
    sayAs($(id), words);
    if (lang) $(id).lang = lang;
    else if (id !== "failed-original") $(id).removeAttribute("lang");
  }
  $("failed-reference").hidden = !failure.reference;
  if (failure.reference) say($("failed-reference"), "failed.reference", { id: failure.reference });
}
return { showFailure, tellFailure };
})();

const $key = (() => {
/** The API key or the token of a sign-in: asked for when the service wants one, kept in this tab's session storage and
 * nowhere else. */

const { $ } = $dom;
const { Problem } = $problem;
const { say } = $texts;

const NAME = "folio.key";
const TOKEN = /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/; // a JSON Web Token: its first part is an object in base64

let asking = null;

const heldKey = () => sessionStorage.getItem(NAME);

/** The header that a key or a token is sent in. */
function credential(key) {
  if (!key) return {};
  return TOKEN.test(key) ? { Authorization: `Bearer ${key}` } : { "X-Api-Key": key };
}

/** Ask once, however many requests wait for it. `refused`: the key these were sent with, or null. */
function askKey(refused) {
  if (heldKey() !== refused) return Promise.resolve(); // a new one was given meanwhile
  asking ??= ask(refused).finally(() => { asking = null; });
  return asking;
}

function ask(refused) {
  const dialog = $("key-dialog");
  forget();
  say($("key-refused"), "key.refused");
  $("key-refused").hidden = !refused;
  $("key").value = "";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve, reject) => {
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "use") {
        reject(new Problem({ key: "problem.key" }));
        return;
      }
      sessionStorage.setItem(NAME, $("key").value.trim().replace(/^Bearer\s+/i, ""));
      $("key").value = "";
      $("forget").hidden = false;
      resolve();
    }, { once: true });
  });
}

function forget() {
  sessionStorage.removeItem(NAME);
  $("forget").hidden = true;
}

function startKey(forgotten) {
  $("forget").hidden = !heldKey();
  $("key-cancel").addEventListener("click", () => $("key-dialog").close("cancel"));
  $("key-form").addEventListener("submit", (event) => {
    event.preventDefault();
    $("key-dialog").close("use");
  });
  $("forget").addEventListener("click", () => {
    forget();
    forgotten();
  });
}
return { heldKey, credential, askKey, startKey };
})();

const $api = (() => {
/** Requests to the service. Addresses are relative to the page's, which may lie below a stage such as /prod/. */

const { sleep } = $dom;
const { askKey, credential, heldKey } = $key;
const { Problem, problemOf } = $problem;

const BUSY = [429, 503];
const TRIES = 5;
const LONGEST_WAIT = 15; // seconds; who has to wait longer is told

/** The answer, if it is a good one; a Problem otherwise. Asks for the key where one is wanted, and waits where the
 * service is busy and says so. */
async function request(path, { method = "GET", body, accept = "application/json", headers = {}, signal } = {}) {
  for (let attempt = 1; ; attempt += 1) {
    const key = heldKey();
    const sent = { ...headers, Accept: accept, ...credential(key) };
    const answer = await reach(path, { method, body, headers: sent, signal, cache: "no-store" });
    if (answer.ok) return answer;
    const problem = await problemOf(answer);
    if (wantsKey(problem)) {
      await askKey(key);
      signal?.throwIfAborted();
      continue;
    }
    const wait = retryAfter(answer) ?? attempt;
    if (!BUSY.includes(answer.status) || attempt >= TRIES || wait > LONGEST_WAIT) throw problem;
    await sleep(wait, signal);
  }
}

const requestJson = async (path, options) => (await request(path, options)).json();

/** Seconds the service asks to wait, null if it does not say. */
function retryAfter(answer) {
  const seconds = Number.parseFloat(answer.headers.get("Retry-After"));
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

async function reach(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw new Problem({ key: "problem.network" });
  }
}

/** 403 is also what a bucket that is closed to Folio answers; the gateway's own has no problem document. */
function wantsKey({ status, told }) {
  return status === 401 || (status === 403 && !told);
}
return { request, requestJson, retryAfter };
})();

const $folder = (() => {
/** The documents of a folder that `folio serve DIR` shows, found by their names, to be looked at and corrected. */

const { addressOf } = $address;
const { requestJson } = $api;
const { $, make } = $dom;
const { sentences } = $problem;
const { say, sayAs } = $texts;

const PAUSE = 300; // milliseconds after the last letter, before it is searched for

const folder = document.querySelector("meta[name=folio-folder]")?.content ?? null;
let asking = new AbortController();
let next = null;
let timer = null;

/** Show the folder as it is now, if there is one: its first documents, or the next ones below those that are shown. */
async function showFolder(after = null) {
  if (folder === null) return;
  $("folder").hidden = false;
  say($("folder-title"), "folder.title", { name: folder });
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const query = new URLSearchParams({ search: $("folder-search").value.trim(), ...(after && { after }) });
  try {
    const answer = await requestJson(`v1/folder?${query}`, { signal });
    ({ next } = answer);
    const rows = answer.documents.map(row);
    if (after) $("folder-list").append(...rows);
    else $("folder-list").replaceChildren(...rows);
    if (after) rows[0]?.querySelector("a").focus(); // the button may be gone
    $("folder-more").hidden = next === null;
    const count = $("folder-list").children.length;
    if (count) say($("folder-note"), next === null ? "folder.all" : "folder.some", { count });
    else say($("folder-note"), $("folder-search").value ? "folder.none" : "folder.empty");
  } catch (problem) {
    if (!signal.aborted) sayAs($("folder-note"), sentences(problem).detail);
  }
}

function row({ id, name, state, pages, reviewed }) {
  const link = make("a", { href: addressOf(id), dir: "auto" }, name);
  const notes = [["folder.pages", { count: pages }]];
  if (state === "partial") notes.push(["status.partial", {}]);
  if (reviewed) notes.push(["folder.reviewed", {}]);
  return make("li", {}, link, ...notes.map(([key, values]) => {
    const note = make("span", { class: "note" });
    say(note, key, values);
    return note;
  }));
}

function startFolder() {
  $("folder-search").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(showFolder, PAUSE);
  });
  $("folder-more").addEventListener("click", () => showFolder(next));
}
return { showFolder, startFolder };
})();

const $intake = (() => {
/** The ways in: a file chosen, dropped anywhere on the page, or pasted. */

const { $ } = $dom;

/** `taken` is called with the files; `open()` tells whether one may come now. */
function startIntake(taken, open) {
  $("file").addEventListener("change", (event) => {
    const files = [...event.target.files];
    event.target.value = ""; // so that the same file can be chosen again
    if (files.length) taken(files);
  });
  // A file that misses the place meant for it must not replace the page.
  for (const kind of ["dragenter", "dragover", "drop"]) {
    window.addEventListener(kind, (event) => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    });
  }
  let depth = 0; // enter and leave come for every element below the pointer
  const lift = (by) => {
    depth = Math.max(0, depth + by);
    $("drop").classList.toggle("over", depth > 0);
  };
  window.addEventListener("dragenter", () => lift(1));
  window.addEventListener("dragleave", () => lift(-1));
  window.addEventListener("drop", (event) => {
    lift(-depth);
    offer(event.dataTransfer);
  });
  document.addEventListener("paste", (event) => offer(event.clipboardData));

  function offer(data) {
    const files = [...(data?.files ?? [])];
    if (files.length && open()) taken(files);
  }
}
return { startIntake };
})();

const $options = (() => {
/** The small form that says how to read. */

const { requestJson } = $api;
const { OPTIONS, OUTPUTS, PAID } = $choices;
const { $, make } = $dom;
const { say, text } = $texts;

const LANGUAGES = ["auto", "eng", "chi_sim", "chi_sim+eng", "other"];

let providers = [{ name: "auto", usable: true, modes: ["general"] }];

/** What is chosen, as options of the service; empty ones are left out. */
function chosenOptions() {
  const wanted = $("languages").value;
  const outputs = OUTPUTS.filter((kind) => $(`output-${kind}`).checked);
  const others = OPTIONS.map(({ name }) => [name, $(`option-${name}`).value.trim()]);
  return {
    ...Object.fromEntries(others),
    providers: [$("provider").value, $("fallback").value].filter(Boolean).join(","),
    mode: $("mode").value,
    languages: wanted === "other" ? $("other").value.trim() : wanted,
    outputs: outputs.join(","),
  };
}

function startOptions() {
  fillSelect($("languages"), [asSet(), ...LANGUAGES.map((name) => choice(name, `languages.${name}`))]);
  $("outputs").replaceChildren(...OUTPUTS.map((kind) => {
    const label = make("span");
    say(label, `output.${kind}`);
    return make("label", { class: "check" }, make("input", { type: "checkbox", id: `output-${kind}` }), label);
  }));
  $("more-fields").replaceChildren(...OPTIONS.map(field));
  $("provider").addEventListener("change", providerChosen);
  $("fallback").addEventListener("change", noteCost);
  $("mode").addEventListener("change", modeChosen);
  $("languages").addEventListener("change", () => {
    $("other-field").hidden = $("languages").value !== "other";
  });
  $("options").addEventListener("submit", (event) => event.preventDefault());
  showProviders();
}

/** A field for an option: a choice, a number or a text; empty, it is as the installation has it. */
function field(option) {
  const label = make("label", { for: `option-${option.name}` });
  say(label, `option.${option.name}`);
  return make("p", {}, label, control(option));
}

function control({ name, values, type, minimum, maximum, example }) {
  const id = `option-${name}`;
  if (values.length) {
    const offered = values.map((value) => choice(value, `value.${name}.${value}`));
    return make("select", { id }, asSet(), ...offered);
  }
  if (type === "string") return make("input", { id, autocomplete: "off", spellcheck: "false", placeholder: example });
  return make("input", { id, type: "number", min: minimum, max: maximum, step: type === "integer" ? 1 : "any" });
}

/** Ask the service who can read. */
async function loadProviders() {
  providers = await requestJson("v1/providers");
  showProviders();
}

function showProviders() {
  fillSelect($("provider"), [asSet(), ...providers.map(providerChoice)]);
  if (!byName($("provider").value)?.usable) $("provider").value = "";
  providerChosen();
}

function providerChosen() {
  const able = $("provider").value ? [byName($("provider").value)] : providers.filter(({ usable }) => usable);
  const modes = [...new Set(able.flatMap(({ modes: its }) => its))];
  fillSelect($("mode"), [asSet(), ...modes.map((mode) => choice(mode, `mode.${mode}`))]);
  modeChosen();
}

function modeChosen() {
  const [first, mode] = [$("provider").value, $("mode").value];
  const fitting = ({ name, usable, modes }) => usable && name !== first && (!mode || modes.includes(mode));
  const others = first ? providers.filter(fitting) : [];
  fillSelect($("fallback"), [choice("", "options.fallback.none"), ...others.map(providerChoice)]);
  $("fallback-field").hidden = !others.length;
  noteCost();
}

function noteCost() {
  const paid = [$("provider").value, $("fallback").value].filter((name) => PAID.includes(name));
  const name = paid.map((provider) => text(`provider.${provider}`)).join(" + ");
  const free = $("provider").value ? "options.free" : "options.unsaid";
  say($("provider-note"), paid.length ? "options.paid" : free, { name });
}

/** The language has changed: what says a translated name within a message says it anew. */
function renameOptions() {
  for (const { name, usable } of providers) if (!usable) sayUnusable($("provider").querySelector(`[value=${name}]`), name);
  noteCost();
}

/** Fill a select, and keep what was chosen if it is still there. */
function fillSelect(select, choices) {
  const before = select.value;
  select.replaceChildren(...choices);
  if (choices.some(({ value }) => value === before)) select.value = before;
}

/** The choice of what the installation has, for which nothing is sent. */
const asSet = () => choice("", "options.default");

function choice(value, key) {
  const option = make("option", { value });
  say(option, key);
  return option;
}

function providerChoice({ name, usable }) {
  const option = choice(name, `provider.${name}`);
  option.disabled = !usable;
  if (!usable) sayUnusable(option, name);
  return option;
}

const sayUnusable = (option, name) => say(option, "options.unusable", { name: text(`provider.${name}`) });

const byName = (wanted) => providers.find(({ name }) => name === wanted);
return { LANGUAGES, chosenOptions, startOptions, loadProviders, renameOptions };
})();

const $panes = (() => {
/** What stands beside the picture: the page's text, its tables, the document's fields, as tabs. */

const { $ } = $dom;
const { say } = $texts;

const NAMES = ["text", "tables", "fields"];
const KEYS = { text: "pane.text", tables: "pane.tables", fields: "pane.fields" };

let chosen = "text";
const counts = { tables: 0, fields: 0 };

/** How many tables the page has, or how many fields the document: a pane without any is not offered. */
function choosePanes(found) {
  Object.assign(counts, found);
  for (const name of ["tables", "fields"]) say($(`tab-${name}`), KEYS[name], { count: counts[name] });
  show();
}

/** Begin with the fields, if there are any. */
function firstPane(fields) {
  chosen = fields ? "fields" : "text";
  choosePanes({ fields });
}

function startPanes() {
  for (const name of NAMES) {
    $(`tab-${name}`).addEventListener("click", () => { chosen = name; show(); });
    $(`tab-${name}`).addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      const offered = NAMES.filter(has);
      chosen = offered[(offered.indexOf(shown()) + step + offered.length) % offered.length];
      show();
      $(`tab-${chosen}`).focus();
    });
  }
}

const has = (name) => name === "text" || counts[name] > 0;
const shown = () => (has(chosen) ? chosen : "text");

function show() {
  for (const name of NAMES) {
    const tab = $(`tab-${name}`);
    const current = name === shown();
    tab.hidden = !has(name);
    tab.setAttribute("aria-selected", String(current));
    tab.tabIndex = current ? 0 : -1;
    $(name).hidden = !current;
  }
}
return { choosePanes, firstPane, startPanes };
})();

const $warnings = (() => {
// Written by `make generate` from the Chinese of the command line; {} is what is put in.
const $default = [
  ["It has {} bytes, more than the {} that may still be unpacked of the archive.", "它有 {} 字节，超过压缩包还可以解开的 {} 字节。"],
  ["There are more than {} files within files of the document.", "文档中层层包含的文件超过 {} 个。"],
  ["Parts of the split document have no searchable PDF; that of the whole one has all of its pages.", "拆分出的部分没有可搜索的 PDF；整份文档的 PDF 含有所有页。"],
  ["The parts of a split document have no PDF/A; that of the whole one has all of its pages.", "拆分出的部分没有 PDF/A；整份文档的 PDF/A 含有所有页。"],
  ["Page {}: {}", "第 {} 页：{}"],
  ["Page {}", "第 {} 页"],
  ["Pages {}", "第 {} 页"],
  ["none", "无"],
  ["Parts that the OFD file names are missing from it, or cannot be drawn: {}.", "OFD 文件中提到的部分缺失或无法绘制：{}。"],
  ["Pictures in the document that Folio cannot read: {}.", "文档中有无法读取的图片：{}。"],
  ["Pictures in the document of kinds that Folio does not read: {}.", "文档中有不支持的图片类型：{}。"],
  ["{} is not read: {}", "没有读 {}：{}"],
  ["The PDF is a dynamic XFA form: what it shows is not on its pages, which only ask for another viewer. Print it from Adobe Reader into a new PDF and read that.", "这份 PDF 是动态 XFA 表单：它显示的内容不在页面上，页面只提示换用别的阅读器。请用 Adobe Reader 打印成新的 PDF 再识别。"],
  ["The PDF is a portfolio. {}: {}.", "这份 PDF 是文件包。{}：{}。"],
  ["The documents in it are read one by one, with attachment=NAME", "其中的文档要用 attachment=名称 逐一识别"],
  ["The documents in it are not read; save them to read each", "其中的文档没有识别；请另存后逐一识别"],
  ["The picture was reduced to {} pixels before it was read.", "图片在识别前缩小到 {} 像素。"],
  ["Drawn at {} dpi instead of {} to stay within {} pixels.", "为了不超过 {2} 像素，按 {0} dpi 而不是 {1} dpi 绘制。"],
  ["poppler needs more memory for this page than it may use; parts of it may be missing.", "poppler 绘制这一页需要的内存超过了允许的范围；可能缺少一部分。"],
  ["poppler complained while drawing this page; parts of it may be missing.", "poppler 绘制这一页时报告了问题；可能缺少一部分。"],
  ["Nothing was read on this page, and nothing on it is sharp: if something is written there, scan or photograph it again.", "这一页上什么也没读到，也没有清晰的地方：如果上面有文字，请重新扫描或拍摄。"],
  ["Letters of {} are missing or read as others: it seems to be in {} ({}), of which PP-OCR does not know all letters.", "{} 有字母缺失或被认成别的：看来是 {}（{}）的文字，其中有 PP-OCR 不认识的字母。"],
  ["Letters of {} are missing: it is in a language of which PP-OCR does not know all letters; it may be {}.", "{} 有字母缺失：它的语言有 PP-OCR 不认识的字母；可能是 {}。"],
  ["Some of this page is handwriting, or in a script that PP-OCR does not read: it may be {}.", "这一页有一部分是手写，或者是 PP-OCR 不认识的文字：可能是 {}。"],
  ["Some of what is written on this page is not in its text layer; it is too little for a call of a paid provider, and was not read.", "这一页上有些文字不在文本层里；太少，不值得调用付费服务，因此没有识别。"],
  ["Some of what is written on this page is not in its text layer, and could not be read: {}", "这一页上有些文字不在文本层里，也没能识别：{}"],
  ["Some of what is written on this page is not in its text layer; with ocr=never it is not read.", "这一页上有些文字不在文本层里；ocr=never 时不识别它们。"],
  ["The page has no text layer, and with ocr=never nobody else reads it.", "这一页没有文本层，而 ocr=never 时没有别的引擎识别它。"],
  ["This page is a picture, and with ocr=never nobody reads it.", "这一页是图片，而 ocr=never 时没有引擎识别它。"],
  ["Words of the text layer are covered on the page, by a bar, a box or a picture; they are left out of the text, but the PDF and a searchable copy of it still hold them.", "文本层中有些词在页面上被条块、方框或图片遮住；文字中已略去，但 PDF 及其可搜索的副本里仍有。"],
  ["The text layer is given as it is, though {}.", "文本层按原样给出，尽管{}。"],
  ["it has neither letters nor digits", "其中既没有字母也没有数字"],
  ["it has characters without a meaning", "其中有没有含义的字符"],
  ["most of it is symbols", "其中大多是符号"],
  ["it was decoded by the wrong table", "它是用错误的编码表解码的"],
  ["its letters are no language's", "其中的字母不属于任何语言"],
  ["letters of two alphabets share its words", "同一个词里混有两种字母"],
  ["its Chinese characters are rare ones", "其中的汉字都很罕见"],
  ["its Korean syllables are rare ones", "其中的韩文音节都很罕见"],
  ["its words are torn", "其中的词被拆散"],
  ["its words are of many scripts in turn", "其中的词交替使用多种文字"],
  ["There are no tables in the document, so its CSV is empty.", "文档里没有表格，所以 CSV 是空的。"],
  ["There are no tables in the document, so its workbook is empty.", "文档里没有表格，所以工作簿是空的。"],
  ["A table is too large for a sheet of a workbook; its end is missing there.", "有一个表格对工作簿的一张表来说太大；末尾缺失。"],
  ["Page {} of the searchable PDF is empty: {}.", "可搜索 PDF 的第 {} 页是空的：{}。"],
  ["Page {} of the searchable PDF keeps the text it had: its content cannot be told apart.", "可搜索 PDF 的第 {} 页保留原有文字：它的内容无法区分。"],
  ["Page {} of the searchable PDF has no text: its shape there is another.", "可搜索 PDF 的第 {} 页没有文字：它在那里的形状不同。"],
  ["its picture cannot be decoded", "它的图片无法解码"],
  ["No searchable PDF was made: ", "没有生成可搜索的 PDF："],
  ["No PDF/A was made: ", "没有生成 PDF/A："],
  ["{}the document is encrypted, and nothing can be added to it without its key.", "{}文档已加密，没有密钥就不能添加内容。"],
  ["{}the document is damaged; print it into a new PDF and read that.", "{}文档已损坏；请打印成新的 PDF 再识别。"],
  ["{}the document is encrypted, and a PDF/A may not be.", "{}文档已加密，而 PDF/A 不允许加密。"],
  ["{}more than {} pages would have to be drawn as pictures; split the document.", "{}需要画成图片的页超过 {} 页；请拆分文档。"],
  ["The document is signed. Its searchable PDF keeps the signed bytes and all text it has, but viewers will say that it was changed after it was signed.", "文档有签名。可搜索的 PDF 保留签名的字节和原有文字，但阅读器会提示签名后有改动。"],
  ["A document of several files has no searchable PDF; attachment=NAME reads one of them, and gives its PDF.", "由多个文件组成的文档没有可搜索的 PDF；用 attachment=名称 识别其中一个，就有它的 PDF。"],
  ["{} of the PDF/A {} with the text behind: {}.", "PDF/A 的{0}是图片，文字在后面；原因：{2}。"],
  ["{} of the PDF/A cannot be drawn and shows nothing.", "PDF/A 的{}无法绘制，是空白的。"],
  ["The PDF/A is without the document's {}.", "PDF/A 中没有文档的这些部分：{}。"],
  ["Reduced to {} x {} pixels, which is what {} takes.", "缩小到 {} x {} 像素，这是 {} 接受的大小。"],
  ["aliyun: {}={} about the card.", "aliyun：证件的 {}={}。"],
  ["baidu: {} is {}.", "baidu：{} 为 {}。"],
  ["tencent: warning {} about the card.", "tencent：证件警告 {}。"],
  ["tencent: quality {} of 100.", "tencent：质量 {}（满分 100）。"],
];
return { $default };
})();

const $remarks = (() => {
/** Warnings of results and errors of pages, which these tell in English, in the language of the page. */

const errors = $errors.$default;
const { language } = $texts;
const WARNINGS = $warnings.$default;

const KNOWN = new Map(WARNINGS);
let patterns = null; // the longest first: those with most words of their own

/** A remark as it is told here: {words, lang}, lang being that of the words where it is not the page's. */
function remark(english) {
  if (language() === "en") return { words: english, lang: null };
  const words = translated(english);
  return { words: words ?? english, lang: words === null ? "en" : null };
}

/** Why a page failed, and what to do about it. */
function pageError({ type, message, hint }) {
  const [detail, remedy] = (language() !== "en" && errors[kebab(type)]) || [message, hint];
  return `${detail} ${remedy}`;
}

const kebab = (type) => type.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();

function translated(english) {
  if (KNOWN.has(english)) return KNOWN.get(english);
  patterns ??= WARNINGS.filter(([text]) => text.includes("{}")).sort(([one], [other]) => other.length - one.length)
    .map(([text, other]) => [new RegExp(`^${text.split("{}").map(escaped).join("(.*?)")}$`, "s"), other]);
  for (const [pattern, other] of patterns) {
    const match = pattern.exec(english);
    if (!match) continue;
    const values = match.slice(1).map((part) => translated(part) ?? part);
    let next = 0;
    return other.replace(/\{(\d*)\}/g, (_, number) => values[number === "" ? next++ : Number(number)]);
  }
  return null;
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
return { remark, pageError };
})();

const $words = (() => {
/** The words of a page, numbered: the same number finds a word's box and its place in the text. */

const LETTERS = /\p{L}/u;
const EASTERN = /[\u2e80-\ud7ff]/;

/** All words in order: {text, confidence, polygon, line, index, location}. A line that its provider did not part is one
 * word; `location` is how corrections name it. */
function wordsOf(page) {
  return page.lines.flatMap((line, number) => {
    const words = line.words.length ? line.words : [line];
    const place = (index) => `lines/${number}${line.words.length ? `/words/${index}` : ""}`;
    return words.map(({ text, confidence, polygon }, index) => ({
      text, confidence, polygon, line: number, index, location: place(index),
    }));
  });
}

/** The page's text as it is, in parts: {text, word}, word being a number or null. Words that are not found in it, in
 * their order, are not marked. */
function partsOf(page) {
  const parts = [];
  let at = 0;
  const upTo = (end, word = null) => {
    if (end > at) parts.push({ text: page.text.slice(at, end), word });
    at = end;
  };
  let number = 0;
  for (const line of page.lines) {
    const count = line.words.length || 1;
    const start = line.text ? page.text.indexOf(line.text, at) : -1;
    if (start >= 0) markLine(page.text, line, start, number, upTo);
    number += count;
  }
  upTo(page.text.length);
  return parts;
}

function markLine(text, line, start, number, upTo) {
  let from = start;
  const end = start + line.text.length;
  const words = line.words.length ? line.words : [line];
  for (const [place, word] of words.entries()) {
    const found = text.indexOf(word.text, from);
    if (!word.text || found < 0 || found + word.text.length > end) continue;
    upTo(found);
    from = found + word.text.length;
    upTo(from, number + place);
  }
  upTo(end);
}

/** The class that colors a word. */
function grade(confidence) {
  if (confidence === null || confidence === undefined) return "unknown";
  if (confidence >= 0.9) return "sure";
  return confidence >= 0.7 ? "fair" : "poor";
}

/** The language of a text for fonts, line breaks and voices; Chinese if a fifth of its letters are. */
function languageOf(text) {
  const letters = [...text].filter((letter) => LETTERS.test(letter));
  const eastern = letters.filter((letter) => EASTERN.test(letter)).length;
  return letters.length && eastern * 5 >= letters.length ? "zh-Hans" : null;
}
return { wordsOf, partsOf, grade, languageOf };
})();

const $tables = (() => {
/** Tables and fields as tables, each cell of which leads to its place on the page, by pointer and by keyboard. */

const { $, make } = $dom;
const { percent, say } = $texts;
const { languageOf } = $words;

const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** The tables of a page, cell by cell with their spans; `locate` is told the polygon of a cell that is chosen,
 * `corrected(location, read)` tells what stands there by now, or null. */
function showTables(tables, locate, corrected = () => null) {
  $("tables").replaceChildren(...tables.map((table, number) => {
    const shown = make("table", { role: "grid" }, ...rows(table, number, locate, corrected));
    say(shown, "pane.table", { number: number + 1 }, "label");
    walkable(shown);
    return make("div", { class: "frame" }, shown);
  }));
}

function rows({ cells, header_rows: headers }, number, locate, corrected) {
  const made = [];
  const ordered = cells.map((cell, index) => ({ cell, index }))
    .sort(({ cell: one }, { cell: other }) => one.row - other.row || one.column - other.column);
  for (const { cell, index } of ordered) {
    made[cell.row] ??= make("tr");
    const right = corrected(`tables/${number}/cells/${index}`, cell.text);
    const shown = make(cell.row < headers ? "th" : "td", {
      rowspan: cell.row_span, colspan: cell.column_span, tabindex: -1, class: right === null ? null : "corrected",
    }, right ?? cell.text);
    if (cell.polygon) leads(shown, () => locate(cell.polygon));
    made[cell.row].append(shown);
  }
  return [...made].map((row) => row ?? make("tr"));
}

/** The fields of a card or an invoice, by their names in the result; `locate` is told the field that is chosen,
 * `corrected(location, read)` as above, with the page first. */
function showFields(fields, locate, corrected = () => null) {
  const head = ["fields.name", "fields.value", "fact.confidence", "fields.check"].map((key) => {
    const cell = make("th", { scope: "col", tabindex: -1 });
    say(cell, key);
    return cell;
  });
  const body = fields.map((field, index) => fieldRow(field, index, locate, corrected));
  const table = make("table", { role: "grid" }, make("tr", {}, ...head), ...body);
  say(table, "fields.title", {}, "label");
  walkable(table);
  $("fields").replaceChildren(make("div", { class: "frame" }, table));
}

function fieldRow(field, index, locate, corrected) {
  const { name, value, confidence, provider_name } = field;
  const right = corrected(field.page, `fields/${index}`, value);
  const check = right === null || right === value ? field.check ?? "unchecked" : "unchecked";
  const verdict = make("td", { "data-check": check, tabindex: -1 });
  say(verdict, `check.${check}`);
  const label = name === "pair" ? provider_name : name; // the question of a form
  const shown = make("td", {
    lang: languageOf(value), tabindex: -1, class: right === null ? null : "corrected",
  }, right ?? value);
  const sure = make("td", { tabindex: -1 }, confidence === null ? "" : percent(confidence));
  const row = make("tr", {}, make("th", { scope: "row", tabindex: -1 }, label), shown, sure, verdict);
  if (field.polygon) leads(row, () => locate(field));
  return row;
}

function leads(element, go) {
  element.classList.add("leads");
  element.addEventListener("click", go);
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    go();
  });
}

/** One stop for the Tab key, and the arrow keys within. */
function walkable(table) {
  const first = table.querySelector("td, th");
  if (first) first.tabIndex = 0;
  table.addEventListener("focusin", ({ target }) => {
    for (const cell of table.querySelectorAll("[tabindex='0']")) cell.tabIndex = -1;
    target.tabIndex = 0;
  });
  table.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (!move) return;
    const row = event.target.parentElement;
    const column = [...row.children].indexOf(event.target) + move[1];
    const next = move[0] ? (move[0] < 0 ? row.previousElementSibling : row.nextElementSibling) : row;
    const cell = next?.children[Math.min(column, next.children.length - 1)];
    if (!cell || column < 0) return;
    event.preventDefault();
    cell.focus();
  });
}
return { showTables, showFields };
})();

const $result = (() => {
/** What a reading says as a whole: name, figures, notes, fields, the forms to download, and the text to copy. */

const { OUTPUTS } = $choices;
const { $, make } = $dom;
const { LANGUAGES } = $options;
const { firstPane } = $panes;
const { remark } = $remarks;
const { percent, say, sayAs, text } = $texts;
const { showFields } = $tables;

const FIRST = ["text", "pdf", "docx", "xlsx"]; // what most people want; the others are a click away
const FORMS = [...FIRST, "result", ...OUTPUTS.filter((kind) => !FIRST.includes(kind))];
const DOUBTFUL = 0.75; // of all characters; readings in a wrong language are below
const ACTIVE = 4000; // milliseconds after a click, in which a browser lets it open something

let shown = null; // the reading
let failed = () => {};
let addresses = []; // of blobs that are offered for download

/** `locate` is told the field that a person chooses. */
function showHead(reading, locate) {
  const { name, total, head, corrections } = reading;
  const first = shown !== reading || reading.headed !== head;
  shown = reading;
  reading.headed = head;
  sayAs($("result-title"), name);
  const facts = [fact("fact.pages", total)];
  if (head?.status === "partial") facts.push(fact("fact.status", text("status.partial")));
  if (typeof head?.confidence === "number") facts.push(fact("fact.confidence", percent(head.confidence)));
  const who = head?.engine ? readers(head) : "";
  if (who) facts.push(fact("fact.provider", who));
  if (head?.cost?.calls) facts.push(fact("fact.cost", cost(head.cost)));
  $("facts").replaceChildren(...facts);
  const warnings = head?.warnings ?? [];
  $("warnings").replaceChildren(...warnings.map(remark).map(({ words, lang }) => make("li", { lang }, words)));
  $("warnings").hidden = !warnings.length;
  const fields = head?.fields ?? [];
  showFields(fields, locate, (page, location, read) => corrections?.text(page, location, read) ?? null);
  if (first) firstPane(fields.length);
}

/** Ask whether the language is right, where the reading is not sure; `again` reads it in another one. */
function askLanguage({ head, finished }, again) {
  const asked = finished && typeof head?.confidence === "number" && head.confidence < DOUBTFUL && head.engine;
  $("doubt").hidden = !asked;
  if (!asked) return;
  const languages = head.engine.languages.join("+");
  const named = LANGUAGES.includes(languages) ? text(`languages.${languages}`) : languages;
  say($("doubt-text"), "doubt.text", { percent: percent(head.confidence), languages: named });
  const others = LANGUAGES.filter((name) => name !== "other" && name !== languages);
  $("doubt-choices").replaceChildren(...others.map((name) => {
    const button = make("button", { type: "button", class: "second" });
    say(button, `languages.${name}`);
    button.addEventListener("click", () => again(name));
    return button;
  }));
}

/** All forms of a result, those included that are made only when they are asked for. */
function showDownloads({ finished }) {
  $("forms").hidden = !finished;
  say($("download-note"), "download.note");
}

function startDownloads(whenFailed) {
  failed = whenFailed;
  const links = FORMS.map((kind) => make("li", {}, link(kind)));
  $("downloads").replaceChildren(...links.slice(0, FIRST.length));
  $("more-downloads").replaceChildren(...links.slice(FIRST.length));
}

function link(kind) {
  const anchor = make("a", { "data-kind": kind, href: "#downloads", rel: "noopener noreferrer" });
  say(anchor, `output.${kind}`);
  anchor.addEventListener("click", async (event) => {
    event.preventDefault();
    if (anchor.ariaBusy === "true") return;
    anchor.ariaBusy = "true";
    say($("download-note"), "download.making");
    try {
      const began = Date.now();
      const form = await shown.form(kind);
      say($("download-note"), form ? "download.note" : "download.none");
      if (form) save(form, Date.now() - began < ACTIVE);
    } catch (problem) {
      failed(problem);
    } finally {
      anchor.ariaBusy = null;
    }
  });
  return anchor;
}

function save({ href, name, blob }, active) {
  for (const address of addresses) URL.revokeObjectURL(address);
  addresses = blob ? [URL.createObjectURL(blob)] : [];
  const anchor = make("a", { href: href ?? addresses[0], download: name ?? "", rel: "noopener noreferrer" });
  if (href && active) anchor.target = "_blank";
  anchor.click();
}

function fact(key, value) {
  const term = make("dt");
  say(term, key);
  return make("div", {}, term, make("dd", {}, typeof value === "number" ? value.toLocaleString() : value));
}

/** Who read its pages; nobody, where these have their own text or are blank. */
function readers({ pages = [], engine }) {
  const names = new Set(pages.map(({ provider }) => provider).filter(Boolean));
  const version = (name) => (name === engine.provider && engine.version ? ` ${engine.version}` : "");
  return [...names].map((name) => text(`provider.${name}`) + version(name)).join(", ");
}

function cost({ calls, estimate, currency }) {
  return currency ? text("cost.about", { calls, estimate, currency }) : calls;
}

/** The text of the page that is shown, to the clipboard; where that is closed, selected for the person to copy. */
async function copyText() {
  try {
    await navigator.clipboard.writeText($("text").textContent);
    say($("copy-text"), "text.copied");
  } catch {
    window.getSelection().selectAllChildren($("text"));
    say($("copy-text"), "text.selected");
  }
  say($("live"), $("copy-text").dataset.text);
  setTimeout(() => say($("copy-text"), "text.copy"), 3000);
}
return { showHead, askLanguage, showDownloads, startDownloads, copyText };
})();

const $job = (() => {
/** A job, followed until it has ended. */

const { request, retryAfter } = $api;
const { sleep } = $dom;
const { Problem } = $problem;

const LONGEST_PAUSE = 10; // seconds
const PATIENCE = 8; // polls in a row that may fail to reach the service: a laptop that slept, a train in a tunnel

let turn = Promise.resolve(); // however many jobs are followed, one is asked for at a time

const jobPath = (id) => `v1/jobs/${encodeURIComponent(id)}`;

/** End the reading of a job, and delete it with its document. */
const deleteJob = (id) => request(jobPath(id), { method: "DELETE" });

/** The finished job; a Problem if it failed. `seen` is called with every state of it. */
async function follow(id, { signal, seen }) {
  let pause = 1;
  let before = "";
  let missed = 0;
  for (;;) {
    let wait = null;
    try {
      const answer = await inTurn(() => request(jobPath(id), { signal }));
      const job = await answer.json();
      missed = 0;
      if (job.state === "failed") throw new Problem({ status: job.error?.status, told: job.error, reference: id });
      if (job.state === "complete" || job.state === "partial") return job;
      seen(job);
      const now = `${job.state} ${job.pages.done}`;
      pause = now === before ? Math.min(pause * 1.5, LONGEST_PAUSE) : 1;
      before = now;
      wait = retryAfter(answer);
    } catch (error) {
      missed += 1;
      if (error.key !== "problem.network" || missed > PATIENCE) throw error;
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
    await sleep(Math.max(wait ?? 0, pause), signal);
  }
}

function inTurn(step) {
  const done = turn.then(step);
  turn = done.catch(() => {});
  return done;
}
return { jobPath, deleteJob, follow };
})();

const $corrections = (() => {
/** What people have corrected of a job's result. Each correction is sent soon after it was made, on condition that
 * nobody else has added one meanwhile; if somebody has, theirs are taken in, and only what contradicts is asked about. */

const { request } = $api;
const { jobPath } = $job;

const SOON = 600; // milliseconds between a correction and its way to the service
const MOST = 500; // in one request
const AGAIN = 10_000; // milliseconds until the service is tried again that was out of reach
const UNSENT = "folio.unsent."; // in the session, so that a page loaded again loses none
const NAME = "folio.reviewer";

const reviewer = () => localStorage.getItem(NAME) ?? "";
const nameReviewer = (name) => localStorage.setItem(NAME, name);

const placeOf = ({ page, location }) => `${page}/${location}`;

class Corrections {
  #id;
  #changed;
  #current = new Map(); // place -> the correction that counts
  #pending = new Map(); // place -> a correction that is not saved yet
  #saving = null;
  #timer = null;

  /** Of the job `id`; `changed` is called with every news. `conflicts` are pairs {mine, theirs} to be decided. */
  constructor(id, changed = () => {}) {
    Object.assign(this, { revision: 0, conflicts: [], problem: null });
    this.#id = id;
    this.#changed = changed;
    const unsent = JSON.parse(sessionStorage.getItem(UNSENT + id) ?? "[]");
    for (const edit of unsent) this.#pending.set(placeOf(edit), edit);
  }

  async load(signal) {
    this.#take(await (await request(`${jobPath(this.#id)}/review`, { signal })).json());
    if (this.#pending.size) this.#soon();
  }

  /** What stands at a location by now; null where nobody has said anything about what was `read` there. */
  text(page, location, read) {
    const edit = this.#pending.get(`${page}/${location}`) ?? this.#current.get(`${page}/${location}`);
    return edit && edit.read === read ? edit.text : null;
  }

  get saved() {
    return !this.#pending.size;
  }

  /** Correct a location: {page, location, read, text}. */
  put(edit) {
    this.#pending.set(placeOf(edit), edit);
    this.#keep();
    this.#soon();
  }

  /** Decide a conflict. */
  decide(conflict, mine) {
    this.conflicts = this.conflicts.filter((one) => one !== conflict);
    if (mine) this.put(conflict.mine);
    this.#keep();
    this.#changed();
  }

  /** Send what is not saved yet, now. */
  flush() {
    clearTimeout(this.#timer);
    this.#saving ??= this.#send().finally(() => {
      this.#saving = null;
      this.#keep();
      this.#changed();
    });
    return this.#saving;
  }

  #soon() {
    this.#changed();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), SOON);
  }

  async #send() {
    this.problem = null;
    while (this.#pending.size) {
      const edits = [...this.#pending.values()].slice(0, MOST);
      try {
        const answer = await request(`${jobPath(this.#id)}/review`, {
          method: "PATCH",
          headers: { "Content-Type": "application/json", "If-Match": `"${this.revision}"` },
          body: JSON.stringify({ by: reviewer(), edits }),
        });
        this.#take(await answer.json());
        for (const edit of edits) if (this.#pending.get(placeOf(edit)) === edit) this.#pending.delete(placeOf(edit));
      } catch (problem) {
        if (problem.status !== 412 || !problem.told?.review) {
          this.problem = problem;
          if (!problem.status || problem.status >= 500) this.#timer = setTimeout(() => this.flush(), AGAIN);
          return;
        }
        this.#merge(problem.told.review);
      }
    }
  }

  /** Take in what others have added; what of ours contradicts it waits until it is decided. */
  #merge(newer) {
    const before = this.#current;
    this.#take(newer);
    for (const [place, mine] of this.#pending) {
      const theirs = this.#current.get(place);
      const known = before.get(place)?.text ?? null;
      if (!theirs || theirs.text === known || theirs.text === mine.text) continue;
      this.conflicts.push({ mine, theirs });
      this.#pending.delete(place);
    }
  }

  #take(review) {
    this.revision = review.revision;
    this.#current = new Map(review.edits.map((edit) => [placeOf(edit), edit]));
    for (const [place, edit] of this.#current) if (edit.text === null) this.#current.delete(place);
  }

  #keep() {
    const edits = [...this.#pending.values(), ...this.conflicts.map(({ mine }) => mine)];
    if (edits.length) sessionStorage.setItem(UNSENT + this.#id, JSON.stringify(edits));
    else sessionStorage.removeItem(UNSENT + this.#id);
  }
}
return { reviewer, nameReviewer, Corrections };
})();

const $doubts = (() => {
/** What of a page is worth a person's look: fields, cells and words that are not sure, the least sure first. */

const { grade, wordsOf } = $words;

const RANK = { field: 0, cell: 1, word: 2 };

/** Places of a page: {page, location, kind, name, read, confidence, polygon, before, after}; with `all`, those that are
 * sure too, in their order. What stands in a cell is looked at as the cell. `done(place)` tells which are left out. */
function placesOf(page, fields, { all, done }) {
  const words = wordsOf(page).filter(({ text }) => text.trim());
  const cells = cellsOf(page, words);
  const taken = new Set(cells.flatMap((cell) => cell.words));
  const found = [
    ...fieldsOf(page, fields),
    ...cells,
    ...words.filter((word) => !taken.has(word)).map((word) => wordPlace(page, word)),
  ].filter((place) => (all || isDoubtful(place)) && !done(place));
  if (all) return found;
  return found.sort((one, other) => RANK[one.kind] - RANK[other.kind] || (one.confidence ?? 1) - (other.confidence ?? 1));
}

const isDoubtful = ({ confidence, check }) => check === "failed" || ["fair", "poor"].includes(grade(confidence));

function fieldsOf(page, fields) {
  return fields.map((field, index) => ({ field, index })).filter(({ field }) => field.page === page.number)
    .map(({ field, index }) => ({
      page: page.number,
      location: `fields/${index}`,
      kind: "field",
      name: field.name === "pair" ? field.provider_name : field.name,
      read: field.value,
      confidence: field.confidence,
      check: field.check,
      polygon: field.polygon,
      before: "",
      after: "",
    }));
}

function cellsOf(page, words) {
  return page.tables.flatMap((table, number) => table.cells.map((cell, index) => {
    const inside = cell.polygon ? words.filter((word) => isInside(word.polygon, cell.polygon)) : [];
    const known = [cell.confidence, ...inside.map(({ confidence }) => confidence)].filter((one) => one !== null);
    return {
      page: page.number,
      location: `tables/${number}/cells/${index}`,
      kind: "cell",
      name: `${cell.row + 1}:${cell.column + 1}`,
      read: cell.text,
      confidence: known.length ? Math.min(...known) : null,
      polygon: cell.polygon,
      before: "",
      after: "",
      words: inside,
    };
  })).filter(({ read }) => read.trim());
}

function wordPlace(page, word) {
  const line = page.lines[word.line].text;
  const [before, after] = around(line, page.lines[word.line].words, word.index);
  return {
    page: page.number, location: word.location, kind: "word", name: "", read: word.text,
    confidence: word.confidence, polygon: word.polygon, before, after,
  };
}

/** What stands in a line before and after one of its words. */
function around(line, words, index) {
  let at = 0;
  for (const [number, { text }] of words.entries()) {
    const start = line.indexOf(text, at);
    if (number === index) return start < 0 ? ["", ""] : [line.slice(0, start), line.slice(start + text.length)];
    if (start >= 0) at = start + text.length;
  }
  return ["", ""];
}

function isInside(polygon, outer) {
  const [x, y] = [0, 1].map((axis) => polygon.reduce((sum, point) => sum + point[axis], 0) / polygon.length);
  const [left, right] = edges(outer, 0);
  const [top, bottom] = edges(outer, 1);
  return left <= x && x < right && top <= y && y < bottom;
}

function edges(polygon, axis) {
  const along = polygon.map((point) => point[axis]);
  return [Math.min(...along), Math.max(...along)];
}
return { placesOf };
})();

const $review = (() => {
/** Correcting a result by the keyboard: one doubtful place after another, its picture always in view. Enter takes what
 * the field says and goes on; so a word that is right takes one key, and one that is not its letters and one key. */

const { nameReviewer, reviewer } = $corrections;
const { $, make } = $dom;
const { placesOf } = $doubts;
const { sentences } = $problem;
const { percent, say, sayAs, text } = $texts;
const { grade, languageOf } = $words;

const KINDS = { word: "correct.kind.word", cell: "correct.kind.cell", field: "correct.kind.field" };

class Reviewer {
  #viewer;
  #reading = null;
  #page = 0;
  #places = [];
  #at = 0;
  #all = false;
  #trail = []; // places that were decided, for the way back

  constructor(viewer, leave) {
    this.#viewer = viewer;
    $("correct-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#take($("correction").value.trim());
    });
    $("correct-nothing").addEventListener("click", () => this.#take(""));
    $("correct-skip").addEventListener("click", () => this.#step(1));
    $("correct-back").addEventListener("click", () => this.#back());
    $("correct-rest").addEventListener("click", () => { this.#all = true; this.#seek(1); });
    $("correct-leave").addEventListener("click", leave);
    $("correction").addEventListener("keydown", (event) => {
      const act = { ArrowDown: () => this.#step(1), ArrowUp: () => this.#back(), Escape: leave }[event.key];
      if (!act || event.isComposing) return;
      event.preventDefault();
      act();
    });
    $("reviewer").value = reviewer();
    $("reviewer").addEventListener("change", () => nameReviewer($("reviewer").value.trim()));
  }

  /** What there is to correct is being fetched. */
  prepare() {
    $("correct-form").hidden = true;
    $("correct-done").hidden = true;
    $("conflicts").hidden = true;
    say($("correct-count"), "download.making");
    sayAs($("correct-state"), "");
    $("correct-leave").focus();
  }

  /** Begin with the first page. */
  async open(reading) {
    this.#reading = reading;
    this.#all = false;
    this.#trail = [];
    await this.#seek(1);
  }

  /** Show how it stands with saving, also to who has left the review, and what is to be decided. */
  tell({ corrections } = this.#reading) {
    const { conflicts = [], problem = null, saved = true } = corrections ?? {};
    const state = problem ? "correct.unsaved" : saved ? "correct.saved" : "correct.saving";
    $("unsaved").hidden = !problem || !$("corrector").hidden;
    for (const told of [$("correct-state"), $("unsaved")]) {
      say(told, state, problem ? { message: sentences(problem).detail } : {});
    }
    $("correct-state").classList.toggle("wrong", Boolean(problem));
    $("conflicts").hidden = !conflicts.length;
    $("conflict-list").replaceChildren(...conflicts.map((conflict) => this.#conflict(conflict)));
  }

  #conflict(conflict) {
    const { mine, theirs } = conflict;
    const what = make("span");
    say(what, "correct.conflict", {
      read: mine.read, mine: mine.text, theirs: theirs.text, by: theirs.by || text("correct.somebody"),
    });
    const choices = [["correct.theirs", false], ["correct.mine", true]].map(([key, take]) => {
      const button = make("button", { type: "button", class: "second" });
      say(button, key);
      button.addEventListener("click", () => {
        this.#reading.corrections.decide(conflict, take);
        $("correction").focus();
      });
      return button;
    });
    return make("li", {}, what, ...choices);
  }

  /** Go to the first page from a number on that has something to look at; what was skipped is not sought again. */
  async #seek(from) {
    for (let number = from; number <= this.#reading.total; number += 1) {
      const page = await this.#viewer.go(number);
      if (!page) return;
      const { corrections, head } = this.#reading;
      const done = ({ page: on, location, read }) => corrections.text(on, location, read) !== null;
      this.#page = number;
      this.#places = placesOf(page, head.fields ?? [], { all: this.#all, done });
      this.#at = 0;
      if (this.#places.length) {
        this.#show();
        return;
      }
    }
    this.#finish();
  }

  #show() {
    const place = this.#places[this.#at];
    const { corrections, total } = this.#reading;
    $("correct-form").hidden = false;
    $("correct-done").hidden = true;
    say($("correct-count"), this.#all ? "correct.rest" : "correct.doubt", {
      number: this.#at + 1, total: this.#places.length, page: this.#page, pages: total,
    });
    say($("correct-kind"), KINDS[place.kind], { name: place.name });
    const sure = place.confidence === null ? text("word.none") : percent(place.confidence);
    say($("correct-sure"), "correct.sure", { percent: sure });
    $("correct-sure").className = `note ${grade(place.confidence)}`;
    $("context").replaceChildren(place.before, make("mark", {}, place.read), place.after);
    const field = $("correction");
    const lang = languageOf(place.read);
    for (const element of [field, $("context")]) {
      if (lang) element.lang = lang;
      else element.removeAttribute("lang");
    }
    field.value = corrections.text(place.page, place.location, place.read) ?? place.read;
    field.focus({ preventScroll: true });
    field.select();
    if (place.polygon) this.#viewer.focusOn(place.polygon);
    this.tell();
  }

  #take(words) {
    const { page, location, read } = this.#places[this.#at];
    this.#trail.push([this.#page, this.#places, this.#at]);
    this.#reading.corrections.put({ page, location, read, text: words });
    this.#step(1);
  }

  #step(by) {
    this.#at += by;
    if (this.#at < this.#places.length) this.#show();
    else this.#seek(this.#page + 1);
  }

  /** The place before, also one on an earlier page. */
  async #back() {
    if (this.#at > 0) {
      this.#at -= 1;
      this.#show();
      return;
    }
    const earlier = this.#trail.filter(([, places]) => places !== this.#places);
    if (earlier.length) {
      const [page, places, at] = earlier.at(-1);
      this.#trail = earlier.slice(0, -1);
      if (page !== this.#page) await this.#viewer.go(page);
      [this.#page, this.#places, this.#at] = [page, places, at];
      this.#show();
    }
  }

  #finish() {
    $("correct-form").hidden = true;
    $("correct-done").hidden = false;
    $("correct-rest").hidden = this.#all;
    say($("correct-count"), "correct.none");
    $(this.#all ? "correct-leave" : "correct-rest").focus();
    this.tell();
    say($("live"), "correct.none");
  }
}
return { Reviewer };
})();

const $boxes = (() => {
/** The words of a page as boxes over its picture: a listbox for the keyboard and the screen reader, with one stop for
 * the Tab key and the arrow keys within. */

const { $, shape } = $dom;
const { percent, say, text } = $texts;
const { grade } = $words;

const TYPING = 700; // milliseconds between letters that belong together

class Boxes {
  #words = [];
  #shapes = [];
  #typed = { letters: "", at: 0 };

  /** `current`: the word chosen, or null. `point(word)` and `choose(word)` are told what the person does. */
  constructor({ point, choose }) {
    this.overlay = $("overlay");
    this.current = null;
    const wordAt = (event) => event.target.dataset?.word ?? null;
    this.overlay.addEventListener("pointerover", (event) => point(number(wordAt(event))));
    this.overlay.addEventListener("pointerleave", () => point(null));
    this.overlay.addEventListener("click", (event) => wordAt(event) !== null && choose(number(wordAt(event))));
    this.overlay.addEventListener("focus", () => point(this.current ?? 0));
    this.overlay.addEventListener("blur", () => point(null));
    this.overlay.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const word = this.#moved(event.key);
      if (word !== null) point(word);
      else if (event.key === "Enter" || event.key === " ") choose(this.current);
      else if (event.key === "Escape") this.hideTip();
      else return;
      event.preventDefault();
    });
  }

  draw(page, words) {
    this.#words = words;
    this.current = null;
    this.hideTip();
    this.overlay.setAttribute("viewBox", `0 0 ${page.width} ${page.height}`);
    this.overlay.removeAttribute("aria-activedescendant");
    this.#shapes = words.map((word, place) => {
      const points = word.polygon.map((point) => point.join(",")).join(" ");
      return shape("polygon", { id: `word-${place}`, "data-word": place, role: "option", points, class: grade(word.confidence) });
    });
    this.overlay.replaceChildren(...this.#shapes);
    this.name();
    this.overlay.toggleAttribute("hidden", !words.length); // an SVG element has no property `hidden`
  }

  /** Give every box its name, in the language of the page. */
  name() {
    for (const [place, word] of this.#words.entries()) this.#shapes[place].setAttribute("aria-label", named(word));
  }

  /** Mark a word as the chosen one. */
  mark(word) {
    this.#shapes[this.current]?.classList.remove("current");
    this.#shapes[this.current]?.setAttribute("aria-selected", "false");
    this.current = word;
    const marked = this.#shapes[word];
    if (!marked) return;
    marked.classList.add("current");
    marked.setAttribute("aria-selected", "true");
    this.overlay.setAttribute("aria-activedescendant", marked.id);
  }

  /** Show what a box says, above it, or below it where there is no room. */
  showTip(place) {
    const word = this.#words[place];
    const tip = $("tip");
    const sure = word.confidence === null ? ["word.none"] : ["word.percent", { percent: percent(word.confidence) }];
    const known = document.createElement("b");
    say(known, ...sure);
    tip.replaceChildren(`${word.text} `, known);
    tip.className = `tip ${grade(word.confidence)}`;
    tip.hidden = false;
    const [box, stage] = [this.#shapes[place].getBoundingClientRect(), $("stage").getBoundingClientRect()];
    const left = Math.min(Math.max(0, box.left - stage.left), Math.max(0, stage.width - tip.offsetWidth));
    const above = box.top - stage.top - tip.offsetHeight - 6;
    tip.style.left = `${left}px`;
    tip.style.top = `${above >= 0 ? above : box.bottom - stage.top + 6}px`;
  }

  /** Show where something lies on the page that is no word, and bring it into view. */
  outline(polygon, block) {
    this.overlay.querySelector(".outline")?.remove();
    const points = polygon.map((point) => point.join(",")).join(" ");
    const outline = shape("polygon", { class: "outline", points, "aria-hidden": "true" });
    this.overlay.append(outline);
    if (block) outline.scrollIntoView({ block, inline: "nearest" });
  }

  hideTip() {
    $("tip").hidden = true;
  }

  /** Bring a box into view. */
  reveal(word, block) {
    this.#shapes[word]?.scrollIntoView({ block, inline: "nearest" });
  }

  /** The word that a key leads to from the current one, null if it leads nowhere. */
  #moved(key) {
    const [last, now] = [this.#words.length - 1, this.current ?? 0];
    const steps = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last };
    if (key in steps) return Math.min(Math.max(0, steps[key]), last);
    if (key === "ArrowUp" || key === "ArrowDown") return this.#inNextLine(now, key === "ArrowDown" ? 1 : -1);
    return key.length === 1 && key !== " " ? this.#startingWith(key) : null;
  }

  /** The word of the next line that is nearest across. */
  #inNextLine(now, step) {
    const line = this.#words[now].line + step;
    const others = [...this.#words.keys()].filter((place) => this.#words[place].line === line);
    const away = (place) => Math.abs(middle(this.#words[place]) - middle(this.#words[now]));
    return others.length ? others.reduce((best, place) => (away(place) < away(best) ? place : best)) : now;
  }

  /** The next word that starts with the letters typed in a row. */
  #startingWith(letter) {
    const now = Date.now();
    const letters = now - this.#typed.at < TYPING ? this.#typed.letters + letter : letter;
    this.#typed = { letters, at: now };
    const count = this.#words.length;
    const first = (this.current ?? 0) + (letters.length === 1 ? 1 : 0);
    const order = [...Array(count).keys()].map((place) => (first + place) % count);
    const starts = (place) => this.#words[place].text.toLowerCase().startsWith(letters.toLowerCase());
    return order.find(starts) ?? this.current;
  }
}

const number = (word) => (word === null ? null : Number(word));
const middle = ({ polygon }) => polygon.reduce((sum, [x]) => sum + x, 0) / polygon.length;

function named(word) {
  if (word.confidence === null) return text("word.unknown", { text: word.text });
  return text("word.sure", { text: word.text, percent: percent(word.confidence) });
}
return { Boxes };
})();

const $viewer = (() => {
/** One page of a reading at a time: its picture with the words boxed, and its text. */

const { Boxes } = $boxes;
const { $, make } = $dom;
const { percent, say, sayAs } = $texts;
const { choosePanes } = $panes;
const { pageError, remark } = $remarks;
const { showTables } = $tables;
const { grade, languageOf, partsOf, wordsOf } = $words;

const ZOOMS = [1, 1.5, 2, 3, 4];
const LEGIBLE = 26; // pixels of height, of a line that is to be read
const STACKED = window.matchMedia("(max-width: 52rem)");

class Viewer {
  #reading = null;
  #number = 1;
  #page = null; // as it was read; null while it is not there
  #zoom = 0;
  #loading = new AbortController();
  #address = null; // of the picture that is shown
  #spans = [];
  #failed;

  /** `failed` is told the problem of a page that cannot be fetched. */
  constructor(failed) {
    this.#failed = failed;
    this.boxes = new Boxes({ point: (word) => this.#point(word), choose: (word) => this.#locate(word, "text") });
    $("previous").addEventListener("click", () => this.#go(this.#number - 1));
    $("next").addEventListener("click", () => this.#go(this.#number + 1));
    $("number").addEventListener("change", (event) => this.#go(Math.round(event.target.valueAsNumber) || this.#number));
    $("smaller").addEventListener("click", () => this.#size(this.#zoom - 1));
    $("larger").addEventListener("click", () => this.#size(this.#zoom + 1));
    $("boxes").addEventListener("change", (event) => $("stage").classList.toggle("bare", !event.target.checked));
    const wordAt = (event) => (event.target.dataset.word ? Number(event.target.dataset.word) : null);
    $("text").addEventListener("pointerover", (event) => this.#point(wordAt(event)));
    $("text").addEventListener("pointerleave", () => this.#point(null));
    $("text").addEventListener("click", (event) => wordAt(event) !== null && this.#locate(wordAt(event), "picture"));
  }

  async open(reading) {
    this.#reading = reading;
    this.#count();
    this.#size(0);
    await this.#go(1);
  }

  get number() {
    return this.#number;
  }

  #count() {
    const { total } = this.#reading;
    $("number").max = total;
    $("pages").hidden = total < 2;
    say($("total"), "page.of", { total });
  }

  /** More pages have been read: the one that is waited for may be among them. */
  refresh() {
    this.#count();
    if (this.#page === null && this.#reading.ready(this.#number)) this.#go(this.#number);
  }

  /** Something on the page was corrected. */
  redraw() {
    if (this.#page) this.#show(this.#page);
  }

  /** Show a page, and answer it; null if it cannot be shown. */
  async go(number) {
    if (number !== this.#number || !this.#page) await this.#go(number);
    return this.#page;
  }

  /** Bring a place on the page into the middle of the view, large enough to be read. */
  focusOn(polygon) {
    const [tops, lefts] = [polygon.map(([, y]) => y), polygon.map(([x]) => x)];
    const height = Math.max(1, Math.max(...tops) - Math.min(...tops));
    const view = $("picture-scroll");
    const enough = ZOOMS.findIndex((zoom) => (height * zoom * view.clientWidth) / this.#page.width >= LEGIBLE);
    this.#size(enough < 0 ? ZOOMS.length - 1 : enough);
    this.boxes.outline(polygon, null);
    const scale = $("stage").clientWidth / this.#page.width;
    const middle = (along) => ((Math.max(...along) + Math.min(...along)) / 2) * scale;
    view.scrollTo({
      left: middle(lefts) - view.clientWidth / 2, top: middle(tops) - view.clientHeight / 2, behavior: "instant",
    });
  }

  close() {
    this.#loading.abort();
    this.#reading = null;
    this.#forgetPicture();
  }

  /** The language has changed. */
  rename() {
    this.boxes.name();
    if (this.#page) this.#note(this.#page);
    this.boxes.hideTip();
  }

  async #go(number) {
    this.#number = Math.min(Math.max(1, number), this.#reading.total);
    $("number").value = this.#number;
    // Disabling what has the focus would lose it.
    $("previous").setAttribute("aria-disabled", this.#number === 1);
    $("next").setAttribute("aria-disabled", this.#number === this.#reading.total);
    this.#loading.abort();
    this.#loading = new AbortController();
    const { signal } = this.#loading;
    $("result").setAttribute("aria-busy", "true");
    this.#page = null;
    const picture = this.#showPicture(signal);
    try {
      if (this.#reading.ready(this.#number)) {
        const page = await this.#reading.page(this.#number, signal);
        if (!signal.aborted) this.#show(page);
      } else this.#showUnread();
    } catch (problem) {
      if (!signal.aborted) this.#failed(problem);
    }
    await picture;
    if (!signal.aborted) $("result").removeAttribute("aria-busy");
  }

  /** A page that is still to be read. */
  #showUnread() {
    $("overlay").toggleAttribute("hidden", true);
    $("picture-scroll").tabIndex = 0;
    $("text").replaceChildren(said("p", "note", "page.unread"));
    showTables([], () => {});
    sayAs($("page-confidence"), "");
    $("page-note").hidden = true;
    $("copy").hidden = true;
    choosePanes({ tables: 0 });
  }

  #show(page) {
    this.#page = page;
    const words = wordsOf(page);
    $("stage").style.aspectRatio = `${page.width} / ${page.height}`;
    this.boxes.draw(page, words);
    $("picture-scroll").tabIndex = words.length ? -1 : 0; // without boxes to go to, the keyboard scrolls it by itself
    this.#note(page);
    this.#spans = [];
    const parts = partsOf(page).map((part) => this.#part(part, words));
    const lang = languageOf(page.text);
    $("text").replaceChildren(...parts);
    for (const place of [$("text"), $("tables"), $("tip")]) {
      if (lang) place.lang = lang;
      else place.removeAttribute("lang");
    }
    if (!page.text) $("text").append(said("p", "note", "page.notext"));
    showTables(page.tables, (polygon) => this.outline(polygon), (location, read) => this.#corrected(location, read));
    choosePanes({ tables: page.tables.length });
    if (page.confidence === null) sayAs($("page-confidence"), "");
    else say($("page-confidence"), "text.confidence", { percent: percent(page.confidence) });
    $("copy").hidden = !page.text;
    $("text-scroll").scrollTop = 0;
    if (page.number === this.#number) say($("picture-title"), "picture.title");
    else say($("picture-title"), "picture.number", { number: page.number });
    say($("live"), "page.shown", { number: this.#number, total: this.#reading.total, count: words.length });
  }

  #part({ text, word }, words) {
    if (word === null) return text;
    const right = this.#corrected(words[word].location, text);
    const style = right === null ? grade(words[word].confidence) : "corrected";
    this.#spans[word] = make("span", { "data-word": word, class: style }, right ?? text);
    return this.#spans[word];
  }

  #corrected(location, read) {
    return this.#reading.corrections?.text(this.#page.number, location, read) ?? null;
  }

  /** Show where something lies on the page. */
  outline(polygon) {
    this.boxes.outline(polygon, STACKED.matches ? "center" : "nearest");
  }

  #note(page) {
    const note = $("page-note");
    const key = { "text-layer": "page.layer", mixed: "page.mixed", blank: "page.blank" }[page.origin];
    note.hidden = false;
    note.classList.toggle("wrong", page.status === "failed");
    if (page.status === "failed") {
      say(note, "page.failed", { message: pageError(page.error) });
    } else if (key) say(note, key);
    else if (page.warnings.length) sayAs(note, page.warnings.map((one) => remark(one).words).join(" "));
    else note.hidden = true;
  }

  async #showPicture(signal) {
    const picture = $("picture");
    this.#forgetPicture();
    $("overlay").toggleAttribute("hidden", true);
    this.boxes.hideTip();
    $("picture-note").hidden = false;
    say($("picture-note"), "page.loading");
    try {
      const blob = await this.#reading.picture(this.#number, signal);
      if (signal.aborted) return;
      this.#address = URL.createObjectURL(blob);
      picture.src = this.#address;
      say(picture, "picture.alt", { number: this.#number, name: this.#reading.name }, "alt");
      await picture.decode();
      if (signal.aborted) return;
      picture.hidden = false;
      $("picture-note").hidden = true;
    } catch {
      if (!signal.aborted) say($("picture-note"), "picture.none");
    }
  }

  #forgetPicture() {
    $("picture").hidden = true;
    $("picture").removeAttribute("src");
    if (this.#address) URL.revokeObjectURL(this.#address);
    this.#address = null;
  }

  #size(zoom) {
    this.#zoom = Math.min(Math.max(0, zoom), ZOOMS.length - 1);
    $("stage").style.width = `${ZOOMS[this.#zoom] * 100}%`;
    $("zoom").textContent = `${ZOOMS[this.#zoom] * 100}%`;
    $("smaller").setAttribute("aria-disabled", this.#zoom === 0);
    $("larger").setAttribute("aria-disabled", this.#zoom === ZOOMS.length - 1);
    this.boxes.hideTip();
    this.boxes.reveal(this.boxes.current, "nearest");
  }

  /** Show a word on the page and in the text; with null, none. */
  #point(word) {
    this.#spans[this.boxes.current]?.classList.remove("current");
    this.boxes.mark(word ?? this.boxes.current);
    this.#spans[this.boxes.current]?.classList.add("current");
    if (word === null || $("overlay").hasAttribute("hidden")) this.boxes.hideTip();
    else this.boxes.showTip(word);
  }

  /** Bring the other place of a word into view. */
  #locate(word, where) {
    if (word === null) return;
    this.#point(word);
    const block = STACKED.matches ? "center" : "nearest";
    if (where === "text") this.#spans[word]?.scrollIntoView({ block, inline: "nearest" });
    else this.boxes.reveal(word, block);
  }
}

function said(tag, style, key) {
  const element = make(tag, { class: style });
  say(element, key);
  return element;
}
return { Viewer };
})();

const $past = (() => {
/** The jobs that this browser has seen, by their addresses: names and times, nothing of what the documents say. */

const NAME = "folio.history";
const MOST = 50;

/** The newest first: {id, name, at}. */
function past() {
  try {
    return JSON.parse(localStorage.getItem(NAME)) ?? [];
  } catch {
    return [];
  }
}

function remember(id, name) {
  const known = past();
  const at = known.find((one) => one.id === id)?.at ?? new Date().toISOString();
  keep([{ id, name, at }, ...known.filter((one) => one.id !== id)].slice(0, MOST));
}

const forget = (id) => keep(past().filter((one) => one.id !== id));

const forgetAll = () => localStorage.removeItem(NAME);

function keep(jobs) {
  if (jobs.length) localStorage.setItem(NAME, JSON.stringify(jobs));
  else forgetAll();
}
return { past, remember, forget, forgetAll };
})();

const $reading = (() => {
/** What was read, page by page, wherever it lies: in one answer, or in a job whose pages are fetched as they are shown,
 * also while others are still being read. */

const { request, requestJson } = $api;
const { Corrections } = $corrections;
const { jobPath } = $job;

const FRESH = 10 * 60_000; // milliseconds; links last a quarter of an hour
const SHORT = 20; // pages; the JSON of longer documents is for downloading, not for a look at its head

class Reading {
  #file;
  #type;
  #json;
  #pages;
  #job = null;
  #fetched = 0;
  #correcting = null; // until the corrections are there
  #made = 0; // the revision of the corrections that the job's forms have

  /** `id` is the job's, or null. `file`: the document, if it is a picture that the browser draws. `json`: the result as
   * it was answered, if it was. */
  constructor({ id, name, file = null, type = null, json = null }) {
    Object.assign(this, { id, name, head: null, corrections: null });
    this.#file = file;
    this.#type = type;
    this.#json = json;
    if (json !== null) this.head = JSON.parse(json);
    this.#pages = this.head?.pages ?? null;
  }

  /** There is news of the job. */
  update(job) {
    this.#job = job;
    this.#fetched = Date.now();
    this.name = job.filename;
  }

  get total() {
    return this.#pages?.length ?? this.#job?.pages.total ?? this.#job?.pages.done ?? 0;
  }

  get finished() {
    return this.#pages !== null || ["complete", "partial"].includes(this.#job?.state);
  }

  /** The number in the document of the page at a position, from 1: those that were read need not be all. */
  numberOf(position) {
    return this.#pages?.[position - 1]?.number ?? chosen(this.#job?.pages.chosen ?? "", position);
  }

  /** The position of a page by its number in the document. */
  positionOf(number) {
    for (let position = 1; position <= this.total; position += 1) if (this.numberOf(position) === number) return position;
    return 1;
  }

  /** Whether the page at a position can be shown already. */
  ready(position) {
    if (this.finished) return true;
    const number = this.numberOf(position);
    const runs = (this.#job?.pages.ready ?? "").split(",").filter(Boolean).map((run) => run.split("-").map(Number));
    return runs.some(([first, last]) => first <= number && number <= last);
  }

  async page(position, signal) {
    return this.#pages?.[position - 1] ?? requestJson(this.#path(position), { signal });
  }

  async picture(position, signal) {
    if (this.#file) return drawable(this.#file, this.#type);
    return (await request(this.#path(position), { accept: "image/png", signal })).blob();
  }

  #path(position) {
    return `${jobPath(this.id)}/pages/${this.numberOf(position)}`;
  }

  /** Fields, warnings and the like are told by the result itself. */
  async loadHead(signal) {
    if (this.head) return;
    this.head = { status: this.#job.state, confidence: null, warnings: [], fields: [] };
    if (!this.#job.links.result || this.#job.pages.total > SHORT) return;
    try {
      this.head = await (await fetch(this.#job.links.result, { signal })).json();
    } catch {
      signal?.throwIfAborted(); // the pages are there all the same
    }
  }

  /** A form of the result: {href}, {blob, name}, or null where the document has none. It is made if need be. */
  async form(kind) {
    const revision = this.corrections?.revision ?? 0;
    if (this.#json !== null && !revision) {
      const { name, head } = this;
      if (kind === "result") return { name: `${name}.ocr.json`, blob: blob(this.#json, "application/json") };
      if (kind === "text") return { name: `${name}.txt`, blob: blob(head.text, "text/plain;charset=utf-8") };
    }
    if (!this.id) return null;
    await this.#refresh();
    if (kind !== "result" && (!(kind in this.#job.links) || revision > this.#made)) {
      await this.#make([kind]);
      this.#made = revision;
    }
    const href = this.#job.links[kind];
    return href ? { href } : null;
  }

  /** Whether people have corrected it. */
  get reviewed() {
    return this.#job?.reviewed ?? false;
  }

  /** Fetch what people have corrected: once, however many ask. `changed` is called with every news. */
  loadCorrections(changed) {
    this.#correcting ??= this.#loadCorrections(changed).catch((problem) => {
      this.#correcting = null;
      throw problem;
    });
    return this.#correcting;
  }

  async #loadCorrections(changed) {
    await this.#refresh(); // what was answered at once is being kept
    const loaded = new Corrections(this.id, changed);
    await loaded.load();
    this.corrections = loaded;
  }

  /** Have all forms made anew that were made before the last correction. */
  async renew() {
    const revision = this.corrections?.revision ?? 0;
    if (revision <= this.#made) return;
    await this.#make([]);
    this.#made = revision;
  }

  /** The document itself, to be read again. */
  async source() {
    if (this.#file) return this.#file;
    await this.#refresh();
    return new File([await (await fetch(this.#job.links.source)).blob()], this.name);
  }

  async #make(outputs) {
    this.update(await requestJson(`${jobPath(this.id)}/outputs`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ outputs }),
    }));
  }

  async #refresh() {
    while (!this.#job || !this.#job.links.result || Date.now() - this.#fetched > FRESH) {
      const job = await requestJson(jobPath(this.id));
      this.update(job);
      if (!job.links.result) await new Promise((resolve) => setTimeout(resolve, 1000)); // what was answered is being kept
    }
  }
}

/** The page at a position of those that were chosen (2-3,7 or 5-); of all, if nothing is said. */
function chosen(ranges, position) {
  let left = position;
  for (const range of ranges.split(",").filter(Boolean)) {
    const [first, last = first] = range.split("-").map(Number);
    const end = range.endsWith("-") ? Infinity : last;
    if (first + left - 1 <= end) return first + left - 1;
    left -= end - first + 1;
  }
  return position;
}

const blob = (text, type) => new Blob([text], { type });

/** A picture that stands still, as it was read: of a moving one the first frame. */
async function drawable(file, type) {
  if (type !== "image/gif" && type !== "image/webp") return file;
  const frame = await createImageBitmap(file);
  const canvas = new OffscreenCanvas(frame.width, frame.height);
  canvas.getContext("2d").drawImage(frame, 0, 0);
  frame.close();
  return canvas.convertToBlob();
}
return { Reading };
})();

const $send = (() => {
/** The ways of a document into the service: small pictures are answered at once, everything else is uploaded straight
 * to the storage and becomes a job. */

const { request, requestJson } = $api;
const { Problem } = $problem;
const { size } = $texts;

// The gateway takes 10 MB and hands on 6 MB, in Base64, of which the document may be about 4.
const AT_ONCE = 4_000_000;
const HEAD = 16;
const MAGIC = [
  ["image/png", /^\x89PNG\r\n/],
  ["image/jpeg", /^\xff\xd8\xff/],
  ["image/gif", /^GIF8/],
  ["image/webp", /^RIFF[^]{4}WEBP/],
  ["image/bmp", /^BM/],
  ["image/tiff", /^(II\*\0|MM\0\*|II\+\0|MM\0\+)/],
  ["image/jp2", /^(\0\0\0\x0cjP {2}|\xff\x4f\xff\x51)/],
  ["application/pdf", /^%PDF-/],
];
const DRAWN = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"];

/** The media type by content, or what the browser makes of the name. */
async function mediaType(file) {
  let head;
  try {
    head = String.fromCharCode(...new Uint8Array(await file.slice(0, HEAD).arrayBuffer()));
  } catch {
    throw new Problem({ key: "problem.unreadable" });
  }
  return MAGIC.find(([, pattern]) => pattern.test(head))?.[0] ?? "application/octet-stream";
}

/** Whether a browser draws such a file. */
const isDrawn = (type) => DRAWN.includes(type);

/** Hand a document in. Answers {job} and, if it was read at once, {result}: its JSON text. */
async function send(file, type, options, { signal, progress }) {
  if (!file.size) throw new Problem({ key: "problem.empty" });
  const outputs = [...new Set(["text", ...(options.outputs ?? "").split(",").filter(Boolean)])].join(",");
  const wanted = { ...options, outputs };
  if (isDrawn(type) && file.size <= AT_ONCE && !options.outputs) return atOnce(file, type, wanted, signal);
  return { job: await upload(file, type, wanted, { signal, progress }) };
}

async function atOnce(file, type, options, signal) {
  const body = new FormData();
  for (const [name, value] of given(options)) body.append(name, value);
  body.append("file", new File([file], file.name, { type }), file.name);
  // Kept as a job too: it then has an address, other forms, and can be corrected.
  const answer = await request("v1/documents", { method: "POST", body, signal, headers: { Prefer: "keep" } });
  if (answer.status === 202) return { job: (await answer.json()).id };
  const job = (answer.headers.get("Location") ?? "").split("/").pop();
  return { job: job || null, result: await answer.text() };
}

async function upload(file, type, options, { signal, progress }) {
  const wanted = Object.fromEntries(given(options));
  const ticket = await requestJson("v1/uploads", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ filename: file.name, content_type: type, bytes: file.size, options: wanted }),
    signal,
  });
  if (file.size > ticket.max_bytes) {
    throw new Problem({ key: "problem.large", values: { bytes: size(file.size), limit: size(ticket.max_bytes) } });
  }
  await put(ticket, file, { signal, progress });
  return ticket.job;
}

/** The presigned form: its fields first, then the file. fetch does not tell how much has gone. */
function put({ url, fields }, file, { signal, progress }) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file);
  return new Promise((resolve, reject) => {
    const post = new XMLHttpRequest();
    post.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
    post.addEventListener("load", () => {
      const { status } = post;
      if (status >= 200 && status < 300) resolve();
      else reject(new Problem({ status, key: "problem.upload", values: { status } }));
    });
    post.addEventListener("error", () => reject(new Problem({ key: "problem.network" })));
    post.addEventListener("abort", () => reject(signal.reason));
    signal.addEventListener("abort", () => post.abort(), { once: true });
    post.open("POST", url);
    post.send(form);
  });
}

const given = (options) => Object.entries(options).filter(([, value]) => value);
return { mediaType, isDrawn, send };
})();

const $work = (() => {
/** The documents of this visit: handed in one after another, followed side by side, each with what became of it. */

const { deleteJob, follow } = $job;
const { forget, remember } = $past;
const { Problem } = $problem;
const { Reading } = $reading;
const { isDrawn, mediaType, send } = $send;
const { percent, size, text } = $texts;

const SLOW = 10; // seconds of an upload or a reading, after which it is said how long the rest may take

let turn = Promise.resolve(); // one document is sent at a time

class Work {
  #changed;
  #stop = new AbortController();
  #began = 0; // a time in milliseconds, and how much was done then
  #start = 0;

  /** A `file` to be read with some options, or the job `id`. `changed` is called when there is news. */
  constructor({ file = null, name = null, options = {}, id = null, changed }) {
    Object.assign(this, { file, options, id, reading: null, problem: null, part: null });
    this.name = name ?? file?.name ?? "Folio";
    this.state = "queued";
    this.said = { key: "work.queued", values: {} };
    this.#changed = changed;
  }

  get ended() {
    return ["done", "failed", "canceled"].includes(this.state);
  }

  /** Do it, to its end; it never fails, but says so. */
  async run() {
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.problem = null;
    this.#say("queued", "work.queued");
    try {
      if (!this.id) await this.#inTurn(() => this.#send(signal), signal);
      if (this.id) remember(this.id, this.name);
      if (!this.reading?.finished) await this.#follow(signal);
      this.#say("done", "work.done", { count: this.reading.total });
    } catch (problem) {
      if (signal.aborted) return;
      this.problem = problem instanceof Problem ? problem : new Problem({ key: "problem.fault" });
      if (this.problem.status === 404 && this.id) forget(this.id);
      this.#say("failed", "work.failed");
    }
  }

  /** End it, wherever it is read. */
  cancel() {
    this.#stop.abort();
    if (this.id) {
      deleteJob(this.id).catch(() => {}); // it may be gone, or out of reach: it ends by its age
      forget(this.id);
    }
    this.id = null;
    this.#say("canceled", "busy.stopped");
  }

  async #send(signal) {
    this.#say("sending", "busy.prepare");
    const type = await mediaType(this.file);
    const drawn = isDrawn(type) ? this.file : null;
    if (drawn) this.#say("sending", "busy.reading");
    this.#began = 0;
    const progress = (part) => this.#progress("sending", part, part, 1, "busy.upload", {
      percent: percent(part), bytes: size(this.file.size),
    });
    const sent = await send(this.file, type, this.options, { signal, progress });
    this.id = sent.job;
    this.reading = sent.result || drawn
      ? new Reading({ id: sent.job, name: this.name, file: drawn, type, json: sent.result ?? null })
      : null;
  }

  async #follow(signal) {
    this.#say("waiting", "busy.waiting");
    this.#began = 0;
    this.reading ??= new Reading({ id: this.id, name: this.name });
    const job = await follow(this.id, { signal, seen: (now) => this.#seen(now) });
    this.name = job.filename;
    remember(this.id, this.name);
    this.reading.update(job);
    await this.reading.loadHead(signal);
  }

  #seen(job) {
    const { state, pages, filename } = job;
    if (filename) this.name = filename;
    this.reading.update(job);
    if (state !== "reading") this.#say("waiting", "busy.waiting");
    else if (!pages.total) this.#say("reading", "busy.reading");
    else this.#progress("reading", pages.done / pages.total, pages.done, pages.total, "busy.pages", pages);
  }

  /** Say how far it is, and after a while how long the rest may take. */
  #progress(state, part, done, total, key, values) {
    const now = Date.now();
    if (!this.#began) [this.#began, this.#start] = [now, done];
    const seconds = (now - this.#began) / 1000;
    const rest = seconds > SLOW && done > this.#start ? ((total - done) * seconds) / (done - this.#start) : 0;
    const left = rest > 30 ? text("busy.left", { count: Math.ceil(rest / 60) }) : "";
    this.#say(state, key, { ...values, left }, part);
  }

  #say(state, key, values = {}, part = null) {
    Object.assign(this, { state, part, said: { key, values } });
    this.#changed(this);
  }

  #inTurn(step, signal) {
    const mine = turn.then(() => {
      signal.throwIfAborted();
      return step();
    });
    turn = mine.catch(() => {});
    return mine;
  }
}
return { Work };
})();

const $worklist = (() => {
/** The list of the documents of this visit, and that of the jobs this browser has seen before. */

const { addressOf } = $address;
const { $, make } = $dom;
const { forget, forgetAll, past } = $past;
const { language, say, sayAs } = $texts;

let listed = ""; // the jobs of before, as they are shown
const rows = new Map(); // work -> its row, which stays so that the focus does

/** Show all works, the newest last. `open`, `cancel` and `retry` are what the buttons of a row do. */
function showWorks(works, doing) {
  for (const work of works) {
    if (!rows.has(work)) rows.set(work, row(work, doing));
    refresh(work);
  }
  for (const [work, { item }] of rows) {
    if (works.includes(work)) continue;
    item.remove();
    rows.delete(work);
  }
  $("work-list").append(...works.map((work) => rows.get(work).item).filter((item) => !item.isConnected));
}

function row(work, { open, cancel, retry }) {
  const name = make("button", { type: "button", class: "quiet name", dir: "auto" });
  name.addEventListener("click", () => open(work));
  const stop = button("work.cancel", () => cancel(work));
  const again = button("work.retry", () => retry(work));
  const bar = make("progress", { max: 100 });
  const note = make("span", { class: "note" });
  return { item: make("li", {}, name, note, bar, stop, again), name, stop, again, bar, note };
}

function refresh(work) {
  const { name, stop, again, bar, note } = rows.get(work);
  sayAs(name, work.name);
  say(note, work.said.key, work.said.values);
  for (const control of [stop, again, bar]) control.setAttribute("aria-label", `${control.textContent} ${work.name}`);
  stop.hidden = work.ended;
  again.hidden = work.state !== "failed" && work.state !== "canceled";
  bar.hidden = work.ended;
  if (work.part === null || work.state === "queued") bar.removeAttribute("value");
  else bar.value = work.part * 100;
  note.classList.toggle("wrong", work.state === "failed");
}

function button(key, act) {
  const made = make("button", { type: "button", class: "quiet" });
  say(made, key);
  made.addEventListener("click", act);
  return made;
}

/** Show the jobs of before. */
function showPast() {
  const jobs = past();
  const now = JSON.stringify([language(), jobs]);
  if (now === listed) return; // the focus may be in the list
  listed = now;
  $("past").hidden = !jobs.length;
  $("past-list").replaceChildren(...jobs.map(({ id, name, at }) => {
    const link = make("a", { href: addressOf(id), dir: "auto" }, name);
    const when = make("time", { class: "note", datetime: at }, shown(at));
    const drop = button("past.forget", () => {
      forget(id);
      showPast();
      $("start-title").focus();
    });
    say(drop, "past.forget.name", { name }, "label");
    return make("li", {}, link, when, drop);
  }));
}

const shown = (at) => new Date(at).toLocaleString(language(), { dateStyle: "medium", timeStyle: "short" });

function startPast() {
  $("past-clear").addEventListener("click", () => {
    forgetAll();
    showPast();
    $("start-title").focus();
  });
  showPast();
}
return { showWorks, showPast, startPast };
})();

const $app = (() => {
/** The run of the page: documents come in, are read, and are shown; or a sentence says why not. */

const { addressed, readdress } = $address;
const { $, moveTo } = $dom;
const { showFailure, tellFailure } = $failure;
const { showFolder, startFolder } = $folder;
const { startIntake } = $intake;
const { startKey } = $key;
const { chosenOptions, loadProviders, renameOptions, startOptions } = $options;
const { startPanes } = $panes;
const { askLanguage, copyText, showDownloads, showHead, startDownloads } = $result;
const { Reviewer } = $review;
const { say, sayAs, startTexts } = $texts;
const { Viewer } = $viewer;
const { Work } = $work;
const { showPast, showWorks, startPast } = $worklist;

const SAID = 5000; // milliseconds between two words of progress to a screen reader

let works = [];
let current = null; // the work that is looked at
let file = null; // the last one that was given
let opened = null; // the reading in the viewer
let again = null; // what "try again" does, for want of a work
let said = 0;
let ready = false; // the service has answered, which may have taken a key

function show(...parts) {
  for (const id of ["start", "busy", "failed", "result"]) $(id).hidden = !parts.includes(id);
  const [part] = parts;
  if (!parts.includes("result")) {
    viewer.close();
    opened = null;
    reviewing(false);
  }
  if (part === "start" && ready) showFolder();
  document.title = part === "start" ? "Folio" : `${$(`${part}-title`).textContent} – Folio`;
  listWorks();
  moveTo($(`${part}-title`));
}

/** The list is there as soon as there is more in it than what is looked at. */
function listWorks() {
  if (!$("start").hidden) showPast();
  const others = works.filter((work) => work !== current || !$("start").hidden);
  $("work").hidden = !others.length;
  showWorks(works, { open: openWork, cancel: (work) => work.cancel(), retry: (work) => work.run() });
}

function take(files) {
  [file] = files;
  const options = chosenOptions();
  const begun = files.map((one) => new Work({ file: one, options, changed }));
  begin(begun, $("busy").hidden && $("result").hidden && files.length === 1);
}

/** Do more works; the first of them is looked at, or what is looked at stays. */
function begin(begun, look) {
  works.push(...begun);
  if (look) [current] = begun;
  for (const work of begun) work.run();
  if (look) openWork(current);
  else {
    if ($("busy").hidden && $("result").hidden) show("start");
    say($("live"), "work.added", { count: begun.length });
  }
}

function openWork(work) {
  current = work;
  opened = null;
  readdress(work.id, inReview(work));
  if (work.state === "failed") fail(work.problem, work.name, work.id);
  else if (work.state === "canceled") restart();
  else {
    sayAs($("busy-title"), work.name);
    if (work.state !== "done") show("busy");
    changed(work);
  }
}

/** Whether the address is that of a work's review. */
function inReview({ id }) {
  const to = addressed();
  return to !== null && to.id === id && to.review;
}

/** There is news of a work. */
function changed(work) {
  listWorks();
  if (work !== current || $("busy").hidden === false && work.state === "canceled") return;
  if (work.state === "failed") fail(work.problem, work.name, work.id);
  else if (work.state === "done") finish(work);
  else if (work.state !== "canceled") follow(work);
}

function follow(work) {
  sayAs($("busy-title"), work.name);
  readdress(work.id, inReview(work));
  tell(work.said.key, work.said.values, work.part === null ? null : work.part * 100);
  $("busy-leave").hidden = !work.id;
  const { reading } = work;
  if (!reading || reading.finished || !work.id || work.state !== "reading") return;
  if (opened === reading) viewer.refresh();
  else if (reading.ready(1) && reading.total > 1) open(work, "busy");
}

async function finish(work) {
  const { reading } = work;
  readdress(work.id, inReview(work));
  if (opened === reading) {
    $("busy").hidden = true;
    viewer.refresh();
    showAll(work);
  } else open(work);
  await correctable(work);
}

/** Show a reading, with what is still going on above it. */
async function open(work, ...above) {
  const { reading } = work;
  opened = reading;
  showAll(work);
  show("result", ...above);
  reviewer.tell(reading);
  await viewer.open(reading);
}

function showAll(work) {
  const { reading } = work;
  const locate = async (field) => {
    await viewer.go(reading.positionOf(field.page));
    viewer.outline(field.polygon);
  };
  showHead(reading, locate);
  showDownloads(reading);
  $("review-open").hidden = !reading.finished || !reading.id;
  askLanguage(reading, (languages) => readAgain(work, { languages }));
}

/** Fetch what people have corrected, and open the review if the address says so. */
async function correctable(work) {
  const { reading } = work;
  if (!reading.id) return;
  try {
    if (!reading.corrections && reading.reviewed) await corrections(reading);
    if (reading === opened && reading.corrections) { showAll(work); viewer.redraw(); }
    if (reading === opened && addressed()?.review && $("corrector").hidden) await review();
  } catch (problem) {
    if (reading === opened) fail(problem, reading.name, reading.id);
  }
}

const corrections = (reading) => reading.loadCorrections(() => {
  if (reading === opened) reviewer.tell(reading);
});

async function review() {
  const reading = opened;
  reviewing(true);
  readdress(reading.id, true);
  reviewer.prepare();
  try {
    if (!reading.corrections) await corrections(reading);
    if (reading === opened && !$("corrector").hidden) await reviewer.open(reading);
  } catch (problem) {
    fail(problem, reading.name, reading.id);
  }
}

function reviewing(on) {
  $("result").classList.toggle("reviewing", on);
  $("corrector").hidden = !on;
}

/** Back to the result: what was corrected is saved, and in its forms. */
async function leaveReview() {
  const reading = opened;
  reviewing(false);
  readdress(reading.id);
  viewer.redraw();
  showAll(current);
  $("review-open").focus();
  await reading.corrections?.flush();
  await reading.renew().catch(() => {}); // each form is looked at again when it is asked for
}

/** Read the same document with other options. */
async function readAgain(work, options) {
  try {
    const source = work.file ?? await work.reading.source();
    begin([new Work({ file: source, options: { ...chosenOptions(), ...work.options, ...options }, changed })], true);
  } catch (problem) {
    fail(problem, work.name, work.id);
  }
}

/** Progress: `part` of a hundred, or null where nobody knows. */
function tell(key, values = {}, part = null) {
  const news = $("busy-text").dataset.text !== key;
  say($("busy-text"), key, values);
  if (part === null) $("progress").removeAttribute("value");
  else $("progress").value = part;
  if (!news && Date.now() - said < SAID) return;
  said = Date.now();
  say($("live"), key, values);
}

function fail(problem, name, reference = null) {
  showFailure(problem, name, reference);
  show("failed");
}

function restart() {
  current = null;
  readdress(null);
  $("again").hidden = !file;
  if (file) say($("again"), "start.again", { name: file.name });
  show("start");
}

function cancel() {
  const work = current;
  works = works.filter((one) => one !== work);
  restart();
  work.cancel();
  say($("live"), "busy.stopped");
}

/** Go where the address says. */
function route() {
  const to = addressed();
  if (!to) {
    if (current) restart();
    return;
  }
  if (current?.id === to.id) {
    if (opened && to.review !== !$("corrector").hidden) to.review ? review() : leaveReview();
    return;
  }
  const known = works.find(({ id }) => id === to.id);
  if (known) openWork(known);
  else begin([new Work({ id: to.id, changed })], true);
}

async function ask() {
  try {
    await loadProviders();
    ready = true;
    if (!$("start").hidden) showFolder();
  } catch (problem) {
    if ($("start").hidden) return; // something else went on meanwhile, or failed
    again = () => { show("start"); return ask(); };
    fail(problem, "");
  }
}

const viewer = new Viewer((problem) => fail(problem, opened.name, opened.id));
const reviewer = new Reviewer(viewer, leaveReview);
startTexts(() => {
  renameOptions();
  viewer.rename();
  if (opened) showAll(current);
  if (!$("failed").hidden) tellFailure();
  listWorks();
  showPast();
});
startKey(() => say($("live"), "key.forgotten"));
startOptions();
startPanes();
startPast();
startFolder();
startDownloads((problem) => fail(problem, opened.name, opened.id));
startIntake(take, () => !$("key-dialog").open);
$("again").addEventListener("click", () => take([file]));
$("cancel").addEventListener("click", cancel);
$("retry").addEventListener("click", () => {
  if (!current) return again();
  current.run();
  return openWork(current);
});
for (const id of ["other-file", "options-again", "new"]) $(id).addEventListener("click", restart);
$("copy").addEventListener("click", copyText);
$("review-open").addEventListener("click", review);
window.addEventListener("hashchange", route);
window.addEventListener("popstate", route);
window.addEventListener("beforeunload", (event) => {
  const unsent = works.some(({ reading, state }) => state === "sending" || reading?.corrections?.saved === false);
  if (unsent) event.preventDefault();
});

if (addressed()) route();
else show("start");
ask();
return {  };
})();
