"""Chromium without a window, for what only a browser shows: cookies across sites, form-action, accessibility."""

from __future__ import annotations

import json
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from . import places
from .httpd_config import PASSWORD

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
         "--no-proxy-server", "--window-size=1000,1200", "--lang=en")
AXE = places.BUILD / "browser" / "node_modules" / "axe-core" / "axe.min.js"
#: WCAG 2.2 AA and everything below it.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


class Browser:
    def __init__(self, profile: Path, javascript: bool = True) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = places.program("chromium")
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        if not javascript:
            options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service(places.program("chromedriver")), options=options)
        self.driver.set_page_load_timeout(30)

    def close(self) -> None:
        self.driver.quit()

    @property
    def text(self) -> str:
        return self.driver.find_element(By.TAG_NAME, "body").text

    @property
    def url(self) -> str:
        return self.driver.current_url

    def open(self, url: str) -> None:
        self.driver.get(url)

    def sign_in(self, site, person) -> None:
        self.open(f"{site.url}/settings/calendar")
        self.driver.find_element(By.NAME, "httpd_username").send_keys(person.login)
        self.driver.find_element(By.NAME, "httpd_password").send_keys(PASSWORD)
        self.press("Sign in")

    def press(self, text: str) -> None:
        """Presses the button or follows the link whose accessible text begins so, and waits for the next page."""
        before = self.driver.find_element(By.TAG_NAME, "html")
        for element in self.driver.find_elements(By.CSS_SELECTOR, "a, button"):
            if " ".join(element.text.split()).startswith(text) and element.is_displayed():
                element.click()
                break
        else:
            raise AssertionError(f"nothing to press is called {text!r} in: {self.text}")
        WebDriverWait(self.driver, 20).until(lambda _: self._is_gone(before))

    def choose_account(self, email: str) -> None:
        """At the provider's page."""
        self.driver.find_element(By.CSS_SELECTOR, f'input[name="account"][value="{email}"]').click()

    def violations(self) -> list[str]:
        """What axe-core finds on this page."""
        # Through the driver: the page's own policy forbids scripts.
        self.driver.execute_script(AXE.read_text(encoding="utf-8"))
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run({runOnly: arguments[0]}).then(r => done(JSON.stringify(r.violations)), e => done('[{\"id\": \"'"
            " + e + '\", \"nodes\": []}]'));", list(RULES))
        return [f"{one['id']}: {[node.get('html', '')[:120] for node in one['nodes']]}" for one in json.loads(found)]

    def complaints(self) -> list[str]:
        """What the browser itself has to say: a policy that was violated, a file that wasn't there."""
        return [entry["message"] for entry in self.driver.get_log("browser") if "favicon.ico" not in entry["message"]]

    @staticmethod
    def _is_gone(element) -> bool:
        try:
            element.is_enabled()
            return False
        except Exception:  # a stale element's class differs between drivers
            return True
