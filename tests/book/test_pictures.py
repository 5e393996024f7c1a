"""Pictures have text equivalents, and do not change the rest of the page that shows them."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image
from skimage import data

from poolkit import figures, pictures
from poolkit.figures import Picture
from poolkit.pictures import VARIABLES
from poolkit.windows import Window

X = np.array([[3.0, 1.0, 0.0], [2.0, -4.0, 6.0]])


def drawn(picture: Picture) -> list[str]:
    """All texts that the panels of a picture draw, in their order."""
    return [text for panel in picture.panels for text in re.findall(r"<text[^>]*>([^<]*)</text>", panel)]


def test_every_value_is_drawn_and_is_in_the_text_equivalent() -> None:
    picture = figures.plane(X, name="x")
    assert drawn(picture) == ["x", "3", "1", "0", "2", "\N{MINUS SIGN}4", "6"]
    assert picture.alt == "x, 2 rows by 3 columns: 3 1 0; 2 \N{MINUS SIGN}4 6."


def test_a_hidden_value_is_neither_drawn_nor_in_the_text_equivalent() -> None:
    picture = figures.plane(np.array([[1, 7]]), hidden=[(0, 1)])
    assert drawn(picture) == ["1", "?"]
    assert "7" not in picture.alt


def test_wrong_cells_are_marked_once_each() -> None:
    right = figures.plane(X, expected=X)
    wrong = figures.plane(X, expected=np.where(X > 2, 9.0, X))
    strokes = [picture.panels[0].count(VARIABLES["#c9512c"]) for picture in (right, wrong)]
    # Two cells are wrong, and the mark of a wrong cell has two strokes.
    assert strokes == [0, 4]
    assert "(0, 0), (1, 2)" in wrong.alt


def test_nan_where_nan_is_expected_is_not_wrong() -> None:
    nan = np.array([[np.nan]])
    assert figures.plane(nan, expected=nan).alt.endswith("No cell differs from what is expected.")


def test_with_a_wrong_shape_every_cell_is_wrong() -> None:
    assert "(0, 0), (0, 1)" in figures.plane(np.zeros((1, 2)), expected=np.zeros((2, 2))).alt


def test_the_border_has_the_padding_of_the_window() -> None:
    window = Window.of(2, stride=1, padding=((1, 0), (0, 0)))
    picture = figures.step(X, np.zeros((2, 2)), window, (0, 0))
    assert drawn(picture)[1:4] == ["\N{MINUS SIGN}\N{INFINITY}"] * 3
    assert "Border of cells, 1 above, filled with \N{MINUS SIGN}\N{INFINITY}." in picture.alt
    assert "Window on 4 cells; greatest: 3." in picture.alt


def test_a_step_names_its_operation_and_marks_a_winner_for_the_maximum_alone() -> None:
    window = Window.of(2, stride=1, padding=((1, 0), (0, 0)))
    mean = figures.step(X, np.zeros((2, 2)), window, (0, 0), operation="mean")
    assert "mean" in drawn(mean)
    assert "max" not in drawn(mean)
    assert "greatest" not in mean.alt
    assert "Border of cells, 1 above, filled with 0." in mean.alt
    assert "max" in drawn(figures.step(X, np.zeros((2, 2)), window, (0, 0)))


def test_shifts_compares_each_row_with_the_first_one() -> None:
    picture = figures.shifts({"a": [0, 1, 0], "b": [0, 0, 1]}, lambda row: row)
    assert picture.alt.endswith("b: 0 0 1, pooled 0 0 1; 2 cells differ.")


@pytest.mark.parametrize(
    "panel",
    figures.step(X, X, Window.of(1), (1, 2)).panels + figures.plane(X, padding=((1, 1), (1, 1))).panels,
)
def test_a_drawing_has_no_styles_links_fixed_colours_or_foreign_ids(panel: str) -> None:
    assert "<style" not in panel
    assert "http" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", panel)
    assert not re.search(r"(?<!, )#[0-9a-f]{6}", panel), "the page's colour scheme cannot change this colour"
    names = re.findall(r' id="([^"]*)"', panel)
    assert all(name.startswith("pk") for name in names)


def test_photographs_need_a_text_equivalent() -> None:
    with pytest.raises(ValueError, match="text equivalent"):
        figures.photographs({"x": X}, alt="")


def test_a_large_photograph_is_a_small_jpeg_close_to_the_original() -> None:
    photograph = data.camera() / 255.0
    (panel,) = figures.photographs({"": photograph}, alt="A photographer.", side=512).panels
    (encoded,) = re.findall(r"data:image/jpeg;base64,([\w+/=\s]+)", panel)
    seen = np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded)))).astype(float)
    assert seen.shape == photograph.shape
    assert np.sqrt(np.mean((seen - 255 * photograph) ** 2)) < 4
    assert len(encoded) < photograph.size / 2


def test_a_small_grey_photograph_is_a_png_of_one_byte_a_pixel() -> None:
    """Each byte is the grey of a cell up to rounding. A coloured picture stays as it is."""
    grey = np.arange(256.0).reshape(16, 16) / 255
    (panel,) = figures.photographs({"": grey}, alt="A ramp.", side=16).panels
    (encoded,) = re.findall(r"data:image/png;base64,([\w+/=\s]+)", panel)
    picture = Image.open(io.BytesIO(base64.b64decode(encoded)))
    assert picture.mode == "L"
    assert np.abs(np.asarray(picture).astype(int) - np.arange(256).reshape(16, 16)).max() <= 1
    Image.new("RGB", (2, 2), "red").save(stream := io.BytesIO(), "PNG")
    red = base64.b64encode(stream.getvalue()).decode()
    assert red in pictures.inline(f'<svg width="2pt"><image href="data:image/png;base64,{red}"/></svg>', 2)


def test_a_picture_is_the_same_every_time() -> None:
    assert figures.plane(X) == figures.plane(X)
