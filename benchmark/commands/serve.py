"""``bench serve``: show a site on this machine."""

from functools import partial
from pathlib import Path

import click

from genearena.data.common.errors import UsageError
from genearena.data.common.screen import tell


@click.command("serve")
@click.argument("site", type=click.Path(path_type=Path), default=Path("site"))
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="0 takes a free one.")
def command(site: Path, port: int) -> None:
    """Show the folder SITE, which 'bench report --site SITE' wrote, in browsers on this machine.

    Nothing outside can reach it. Ctrl-C ends it.
    """
    if not (site / "index.html").is_file():
        raise UsageError(f"no index.html in {site}; 'bench report --site {site}' writes it")
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(Quiet, directory=str(site)))
    except OSError as error:
        raise UsageError(
            f"cannot listen on port {port} ({error.strerror}); try --port 0"
        ) from error
    with server:
        tell(f"http://127.0.0.1:{server.server_port}/  (Ctrl-C ends)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            tell("", err=True)
