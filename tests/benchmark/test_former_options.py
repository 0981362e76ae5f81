"""Options have one name for one thing; former names that scripts have still work, and say so."""

from collections import defaultdict
from collections.abc import Iterator

import click
import pytest

from genearena.benchmark.cli import bench

FORMER = [
    ("plot", "--dest", "--output", "output", []),
    ("results export", "--to", "--output", "output", []),
    ("data check", "--figure", "--output", "output", ["--tissue", "lung"]),
    ("data validate-simulator", "--figure", "--output", "output", []),
    ("plot", "--figure", "--kind", "kinds", []),
    ("function", "--by", "--ways", "ways", ["--genesets", "own"]),
    ("clusters", "--genes", "--mark", "genes", ["--genesets", "own"]),
    ("merge", "--by", "--origin", "origin", ["there"]),
    ("submit", "--by", "--origin", "by", ["f", "--tissue", "lung", "--method", "m", "--seed", "0"]),
    ("data add", "--cells", "--barcodes", "cells", ["f", "--tissue", "lung", "--name", "own"]),
    (
        "data add",
        "--gene-column",
        "--gene-key",
        "gene_key",
        ["f", "--tissue", "lung", "--name", "own"],
    ),
]
NUMBER_OR_TEXT = {"--seeds"}
"""Of a run also a range or a list."""
TWO_WORDS = {"seeds", "by", "cells", "gene_names", "genes"}
"""Parameters that are called alike in the code of commands and mean different things."""


def leaves(command: click.Command = bench, words: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield every command that does something, by its words."""
    if not isinstance(command, click.Group):
        yield words, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from leaves(found, f"{words} {name}".strip())


COMMANDS = dict(leaves())


def parsed(words: str, param: str, *arguments: str) -> object:
    """Return what a command understands by a parameter."""
    return COMMANDS[words].make_context(words, list(arguments)).params[param]


@pytest.mark.parametrize(("words", "former", "word", "param", "needed"), FORMER)
def test_a_former_option_is_read_as_the_present_one(words, former, word, param, needed, capsys):
    """Wherever it stands, with one line on stderr; the present word has none."""
    value = "umap" if word == "--kind" else "there"
    want = parsed(words, param, word, value, *needed)
    assert capsys.readouterr().err == ""
    for arguments in ([former, value, *needed], [*needed, f"{former}={value}"]):
        assert parsed(words, param, *arguments) == want
        said = capsys.readouterr()
        assert said.err == f"Warning: {former} is called {word} now\n"
        assert said.out == ""


@pytest.mark.parametrize(("words", "former", "word", "param", "needed"), FORMER)
def test_a_former_option_is_no_part_of_the_help(words, former, word, param, needed):
    """New users see one word."""
    text = COMMANDS[words].get_help(click.Context(COMMANDS[words]))
    assert word in text
    assert f"{former} " not in text


def test_where_to_write_is_still_asked_for():
    """An export without any of both is a mistake."""
    with pytest.raises(click.MissingParameter):
        parsed("results export", "output")


def kind_of(option: click.Option) -> str:
    """Return what an option takes: nothing, a file, a number or text."""
    if option.is_flag:
        return "nothing"
    if isinstance(option.type, click.Path):
        return "file"
    return "number" if isinstance(option.type, click.types._NumberParamTypeBase) else "text"


def test_an_option_means_one_thing():
    """It takes the same kind of value in all commands, under one word."""
    kinds, words = defaultdict(lambda: defaultdict(set)), defaultdict(set)
    for name, command in COMMANDS.items():
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden:
                assert len(option.opts) == 1, (name, option.opts)
                kinds[option.opts[0]][kind_of(option)].add(name)
                words[option.name].add(option.opts[0])
    assert {w: dict(k) for w, k in kinds.items() if len(k) > 1 and w not in NUMBER_OR_TEXT} == {}
    assert {param for param, own in words.items() if len(own) > 1} == TWO_WORDS
