"""`python -m benchmarks.plots`: the pictures of the run that is kept, as SVG.

Run by the Python of `peers.lock`, where matplotlib is. What stands on a picture stands in words
beside it (`benchmarks/page.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import matplotlib as mpl

mpl.use("svg")

from matplotlib import pyplot

from benchmarks.figures import Figure, read_run
from benchmarks.pictures import FOLDER, KEPT, PICTURES, Picture

COLOURS = {"minga": "#7b3f98", "nio": "#7a7a7a", "maubot": "#2f7f8f"}
"""Nothing is told by colour alone: bars are named, and lines have marks."""
MARKERS = ("o", "s", "^", "D")


def draw(picture: Picture, figures: Sequence[Figure]) -> None:
    """Draw one picture into its file."""
    pyplot.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "minga", "font.size": 9})
    drawing, axes = pyplot.subplots(figsize=(6.4, 2.6 if picture.shape != "lines" else 3.2))
    SHAPES[picture.shape](axes, picture, figures)
    axes.set_title(picture.title, loc="left", fontsize=10)
    axes.spines[["top", "right"]].set_visible(False)
    drawing.tight_layout()
    drawing.savefig(FOLDER / f"{picture.name}.svg", metadata={"Date": None})
    pyplot.close(drawing)


def _bars(axes: Any, picture: Picture, figures: Sequence[Figure]) -> None:
    """One bar for each bot, side by side for each figure; a line for each goal."""
    for place, figure in enumerate(figures):
        for n, bot in enumerate(b for b in COLOURS if figure.values(b)):
            value, at = figure.median(bot), place + (n - 1) * 0.28
            axes.bar(at, value, 0.26, color=COLOURS[bot])
            axes.annotate(f"{bot}\n{value:.3g}", (at, value), ha="center", va="bottom", fontsize=7)
    axes.set_xticks(range(len(figures)), [picture.label(figure) for figure in figures])
    axes.set_ylabel(picture.unit)
    axes.margins(y=0.25)


def _stack(axes: Any, picture: Picture, figures: Sequence[Figure]) -> None:
    """The parts of one thing, one after the other."""
    start = 0.0
    shades = pyplot.get_cmap("viridis", len(figures) + 1)
    for n, figure in enumerate(figures):
        value = figure.median("minga")
        label = f"{picture.label(figure)} {value:.2g}"
        axes.barh(0, value, left=start, color=shades(n), edgecolor="white", label=label)
        start += value
    axes.set_yticks([])
    axes.set_xlabel(picture.unit)
    axes.legend(ncols=4, frameon=False, fontsize=7, loc="upper center", bbox_to_anchor=(0.5, -0.35))


def _lines(axes: Any, picture: Picture, figures: Sequence[Figure]) -> None:
    """One line for each bot, or for each kind of thing, over what grows."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for figure in figures:
        for bot in (b for b in COLOURS if figure.values(b)):
            name = picture.label(figure) or bot
            lines.setdefault(name, []).append((picture.place(figure), figure.median(bot)))
    for (name, points), marker in zip(lines.items(), MARKERS, strict=False):
        xs, ys = zip(*sorted(points), strict=True)
        axes.plot(xs, ys, marker=marker, label=name, color=COLOURS.get(name))
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_ylabel(picture.unit)
    axes.legend(frameon=False, fontsize=8)


SHAPES: dict[str, Callable[[Any, Picture, Sequence[Figure]], None]] = {
    "bars": _bars,
    "stack": _stack,
    "lines": _lines,
}


def main() -> None:
    """Draw all pictures for which the run has figures."""
    run = read_run(KEPT)
    FOLDER.mkdir(exist_ok=True)
    for picture in PICTURES:
        if figures := picture.choose(run.figures):
            draw(picture, figures)


if __name__ == "__main__":
    main()
