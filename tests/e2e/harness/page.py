"""A page as a browser without JavaScript understands it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    button: str = ""


class Page(HTMLParser):
    """Forms, links, headings, text and banners of an HTML page."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}       # text to address
        self.banners: list[tuple[str, str]] = []  # (class, text)
        self.inline: list[str] = []           # what a strict policy forbids: script, style, on...=, style=
        self.text = ""
        self._open_form: Form | None = None
        self._link: str | None = None
        self._link_text = ""
        self._in_button = False
        self._banner: list | None = None
        self._depth = 0
        self.feed(markup)
        self.text = " ".join(self.text.split())

    def form(self, button: str) -> Form:
        """The one form with this button."""
        found = [form for form in self.forms if form.button == button]
        assert len(found) == 1, f"forms with the button {button!r}: {len(found)} in: {self.text}"
        return found[0]

    def has_button(self, button: str) -> bool:
        return any(form.button == button for form in self.forms)

    def link(self, text: str) -> str:
        assert text in self.links, f"no link {text!r} among {sorted(self.links)}"
        return self.links[text]

    def handle_starttag(self, tag: str, attributes) -> None:
        found = {name: value or "" for name, value in attributes}
        self.inline += [f"{tag} {name}" for name in found if name == "style" or name.startswith("on")]
        if tag in ("script", "style"):
            self.inline.append(tag)
        if tag == "form":
            self._open_form = Form(found.get("action", ""), found.get("method", "get").lower())
        elif tag == "input" and self._open_form and "name" in found:
            self._open_form.fields[found["name"]] = found.get("value", "")
        elif tag == "a":
            self._link, self._link_text = found.get("href", ""), ""
        elif tag == "button":
            self._in_button = True
        if self._banner is not None and tag == "div":
            self._depth += 1
        elif tag == "div" and "banner" in found.get("class", "").split():
            self._banner, self._depth = [found["class"], ""], 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._open_form:
            self.forms.append(self._open_form)
            self._open_form = None
        elif tag == "a" and self._link is not None:
            self.links[" ".join(self._link_text.split())] = self._link
            self._link = None
        elif tag == "button":
            self._in_button = False
        if tag == "div" and self._banner is not None:
            self._depth -= 1
            if self._depth == 0:
                self.banners.append((self._banner[0], " ".join(self._banner[1].split())))
                self._banner = None

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._link is not None:
            self._link_text += data
        if self._in_button and self._open_form:
            self._open_form.button = " ".join((self._open_form.button + data).split())
        if self._banner is not None:
            self._banner[1] += data
