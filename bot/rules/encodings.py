"""Which encoding a document really has, where it declares another: what browsers do, for feeds.

1. A byte order mark is right.
2. Bytes that are valid UTF-8 beyond ASCII are UTF-8, whatever is declared: text in another encoding is that by chance
   only where it has several bytes a character and is a few characters long.
3. A declared encoding stands for the larger one that browsers read it as: Latin-1 for Windows-1252, GB 2312 for
   GB 18030.
4. The header speaks where the document declares nothing.
"""

import re

_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?\bencoding\s*=\s*[\"']\s*([\w.:-]+)")
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_BEYOND_ASCII = re.compile(rb"[\xc2-\xf4]")  # the first byte of a character of several
_LARGER = {
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin-1", "latin1", "us-ascii", "ascii"), "windows-1252"),
    **dict.fromkeys(("gb2312", "gb_2312-80", "gbk", "x-gbk", "cp936", "euc-cn"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "ksc5601"), "cp949"),
    "iso-8859-9": "windows-1254",
    "tis-620": "windows-874",
}
_UTF8 = ("", "utf-8", "utf8")
_WIDE = ("utf-16", "utf-32", "ucs-2", "ucs-4", "utf16", "utf32")
_SHIFTED = ("iso-2022", "hz", "utf-7")  # encodings that look like ASCII
_SEVERAL_BYTES = ("gb", "big5", "shift", "euc", "ks", "x-gbk", "x-sjis", "sjis", "cp93", "cp94", "cp95")
_BY_CHANCE = 5  # so many characters of those may be valid UTF-8 and mean something else


def true_charset(body: bytes, content_type: str = "") -> str:
    """The encoding to read an XML document in; empty where its own declaration, or XML's default, is right."""
    if body.startswith(_MARKS) or b"\0" in body[:4]:
        return ""
    match = _DECLARED.match(body[:1_000])
    declared = match[1].decode().lower() if match else ""
    if body.isascii():
        return "" if declared in _UTF8 or declared.startswith(_SHIFTED) else "utf-8"  # wide ones would have zero bytes
    if _is_utf8(body):
        if declared in _UTF8:
            return ""
        is_chance = declared.startswith(_SEVERAL_BYTES) and not _has_much_beyond_ascii(body)
        return _LARGER.get(declared, "") if is_chance else "utf-8"
    if declared in _UTF8:
        header = _IN_HEADER.search(content_type)
        declared = header[1].lower() if header else ""
        return "" if declared in _UTF8 else _LARGER.get(declared, declared)
    return _LARGER.get(declared, "")


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _has_much_beyond_ascii(body: bytes) -> bool:
    return sum(1 for _, _ in zip(range(_BY_CHANCE + 1), _BEYOND_ASCII.finditer(body), strict=False)) > _BY_CHANCE
