"""Energy counters go round, and are the machine's."""

import pytest

from genearena.benchmark.run.evaluation.energy import Counter, EnergyMeter, machine_counters


def zone(folder, name, label, joules, span=1000.0):
    """Make a power zone as the kernel shows one."""
    path = folder / name
    path.mkdir()
    (path / "name").write_text(label + "\n")
    (path / "energy_uj").write_text(f"{int(joules * 1e6)}\n")
    (path / "max_energy_range_uj").write_text(f"{int(span * 1e6)}\n")
    return path / "energy_uj"


def test_packages_and_memory_count_and_their_parts_do_not(tmp_path):
    """Cores are within packages, and the platform holds them all."""
    first = zone(tmp_path, "intel-rapl:0", "package-0", 100)
    memory = zone(tmp_path, "intel-rapl:0:1", "dram", 5)
    parts = [
        zone(tmp_path, "intel-rapl:0:0", "core", 50),
        zone(tmp_path, "intel-rapl:1", "psys", 900),
    ]
    meter = EnergyMeter(machine_counters(gpu=False, folder=tmp_path))
    assert meter.joules() == 0
    first.write_text("112000000\n")
    memory.write_text("7000000\n")
    for part in parts:
        part.write_text("999000000\n")
    assert meter.joules() == pytest.approx(14)


def test_a_counter_that_goes_round_goes_on():
    """Past its span it starts at zero again, more than once."""
    values = iter([900.0, 100.0, 950.0, 50.0])
    meter = EnergyMeter([Counter(lambda: next(values), span=1000.0)])
    assert [meter.joules() for _ in range(3)] == [200.0, 1050.0, 1150.0]


def test_where_nothing_can_be_read_nothing_is_told(tmp_path):
    """No zones, zones that may not be read, and zones that go away."""
    assert EnergyMeter(machine_counters(gpu=False, folder=tmp_path)).joules() is None
    (tmp_path / "intel-rapl:0").mkdir()
    (tmp_path / "intel-rapl:0" / "name").write_text("package-0")
    assert machine_counters(gpu=False, folder=tmp_path) == []
    counter = zone(tmp_path, "intel-rapl:1", "package-1", 1)
    meter = EnergyMeter(machine_counters(gpu=False, folder=tmp_path))
    counter.unlink()
    assert meter.joules() is None
