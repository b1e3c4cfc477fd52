"""A real browser: headless Chromium, with a profile of its own."""

from __future__ import annotations

import contextlib
import json
import tempfile
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from . import places
from .httpd_config import PASSWORD
from .paths import SETTINGS

AXE = Path(__file__).resolve().parents[1] / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
         "--no-proxy-server", "--window-size=1000,1400")
#: What WCAG 2.2 AA asks for, as far as a program can tell.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Browser:
    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    @property
    def path(self) -> str:
        """Path and query of the page that is shown."""
        return self.driver.execute_script("return location.pathname + location.search")

    @property
    def text(self) -> str:
        return self.driver.find_element(By.TAG_NAME, "body").text

    def open(self, url: str) -> None:
        self.driver.get(url)

    def fill(self, name: str, text: str) -> None:
        self.driver.find_element(By.NAME, name).send_keys(text)

    def click(self, name: str) -> None:
        """Clicks the link or button with this accessible name and waits for the page that follows."""
        self._leave(self._named(name).click)

    def push(self, name: str) -> None:
        """Clicks the button with this accessible name, which stays on the page, and waits until its script is done:
        until then it is disabled."""
        button = self._named(name)
        button.click()
        WebDriverWait(self.driver, 15).until(lambda _: button.is_enabled())

    def _named(self, name: str):
        found = [element for element in self.driver.find_elements(By.CSS_SELECTOR, "a, button, input[type=submit]")
                 if element.is_displayed() and element.accessible_name == name]
        assert len(found) == 1, f"{len(found)} links or buttons called {name!r} in: {self.text}"
        return found[0]

    def sign_in(self, site, person) -> None:
        """By the form before the settings page, which is shown then."""
        self.driver.delete_all_cookies()
        self.open(site.url + SETTINGS)
        self.fill("httpd_username", person.login)
        self.fill("httpd_password", PASSWORD)
        self.click("Sign in")

    def focus(self, name: str) -> None:
        """Goes with the Tab key to what has an accessible name that begins so."""
        self.driver.execute_script("document.activeElement.blur()")
        for _ in range(60):
            ActionChains(self.driver).send_keys(Keys.TAB).perform()
            if self.driver.switch_to.active_element.accessible_name.startswith(name):
                return
        raise AssertionError(f"the Tab key doesn't lead to {name!r} in: {self.text}")

    def press(self, key: str, leaves: bool = False) -> None:
        """Presses a key where the focus is; `leaves` waits for the page that follows."""
        pressed = ActionChains(self.driver).send_keys(key)
        self._leave(pressed.perform) if leaves else pressed.perform()

    def _leave(self, act) -> None:
        """Acts and waits for the page that follows."""
        page = self.driver.find_element(By.TAG_NAME, "html")
        act()
        WebDriverWait(self.driver, 15).until(lambda _: self._is_gone(page))
        WebDriverWait(self.driver, 15).until(
            lambda driver: driver.execute_script("return document.readyState") == "complete")

    def choose(self, label: str) -> None:
        """Ticks the box or chooses the radio button with this label."""
        (element,) = [element for element in self.driver.find_elements(By.CSS_SELECTOR, "label")
                      if label in element.text]
        element.click()

    def complaints(self) -> list[str]:
        """What the console shows as an error: a broken policy, a missing file. That the page itself came with an
        error status is the test's to judge."""
        known = (self.driver.current_url, "/favicon.ico")
        return [entry["message"] for entry in self.driver.get_log("browser")
                if entry["level"] == "SEVERE" and not any(url in entry["message"].split(" ")[0] for url in known)]

    def accessibility_violations(self) -> list[str]:
        """axe-core's findings. Brought in by the debugger, so the page's policy stays as it is."""
        self.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE.read_text("utf-8")})
        result = self.driver.execute_cdp_cmd("Runtime.evaluate", {
            "expression": f"axe.run(document, {{runOnly: {json.dumps(RULES)}}})"
                          ".then(r => JSON.stringify(r.violations))",
            "awaitPromise": True, "returnByValue": True})
        return [f"{rule['id']}: {rule['help']}: {[node['html'] for node in rule['nodes']]}"
                for rule in json.loads(result["result"]["value"])]

    def check(self) -> None:
        """Everybody can use the page that is shown, as far as a program can tell, and nothing in it is broken."""
        assert AXE.exists(), "axe-core is missing: npm install --prefix tests/e2e --no-package-lock"
        assert not self.accessibility_violations()
        assert not self.complaints()

    @staticmethod
    def _is_gone(element) -> bool:
        try:
            element.is_enabled()
            return False
        except Exception:  # the driver knows several ways to say that a page was left
            return True


@contextlib.contextmanager
def browser(javascript: bool = True):
    """A started browser; it ends with the block."""
    options = webdriver.ChromeOptions()
    options.binary_location = places.program("chromium", "chromium-browser")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    if not javascript:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    with tempfile.TemporaryDirectory(prefix="calint-browser-", ignore_cleanup_errors=True) as profile:
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        driver = webdriver.Chrome(service=Service(places.program("chromedriver")), options=options)
        driver.set_page_load_timeout(30)
        try:
            yield Browser(driver)
        finally:
            driver.quit()
