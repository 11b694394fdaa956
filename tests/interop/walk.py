#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A second opinion on the inside of a licence, made of Python's own zip, XML (expat), JSON and
SM3 readers and of fontTools: links, IDs, fonts, text, index, metadata, digest list.

    walk.py FILE.ofd...

One line a fault; exit 1 when there is one.
"""
import hashlib
import io
import json
import posixpath
import re
import stat
import sys
import zipfile
import xml.etree.ElementTree as ET

from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

OFD = "{http://www.ofdspec.org/2016}"
TAGS = "{urn:ecert:licence}"
IMAGE_HEADS = {"PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff"}
SLACK = 0.05  # millimetres: advances and boxes are rounded to the micrometre

faults = 0


def check(good, what):
    global faults
    if not good:
        faults += 1
        print(f"{about}: {what}")


def sm3(data):
    return hashlib.new("sm3", data).hexdigest()


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class Package:
    def __init__(self, path):
        self.zip = zipfile.ZipFile(path)
        self.check_container()
        self.parts = {i.filename: self.zip.read(i) for i in self.zip.infolist()}
        self.ids = {}
        self.used = {"OFD.xml"}

    def check_container(self):
        """OFD.xml first; nothing tells of the machine that wrote the file."""
        infos = self.zip.infolist()
        check(self.zip.testzip() is None, "a CRC-32 is wrong")
        check(infos[0].filename == "OFD.xml", f"begins with {infos[0].filename}")
        check(not self.zip.comment, "has a comment")
        check(len({i.filename.lower() for i in infos}) == len(infos), "a name occurs twice")
        for i in infos:
            mode = i.external_attr >> 16
            check(i.date_time == (1980, 1, 1, 0, 0, 0), f"{i.filename}: time {i.date_time}")
            check(mode in (0, stat.S_IFREG | 0o644, 0o644), f"{i.filename}: mode {mode:o}")
            check(re.fullmatch(r"[A-Za-z0-9_]+(/[A-Za-z0-9_]+)*\.[a-z]+", i.filename),
                  f"{i.filename}: odd name")
            check(not i.extra and not i.comment, f"{i.filename}: extra bytes")
            check(i.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED),
                  f"{i.filename}: compressed otherwise")

    def loc(self, base, loc):
        name = loc[1:] if loc.startswith("/") else posixpath.normpath(
            posixpath.join(posixpath.dirname(base), loc))
        check(name in self.parts, f"{base}: {loc} leads nowhere")
        self.used.add(name)
        return name

    def xml(self, name, root):
        data = self.parts[name]
        check(b"<!DOCTYPE" not in data, f"{name}: has a DOCTYPE")
        tree = ET.fromstring(data)
        check(tree.tag == root, f"{name}: its root is {tree.tag}")
        return tree

    def give(self, number, what):
        check(number not in self.ids, f"ID {number} is given twice: {what}")
        self.ids[number] = what


def text_at(tree, path):
    found = tree.findall("/".join(OFD + p for p in path.split("/")))
    check(len(found) == 1, f"{len(found)} elements {path}")
    return found[0].text or ""


def numbers(text):
    return [float(x) for x in text.split()]


def advances(text):
    """DeltaX with its runs "g count value" written out."""
    out, tokens = [], (text or "").split()
    while tokens:
        if tokens[0] == "g":
            out += [float(tokens[2])] * int(tokens[1])
            tokens = tokens[3:]
        else:
            out.append(float(tokens.pop(0)))
    return out


class Document:
    def __init__(self, package):
        self.p = package
        self.root = package.xml("OFD.xml", OFD + "OFD")
        self.name = package.loc("OFD.xml", text_at(self.root, "DocBody/DocRoot"))
        self.tree = package.xml(self.name, OFD + "Document")
        self.fonts, self.pictures, self.pages = {}, {}, {}
        self.objects, self.shown = {}, {}  # by page and ID: texts; files of pictures
        self.read_resources()
        self.read_pages()
        largest, used = int(text_at(self.tree, "CommonData/MaxUnitID")), max(map(int, package.ids))
        check(largest >= used, f"MaxUnitID {largest} < {used}")

    def read_resources(self):
        for kind in ("PublicRes", "DocumentRes"):
            name = self.p.loc(self.name, text_at(self.tree, "CommonData/" + kind))
            res = self.p.xml(name, OFD + "Res")
            base = posixpath.join(posixpath.dirname(name), res.get("BaseLoc"), "-")
            for font in res.iter(OFD + "Font"):
                self.p.give(font.get("ID"), name)
                file = self.p.loc(base, font.find(OFD + "FontFile").text)
                self.fonts[font.get("ID")] = Font(file, self.p.parts[file])
            for media in res.iter(OFD + "MultiMedia"):
                self.p.give(media.get("ID"), name)
                file = self.p.loc(base, media.find(OFD + "MediaFile").text)
                check(self.p.parts[file].startswith(IMAGE_HEADS[media.get("Format")]),
                      f"{file}: is no {media.get('Format')}")
                self.pictures[media.get("ID")] = file

    def read_pages(self):
        templates = {}
        for t in self.tree.iter(OFD + "TemplatePage"):
            self.p.give(t.get("ID"), self.name)
            templates[t.get("ID")] = self.read_page(t.get("BaseLoc"), t.get("ID"))
        for page in self.tree.iter(OFD + "Page"):
            self.p.give(page.get("ID"), self.name)
            tree = self.read_page(page.get("BaseLoc"), page.get("ID"))
            self.pages[page.get("ID")] = tree
            for under in tree.findall(OFD + "Template"):
                check(under.get("TemplateID") in templates, "a page lies on no template page")
        for font in self.fonts.values():
            font.check_all_shown()

    def read_page(self, loc, page_id):
        name = self.p.loc(self.name, loc)
        tree = self.p.xml(name, OFD + "Page")
        paper = numbers(tree.find(f"{OFD}Area/{OFD}PhysicalBox").text)
        for thing in tree.iter():
            if thing.get("ID"):
                self.p.give(thing.get("ID"), name)
            if thing.get("Boundary"):
                x, y, w, h = numbers(thing.get("Boundary"))
                check(x >= -SLACK and y >= -SLACK and x + w <= paper[2] + SLACK
                      and y + h <= paper[3] + SLACK, f"{name}: {thing.get('ID')} leaves the paper")
        for text in tree.iter(OFD + "TextObject"):
            self.objects[page_id, text.get("ID")] = self.read_text(name, text)
        for image in tree.iter(OFD + "ImageObject"):
            check(image.get("ResourceID") in self.pictures, f"{name}: a picture is missing")
            check(numbers(image.get("CTM"))[0:4:3] == numbers(image.get("Boundary"))[2:],
                  f"{name}: a picture does not fill its boundary")
            self.shown[page_id, image.get("ID")] = self.pictures.get(image.get("ResourceID"))
        return tree

    def read_text(self, name, text):
        """A boundary clips: what is drawn must lie inside."""
        code = text.find(OFD + "TextCode")
        shown, steps = code.text, advances(code.get("DeltaX"))
        font, size = self.fonts[text.get("Font")], float(text.get("Size"))
        width, height = numbers(text.get("Boundary"))[2:]
        x, y = float(code.get("X")), float(code.get("Y"))
        check(len(steps) == len(shown) - 1, f"{name}: {shown}: {len(steps)} advances")
        for char, step in zip(shown, steps + [0]):
            box = font.ink(char)
            if box:
                left, low, right, high = (v * size / font.em for v in box)
                check(x + left >= -SLACK and x + right <= width + SLACK
                      and y - high >= -SLACK and y - low <= height + SLACK,
                      f"{name}: {char} of {shown} is cut off")
            x += step
        return shown


class Font:
    def __init__(self, name, data):
        self.name = name
        self.font = TTFont(io.BytesIO(data))
        self.cmap = self.font.getBestCmap()
        self.em = self.font["head"].unitsPerEm
        self.glyphs = self.font.getGlyphSet()
        self.shown = set()
        check(name.endswith(".ttf") and "glyf" in self.font and "CFF " not in self.font,
              f"{name}: no TrueType outlines")

    def ink(self, char):
        self.shown.add(ord(char))
        glyph = self.cmap.get(ord(char))
        if not glyph or glyph == ".notdef":
            check(False, f"{self.name}: lacks {char}")
            return None
        pen = BoundsPen(self.glyphs)
        self.glyphs[glyph].draw(pen)
        check(pen.bounds or char.isspace(), f"{self.name}: {char} is empty")
        return pen.bounds

    def check_all_shown(self):
        extra = set(self.cmap) - self.shown - {0x20}
        check(not extra, f"{self.name}: {len(extra)} characters that the page does not show")


def check_licence(doc):
    """licence.json, the metadata of OFD.xml, the index and the digest list say the same."""
    tree = doc.p.xml(doc.p.loc(doc.name, text_at(doc.tree, "Attachments")), OFD + "Attachments")
    files = {}
    for a in tree:
        file = doc.p.loc("Doc_0/Attachs/Attachments.xml", a.find(OFD + "FileLoc").text)
        files[a.get("ID"), a.get("Name"), a.get("Visible")] = doc.p.parts[file]
    licence, digests, salts = (
        json.loads(files["att%d" % (i + 1), name, "false"])
        for i, name in enumerate(("licence.json", "digests.json", "salts.json")))
    for data in files.values():
        check(canonical(json.loads(data)) == data, "an attachment is not canonical JSON")
    custom = {c.get("Name"): c.text or "" for c in doc.root.iter(OFD + "CustomData")}
    wanted = dict(licence["metadata"])
    wanted.update({"KZ_" + f["short"]: f["value"] for f in licence["fields"].values()})
    check(custom == wanted, f"CustomDatas: {set(custom.items()) ^ set(wanted.items())}")
    check(licence["metadata"]["ZZBS"] == licence["identifier"], "ZZBS is not the identifier")
    check_index(doc, licence["fields"])
    check(digests["alg"] == "sm3", "the digest list is not SM3's")
    check(set(digests["digests"]) == set(salts), "digests and salts name other fields")
    check(len(set(salts.values())) == len(salts), "a salt is used twice")
    for name, digest in digests["digests"].items():
        check(re.fullmatch("[0-9a-f]{32}", salts[name]), f"{name}: salt {salts[name]}")
        check(digest == sm3(canonical([salts[name], name, licence["fields"][name]["value"]])),
              f"{name}: its digest is wrong")


def check_index(doc, fields):
    name = doc.p.loc(doc.name, text_at(doc.tree, "CustomTags"))
    file = doc.p.loc(name, text_at(doc.p.xml(name, OFD + "CustomTags"), "CustomTag/FileLoc"))
    index, taken = {}, set()
    for field in doc.p.xml(file, TAGS + "licence"):
        name, texts = field.tag.replace(TAGS, ""), []
        for ref in field:
            key = ref.get("PageRef"), ref.text
            check(key not in taken, f"{file}: {key} shows two fields")
            taken.add(key)
            if key in doc.shown:
                check(fields[name]["value"] == sm3(doc.p.parts[doc.shown[key]]),
                      f"{name}: the face shows another picture")
                continue
            check(ref.tag == OFD + "ObjectRef" and key in doc.objects, f"{file}: {key} is no text")
            texts.append(doc.objects.get(key, ""))
        index[name] = "".join(texts)
    for field, entry in fields.items():
        shown = index.pop(field, None)
        # A field that no face shows has no text and no entry.
        check((shown or "") == entry["text"], f"{field}: the face shows {shown!r}, not {entry['text']!r}")
    check(not index, f"the index names {list(index)}")
    free = [t for k, t in doc.objects.items() if k[0] in doc.pages and k not in taken]
    check(not free, f"texts of the page that belong to no field: {free}")


def check_signatures(doc):
    """IDs of signatures and stamps are a row of their own, and MaxSignId is none of the list's."""
    if doc.root.find(f"{OFD}DocBody/{OFD}Signatures") is None:
        return
    name = doc.p.loc("OFD.xml", text_at(doc.root, "DocBody/Signatures"))
    listed = doc.p.xml(name, OFD + "Signatures")
    largest = text_at(listed, "MaxSignId")
    entries = listed.findall(OFD + "Signature")
    ids = [e.get("ID") for e in entries]
    check(largest not in ids, f"MaxSignId {largest} is a signature's ID")
    for entry in entries:
        xml = doc.p.loc(name, entry.get("BaseLoc"))
        signature = doc.p.xml(xml, OFD + "Signature")
        for loc in signature.findall(f"{OFD}SignedValue") + list(signature.iter(OFD + "BaseLoc")):
            doc.p.loc(xml, loc.text)
        stamps = list(signature.iter(OFD + "StampAnnot"))
        ids += [s.get("ID") for s in stamps]
        check(bool(stamps) == (entry.get("Type") == "Seal"), f"{xml}: {len(stamps)} stamps")
        for stamp in stamps:
            page = doc.pages.get(stamp.get("PageRef"))
            check(page is not None, f"{xml}: its stamp is on no page")
            if page is not None:
                paper = numbers(page.find(f"{OFD}Area/{OFD}PhysicalBox").text)
                x, y, w, h = numbers(stamp.get("Boundary"))
                check(x >= 0 and y >= 0 and x + w <= paper[2] and y + h <= paper[3],
                      f"{xml}: its stamp leaves the paper")
    check(len(set(ids)) == len(ids), f"{name}: an ID is given twice: {ids}")
    check(all(int(i[1:]) <= int(largest[1:]) for i in ids), f"{name}: MaxSignId {largest} < {ids}")


for path in sys.argv[1:]:
    about = path
    package = Package(path)
    document = Document(package)
    check_licence(document)
    check_signatures(document)
    for unused in set(package.parts) - package.used:
        check(False, f"{unused}: nothing leads there")
sys.exit(1 if faults else 0)
