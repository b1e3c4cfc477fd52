"""A page as a browser without JavaScript understands it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Box:
    """A check box; whoever clicks it changes `ticked`."""

    name: str
    value: str
    ticked: bool
    enabled: bool
    label: str = ""


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)  # a list's is what is chosen in it
    boxes: list[Box] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)  # of a list: text to value
    button: str = ""

    def box(self, words: str) -> Box:
        """The one box with these words in its label."""
        found = [box for box in self.boxes if words in box.label]
        assert len(found) == 1, f"{len(found)} boxes for {words!r} among {[box.label for box in self.boxes]}"
        return found[0]

    def sent(self, **changes: str) -> list[tuple[str, str]]:
        """What a browser sends."""
        ticked = [(box.name, box.value) for box in self.boxes if box.ticked and box.enabled]
        return [*{**self.fields, **changes}.items(), *ticked]


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
        self._box: Box | None = None
        self._list: str | None = None
        self._option: str | None = None
        self._option_text = ""
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
        elif tag == "input" and self._open_form and found.get("type") == "checkbox":
            self._box = Box(found["name"], found.get("value", "on"), "checked" in found, "disabled" not in found)
            self._open_form.boxes.append(self._box)
        elif tag == "select" and self._open_form:
            self._list = found["name"]
        elif tag == "option" and self._list:
            self._option, self._option_text = found["value"], ""
            if "selected" in found or self._list not in self._open_form.fields:
                self._open_form.fields[self._list] = found["value"]
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
        elif tag == "label":
            self._box = None
        elif tag == "select":
            self._list = None
        elif tag == "option" and self._option is not None:
            self._open_form.options[" ".join(self._option_text.split())] = self._option
            self._option = None
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
        if self._box is not None:
            self._box.label += data
        if self._option is not None:
            self._option_text += data
        if self._banner is not None:
            self._banner[1] += data
