"""The report in headless Chromium."""

import csv
from io import StringIO
from urllib.parse import quote

import pytest
from browser import CHROMIUM, console_of, run_in_page

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

EVIL = "</script><img src=x onerror=document.title='broken'>"
SHOWN = f"{EVIL[:16]}…{EVIL[-15:]}"
LUNG = "const lung = document.querySelector('table[data-key=\"/lung/embedded\"]');"
LABELS = "[...lung.tBodies[0].rows].filter((r) => !r.hidden).map((r) => r.dataset.label)"
HEADING = (
    "const heading = (text) => [...lung.tHead.rows[0].cells]"
    ".find((c) => c.textContent.startsWith(text)).querySelector('button');"
)


@pytest.fixture(scope="module")
def in_page(page, tmp_path_factory):
    """Run a script in the report and return what it found; errors fail the test."""

    def run(script, address="/lung/embedded"):
        folder = tmp_path_factory.mktemp("browser")
        found, problems = run_in_page(page, folder, script, address)
        assert problems == []
        return found

    return run


def test_untouched_page_has_nothing_to_complain_of(page, tmp_path):
    """The page as it is, policy included, opens without a word on the console."""
    assert console_of(page, tmp_path) == []


def test_headings_sort(in_page):
    """A heading sorts best first, then worst first, then as before; no number comes last."""
    script = f"""{LUNG}{HEADING}
      const column = heading('ASW').closest('th').cellIndex;
      const values = () => [...lung.tBodies[0].rows].map((r) => r.cells[column].dataset.raw);
      const found = [{LABELS}];
      for (let i = 0; i < 3; i++) {{
        heading('ASW').click();
        found.push(i < 2 ? values() : {LABELS});
      }}
      return found;"""
    before, best, worst, after = in_page(script)
    known = [float(v) for v in best if v is not None]
    assert len(set(known)) > 5
    assert known == sorted(known, reverse=True)
    assert [float(v) for v in worst if v is not None] == sorted(known)
    assert best[-1] is None
    assert worst[-1] is None
    assert after == before


def test_ranks_sort_lowest_first(in_page):
    """Where lower is better the first click puts the lowest on top."""
    script = f"""{LUNG}{HEADING} heading('Avg Rank').click();
      return [...lung.tBodies[0].rows].map((r) => r.cells[1].dataset.all).filter(Boolean);"""
    ranks = [float(v) for v in in_page(script)]
    assert len(ranks) > 5
    assert ranks == sorted(ranks)


def test_rows_filter_by_name_and_kind(in_page):
    """The search box and the switches hide rows, and the count says how many are left."""
    script = f"""{LUNG}
      const box = document.getElementById('filter-name');
      const set = (value) => {{
        box.value = value;
        box.dispatchEvent(new Event('input', {{ bubbles: true }}));
      }};
      set('AE');
      const named = {LABELS};
      set('');
      document.querySelector('[value=controls]').click();
      document.querySelector('[value=released]').click();
      const kinds = [...document.querySelectorAll('.kinds label')].filter((l) => !l.hidden).length;
      return [named, {LABELS}, kinds, document.getElementById('count').textContent];"""
    named, methods, kinds, count = in_page(script)
    assert sorted(named) == ["gae", "mae", "vgae", "wsmae"]
    assert not {"random", "truth", "pca:released"} & set(methods)
    assert "pca" in methods
    assert kinds == 2
    assert count == f"{len(methods)} of {len(methods) + 5} rows"


def test_view_switch_shows_and_sorts_by_that_view(in_page):
    """Raw, min-max and control-scaled values take turns, also for a sorted column."""
    script = f"""{LUNG}{HEADING}
      const cell = lung.querySelector('tr[data-label=gae] td[data-rank]');
      const found = {{}};
      heading('AUC').click();
      for (const view of ['raw', 'minmax', 'control']) {{
        document.querySelector(`[name=view][value=${{view}}]`).click();
        const column = heading('AUC').closest('th').cellIndex;
        const values = [...lung.tBodies[0].rows].map((r) => r.cells[column].dataset[view]);
        found[view] = [cell.innerText, values];
      }}
      return found;"""
    found = in_page(script)
    assert len({text for text, _ in found.values()}) == 3
    assert "±" in found["raw"][0]
    for _, values in found.values():
        known = [float(v) for v in values if v is not None]
        assert known == sorted(known, reverse=True)


