"""Addresses: which are usable, which mean the same article, and how one is shown.

The key of an article's address leaves out what does not change the article: scheme, `www.`, the mobile and AMP
variants of host and path, tracking parameters and their order, the fragment, a trailing slash. It keeps what does:
other parameters, subdomains, upper case in paths, ports, hash-bang routes.
"""

import re
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from w3lib.url import canonicalize_url, safe_url_string

from bot.errors import BadInput

MAX_URL = 2_000  # characters; longer ones are no address of an article

_TRACKING = frozenset(
    """
    fbclid gclid dclid gbraid wbraid gclsrc msclkid twclid yclid ysclid igshid igsh ttclid li_fat_id mc_cid mc_eid mc_tc
    mkt_tok cmpid cmp ocid smid smtyp srsltid vero_id vero_conv wickedid _openstat sc_cid sc_campaign sc_channel s_cid
    _bhlid rb_clickid hsctatracking __readwiselocation guccounter taid ftag spm __twitter_impression amp outputtype
    xtor dicbo wt_mc wtmc traffic_source ncid cid_source feedtype feedname rss from_rss
    """.split()
)
_TRACKING_PREFIX = (
    *(
        "utm_",
        "mtm_",
        "hsa_",
        "itm_",
        "pk_",
        "piwik_",
        "matomo_",
        "at_medium",
        "at_campaign",
        "at_custom",
        "ns_mchannel",
    ),
    *("ns_source", "ns_campaign", "__hs", "_hs", "oly_", "fb_", "hmb_", "campaign_", "_branch", "guce_", "cxense"),
)
_REFERRERS = frozenset("rss feed twitter facebook newsletter email share social home homepage".split())
_HOST_VARIANT = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
_PATH_VARIANT = re.compile(r"/(?:amp|index\.(?:html?|php))?/?$")
_AMP_SUFFIX = re.compile(r"\.amp(?=$|\.html?$)")
# Most addresses are safe as they stand, and are known to be by one look.
_SAFE = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
    r"(?:/(?:[A-Za-z0-9/_~.,:=@!$&()*+-]|%[0-9A-F]{2})*(?:\?(?:[A-Za-z0-9/_~.,:=@!$&()*+-]|%[0-9A-F]{2})+)?)?"
)
_DEFAULT_PORTS = (None, 80, 443)


def is_http_url(text: str) -> bool:
    """Whether the text is one absolute http or https address."""
    return _split(text) is not None


def url_key(url: str) -> str:
    """The key under which an article is stored once: equal for addresses of the same article.

    A key is an address itself, and its own key. Raises BadInput for what is no http or https address.
    """
    parts = _split(url.strip())
    if parts is None:
        raise BadInput("bad_url", url=url[:200])
    key = _key(parts)
    # One pass may uncover another variant (`/a/amp/index.html`, `www.m.`), and the key must be its own key.
    while (again := _key(urlsplit(key))) != key:
        key = again
    return key


def display_host(url: str) -> str:
    """The host as people know it: without `www.`, in its own script. Empty where there is none."""
    parts = _split(url)
    if parts is None or parts.hostname is None:
        return ""
    host = parts.hostname.removeprefix("www.")
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def absolute(base: str, link: str) -> str:
    """The link resolved against its document's address, safe to put on the wire; empty where it is not http."""
    link = "".join(link.split())
    if len(link) <= MAX_URL and _SAFE.fullmatch(link):
        return link
    try:
        resolved = urljoin(base, link)
    except ValueError:
        return ""
    if not link or not is_http_url(resolved):
        return ""
    safe = str(safe_url_string(resolved))
    return safe if is_http_url(safe) else ""  # escapes may have made it too long


def _split(url: str) -> SplitResult | None:
    if len(url) > MAX_URL or re.search(r"[\s\x00-\x1f<>\"\\]", url):
        return None
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # both raise where they are malformed
        usable = parts.scheme in ("http", "https") and host and re.search(r"\w", host)
        host and host.encode("idna")
    except ValueError:
        return None
    return parts if usable else None


def _key(parts: SplitResult) -> str:
    clean = urlsplit(canonicalize_url(parts.geturl(), keep_fragments=True))
    host = (clean.hostname or "").rstrip(".")
    port = "" if clean.port in _DEFAULT_PORTS else f":{clean.port}"
    route = f"#{clean.fragment}" if clean.fragment.startswith("!") else ""
    query = urlencode(
        [(name, value) for name, value in parse_qsl(clean.query, keep_blank_values=True) if not _tracks(name, value)]
    )
    host = f"[{host}]" if ":" in host else _HOST_VARIANT.sub("", host)
    return f"https://{host}{port}{_path(clean.path)}" + (f"?{query}" if query else "") + route


def _path(path: str) -> str:
    path = re.sub("/{2,}", "/", path)
    path = urlsplit(urljoin("https://host/", path)).path  # resolves `.` and `..`
    path = "/".join(quote(unquote(piece), safe="~!$&'()*+,;=:@") for piece in path.split("/"))
    path = _AMP_SUFFIX.sub("", path)
    return _PATH_VARIANT.sub("", path) or "/"


def _tracks(name: str, value: str) -> bool:
    name = name.lower()
    if name in ("ref", "source", "from"):
        return value.lower() in _REFERRERS
    return name in _TRACKING or name.startswith(_TRACKING_PREFIX)
