"""The report in headless Chromium."""

import csv
from io import StringIO
from urllib.parse import quote

import pytest
from browser import CHROMIUM, READY, barriers, opened, run_in_page

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

EVIL = "</script><img src=x onerror=document.title='broken'>"
SHOWN = f"{EVIL[:16]}…{EVIL[-15:]}"
LUNG = "const lung = document.querySelector('table[data-key=\"/lung/embedded\"]');"
LABELS = "[...lung.tBodies[0].rows].filter((r) => !r.hidden).map((r) => r.dataset.label)"
NUMBERS = (
    "const numbers = (column) => [...lung.tBodies[0].rows].map((r) => "
    "parseFloat(r.cells[column].innerText)).map((v) => (Number.isNaN(v) ? null : v));"
)
HEADING = (
    "const heading = (text) => [...lung.tHead.rows[0].cells]"
    ".find((c) => c.textContent.startsWith(text)).querySelector('button');"
)


@pytest.fixture(scope="module")
def url(page, tmp_path_factory):
    """Where the report is, without a page's address in it."""
    path = tmp_path_factory.mktemp("browser") / "page.html"
    path.write_text(page, encoding="utf-8")
    return f"{path.as_uri()}#"


@pytest.fixture(scope="module")
def in_page(browser, url):
    """Run a script in the report and return what it found; complaints fail the test."""

    def run(script, address="/lung/embedded"):
        found, complaints = run_in_page(browser, url + address, script)
        assert complaints == []
        return found

    return run


PAGES = ["/", "/lung/embedded", "/statistics", "/function", "/reading", "/records"]
BARE = "*, ::before, ::after { background-image: none !important; }"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1400), ("dark", 400)])
@pytest.mark.parametrize("address", PAGES)
def test_nothing_keeps_anybody_from_reading_a_page(browser, url, address, scheme, width):
    """Axe finds no barrier, wide and light or narrow and dark; no shadow hides a contrast."""
    context = {"ready": READY, "color_scheme": scheme, "width": width, "bypass_csp": True}
    with opened(browser, url + address, **context) as (page, complaints):
        page.add_style_tag(content=BARE)
        assert barriers(page) == []
    assert complaints == []


def test_untouched_page_has_nothing_to_complain_of(browser, url):
    """The page as it is, policy included, opens without a word on the console."""
    with opened(browser, url + "/", ready=READY) as (_, complaints):
        assert complaints == []


def test_headings_sort(in_page):
    """A heading sorts best first, then worst first, then as before; no number comes last."""
    script = f"""{LUNG}{HEADING}{NUMBERS}
      const values = () => numbers(heading('ASW').closest('th').cellIndex);
      const found = [{LABELS}];
      for (let i = 0; i < 3; i++) {{
        heading('ASW').click();
        found.push(i < 2 ? values() : {LABELS});
      }}
      return found;"""
    before, best, worst, after = in_page(script)
    known = [v for v in best if v is not None]
    assert len(set(known)) > 5
    assert known == sorted(known, reverse=True)
    assert [v for v in worst if v is not None] == sorted(known)
    assert best[-1] is None
    assert worst[-1] is None
    assert after == before


def test_ranks_sort_lowest_first(in_page):
    """Where lower is better the first click puts the lowest on top."""
    script = f"""{LUNG}{HEADING}{NUMBERS} heading('Avg Rank').click(); return numbers(1);"""
    ranks = [v for v in in_page(script) if v is not None]
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
    script = f"""{LUNG}{HEADING}{NUMBERS}
      const column = heading('AUC').closest('th').cellIndex;
      const cell = lung.querySelector('tr[data-label=gae]').cells[column];
      const found = {{}};
      heading('AUC').click();
      for (const view of ['raw', 'minmax', 'control']) {{
        document.querySelector(`[name=view][value=${{view}}]`).click();
        found[view] = [cell.innerText, numbers(column)];
      }}
      return found;"""
    found = in_page(script)
    assert len({text for text, _ in found.values()}) == 3
    assert "±" in found["raw"][0]
    for _, values in found.values():
        known = [v for v in values if v is not None]
        assert known == sorted(known, reverse=True)


def test_cell_opens_its_runs(in_page):
    """A number leads to its seeds with parameters, versions and reasons; Close shuts them."""
    script = f"""{LUNG}{HEADING}
      const column = heading('AUC').closest('th').cellIndex;
      lung.querySelector('tr[data-label=vgae]').cells[column].querySelector('a').click();
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


STATE = """
  const state = () => ({
    view: document.documentElement.dataset.view,
    name: document.getElementById('filter-name').value,
    sorted: [...document.querySelectorAll('th[aria-sort]')].map((th) => th.ariaSort),
    tissues: [...document.querySelectorAll('#choice [name=task]:checked')].map((b) => b.value),
    panel: document.getElementById('panel').open,
    page: document.documentElement.dataset.page,
  });
  const until = async (known) => { for (let i = 0; i < 40 && !known(); i++) await pause(); };
