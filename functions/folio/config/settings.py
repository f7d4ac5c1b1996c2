"""What an installation fixes for all its documents: each setting declared once, with help in two languages.

`folio.options.settings` reads them from the environment.
"""

from typing import Annotated

from folio.config.callers import CallerSettings
from folio.config.declare import setting
from folio.config.environment import cores
from folio.config.filters import FILTERS
from folio.config.options import Options

PREFIX = "FOLIO_"
TOGETHER = "FOLIO_SETTINGS"  # settings that have no variable of their own there

_NAME = "[a-z_.]+"


class Settings(CallerSettings, frozen=True, kw_only=True):
    """What an installation fixes for all its documents.

    Environment: FOLIO_ and the name in capitals, or several of them in FOLIO_SETTINGS: "mode=accurate dpi=200".
    `options` are the installation's own defaults of the documents' options, and `endpoints` the addresses of providers
    where they differ from the provider's default: FOLIO_LANGUAGES, FOLIO_BAIDU_ENDPOINT.
    """

    options: Options = Options()
    endpoints: tuple[tuple[str, str], ...] = ()  # provider and address; pairs, because settings are keys of caches
    max_bytes: Annotated[
        int,
        setting(
            "Bytes of a document; a larger one is refused before it is fetched.",
            "文档的字节数；超过则下载之前就拒绝。",
            at_least=1,
            deployed=(1, 400_000_000),
        ),
    ] = 200_000_000
    max_pages: Annotated[
        int,
        setting(
            "Pages of a document; one with more is refused.",
            "文档的页数；超过则拒绝。",
            at_least=1,
            deployed=(1, 99_999),
        ),
    ] = 1000
    # An A4 sheet at 1000 dpi has 97 million.
    max_pixels: Annotated[
        int,
        setting(
            "Pixels of a picture; a larger one is refused before it is decoded.",
            "一张图片的像素数；超过则解码之前就拒绝。",
            at_least=1,
            deployed=(1, 999_999_999),
        ),
    ] = 120_000_000
    # A4 at 600 dpi, A2 at 300 dpi.
    raster_pixels: Annotated[
        int,
        setting(
            "Pixels a page is brought to at most before it is read: it is drawn at the DPI that fits, or reduced, and"
            " the result says so.",
            "识别前一页最多的像素数：按放得下的 DPI 绘制或缩小，结果里会说明。",
            at_least=1,
            deployed=(1, 999_999_999),
        ),
    ] = 36_000_000
    page_timeout: Annotated[
        float,
        setting(
            "Seconds for one page, drawing and reading each; then it is tried again, and at last it is a failed page of"
            " a partial result.",
            "一页的秒数，绘制和识别各算；超过则该页重试，最后仍不行则成为部分结果中的失败页。",
            above=0,
            at_most=900,
            deployed=(1, 900),
        ),
    ] = 120.0
    margin: Annotated[
        float,
        setting(
            "Seconds kept before the function's timeout, to stop in order; the upload is tried again.",
            "函数超时前留出的秒数，用来有序停止；这次上传会重试。",
            at_least=0,
            at_most=900,
            deployed=(1, 99),
        ),
    ] = 10.0
    keep_seconds: Annotated[
        float,
        setting(
            "Seconds after which, again and again, the pages read so far are kept in KEY.ocr/pages/; a retry reads none"
            " of these.",
            "每隔多少秒把已读的页存到 KEY.ocr/pages/；重试时不再读这些页。",
            at_least=0,
            deployed=(0, 999),
        ),
    ] = 5.0
    max_failed: Annotated[
        float,
        setting(
            "Share of a document's pages that may fail; with more the document has an error, or is tried again, instead"
            " of a partial result.",
            "允许失败的页占总页数的比例；超过则文档得到错误或重试，而不是部分结果。",
            at_least=0,
            at_most=1,
            deployed=r"0|1|0?\.[0-9]{1,4}",
        ),
    ] = 0.5
    jobs: Annotated[
        int,
        setting(
            "Pages read at once; 0: one per core there is.",
            "同时读的页数；0 表示每个核心一页。",
            at_least=0,
            deployed=(1, 999_999_999),
        ),
    ] = 0
    max_attempts: Annotated[
        int,
        setting(
            "Deliveries of one upload before it goes to the dead-letter queue.",
            "一次上传的投递次数；之后进入死信队列。",
            at_least=1,
        ),
    ] = 5
    split_pages: Annotated[
        int,
        setting(
            "Pages to recognize above which a document is long: several functions, or local processes, read it.",
            "要识别的页数超过它就算长文档：由多个函数（本机则是多个进程）来读。",
            at_least=1,
            deployed=(1, 99_999),
            group="long",
        ),
    ] = 50
    split_chunk: Annotated[
        int,
        setting(
            "Pages that each of them reads; more in documents of over 16,000 pages.",
            "每个函数读的页数；超过 16,000 页的文档会更多。",
            at_least=1,
            at_most=100,
            deployed=(1, 100),
            group="long",
        ),
    ] = 8
    split_concurrency: Annotated[
        int,
        setting(
            "How many of them read one long document at once.",
            "同时读一个长文档的数目。",
            at_least=1,
            at_most=1000,
            deployed=(1, 1000),
            group="long",
        ),
    ] = 4
    workflow: Annotated[
        str,
        setting(
            "ARN of the state machine that reads long documents; empty: a function reads them alone. The template gives"
            " its own.",
            "读长文档的状态机的 ARN；空：由一个函数单独读。模板自带。",
            group="long",
        ),
    ] = ""
    long_documents_lock: Annotated[
        str,
        setting(
            "File that processes of this machine lock in turn: whoever holds it reads a long document with several"
            " processes, the others alone. folio serve sets it; it prevails over workflow.",
            "本机各进程轮流锁定的文件：持有者用多个进程读长文档，其他的单独读。由 folio serve 设置，优先于 workflow。",
            group="long",
        ),
    ] = ""
    call_timeout: Annotated[
        float,
        setting(
            "Seconds for one call of a provider; then it is repeated.",
            "一次服务商调用的秒数；超过则重新调用。",
            above=0,
            at_most=300,
            deployed=(1, 99),
            group="providers",
        ),
    ] = 30.0
    call_attempts: Annotated[
        int,
        setting(
            "Calls of a provider for one image, the first included; then the next provider is asked, or the page is"
            " tried again.",
            "一张图最多的调用次数，包括第一次；之后问下一个服务商，或重试该页。",
            at_least=1,
            at_most=20,
            deployed=(1, 20),
            group="providers",
        ),
    ] = 5
    qps: Annotated[
        str,
        setting(
            "Calls a second of each process where they differ from the provider's own rate: baidu=10,tencent.table=5.",
            "每秒调用次数，与服务商自己的速率不同时填写，按进程计：baidu=10,tencent.table=5。",
            deployed=rf"{_NAME}=[0-9.]+(,{_NAME}=[0-9.]+)*",
            group="providers",
        ),
    ] = ""
    credentials: Annotated[
        str,
        setting(
            "ARN of the secret or SSM parameter with the providers' keys; empty: environment variables. The template's"
            " Credentials.",
            "存有服务商密钥的机密或 SSM 参数的 ARN；空：从环境变量读。即模板参数 Credentials。",
            group="providers",
        ),
    ] = ""
    bucket: Annotated[
        str,
        setting(
            "Where the API puts documents that become jobs, and whose documents it may read; the template names the"
            " input bucket.",
            "API 存放任务的存储桶，也是它可以读的文档所在；模板填入输入存储桶。",
            group="api",
        ),
    ] = ""
    sources: Annotated[
        str,
        setting(
            "Further buckets whose documents the API may read, joined by commas.",
            "API 可以读的其他存储桶，用逗号连接。",
            group="api",
        ),
    ] = ""
    results: Annotated[
        str,
        setting(
            "Where results of a bucket's documents lie: empty, beside them; results/, under that; s3://bucket/results/,"
            " there below the name of their own. The template's ResultBucket and ResultPrefix.",
            "存储桶中文档的结果放在哪里：空，放在旁边；results/，放在该前缀下；s3://bucket/results/，放在那里并以来源桶名"
            "为下一层。即模板参数 ResultBucket 和 ResultPrefix。",
            group="api",
        ),
    ] = ""
    source_filters: Annotated[
        str,
        setting(
            "Which keys of single buckets are documents, * standing for anything:"
            " scans=in/*.pdf,scans=in/*.tif,faxes=*.tif. A bucket that is not named has nothing but documents.",
            "个别存储桶中哪些键是文档，* 代表任意字符：scans=in/*.pdf,scans=in/*.tif,faxes=*.tif。"
            "没有列出的存储桶全部是文档。",
            deployed=FILTERS,
            group="api",
        ),
    ] = ""
    sync_pages: Annotated[
        int,
        setting(
            "Pages to recognize in a call of the API; a document with more becomes a job.",
            "一次 API 调用识别的页数；超过则文档变成任务。",
            at_least=0,
            deployed=(0, 999),
            group="api",
        ),
    ] = 10
    origin: Annotated[
        str,
        setting(
            "Origin of web pages elsewhere that may call the API: https://example.org, or * for all; empty: none.",
            "别处可以调用 API 的网页的来源：https://example.org，或 * 表示所有；空：没有。",
            group="api",
        ),
    ] = ""
    event_bus: Annotated[
        str,
        setting(
            "EventBridge bus that is told what became of documents; empty: none. The template gives its own.",
            "一条 EventBridge 总线的名称，文档的结局会通知到那里；空：没有。模板自带。",
            group="api",
        ),
    ] = ""
    queue: Annotated[
        str,
        setting(
            "URL of the queue that uploads come from; empty: none. Its messages are seen again a minute after what may"
            " pass, or after the end of a function that was killed. The template gives its own.",
            "上传消息所在队列的 URL；空：没有。可能过去的失败一分钟后重试，函数被终止后也是如此。模板自带。",
            group="api",
        ),
    ] = ""

    def rates(self) -> dict[str, float]:
        """Return starts per second by provider (`baidu`) or provider and mode (`baidu.table`), as `qps` has them."""
        pairs = (part.strip().partition("=") for part in self.qps.split(",") if part.strip())
        return {name.strip(): max(float(rate), 0.01) for name, _, rate in pairs}

    def cores(self) -> int:
        return self.jobs or cores()
