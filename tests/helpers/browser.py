"""Open pages in headless Chromium: run scripts in them, and hear what the browser and axe say."""

import shutil
from contextlib import contextmanager

CHROMIUM = shutil.which("chromium")

PAUSE = "const pause = () => new Promise((done) => setTimeout(done, 60));"
READY = "document.documentElement.dataset.page"


@contextmanager
def chromium():
    """Give a browser, which opens pages with `opened`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as library:
        yield library.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


@contextmanager
def opened(browser, url, *, ready="true", width=1400, **context):
    """Give the page at an address once a script's expression holds, and its list of complaints.

    Complaints are what the page throws and what the browser writes to its console.
    """
    with browser.new_context(viewport={"width": width, "height": 1000}, **context) as own:
        page, complaints = own.new_page(), []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(url)
        page.wait_for_function(ready)
        yield page, complaints


def run_in_page(browser, url, script, *, ready=READY):
    """Return what the body of an async function returns inside a page, and complaints."""
    with opened(browser, url, ready=ready) as (page, complaints):
        return page.evaluate(f"(async () => {{ {PAUSE} {script} }})()"), complaints


def barriers(page):
    """Return what axe finds in a page that keeps somebody from reading it: rule, where."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        (rule["id"], [node["html"][:200] for node in rule["nodes"]])
        for rule in found
        if rule["impact"] != "minor"
    ]
