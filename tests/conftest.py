"""What the tests share: hypothesis profiles, golden files, datasets, and a real browser."""

import functools
import os
import runpy
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from marchland.composite import SpaceTimeComposite
    from marchland.render.story import Story

settings.register_profile("quick", max_examples=30, deadline=None)
settings.register_profile(
    "ci", max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(  # `make fuzz`
    "deep", max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

os.environ.setdefault("MARCHLAND_CACHE", "off")  # no test writes into the user's own cache

CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite the golden files instead of comparing"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare text with a golden file; with ``--update-golden`` the file is written instead."""

    def check(path: Path, text: str) -> None:
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.is_file(), (
            f"no golden file {path.name}: run pytest --update-golden and read what it wrote"
        )
        assert text == path.read_text(encoding="utf-8")

    return check


# --- datasets, and what takes long to make of them


@pytest.fixture(scope="session")
def make_toy() -> "Callable[..., SpaceTimeComposite]":
    """Make the toy frontier of ``tests/toy.py``."""
    return runpy.run_path(str(Path(__file__).parent / "toy.py"))["toy"]


@pytest.fixture(scope="session")
def composite(make_toy) -> "SpaceTimeComposite":
    return make_toy()


@pytest.fixture(scope="session")
def built_in() -> "SpaceTimeComposite":
    import marchland

    return marchland.load("russia-china")


@pytest.fixture(scope="session")
def told(built_in) -> "Callable[[str], Story]":
    """Tell the story of the built-in dataset in a language, once in each."""
    from marchland.render.story import story

    return functools.cache(lambda lang: story(built_in, lang=lang))


# --- the browser


@dataclass
class Visit:
    """A page and everything it did since it was made: the requests it sent, and what went wrong in it."""

    page: "Page"
    requests: list[str] = field(default_factory=list)
    console_errors: list[str] = field(default_factory=list)
    page_errors: list[str] = field(default_factory=list)

    def opened(self, file: Path, fragment: str = "", *, live: bool = False, settle_ms: int = 0) -> "Visit":
        """Open a file, wait until its script has drawn (``live``) or so long, and return this visit."""
        self.page.goto(file.as_uri() + fragment)
        if live:
            self.page.wait_for_selector(".live")
        if settle_ms:
            self.page.wait_for_timeout(settle_ms)
        return self

    def external_requests(self) -> list[str]:
        """Every request that left the disk and the page itself."""
        return [url for url in self.requests if not url.startswith(("file:", "data:", "about:", "blob:"))]

    def is_quiet(self) -> bool:
        """Whether the page asked nobody for anything and complained of nothing."""
        return (self.external_requests(), self.console_errors, self.page_errors) == ([], [], [])

    def saved(self, button: str) -> Path:
        """Press a button of the page's drawer and return the file it saves."""
        if self.page.locator("#drawer").is_hidden():
            self.page.click("#options")
        with self.page.expect_download() as waiting:
            self.page.click(button)
        return waiting.value.path()


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """The system's Chromium, one for the whole run; a test that uses it is marked ``browser``.

    Without one the test is skipped, or fails when MARCHLAND_REQUIRE_BROWSER=1.
    """
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None:
        (pytest.fail if os.environ.get("MARCHLAND_REQUIRE_BROWSER") == "1" else pytest.skip)(
            "no Chromium on this machine"
        )
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM_ARGS))
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: "Browser") -> Iterator[Callable[..., Visit]]:
    """Open pages, each in a context of its own with no network; options are those of ``Browser.new_context``.

    ::

        @pytest.mark.browser
        def test_opens(new_page, tmp_path):
            visit = new_page(viewport={"width": 320, "height": 640})
            visit.page.goto((tmp_path / "map.html").as_uri())
            assert visit.is_quiet()
    """
    contexts: list[BrowserContext] = []

    def open_page(**options: object) -> Visit:
        context = browser.new_context(offline=True, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        visit = Visit(page)
        page.on("request", lambda request: visit.requests.append(request.url))
        page.on("console", lambda message: _note(visit.console_errors, message.type, message.text))
        page.on("pageerror", lambda error: visit.page_errors.append(str(error)))
        return visit

    yield open_page
    for context in contexts:
        context.close()


def _note(errors: list[str], kind: str, text: str) -> None:
    if kind in {"error", "warning"}:
        errors.append(f"{kind}: {text}")
