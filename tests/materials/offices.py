"""A real workbook and a real presentation, as small as LibreOffice opens them."""

import io

from openpyxl import Workbook

from tests.materials.samples import zipped

_OPEN = "http://schemas.openxmlformats.org"
_TYPES = "application/vnd.openxmlformats-officedocument.presentationml"
_NAMED = f'xmlns:a="{_OPEN}/drawingml/2006/main" xmlns:p="{_OPEN}/presentationml/2006/main"'
_LINKED = f'xmlns:r="{_OPEN}/officeDocument/2006/relationships"'
_NO_PLACE = (
    '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
)


def workbook(*sheets: str) -> bytes:
    """A workbook with a sheet of each name, a few cells on each."""
    book, content = Workbook(), io.BytesIO()
    book.remove(book.worksheets[0])
    for name in sheets:
        sheet = book.create_sheet(name)
        sheet.append(["姓名", "实到"])
        sheet.append([name, 18])
    book.save(content)
    return content.getvalue()


def presentation(*slides: str) -> bytes:
    """A presentation with a slide for each sentence, on one master with one empty layout."""
    numbers = range(1, len(slides) + 1)
    listed = "".join(f'<p:sldId id="{255 + n}" r:id="s{n}"/>' for n in numbers)
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": _types([f"slides/slide{n}" for n in numbers]),
        "_rels/.rels": _links(("r1", "officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": (
            f'<p:presentation {_NAMED} {_LINKED}><p:sldMasterIdLst><p:sldMasterId id="2147483648"'
            f' r:id="m1"/></p:sldMasterIdLst><p:sldIdLst>{listed}</p:sldIdLst>'
            '<p:sldSz cx="9144000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/>'
            "</p:presentation>"
        ),
        "ppt/_rels/presentation.xml.rels": _links(
            ("m1", "slideMaster", "slideMasters/slideMaster1.xml"),
            *((f"s{n}", "slide", f"slides/slide{n}.xml") for n in numbers),
        ),
        "ppt/slideMasters/slideMaster1.xml": (
            f"<p:sldMaster {_NAMED} {_LINKED}><p:cSld><p:spTree>{_NO_PLACE}</p:spTree></p:cSld>"
            '<p:clrMap bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2"'
            ' accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6"'
            ' hlink="hlink" folHlink="folHlink"/><p:sldLayoutIdLst><p:sldLayoutId id="2147483649"'
            ' r:id="l1"/></p:sldLayoutIdLst></p:sldMaster>'
        ),
        "ppt/slideMasters/_rels/slideMaster1.xml.rels": _links(
            ("l1", "slideLayout", "../slideLayouts/slideLayout1.xml")
        ),
        "ppt/slideLayouts/slideLayout1.xml": (
            f'<p:sldLayout {_NAMED} type="blank"><p:cSld><p:spTree>{_NO_PLACE}</p:spTree></p:cSld>'
            "</p:sldLayout>"
        ),
        "ppt/slideLayouts/_rels/slideLayout1.xml.rels": _links(
            ("m1", "slideMaster", "../slideMasters/slideMaster1.xml")
        ),
    }
    for number, sentence in zip(numbers, slides, strict=True):
        parts[f"ppt/slides/slide{number}.xml"] = _slide(sentence)
        parts[f"ppt/slides/_rels/slide{number}.xml.rels"] = _links(
            ("l1", "slideLayout", "../slideLayouts/slideLayout1.xml")
        )
    return zipped(parts)


def _slide(sentence: str) -> str:
    return (
        f"<p:sld {_NAMED}><p:cSld><p:spTree>{_NO_PLACE}<p:sp><p:nvSpPr>"
        '<p:cNvPr id="2" name="t"/><p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm>'
        '<a:off x="500000" y="500000"/><a:ext cx="8000000" cy="1000000"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr/><a:p><a:r>'
        f"<a:t>{sentence}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>"
    )


def _types(slides: list[str]) -> str:
    kinds = {
        "presentation": "presentation.main",
        "slideMasters/slideMaster1": "slideMaster",
        "slideLayouts/slideLayout1": "slideLayout",
        **dict.fromkeys(slides, "slide"),
    }
    overrides = "".join(
        f'<Override PartName="/ppt/{name}.xml" ContentType="{_TYPES}.{kind}+xml"/>'
        for name, kind in kinds.items()
    )
    return (
        f'<Types xmlns="{_OPEN}/package/2006/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _links(*links: tuple[str, str, str]) -> str:
    kind = f"{_OPEN}/officeDocument/2006/relationships"
    made = "".join(
        f'<Relationship Id="{name}" Type="{kind}/{what}" Target="{target}"/>'
        for name, what, target in links
    )
    return f'<Relationships xmlns="{_OPEN}/package/2006/relationships">{made}</Relationships>'
