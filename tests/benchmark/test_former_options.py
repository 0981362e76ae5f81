"""Options of version 0.1 that are called ``--output`` now still work, and say so."""

from pathlib import Path

import click
import pytest

from genearena.benchmark.cli import bench

FORMER = [
    (["plot"], "--dest", []),
    (["results", "export"], "--to", []),
    (["data", "check"], "--figure", ["--tissue", "lung"]),
    (["data", "validate-simulator"], "--figure", []),
]


def parsed(words: list[str], *arguments: str) -> Path:
    """Return what a command understands by ``--output``."""
    command: click.Command = bench
    for word in words:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), word)
        assert found is not None
        command = found
    return command.make_context(" ".join(words), list(arguments)).params["output"]


@pytest.mark.parametrize(("words", "former", "needed"), FORMER)
def test_a_former_option_is_read_as_output(words, former, needed, capsys):
    """Wherever it stands, with one line on stderr; the present word has none."""
    for arguments in ([former, "there", *needed], [*needed, f"{former}=there"]):
        assert parsed(words, *arguments) == Path("there")
        said = capsys.readouterr()
        assert said.err == f"Warning: {former} is called --output now\n"
        assert said.out == ""
    assert parsed(words, "--output", "there", *needed) == Path("there")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("words", "former", "needed"), FORMER)
def test_a_former_option_is_no_part_of_the_help(words, former, needed):
    """New users see one word."""
    command: click.Command = bench
    for word in words:
        command = command.get_command(click.Context(command), word)
    text = command.get_help(click.Context(command))
    assert "--output" in text
    assert f"{former} " not in text


def test_where_to_write_is_still_asked_for():
    """An export without any of both is a mistake."""
    with pytest.raises(click.MissingParameter):
        parsed(["results", "export"])
