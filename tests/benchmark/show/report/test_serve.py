"""``bench serve``."""

import re
import signal
import subprocess
import sys
from urllib.request import urlopen

from click.testing import CliRunner

from genearena.benchmark.cli import bench

SERVE = "from genearena.benchmark.cli import main; import sys; sys.argv[0] = 'bench'; main()"


def test_site_is_shown_until_ctrl_c(tmp_path):
    """The address is printed, the page is there, and the end is quiet."""
    (tmp_path / "index.html").write_text("<p>hello")
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, "serve", str(tmp_path), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # where pytest runs in the background a child ignores Ctrl-C
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as server:
        address = re.search(r"http://127\.0\.0\.1:\d+/", server.stdout.readline()).group()
        with urlopen(address, timeout=20) as answer:
            assert answer.read() == b"<p>hello"
        server.send_signal(signal.SIGINT)
        assert server.wait(20) == 0
        assert server.stderr.read().strip() == ""


def test_nothing_to_show_says_what_to_do(tmp_path):
    """A folder without a page, or none, is an error of one line."""
    done = CliRunner().invoke(bench, ["serve", str(tmp_path / "site")])
    assert "bench report --site" in str(done.exception)
