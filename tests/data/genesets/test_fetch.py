"""Downloads, from a server on this machine: whole and right, or nothing changes."""

import hashlib
import io
import threading
import zipfile
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tiny_task import bench

from genearena.data.common.errors import DataError, StoreError, UsageError
from genearena.data.genesets.fetch import CATALOGUE, Download, fetch, known_download
from genearena.data.genesets.store import GeneSetStore

GMT = b"S1\tfirst\tA\tB\nS2\tsecond\tB\tC\n"
OTHER = b"S1\tfirst\tA\tB\tD\n"


def _zipped():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("sets.gmt", GMT)
    return buffer.getvalue()


FILES = {"/sets.gmt": GMT, "/other.gmt": OTHER, "/sets.zip": _zipped(), "/page.gmt": b"<html>\n"}


class Handler(BaseHTTPRequestHandler):
    """Gives files; ``/cut.gmt`` breaks off, ``/stuck.gmt`` waits after its first bytes."""

    def do_GET(self):
        """Answer."""
        content = FILES.get(self.path, GMT if self.path in ("/cut.gmt", "/stuck.gmt") else None)
        if content is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content if self.path in FILES else content[:9])
        self.wfile.flush()
        if self.path == "/stuck.gmt":
            self.server.let_go.wait(30)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def server():
    """Return the address of a server, and stop it after the test."""
    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.let_go = threading.Event()
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{served.server_port}"
    served.let_go.set()
    served.shutdown()
    served.server_close()


def of(address, **more):
    """Return a download of human gene sets."""
    return Download(address, "human", "CC0", "for tests", **more)


def test_a_download_is_kept_with_its_terms(tmp_path, server):
    """And its checksum, whether known before or not."""
    right = hashlib.sha256(GMT).hexdigest()
    for name, sha256 in (("a", ""), ("b", right)):
        sets = fetch(GeneSetStore(tmp_path), name, of(f"{server}/sets.gmt", sha256=sha256))
        assert (sets.sha256, sets.licence, sets.source) == (right, "CC0", f"{server}/sets.gmt")
        assert [each.genes for each in sets.sets] == [("A", "B"), ("B", "C")]


def test_a_file_in_a_zip_is_taken_out(tmp_path, server):
    """As Reactome's is packed."""
    sets = fetch(GeneSetStore(tmp_path), "a", of(f"{server}/sets.zip", member="sets.gmt"))
    assert sets.sha256 == hashlib.sha256(GMT).hexdigest()


@pytest.mark.parametrize(
    ("path", "more", "error", "message"),
    [
        ("cut.gmt", {}, StoreError, "did not come whole"),
        ("other.gmt", {"sha256": "0" * 64}, StoreError, "did not come whole"),
        ("none.gmt", {}, StoreError, "404"),
        ("page.gmt", {}, DataError, "line 1"),
    ],
)
def test_what_comes_wrong_changes_nothing(tmp_path, server, path, more, error, message):
    """Cut short, with another checksum, not there, or no gene sets: what was stored stays."""
    store = GeneSetStore(tmp_path)
    before = fetch(store, "a", of(f"{server}/sets.gmt"))
    content = store.path("a").read_bytes()
    with pytest.raises(error, match=message):
        fetch(store, "a", of(f"{server}/{path}", **more), replace=True)
    assert store.path("a").read_bytes() == content
    assert store.get("a") == before
    assert [path.name for path in store.folder.iterdir()] == ["a.json"]


def test_an_interrupted_fetch_changes_nothing(tmp_path, server, monkeypatch):
    """Ctrl-C amid the download; the next attempt has all of it."""
    import pooch

    store = GeneSetStore(tmp_path)
    before = fetch(store, "a", of(f"{server}/sets.gmt"))

    def interrupted(*_args, **_more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(pooch.HTTPDownloader, "__call__", interrupted)
        with pytest.raises(KeyboardInterrupt):
            fetch(store, "a", of(f"{server}/other.gmt"), replace=True)
    assert store.get("a") == before
    after = fetch(store, "a", of(f"{server}/other.gmt"), replace=True)
    assert after.sha256 == hashlib.sha256(OTHER).hexdigest()


def test_a_silent_server_is_given_up(tmp_path, server, monkeypatch):
    """After as long as is said."""
    monkeypatch.setattr("genearena.data.genesets.fetch.SECONDS", 0.2)
    with pytest.raises(StoreError, match="did not come whole"):
        fetch(GeneSetStore(tmp_path), "a", of(f"{server}/stuck.gmt"))


def test_a_taken_name_is_not_downloaded_for(tmp_path, server):
    """It is said before anything comes."""
    get = partial(fetch, GeneSetStore(tmp_path), "a", of(f"{server}/sets.gmt"))
    get()
    with pytest.raises(UsageError, match="--force"):
        get()


def test_the_catalogue_names_terms_of_every_download():
    """Each has a licence, an encrypted address and a species."""
    for known in CATALOGUE.values():
        assert known.licence
        assert known.address.startswith("https://")
        assert known.species in ("human", "mouse")
    with pytest.raises(UsageError, match="no download is called 'hallmarks'; did you mean"):
        known_download("hallmarks")


def test_the_command_fetches_from_elsewhere(tmp_path, server):
    """A mirror, with a checksum that is said."""
    right = hashlib.sha256(GMT).hexdigest()
    common = ("genesets", "fetch", "hallmark", "--address", f"{server}/sets.gmt")
    wrong = bench(*common, "--sha256", "1" * 64, "--data-dir", tmp_path, cwd=tmp_path, check=False)
    assert wrong.returncode == 1
    assert len(wrong.stderr.strip().splitlines()) == 2
    done = bench(*common, "--sha256", right, "--data-dir", tmp_path, cwd=tmp_path)
    assert right in done.stdout
    listed = bench("genesets", "list", "--data-dir", tmp_path, cwd=tmp_path)
    assert right in listed.stdout
