"""Options of every command that builds graphs from counts, with one default for all."""

import click

n_genes = click.option(
    "--genes",
    "n_genes",
    default=1000,
    show_default=True,
    type=click.IntRange(2),
    help="Genes of each donor, the nodes of its graph.",
)
residuals = click.option(
    "--residuals",
    default="sctransform",
    show_default=True,
    help="Null model of the profiles: sctransform (version 2) or analytic (Pearson, theta 100).",
)
alpha = click.option(
    "--alpha",
    default=0.005,
    show_default=True,
    type=click.FloatRange(0, 1, min_open=True),
    help="Pairs with p below it are edges.",
)
fdr = click.option(
    "--fdr", is_flag=True, help="Adjust p for multiple testing (Benjamini-Hochberg)."
)
min_genes = click.option(
    "--min-genes",
    default=200,
    show_default=True,
    type=click.IntRange(0),
    help="Drop cells with fewer detected genes.",
)
