"""The built site in headless Chromium; `make docs` builds it, and then runs this."""

import pytest
from browser import CHROMIUM, barriers, opened
from places import ROOT

SITE = ROOT / "docs" / "_build" / "html"
PAGES = ["docs/index", "docs/choose", "docs/metrics", "docs/api", "docs/tutorials/first"]
PAGES += ["results/real/tables", "CONTRIBUTING"]
# the theme fades from one scheme into the other
STILL = "document.readyState === 'complete' && !document.getAnimations().length"

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
    pytest.mark.skipif(not SITE.exists(), reason="the site is not built"),
]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1400), ("dark", 400)])
@pytest.mark.parametrize("page", PAGES)
def test_nothing_keeps_anybody_from_reading_a_page(browser, page, scheme, width):
    """Axe finds no barrier, wide and light or narrow and dark."""
    url = (SITE / f"{page}.html").as_uri()
    with opened(browser, url, ready=STILL, color_scheme=scheme, width=width) as (shown, _):
        assert barriers(shown) == []