def test_cell_opens_its_runs(in_page):
    """A number leads to its seeds with parameters, versions and reasons; Close shuts them."""
    script = f"""{LUNG}
      lung.querySelector('tr[data-label=vgae] td[data-rank] a').click();
      await pause();
      const panel = document.getElementById('panel');
      const runs = [...panel.querySelectorAll('details')];
      runs[3].open = true;
      await pause();
      const found = [panel.open, panel.querySelector('h2').textContent,
        runs.map((r) => r.querySelector('.status').textContent), runs[3].textContent];
      document.getElementById('panel-close').click();
      for (let i = 0; i < 40 && location.hash !== '#/lung/embedded'; i++) await pause();
      return [...found, panel.open, location.hash];"""
    is_open, title, statuses, text, still_open, address = in_page(script)
    assert is_open
    assert title == "vgae · AUC"
    assert statuses == ["ok", "ok", "ok", "failed"]
    for part in ("loss is NaN in epoch 41", "dim", "suite_version", "python", "fit_seconds"):
        assert part in text
    assert not still_open
    assert address == "#/lung/embedded"


def test_address_opens_a_hostile_method(in_page):
    """A method named as markup can be opened by its address and is shown as text."""
    script = """
      await pause();
      const panel = document.getElementById('panel');
      panel.querySelector('details').open = true;
      await pause();
      const title = panel.querySelector('h2').textContent;
      return [panel.open, title, panel.querySelectorAll('img').length, document.title];"""
    address = f"/lung/embedded/{quote(SHOWN, safe='')}"
    assert in_page(script, address) == [True, SHOWN, 0, "GeneArena report"]


def test_overall_rows_gather_all_tasks(in_page):
    """On the overview a method's number leads to its runs on every task."""
    script = """
      document.querySelector('table[data-key=metrics] tr[data-label=pca] td a').click();
      await pause();
      const panel = document.getElementById('panel');
      return [[...panel.querySelectorAll('h3 a')].map((a) => a.textContent),
        panel.querySelectorAll('details').length];"""
    assert in_page(script, "/") == [["liver", "lung"], 6]


def test_every_record_can_be_listed(in_page, results):
    """The page of records lists all of them, each with its details."""
    script = """
      document.getElementById('list-records').click();
      return [...document.querySelectorAll('#every-record details')].map((d) => d.dataset.run);"""
    assert sorted(in_page(script, "/records")) == [r.run_id for r in results.scan().records]


def test_download_holds_the_csv(in_page):
    """The download of one tissue is its part of the leaderboard's csv."""
    script = """
      let text = null;
      const make = URL.createObjectURL;
      URL.createObjectURL = (blob) => { text = blob.text(); return make(blob); };
      document.querySelector('.title .download[data-task="/lung/embedded"]').click();
      return await text;"""
    rows = list(csv.DictReader(StringIO(in_page(script))))
    assert {row["tissue"] for row in rows} == {"lung"}
    assert {"gae", SHOWN, "late"} <= {row["label"] for row in rows}


def test_one_page_at_a_time(in_page):
    """Links change the page and mark the one that is shown."""
    script = """
      const pages = [...document.querySelectorAll('.page')];
      const shown = () => pages.filter((p) => !p.hidden).map((p) => p.id);
      const before = shown();
      document.querySelector('nav a[href="#/statistics"]').click();
      await pause();
      return [before, shown(), document.querySelector('nav [aria-current]').textContent];"""
    assert in_page(script) == [["/lung/embedded"], ["/statistics"], "Statistics"]
