"""What a PDF/A says of itself: that it is one, its title, and what its colors mean (ISO 19005-2, 6.2.3 and 6.6)."""

from collections.abc import Mapping
from typing import Any

from folio.documents.pdf.objects import PdfFile
from folio.outputs.base import xml_text
from folio.version import __version__

_SRGB = b"sRGB IEC61966-2.1"
_DATE = slice(24, 36)  # of an ICC profile: when it was made
_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
%s<pdf:Producer>Folio %s</pdf:Producer>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
# Entry of the document's information -> its property, as RDF has it.
_PROPERTIES = {
    "/Title": '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>\n',
    "/Author": "<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>\n",
    "/Subject": '<dc:description><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:description>\n',
    "/Keywords": "<pdf:Keywords>%s</pdf:Keywords>\n",
}
_MAX_CHARACTERS = 2000  # of a property


def put_metadata(file: PdfFile, information: Mapping[str, Any]) -> int:
    """Write the XMP packet, readable to programs that know no PDF, and return its number."""
    properties = "".join(
        form % xml_text(" ".join(value.split())[:_MAX_CHARACTERS])
        for name, form in _PROPERTIES.items()
        if isinstance(value := information.get(name), str) and value.strip()
    )
    return file.put_stream((_PACKET % (properties, __version__)).encode(), b"/Type/Metadata/Subtype/XML")


def put_output_intent(file: PdfFile) -> int:
    """Write what red, green and blue are, and return its number."""
    profile = file.put_deflated(_srgb_profile(), b"/N 3")
    return file.put(
        b"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(%s)/Info(%s)/DestOutputProfile %d 0 R>>"
        % (_SRGB, _SRGB, profile)
    )


def _srgb_profile() -> bytes:
    """Return the ICC profile of sRGB that LittleCMS makes, the same at any time."""
    from PIL import ImageCms

    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_DATE] = b"\x07\xd0\0\x01\0\x01\0\0\0\0\0\0"  # the first second of 2000
    return bytes(profile)
