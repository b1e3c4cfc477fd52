"""An administrator's texts: the pages in other words, and in another language."""

import json

from harness.people import IVY
from harness.process import wait_until
from harness.session import SETTINGS


def write_texts(folder, **languages):
    (folder / "texts").mkdir(parents=True, exist_ok=True)
    for language, texts in languages.items():
        (folder / "texts" / f"{language}.json").write_text(json.dumps(texts), encoding="utf-8")


def test_texts_are_replaced_and_languages_added(make_site):
    site = make_site()
    folder = site.httpd.root / "templates"
    write_texts(folder, en={"offer.heading": "Pick one & go"}, de={"offer.heading": "Kalender wählen"},
                ar={"page.heading": "التقويم"})
    site.rewrite(CalIntTemplateDir=str(folder))
    site.httpd.graceful()
    browser = site.client(IVY)
    wait_until(lambda: "Pick one & go" in browser.page().text, "the new texts")
    assert "Automatic availability detection" in browser.page().text, "the others stay"

    german = browser.get(SETTINGS, headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}).text
    assert '<html lang="de" dir="ltr">' in german and "Kalender wählen" in german
    assert "Automatic availability detection" in german, "what a language lacks is said in English"
    arabic = browser.get(SETTINGS, headers={"Accept-Language": "ar"}).text
    assert '<html lang="ar" dir="rtl">' in arabic and "<h1>التقويم</h1>" in arabic
    for wish in ("fr", "de;q=0", "*", "-,;q=x", "d" * 4000):
        other = browser.get(SETTINGS, headers={"Accept-Language": wish})
        assert other.status_code == 200 and '<html lang="en" dir="ltr">' in other.text, wish


def test_a_broken_file_of_texts_degrades_and_recovers(make_site):
    site = make_site()
    folder = site.httpd.root / "templates"
    write_texts(folder, en={"notice.connected": "Connected to {name}."})
    site.log.expect(r'CALINT0104.*CalIntTemplateDir: texts .*/texts/en\.json: "notice\.connected" takes \{provider\}, '
                    r'and has \{name\}')
    site.log.allow("CALINT010[56]")
    site.rewrite(CalIntTemplateDir=str(folder))
    site.httpd.graceful()
    browser = site.client(IVY)
    answer = wait_until(lambda: (answer := browser.get(SETTINGS)).status_code == 503 and [answer], "the 503")[0]
    assert "<h1>Calendar integration unavailable</h1>" in answer.text
    write_texts(folder, en={"notice.connected": "Connected to {provider}."})
    site.httpd.graceful()
    wait_until(lambda: browser.get(SETTINGS).status_code == 200, "the mended texts")