"""
AT_FIRST = {
    "view": "raw", "name": "", "sorted": [], "tissues": ["liver", "lung"], "panel": False,
    "page": "/",
}  # fmt: skip


def test_state_is_in_the_address(in_page):
    """What was chosen by hand is in the address, stays on other pages, and Back undoes it."""
    script = f"""{STATE}
      const steps = [state()];
      const step = async (act) => {{ act(); await pause(); steps.push(state()); }};
      await step(() => document.querySelector('[name=view][value=minmax]').click());
      await step(() => document.querySelector('table[data-key="/"] th button').click());
      await step(() => document.querySelector('#choice [value=liver]').click());
      await step(() => document.querySelector('nav a[href="#/lung/embedded"]').click());
      const address = location.hash;
      for (let i = steps.length - 1; i > 0; i--) {{
        history.back();
        const before = JSON.stringify(steps[i - 1]);
        await until(() => JSON.stringify(state()) === before);
        if (JSON.stringify(state()) !== before) return [steps, address, i, state()];
      }}
      history.forward();
      await until(() => state().view === 'minmax');
      return [steps, address, state()];"""
    steps, address, forward = in_page(script, "/")
    changes = [
        {},
        {"view": "minmax"},
        {"sorted": ["ascending"]},
        {"tissues": ["lung"]},
        {"page": "/lung/embedded"},
    ]
    want = AT_FIRST
    for step, change in zip(steps, changes, strict=True):
        want = want | change
        assert step == want
    assert forward == steps[1]
    assert address.startswith("#/lung/embedded?view=minmax&sort=")
    # a reload, or somebody else's browser
    assert in_page(f"{STATE} return state();", address.removeprefix("#")) == steps[-1]


def test_first_stop_leads_past_the_navigation(in_page):
    """It moves the focus, and leaves the address alone."""
    script = """
      const first = document.querySelector('a, button, input');
      first.click();
      await pause();
      return [first.innerText, document.activeElement.id, location.hash];"""
    assert in_page(script) == ["Skip to content", "main", "#/lung/embedded"]


def test_an_address_opens_runs_in_a_view(in_page):
    """With a panel, a filter and a view at once."""
    address = "/lung/embedded/vgae/edge_auc?view=control&name=ae"
    found = in_page(f"{STATE} return state();", address)
    assert found == AT_FIRST | {
        "view": "control", "name": "ae", "panel": True, "page": "/lung/embedded",
    }  # fmt: skip


def test_a_choice_computes_the_overview_anew(in_page):
    """Columns, averages and the sentence above them are of what is chosen."""
    script = """
      const headings = () => [...document.querySelectorAll('table[data-key="/"] th[scope=col]')]
        .map((th) => th.innerText.replace(/\\s+/g, ' ').trim());
      const scores = () => [...document.querySelectorAll('table[data-key="/"] tbody tr')]
        .map((row) => [row.dataset.label, row.cells[2].innerText]);
      const found = [headings(), scores()];
      document.querySelector('#choice [value=liver]').click();
      document.querySelector('#choice [value=asw]').click();
      await pause();
      return [...found, headings(), scores(), document.getElementById('chosen').innerText,
        document.querySelector('.of-all').checkVisibility()];"""
    headings, scores, fewer, others, chosen, whole = in_page(script, "/")
    assert {"liver ↓", "lung ↓"} <= {*headings}
    assert not any("liver" in heading for heading in fewer)
    assert dict(scores) != dict(others)
    assert chosen.startswith("1 of 2 tissues, ")
    assert not whole


def test_a_row_is_one_stop_and_arrows_move(in_page):
    """Tab goes from row to row; the arrow keys go over cells, links and headings."""
    script = f"""{LUNG}
      const stops = [...lung.rows].map(
        (row) => [...row.querySelectorAll('a, button')].filter((x) => x.tabIndex === 0).length);
      const press = (key) => document.activeElement.dispatchEvent(
        new KeyboardEvent('keydown', {{ key, bubbles: true }}));
      const at = () => {{
        const cell = document.activeElement.closest('th, td');
        return [cell.parentElement.rowIndex, cell.cellIndex];
      }};
      lung.tBodies[0].rows[0].querySelector('a').focus();
      const path = [at()];
      for (const key of ['ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'ArrowLeft']) {{
        press(key);
        path.push(at());
      }}
      const row = lung.rows[2];
      const links = [...row.querySelectorAll('a')];
      return [stops, path, links.filter((x) => x.tabIndex === 0).length,
        links.every((x) => x.hash.startsWith('#/lung/embedded/'))];"""
    stops, path, after, linked = in_page(script)
    assert set(stops) == {1}
    assert path == [[1, 0], [1, 1], [2, 1], [3, 1], [2, 1], [2, 0]]
    assert after == 1
    assert linked
