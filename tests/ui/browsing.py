"""A real Chromium that remembers what it asked the network for, and the page as its reader uses it."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver import ActionChains
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

__all__ = ["NO_CHROMIUM", "Browsers", "Page"]

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
CHROMEDRIVER = shutil.which("chromedriver")
NO_CHROMIUM = "" if CHROMIUM and CHROMEDRIVER else "no Chromium with its chromedriver found (Debian: chromium-driver)"

_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
)
# Generous: two cores may be loading models at the same time.
_PATIENCE_SECONDS = 90

Found = TypeVar("Found")


class Page:
    """The chat in one browser tab."""

    def __init__(self, driver: webdriver.Chrome, address: str) -> None:
        self.driver = driver
        self.address = address
        self._requested: list[str] = []

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def find(self, selector: str) -> WebElement:
        """The first such element that can be seen, once there is one."""
        return self.wait_for(lambda: next((found for found in self.all(selector) if found.is_displayed()), None))

    def text(self, selector: str) -> str:
        return self.wait_for(lambda: self.find(selector).text)

    def wait_for(self, condition: Callable[[], Found | None]) -> Found:
        """What `condition` gives once that is something; the page may change under it meanwhile."""
        patient = WebDriverWait(self.driver, _PATIENCE_SECONDS, 0.1, [StaleElementReferenceException])
        try:
            return patient.until(lambda _: condition() or False)  # type: ignore[return-value]
        except TimeoutException:
            shown = self.run("return document.body.innerText")
            raise AssertionError(
                f"Waited in vain. The page shows:\n{shown}\nIts console: {self.complaints()}"
            ) from None

    def run(self, script: str, *values: object) -> object:
        return self.driver.execute_script(script, *values)

    def type(self, words: str) -> None:
        self.find("#question-box textarea").send_keys(words)

    def press(self, key: str) -> None:
        """Presses a key wherever the focus is."""
        self.driver.switch_to.active_element.send_keys(key)

    def point_at(self, element: WebElement) -> None:
        ActionChains(self.driver).move_to_element(element).perform()

    def ask(self, question: str) -> WebElement:
        """Types the question, presses Enter, and waits for its finished turn, whatever has come of it."""
        before = len(self.all("#finished .turn"))
        self.type(question)
        self.type(Keys.ENTER)
        self.wait_for(lambda: len(self.all("#finished .turn")) > before)
        return self.all("#finished .turn")[-1]

    def open_first_citation(self) -> None:
        """Clicks the first citation of the last answer and waits for its article."""
        chip = "#finished .turn:last-child button.citation"
        self.wait_until_still(chip)
        self.find(chip).click()
        self.find("#source .article-text")

    def wait_until_still(self, selector: str) -> None:
        """Waits for the page to stop moving under the first such element: a click at where it was would miss it."""
        places: list[object] = []

        def is_still() -> bool:
            places.append(self.find(selector).rect)
            return places[-1:] == places[-2:-1]

        self.wait_for(is_still)

    def has_focus(self, selector: str) -> bool:
        return bool(self.run("return document.activeElement.matches(arguments[0])", selector))

    def is_gone(self, element: WebElement) -> bool:
        """Whether an element that was found before has left the page."""
        try:
            element.is_enabled()
        except StaleElementReferenceException:
            return True
        return False

    def requests(self) -> list[str]:
        """The addresses on a network that the browser has asked for so far, the page's own included."""
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] in ("Network.requestWillBeSent", "Network.webSocketCreated"):
                parameters = message["params"]
                self._requested.append(parameters["request"]["url"] if "request" in parameters else parameters["url"])
        return [url for url in self._requested if urlsplit(url).scheme not in ("chrome", "data", "blob")]

    def complaints(self) -> list[str]:
        """What the browser's console says went wrong, refusals by the content security policy included."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]


class Browsers:
    """One Chromium a language, started when first needed; each page in it begins with a new session."""

    def __init__(self) -> None:
        self._driver_by_language: dict[str, webdriver.Chrome] = {}
        self._profiles = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)

    def driver(self, language: str = "en") -> webdriver.Chrome:
        """The browser itself, for pages other than the chat."""
        return self._driver_by_language.get(language) or self._start(language)

    def open(
        self, address: str, *, language: str = "en", width: int = 1440, height: int = 900, dark: bool = False
    ) -> Page:
        """The page at `address`, ready to be asked."""
        driver = self.driver(language)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        driver.get("about:blank")
        for log in ("performance", "browser"):
            driver.get_log(log)  # what is in it belongs to the page before
        driver.get(f"{address}/")
        page = Page(driver, address)
        page.find("#question-box textarea")
        return page

    def close(self) -> None:
        for driver in self._driver_by_language.values():
            driver.quit()
        self._profiles.cleanup()

    def _start(self, language: str) -> webdriver.Chrome:
        options = webdriver.ChromeOptions()
        options.binary_location = str(CHROMIUM)
        profile = tempfile.mkdtemp(dir=self._profiles.name)
        for flag in (*_FLAGS.split(), f"--user-data-dir={profile}", f"--accept-lang={language}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        driver = self._driver_by_language[language] = webdriver.Chrome(options, Service(str(CHROMEDRIVER)))
        return driver
