"""The frame of an e-mail: the chain's name above, who writes and how to stop it below. Styles stand in the elements."""

import re
from functools import lru_cache
from html.parser import HTMLParser

import css_inline

FRAME = """<!doctype html>
<html lang="{{{{ language }}}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<style>{css}</style></head>
<body><div class="page"><div class="card"><p class="chain">{{{{ chain }}}}</p>
<!--content-->{content}<!--/content-->
</div><p class="foot">{{{{ branch }}}}{{% if unsubscribe %}}
 · <a href="{{{{ unsubscribe }}}}">{{{{ unsubscribe_label }}}}</a>{{% endif %}}
</p></div></body></html>"""

CSS = """
body{margin:0;background:#f3f5f5;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;color:#1d2b2a}
.page{max-width:560px;margin:0 auto;padding:24px 12px}
.card{background:#fff;border-radius:10px;padding:28px 28px 20px;line-height:1.55;font-size:16px}
.chain{margin:0 0 18px;font-size:14px;font-weight:600;letter-spacing:.04em;color:#0f6e66}
h1{font-size:21px;line-height:1.3;margin:0 0 14px}
p{margin:0 0 14px}
ul{margin:0 0 14px;padding-left:22px}
a{color:#0f6e66}
.button{display:inline-block;background:#0f6e66;color:#fff;text-decoration:none;font-weight:600;
 border-radius:6px;padding:11px 20px}
.foot{color:#5b6b69;font-size:13px;text-align:center;margin:16px 0 0}
.foot a{color:#5b6b69}
"""
NAMES = {"language", "unsubscribe", "unsubscribe_label"}
"""What the frame needs beyond what every message has."""

BLANKS = re.compile(r"\s+")
EMPTY_LINES = re.compile(r"\n{3,}")

_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)


def framed(content: str) -> str:
    """The whole document with its styles inlined: done once, when a template is saved."""
    return _inliner.inline(FRAME.format(css=CSS, content=content))


class _Text(HTMLParser):
    """Reads HTML as somebody would type it: a line per paragraph, addresses behind what leads to them. What a template
    says between braces is text like all other."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._href: str | None = None
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("style", "script", "head", "title"):
            self._hidden += 1
        elif tag in ("p", "h1", "h2", "h3", "div", "ul", "ol", "table", "tr"):
            self.parts.append("\n\n")
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag == "a":
            self._href = dict(attrs).get("href")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script", "head", "title"):
            self._hidden -= 1
        elif tag == "a" and self._href:
            self.parts.append(f" ({self._href})")
            self._href = None

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(BLANKS.sub(" ", data))


@lru_cache(500)
def as_text(template: str) -> str:
    """The template of the text part of an e-mail, of the one of its HTML: once for all that are written from it.

    What it writes is to be `tidied`, since only then is it known what stands on a line.
    """
    reader = _Text()
    reader.feed(template)
    reader.close()
    return "".join(reader.parts)


def tidied(text: str) -> str:
    """Without blanks that HTML does not show, and with one empty line between two paragraphs."""
    lines = [BLANKS.sub(" ", line).strip() for line in text.split("\n")]
    return EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()
