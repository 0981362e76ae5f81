"""Drive a page in headless Chromium: run a script in it and read what it found."""

import html
import json
import re
import shutil
import subprocess
from contextlib import suppress
from functools import partial

CHROMIUM = shutil.which("chromium")

COLLECT = """
<script>
const problems = [];
addEventListener('error', (event) => problems.push(String(event.message)));
addEventListener('unhandledrejection', (event) => problems.push(String(event.reason)));
const pause = () => new Promise((done) => setTimeout(done, 60));
</script>
"""
RUN = """
<script>
addEventListener('load', async () => {
  let found = null;
  while (!document.documentElement.dataset.page) await pause();
  try { found = await (async () => { %s })(); } catch (error) { problems.push(String(error)); }
  const result = document.createElement('pre');
  result.id = 'found';
  result.textContent = JSON.stringify({ found, problems });
  document.body.append(result);
});
</script>
"""


def run_in_page(page, folder, script, address="/"):
    """Return what the body of an async function returns inside a page at an address, and errors.

    The content policy, which would keep the test's scripts out, is taken from the page; what the
    browser itself complains of on its console counts as an error.
    """
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', COLLECT, page, count=1)
    path = folder / "page.html"
    path.write_text(page.replace("</body>", RUN % script + "</body>"), encoding="utf-8")
    return _read(_chromium(f"{path.as_uri()}#{address}", folder))


def console_of(page, folder, address="/"):
    """Return what the browser writes to its console when it opens an untouched page."""
    path = folder / "page.html"
    path.write_text(page, encoding="utf-8")
    return _complaints(_chromium(f"{path.as_uri()}#{address}", folder).stderr)


def _chromium(url, folder):
    # a profile of its own: another browser may be open
    profile = f"--user-data-dir={folder / 'profile'}"
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0"]
    size = ["--window-size=1400,1000", "--virtual-time-budget=4000", "--dump-dom"]
    command = [CHROMIUM, *flags, profile, *size, url]
    run = partial(subprocess.run, command, capture_output=True, text=True, check=True)
    for _ in range(2):
        # with a budget of virtual time the browser itself hangs now and then
        with suppress(subprocess.TimeoutExpired):
            return run(timeout=45)
    return run(timeout=120)


def _read(done):
    text = re.search(r'<pre id="found">(.*?)</pre>', done.stdout, re.DOTALL)
    result = json.loads(html.unescape(text.group(1)))
    return result["found"], result["problems"] + _complaints(done.stderr)


def _complaints(stderr):
    return [line for line in stderr.splitlines() if "CONSOLE" in line]
