"""An event's text as Outlook keeps it: HTML, in which the way into an online meeting is a block."""

from __future__ import annotations

import html
import re

#: What stands around a text that isn't a whole document.
FRAME = ('<html>\r\n<head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\r\n</head>\r\n'
         "<body>\r\n{}\r\n</body>\r\n</html>\r\n")
BLOCK = ('<div><br>________________________________________________________________________________</div>\r\n'
         '<div class="me-email-text" lang="en-US"><span>Microsoft Teams</span>\r\n'
         '<a id="meet_invite_block.action.join_link" class="me-email-headline" href="{}" target="_blank">'
         "Join the meeting now</a></div>\r\n")
PREVIEW = 255
TAG = re.compile(r"<(?:style|head)\b.*?</(?:style|head)>|<[^>]*>", re.DOTALL | re.IGNORECASE)
BREAK = re.compile(r"<br\s*/?>|</(?:p|div|tr|li)>", re.IGNORECASE)


def kept(body: dict | None) -> str:
    """The HTML that is kept of an itemBody."""
    content = (body or {}).get("content") or ""
    if (body or {}).get("contentType", "text") == "text":
        content = html.escape(content, quote=False).replace("\r\n", "\n").replace("\n", "<br>\r\n")
    if not content:
        return ""
    return content if "<html" in content.lower() else FRAME.format(content)


def with_block(content: str, join_url: str) -> str:
    """The text with the block at its end, once."""
    if has_block(content, join_url):
        return content
    whole, block = content or FRAME.format(""), BLOCK.format(html.escape(join_url))
    at = whole.lower().rfind("</body>")
    return whole + block if at < 0 else whole[:at] + block + whole[at:]


def has_block(content: str, join_url: str) -> bool:
    """Whether the way into the meeting is in the text."""
    return bool(join_url) and (html.escape(join_url) in content or join_url in content)


def text(content: str) -> str:
    """The text without its markup."""
    if not content:
        return ""
    lines = html.unescape(TAG.sub("", BREAK.sub("\n", re.sub(r"\s+", " ", content)))).split("\n")
    return "\r\n".join(line.strip() for line in lines).strip()


def preview(content: str) -> str:
    return text(content)[:PREVIEW]


def shown(content: str, as_text: bool) -> dict:
    return {"contentType": "text", "content": text(content)} if as_text else {"contentType": "html", "content": content}
