"""openapi.json and docs: the document as it is served, and the page made of it."""

import json
from html.parser import HTMLParser

from folio.api.http import HttpRequest, HttpResponse
from folio.api.openapi.document import openapi
from folio.api.openapi.page import page
from folio.api.routes import ROUTES


def served(path: str, at: str = "") -> HttpResponse:
    (route,) = (route for route in ROUTES if route.path == path)
    assert route.open
    return route.respond(HttpRequest(path=path, at=at or path), lambda: (_ for _ in ()).throw(AssertionError), None)  # type: ignore[arg-type]


class Links(HTMLParser):
    """The ids of a page, and what it leads to and loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values["href"]] if tag == "a" else []
        self.loaded += [values[name] for name in ("src", "href") if name in values and tag != "a"]


def test_the_document_is_served_with_the_address_it_was_fetched_from() -> None:
    root, staged = (json.loads(served("/openapi.json", at).body) for at in ("/openapi.json", "/prod/openapi.json"))
    assert root["servers"] == [{"url": "/"}]
    assert staged["servers"] == [{"url": "/prod"}]
    assert root | {"servers": []} == json.loads(json.dumps(openapi())) | {"servers": []}


def test_the_reference_shows_everything_and_loads_nothing_from_elsewhere() -> None:
    answer = served("/docs")
    assert answer.media_type.startswith("text/html")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self';")
    text = answer.body.decode()
    found = Links(text)
    document = openapi()
    operations = [one for methods in document["paths"].values() for one in methods.values()]
    assert {one["operationId"] for one in operations} <= {*found.ids}
    assert {f"schema-{name}" for name in document["components"]["schemas"]} <= {*found.ids}
    assert len(found.ids) == len({*found.ids})
    for link in found.links:
        assert link in ("openapi.json", "./") or link.removeprefix("#") in found.ids
    assert [link.partition("-")[0] for link in found.loaded] == ["assets/app", "assets/docs"]
    assert not {"script", "img", "style", "iframe"} & found.tags
    for link in found.loaded:
        name = link.removeprefix("assets/")
        (route,) = (route for route in ROUTES if route.path == "/assets/{name}")
        style = route.respond(HttpRequest(values={"name": name}), lambda: None, None)  # type: ignore[arg-type,return-value]
        assert style.media_type.startswith("text/css")
        assert "immutable" in style.headers["Cache-Control"]


def test_what_stands_in_the_document_is_text_in_the_page() -> None:
    document = json.loads(json.dumps(openapi()).replace("Reads documents", "<script>alert(1)</script>"))
    assert "<script" not in page(document, ['"><script>'])
