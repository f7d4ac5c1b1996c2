"""Annotations of a page (ISO 19005-2, 6.3): what a reader sees of them stays, links too; what they do goes."""

from typing import Any

from folio.outputs.pdf.page_objects import dictionary
from folio.outputs.pdf.pdfa.refusal import Forbidden, array, get
from folio.outputs.pdf.pdfa.rules import PageRules

_INVISIBLE, _HIDDEN, _PRINT, _NO_VIEW = 1, 2, 4, 32  # flags
_UNSEEN = ("/Popup", "/Sound", "/Movie", "/Screen", "/3D", "/RichMedia", "/FileAttachment", "/PrinterMark", "/TrapNet")
_ACTIONS = ("/GoTo", "/URI")
_SHAPES = ("/QuadPoints", "/InkList", "/L", "/Vertices")
_MAX = 10_000  # of a page


def archived_annotations(page: Any, rules: PageRules, *, renewed: bool = False) -> list[Any]:
    """Return the page's annotations for a PDF/A, as dictionaries of pypdf's. Raises Forbidden.

    `renewed`: viewers are to make new appearances of the fields of the document's form.
    """
    annotations = array(page, "/Annots")
    if len(annotations) > _MAX:
        raise Forbidden("it has too many annotations")
    if renewed and any(get(annotation, "/Subtype") == "/Widget" for annotation in annotations):
        raise Forbidden("its form is drawn by the viewer")
    archived = (_archived(annotation, rules) for annotation in annotations if isinstance(annotation, dict))
    return [annotation for annotation in archived if annotation is not None]


def _archived(annotation: Any, rules: PageRules) -> Any:
    kind, flags = get(annotation, "/Subtype"), get(annotation, "/F")
    flags = flags if isinstance(flags, int) else 0
    if kind in _UNSEEN or flags & (_HIDDEN | _NO_VIEW):
        return None
    return _link(annotation) if kind == "/Link" else _drawn(annotation, rules)


def _link(annotation: Any) -> Any:
    """Return a link with its target, if it leads into the document or to an address."""
    action = get(annotation, "/A")
    names = ["/Dest"] if "/Dest" in annotation else []
    copy = _with(annotation, "/Rect", "/QuadPoints", "/Contents", *names, subtype="/Link")
    border = _border(annotation)
    if isinstance(action, dict) and get(action, "/S") in _ACTIONS:
        copy[_name("/A")] = _entries(action, "/S", "/D", "/URI")
    elif not names:
        return None
    copy[_name("/Border")] = border
    return copy


def _border(annotation: Any) -> Any:
    """A frame around a link that has no appearance is drawn by viewers as they like: without a style it is none."""
    from pypdf.generic import ArrayObject, NumberObject

    return ArrayObject([NumberObject(0)] * 3) if get(annotation, "/Border") is None else annotation.raw_get("/Border")


def _drawn(annotation: Any, rules: PageRules) -> Any:
    """Return an annotation that shows its appearance, a form's field too: as a stamp, it is no field any more."""
    shown = _appearance(annotation)
    if shown is None:
        if get(annotation, "/Subtype") == "/Widget" and _value(annotation) is None:
            return None  # an empty field
        raise Forbidden("an annotation has no appearance of its own")
    rules.check_form(shown.get_object())
    from pypdf.generic import DictionaryObject

    subtype = get(annotation, "/Subtype")
    copy = _with(annotation, "/Rect", "/Contents", *_SHAPES, subtype="/Stamp" if subtype == "/Widget" else subtype)
    copy[_name("/AP")] = DictionaryObject({_name("/N"): shown})
    return copy


def _appearance(annotation: Any) -> Any:
    """Return the stream that is shown, or the reference to it; None if there is none."""
    holder = dictionary(annotation, "/AP")
    name = "/N"
    if isinstance(normal := get(holder, "/N"), dict) and not hasattr(normal, "get_data"):
        holder, name = normal, get(annotation, "/AS") or "/Off"
    shown = get(holder, name)
    return holder.raw_get(name) if hasattr(shown, "get_data") else None


def _value(field: Any) -> Any:
    return get(field, "/V") if get(field, "/V") is not None else get(get(field, "/Parent"), "/V")


def _with(annotation: Any, *names: str, subtype: str) -> Any:
    from pypdf.generic import NumberObject

    copy = _entries(annotation, *names)
    copy[_name("/Type")], copy[_name("/Subtype")] = _name("/Annot"), _name(subtype)
    copy[_name("/F")] = NumberObject(_PRINT)
    return copy


def _entries(holder: Any, *names: str) -> Any:
    from pypdf.generic import DictionaryObject

    return DictionaryObject({_name(name): holder.raw_get(name) for name in names if name in holder})


def _name(name: str) -> Any:
    from pypdf.generic import NameObject

    return NameObject(name)
