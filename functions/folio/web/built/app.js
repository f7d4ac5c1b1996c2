/* Written by `make generate` from the files in the folder above. */

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

const $errors = (() => {
/** The kinds of errors in Chinese: what went wrong, and what to do. In English the service tells it itself. */

const $default = {
  "bad-option": ["有一个选项的值无法识别。", "请更改选项后重试。"],
  "unknown-language": ["识别引擎没有所选语言的数据。", "请选择已安装的语言，或安装缺少的语言数据。"],
  "empty-document": ["文档是空的。", "请重新上传；收到的这一份没有内容。"],
  "unsupported-type": ["不支持这种文件。", "请转换为 PDF、PNG、JPEG、TIFF、BMP、GIF、WebP 或 JPEG 2000。"],
  "password-protected": ["文档需要密码。", "请先去掉密码（例如用 qpdf --decrypt），再重新上传。"],
  "damaged-document": ["文档已损坏，没有一页能够读取。", "请用阅读器打开并重新保存，或重新扫描。"],
  "too-large": ["文档超过了上限。", "请拆分或压缩文档。"],
  "body-too-large": ["文档太大，一次调用放不下。", "请改为通过上传的方式提交。"],
  "bad-request": ["请求的格式不正确。", "请重新加载页面后重试。"],
  "not-found": ["没有找到。", "任务只有提交者可以查看，并且只保留一段时间。"],
  "method-not-allowed": ["此地址不支持这种操作。", "请重新加载页面后重试。"],
  "not-acceptable": ["没有所要求的格式。", "请选择其他格式。"],
  "unauthorized": ["密钥缺失或无效。", "请使用有效的密钥。"],
  "idempotency-key-reused": ["这个请求编号已用于另一个请求。", "请重试。"],
  "document-type-mismatch": ["服务商认为这不是所选类型的证件或票据。", "请上传正确的文档（或证件的正确一面），或选择相应的识别内容。"],
  "call-budget-exceeded": ["需要的付费调用次数超过了上限。", "请减少页数、提高上限，或改用 Tesseract。"],
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
const OUTPUTS = ["pdf", "xlsx", "csv", "textract", "chunks", "docx", "html", "markdown", "alto", "hocr"];
const OPTIONS = [
  {"name": "pages", "values": [], "type": "string", "minimum": null, "maximum": null, "example": "1-3,7"},
  {"name": "attachment", "values": [], "type": "string", "minimum": null, "maximum": null, "example": "#1"},
  {"name": "recipe", "values": ["auto", "none", "classic", "scan", "photo", "receipt"], "type": "string", "minimum": null, "maximum": null, "example": ""},
  {"name": "dpi", "values": [], "type": "integer", "minimum": 50, "maximum": 1200, "example": ""},
  {"name": "ocr", "values": ["auto", "always", "never"], "type": "string", "minimum": null, "maximum": null, "example": ""},
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
  "mode.receipt": "receipt or invoice in English",
  "mode.train_ticket": "train ticket",
  "mode.business_license": "business license",
  "mode.form": "form: questions and answers",
  "mode.auto": "paper of any of these kinds, with its fields",
  "option.pages": "Which pages are read; all, if it is left out.",
  "option.attachment": "Which document attached to a PDF (in a portfolio too) is read instead of it: its name, or # and its number among them.",
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
  "mode.receipt": "英文小票或发票",
  "mode.train_ticket": "火车票",
  "mode.business_license": "营业执照",
  "mode.form": "表单（问与答）",
  "mode.auto": "自动判断票证种类并提取字段",
  "option.pages": "识别哪些页；不写则全部。",
  "option.attachment": "改读 PDF（包括文件夹 PDF）所附的哪个文档：写它的文件名，或 # 加序号。",
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
  "option.psm": "Tesseract 的页面分割模式；不写则由 recipe 决定。",
  "option.second_pass": "用 Tesseract 时，一页可以再读多少字：1 为全页的字数，0 为不再读；recipe 为 none 或 classic 时从不再读。",
  "output.text": "纯文本",
  "output.docx": "Word（.docx）",
  "output.chunks": "检索用的文本块（JSON Lines）",
  "output.textract": "Amazon Textract 的 JSON",
  "output.csv": "表格（CSV）",
  "output.xlsx": "表格（Excel）",
  "output.pdf": "可搜索的 PDF",
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
  "start.drop": "Drop a document here, or paste one",
  "start.choose": "Choose a file",
  "start.again": "Read {name} again",
  "start.types": "PDF, PNG, JPEG, TIFF, BMP, GIF, WebP or JPEG 2000",
  "start.first": "One document at a time: {name} is read, the others are left.",
  "options.title": "How to read it",
  "options.provider": "Read by",
  "options.fallback": "If that fails, by",
  "options.fallback.none": "nobody else",
  "options.mode": "As",
  "options.languages": "Languages",
  "options.names": "Language names",
  "options.names.note": "Tesseract’s names joined by +, for example deu+fra",
  "options.outputs": "Other forms of the result",
  "options.outputs.note": "JSON and plain text are there always.",
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
  "busy.upload": "Uploading: {percent}",
  "busy.waiting": "Uploaded. Waiting to be read …",
  "busy.reading": "Reading …",
  "busy.pages": "Reading: {done} of {total} pages done",
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
  "problem.key": "Without an API key nothing can be read here.",
  "problem.key.hint": "Try again with a key; the operator of this service gives it to you.",
  "problem.fault": "The page made a mistake.",
  "problem.fault.hint": "Load the page again; if it lasts, tell the operator of this service.",
  "problem.answer": "The service answered with status {status}.",
  "problem.answer.hint": "Try again; if it lasts, tell the operator of this service.",
  "result.new": "Another document",
  "result.again": "Read with other options",
  "result.downloads": "Download",
  "fact.pages": "Pages",
  "fact.confidence": "Confidence",
  "fact.provider": "Read by",
  "fact.cost": "Paid calls",
  "fact.status": "Status",
  "status.partial": "in part: some pages failed",
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
  "text.title": "Text",
  "text.confidence": "{percent} sure",
  "text.copy": "Copy",
  "text.copied": "Copied",
  "text.selected": "Selected: press Ctrl+C",
  "legend.title": "Confidence",
  "legend.sure": "from 90 %",
  "legend.fair": "70 to 90 %",
  "legend.poor": "below 70 %",
  "legend.unknown": "unknown",
  "key.title": "API key",
  "key.why": "This service asks for a key. It is kept in this browser tab until the tab is closed, and sent to this service only.",
  "key.label": "Key",
  "key.use": "Use it",
  "key.cancel": "Cancel",
  "key.refused": "This key was refused.",
  "key.forget": "Forget the key",
  "key.forgotten": "The key is forgotten."
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
  "start.types": "PDF、PNG、JPEG、TIFF、BMP、GIF、WebP 或 JPEG 2000",
  "start.first": "一次只读一个文档：正在识别 {name}，其余的没有处理。",
  "options.title": "识别方式",
  "options.provider": "识别引擎",
  "options.fallback": "失败时改用",
  "options.fallback.none": "不改用",
  "options.mode": "识别内容",
  "options.languages": "语言",
  "options.names": "语言名称",
  "options.names.note": "Tesseract 的语言名称，用 + 连接，例如 deu+fra",
  "options.outputs": "其他输出格式",
  "options.outputs.note": "JSON 和纯文本总会提供。",
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
  "busy.upload": "正在上传：{percent}",
  "busy.waiting": "已上传，等待识别……",
  "busy.reading": "正在识别……",
  "busy.pages": "正在识别：已完成 {done} 页，共 {total} 页",
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
  "problem.key": "没有 API 密钥就无法使用。",
  "problem.key.hint": "请输入密钥后重试；密钥由服务的运营者提供。",
  "problem.fault": "页面出错了。",
  "problem.fault.hint": "请重新加载页面；如果一直这样，请告知服务的运营者。",
  "problem.answer": "服务返回了状态码 {status}。",
  "problem.answer.hint": "请重试；如果一直这样，请告知服务的运营者。",
  "result.new": "另一个文档",
  "result.again": "换个方式再识别",
  "result.downloads": "下载",
  "fact.pages": "页数",
  "fact.confidence": "置信度",
  "fact.provider": "识别引擎",
  "fact.cost": "付费调用",
  "fact.status": "状态",
  "status.partial": "部分完成：有的页失败了",
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
  "text.title": "文字",
  "text.confidence": "置信度 {percent}",
  "text.copy": "复制",
  "text.copied": "已复制",
  "text.selected": "已选中：请按 Ctrl+C",
  "legend.title": "置信度",
  "legend.sure": "90% 及以上",
  "legend.fair": "70% 至 90%",
  "legend.poor": "低于 70%",
  "legend.unknown": "未知",
  "key.title": "API 密钥",
  "key.why": "此服务需要密钥。密钥只保存在这个浏览器标签页中，关闭即删除，并且只发送给此服务。",
  "key.label": "密钥",
  "key.use": "使用",
  "key.cancel": "取消",
  "key.refused": "这个密钥被拒绝了。",
  "key.forget": "删除密钥",
  "key.forgotten": "密钥已删除。"
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

const $key = (() => {
/** The API key: asked for when the service wants one, kept in this tab's session storage and nowhere else. */

const { $ } = $dom;
const { Problem } = $problem;
const { say } = $texts;

const NAME = "folio.key";

let asking = null;

const heldKey = () => sessionStorage.getItem(NAME);

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
      sessionStorage.setItem(NAME, $("key").value.trim());
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
return { heldKey, askKey, startKey };
})();

const $api = (() => {
/** Requests to the service. Addresses are relative to the page's, which may lie below a stage such as /prod/. */

const { sleep } = $dom;
const { askKey, heldKey } = $key;
const { Problem, problemOf } = $problem;

const BUSY = [429, 503];
const TRIES = 5;
const LONGEST_WAIT = 15; // seconds; who has to wait longer is told

/** The answer, if it is a good one; a Problem otherwise. Asks for the key where one is wanted, and waits where the
 * service is busy and says so. */
async function request(path, { method = "GET", body, accept = "application/json", headers = {}, signal } = {}) {
  for (let attempt = 1; ; attempt += 1) {
    const key = heldKey();
    const sent = { ...headers, Accept: accept, ...(key ? { "X-Api-Key": key } : {}) };
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

const $job = (() => {
/** A job, followed until it has ended. */

const { request, retryAfter } = $api;
const { sleep } = $dom;
const { Problem } = $problem;

const LONGEST_PAUSE = 10; // seconds
const PATIENCE = 8; // polls in a row that may fail to reach the service: a laptop that slept, a train in a tunnel

const jobPath = (id) => `v1/jobs/${encodeURIComponent(id)}`;

/** The finished job; a Problem if it failed. `seen` is called with every state of it. */
async function follow(id, { signal, seen }) {
  let pause = 1;
  let before = "";
  let missed = 0;
  for (;;) {
    let wait = null;
    try {
      const answer = await request(jobPath(id), { signal });
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
return { jobPath, follow };
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
return { chosenOptions, startOptions, loadProviders, renameOptions };
})();

const $reading = (() => {
/** What was read, page by page, wherever it lies: in one answer, or in a job whose pages are fetched as they are shown.
 *
 * A reading has: name, total, head (the result without its pages, as far as it is known), page(number), picture(number)
 * as a blob, and downloads(), a list of {kind, name, href} or {kind, name, blob}.
 */

const { request, requestJson } = $api;
const { jobPath } = $job;

const FRESH = 10 * 60_000; // milliseconds; links last a quarter of an hour
const SHORT = 20; // pages; the JSON of longer documents is for downloading, not for a look at its head

/** `json`: the result as it was answered. */
function readingOf(json, file, type) {
  const result = JSON.parse(json);
  const blob = (text, kind) => new Blob([text], { type: kind });
  return {
    name: file.name,
    total: result.pages.length,
    head: result,
    page: async (number) => result.pages[number - 1],
    picture: async () => drawable(file, type),
    downloads: async () => [
      { kind: "result", name: `${file.name}.ocr.json`, blob: blob(json, "application/json") },
      { kind: "text", name: `${file.name}.txt`, blob: blob(result.text, "text/plain;charset=utf-8") },
    ],
  };
}

/** `file`: the document, if it is a picture that the browser draws; null otherwise. */
function readingOfJob(job, file, type, head) {
  const path = jobPath(job.id);
  let { links } = job;
  let fetched = Date.now();
  return {
    name: job.filename,
    total: job.pages.total ?? job.pages.done,
    head,
    page: (number, signal) => requestJson(`${path}/pages/${number}`, { signal }),
    picture: async (number, signal) => {
      if (file) return drawable(file, type);
      return (await request(`${path}/pages/${number}`, { accept: "image/png", signal })).blob();
    },
    downloads: async () => {
      if (Date.now() - fetched > FRESH) {
        ({ links } = await requestJson(path));
        fetched = Date.now();
      }
      const kinds = Object.keys(links).filter((kind) => kind !== "source");
      return kinds.map((kind) => ({ kind, name: "", href: links[kind] }));
    },
  };
}

/** Fields, warnings and the like are told by the result itself. */
async function headOf(job, signal) {
  const known = { status: job.state, confidence: null, warnings: [], fields: [] };
  if (!job.links.result || job.pages.total > SHORT) return known;
  try {
    return await (await fetch(job.links.result, { signal })).json();
  } catch {
    signal.throwIfAborted();
    return known; // the pages are there all the same
  }
}

/** A picture that stands still, as it was read: of a moving one the first frame. */
async function drawable(file, type) {
  if (type !== "image/gif" && type !== "image/webp") return file;
  const frame = await createImageBitmap(file);
  const canvas = new OffscreenCanvas(frame.width, frame.height);
  canvas.getContext("2d").drawImage(frame, 0, 0);
  frame.close();
  return canvas.convertToBlob();
}
return { readingOf, readingOfJob, headOf };
})();

const $words = (() => {
/** The words of a page, numbered: the same number finds a word's box and its place in the text. */

const LETTERS = /\p{L}/u;
const EASTERN = /[\u2e80-\ud7ff]/;

/** All words in order: {text, confidence, polygon, line}. A line that its provider did not part is one word. */
function wordsOf(page) {
  return page.lines.flatMap((line, number) => {
    const words = line.words.length ? line.words : [line];
    return words.map(({ text, confidence, polygon }) => ({ text, confidence, polygon, line: number }));
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
/** Tables and fields, which some modes give. */

const { $, make } = $dom;
const { percent, say } = $texts;
const { languageOf } = $words;

/** The tables of a page, cell by cell with their spans; `locate` is told the polygon of a cell that is clicked. */
function showTables(tables, locate) {
  $("tables").replaceChildren(...tables.map((table) => framed(make("table", {}, ...rows(table, locate)))));
}

function rows({ cells, header_rows: headers }, locate) {
  const made = [];
  for (const cell of [...cells].sort((one, other) => one.row - other.row || one.column - other.column)) {
    made[cell.row] ??= make("tr");
    const tag = cell.row < headers ? "th" : "td";
    const shown = make(tag, { rowspan: cell.row_span, colspan: cell.column_span }, cell.text);
    if (cell.polygon) shown.addEventListener("click", () => locate(cell.polygon));
    made[cell.row].append(shown);
  }
  return [...made].map((row) => row ?? make("tr"));
}

/** The fields of a card or an invoice, by their names in the result. */
function showFields(fields) {
  $("fields").hidden = !fields.length;
  const title = make("h3");
  say(title, "fields.title");
  const head = ["fields.name", "fields.value", "fact.confidence", "fields.check"].map((key) => {
    const cell = make("th", { scope: "col" });
    say(cell, key);
    return cell;
  });
  const body = fields.map(({ name, value, confidence, check, provider_name }) => {
    const sure = confidence === null ? "" : percent(confidence);
    const verdict = make("td", { "data-check": check ?? "unchecked" });
    say(verdict, `check.${check ?? "unchecked"}`);
    const label = name === "pair" ? provider_name : name; // the question of a form
    const cells = [make("td", { lang: languageOf(value) }, value), make("td", {}, sure), verdict];
    return make("tr", {}, make("th", { scope: "row" }, label), ...cells);
  });
  $("fields").replaceChildren(title, framed(make("table", {}, make("tr", {}, ...head), ...body)));
}

// What may be wider than its place can be scrolled, by keyboard too.
const framed = (table) => make("div", { class: "frame", tabindex: 0 }, table);
return { showTables, showFields };
})();

const $result = (() => {
/** What a reading says as a whole: name, figures, notes, fields, downloads, and the text to copy. */

const { $, make } = $dom;
const { percent, say, sayAs, text } = $texts;
const { showFields } = $tables;

const NAMES = ["result", "text", "pdf", "markdown", "docx", "html", "chunks", "textract", "hocr", "alto", "csv", "xlsx"];

let addresses = []; // of blobs that are offered for download

function showHead({ name, total, head }) {
  sayAs($("result-title"), name);
  const facts = [fact("fact.pages", total)];
  if (head.status === "partial") facts.push(fact("fact.status", text("status.partial")));
  if (head.confidence !== null) facts.push(fact("fact.confidence", percent(head.confidence)));
  const who = readers(head);
  if (who) facts.push(fact("fact.provider", who));
  if (head.cost?.calls) facts.push(fact("fact.cost", cost(head.cost)));
  $("facts").replaceChildren(...facts);
  $("warnings").replaceChildren(...head.warnings.map((warning) => make("li", { lang: "en" }, warning)));
  $("warnings").hidden = !head.warnings.length;
  showFields(head.fields);
}

async function showDownloads(reading) {
  const downloads = await reading.downloads();
  for (const address of addresses) URL.revokeObjectURL(address);
  addresses = [];
  const rank = ({ kind }) => NAMES.indexOf(kind) + 1 || NAMES.length + 1;
  const links = downloads.sort((one, other) => rank(one) - rank(other)).map((download) => link(download, reading));
  $("downloads").replaceChildren(...links.map((anchor) => make("li", {}, anchor)));
}

function link({ kind, name, href, blob }, reading) {
  const anchor = make("a", { "data-kind": kind, rel: "noopener noreferrer" });
  say(anchor, `output.${kind}`);
  if (blob) {
    anchor.href = URL.createObjectURL(blob);
    anchor.download = name;
    addresses.push(anchor.href);
    return anchor;
  }
  anchor.href = href;
  anchor.download = "";
  anchor.target = "_blank";
  anchor.addEventListener("click", async (event) => {
    if (!event.isTrusted) return; // the click below
    event.preventDefault();
    const fresh = await reading.downloads(); // links do not last
    anchor.href = fresh.find((download) => download.kind === kind).href;
    anchor.click();
  });
  return anchor;
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
return { showHead, showDownloads, copyText };
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
  return MAGIC.find(([, pattern]) => pattern.test(head))?.[0] ?? (file.type || "application/octet-stream");
}

/** Whether a browser draws such a file. */
const isDrawn = (type) => DRAWN.includes(type);

/** Hand a document in. `outputs` are files beside the result, which only a job has.
 * Answers {result} (its JSON text) or {job}. */
async function send(file, type, options, { signal, progress }) {
  if (!file.size) throw new Problem({ key: "problem.empty" });
  if (isDrawn(type) && file.size <= AT_ONCE && !options.outputs) return atOnce(file, type, options, signal);
  return { job: await upload(file, type, options, { signal, progress }) };
}

async function atOnce(file, type, options, signal) {
  const body = new FormData();
  for (const [name, value] of given(options)) body.append(name, value);
  body.append("file", new File([file], file.name, { type }), file.name);
  const answer = await request("v1/documents", { method: "POST", body, signal });
  return answer.status === 202 ? { job: (await answer.json()).id } : { result: await answer.text() };
}

async function upload(file, type, options, { signal, progress }) {
  const outputs = [...new Set(["text", ...(options.outputs ?? "").split(",").filter(Boolean)])].join(",");
  const wanted = Object.fromEntries(given({ ...options, outputs }));
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
    outline.scrollIntoView({ block, inline: "nearest" });
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
const { showTables } = $tables;
const { grade, languageOf, partsOf, wordsOf } = $words;

const ZOOMS = [1, 1.5, 2, 3, 4];
const STACKED = window.matchMedia("(max-width: 52rem)");

class Viewer {
  #reading = null;
  #number = 1;
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
    $("number").max = reading.total;
    $("pages").hidden = reading.total < 2;
    say($("total"), "page.of", { total: reading.total });
    this.#size(0);
    await this.#go(1);
  }

  close() {
    this.#loading.abort();
    this.#reading = null;
    this.#forgetPicture();
  }

  /** The language has changed. */
  rename() {
    this.boxes.name();
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
    const picture = this.#showPicture(signal);
    try {
      const page = await this.#reading.page(this.#number, signal);
      if (!signal.aborted) this.#show(page);
    } catch (problem) {
      if (!signal.aborted) this.#failed(problem);
    }
    await picture;
    if (!signal.aborted) $("result").removeAttribute("aria-busy");
  }

  #show(page) {
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
    if (!page.text && !page.tables.length) $("text").append(said("p", "note", "page.notext"));
    showTables(page.tables, (polygon) => this.boxes.outline(polygon, STACKED.matches ? "center" : "nearest"));
    if (page.confidence === null) sayAs($("page-confidence"), "");
    else say($("page-confidence"), "text.confidence", { percent: percent(page.confidence) });
    $("copy").hidden = !page.text;
    $("text-scroll").scrollTop = 0;
    say($("live"), "page.shown", { number: page.number, total: this.#reading.total, count: words.length });
  }

  #part({ text, word }, words) {
    if (word === null) return text;
    this.#spans[word] = make("span", { "data-word": word, class: grade(words[word].confidence) }, text);
    return this.#spans[word];
  }

  #note(page) {
    const note = $("page-note");
    const key = { "text-layer": "page.layer", mixed: "page.mixed", blank: "page.blank" }[page.origin];
    note.hidden = false;
    note.classList.toggle("wrong", page.status === "failed");
    if (page.status === "failed") {
      say(note, "page.failed", { message: `${page.error.message} ${page.error.hint}` });
    } else if (key) say(note, key);
    else if (page.warnings.length) sayAs(note, page.warnings.join(" "));
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

const $app = (() => {
/** The run of the page: a document comes in, is read, and is shown; or a sentence says why not. */

const { $, moveTo } = $dom;
const { startIntake } = $intake;
const { follow } = $job;
const { startKey } = $key;
const { chosenOptions, loadProviders, renameOptions, startOptions } = $options;
const { Problem, sentences } = $problem;
const { headOf, readingOf, readingOfJob } = $reading;
const { copyText, showDownloads, showHead } = $result;
const { isDrawn, mediaType, send } = $send;
const { percent, say, sayAs, startTexts } = $texts;
const { Viewer } = $viewer;

const JOB = "folio.job"; // in the session, so that a page loaded again goes on
const HOPELESS = [400, 413, 415, 422]; // what the same document, asked for in the same way, is answered again
const SAID = 5000; // milliseconds between two words of progress to a screen reader

let work = new AbortController();
let again = null; // what "try again" does
let file = null;
let reading = null;
let failure = null;
let said = 0;

function show(part) {
  for (const id of ["start", "busy", "failed", "result"]) $(id).hidden = id !== part;
  if (part !== "result") viewer.close();
  document.title = part === "start" ? "Folio" : `${$(`${part}-title`).textContent} – Folio`;
  moveTo($(`${part}-title`));
}

/** Run a piece of work that ends in a reading, a problem, or by being cancelled. */
async function run(name, steps) {
  work.abort();
  work = new AbortController();
  const { signal } = work;
  again = () => run(name, steps);
  sayAs($("busy-title"), name);
  show("busy");
  tell("busy.prepare");
  try {
    const done = await steps(signal);
    if (signal.aborted) return;
    await open(done);
  } catch (problem) {
    if (!signal.aborted) fail(problem, name);
  }
}

function take(files) {
  [file] = files;
  const [options, taken] = [chosenOptions(), file];
  run(file.name, (signal) => read(taken, options, signal));
  if (files.length > 1) say($("live"), "start.first", { name: file.name });
}

async function read(taken, options, signal) {
  const type = await mediaType(taken);
  const progress = (part) => tell("busy.upload", { percent: percent(part) }, part * 100);
  if (isDrawn(type)) tell("busy.reading");
  const sent = await send(taken, type, options, { signal, progress });
  if (sent.result) return readingOf(sent.result, taken, type);
  return wait(sent.job, signal, isDrawn(type) ? taken : null, type);
}

async function wait(id, signal, picture = null, type = null) {
  sessionStorage.setItem(JOB, id);
  tell("busy.waiting");
  const job = await follow(id, { signal, seen });
  return readingOfJob(job, picture, type, await headOf(job, signal));
}

function seen({ state, pages, filename }) {
  if (filename) sayAs($("busy-title"), filename);
  if (state !== "reading") tell("busy.waiting");
  else if (!pages.total) tell("busy.reading");
  else tell("busy.pages", { done: pages.done, total: pages.total }, (100 * pages.done) / pages.total);
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

async function open(done) {
  reading = done;
  showHead(reading);
  await showDownloads(reading);
  $("options-again").hidden = !file;
  show("result");
  await viewer.open(reading);
}

function fail(problem, name) {
  sessionStorage.removeItem(JOB);
  failure = problem instanceof Problem ? problem : new Problem({ key: "problem.fault" });
  sayAs($("failed-name"), name);
  tellFailure();
  const hopeless = HOPELESS.includes(failure.status);
  $("retry").hidden = hopeless;
  $("other-file").classList.toggle("second", !hopeless);
  show("failed");
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

function restart() {
  work.abort();
  sessionStorage.removeItem(JOB);
  $("again").hidden = !file;
  if (file) say($("again"), "start.again", { name: file.name });
  show("start");
}

async function begin() {
  try {
    await loadProviders();
  } catch (problem) {
    if ($("start").hidden) return; // something else went on meanwhile, or failed
    again = () => { show("start"); return begin(); };
    fail(problem, "");
  }
}

const viewer = new Viewer((problem) => fail(problem, reading.name));
startTexts(() => {
  renameOptions();
  viewer.rename();
  if (!$("result").hidden) showHead(reading);
  if (!$("failed").hidden) tellFailure();
});
startKey(() => say($("live"), "key.forgotten"));
startOptions();
startIntake(take, () => $("busy").hidden && !$("key-dialog").open);
$("again").addEventListener("click", () => take([file]));
$("cancel").addEventListener("click", () => { restart(); say($("live"), "busy.stopped"); });
$("retry").addEventListener("click", () => again());
$("other-file").addEventListener("click", restart);
$("options-again").addEventListener("click", restart);
$("new").addEventListener("click", () => { file = null; restart(); });
$("copy").addEventListener("click", copyText);

const unfinished = sessionStorage.getItem(JOB);
if (unfinished) run("Folio", (signal) => wait(unfinished, signal));
else show("start");
begin();
return {  };
})();
