"""ONNX's own node tests: an adapter lets poolkit run the test files that the onnx wheel ships."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import onnx
import pytest
import torch
from onnx import AttributeProto, NodeProto, numpy_helper
from torch import Tensor
from torch.nn import functional as F

import poolkit
from tests.poolkit.score import Score

DATA = Path(onnx.__file__).parent / "backend" / "test" / "data"
POOLS = {
    "AveragePool",
    "GlobalAveragePool",
    "GlobalMaxPool",
    "LpPool",
    "MaxPool",
    "MaxUnpool",
    "RoiAlign",
}
RULES = {"SAME_UPPER": "same_upper", "SAME_LOWER": "same_lower", "VALID": "valid"}
COUNTS = {"node": 56, "pytorch-converted": 15, "pytorch-operator": 1}


def nodes(folder: str) -> dict[str, Path]:
    """Find the test cases in a folder whose graph contains a pooling."""
    found = {}
    for path in sorted((DATA / folder).iterdir()):
        graph = onnx.load(path / "model.onnx").graph
        if any(node.op_type in POOLS for node in graph.node):
            found[path.name] = path
    return found


def read(path: Path) -> Any:
    tensor = onnx.TensorProto()
    tensor.ParseFromString(path.read_bytes())
    return torch.from_numpy(numpy_helper.to_array(tensor).copy())


def attributes(node: NodeProto) -> dict[str, Any]:
    values = {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}
    assert all(attribute.type != AttributeProto.GRAPH for attribute in node.attribute)
    return {name: value.decode() if isinstance(value, bytes) else value for name, value in values.items()}


def sliding(given: dict[str, Any]) -> dict[str, Any]:
    """Convert ONNX's attributes to poolkit's arguments.

    ONNX first lists the padding before each axis, and then the padding after each axis. If the stride is
    missing, it is 1.
    """
    axes = len(given["kernel_shape"])
    pads = given.get("pads", [0] * 2 * axes)
    rule = RULES.get(given.get("auto_pad", "NOTSET"))
    return {
        "kernel_size": given["kernel_shape"],
        "stride": given.get("strides", [1] * axes),
        "padding": rule or list(zip(pads[:axes], pads[axes:], strict=True)),
        "dilation": given.get("dilations", [1] * axes),
        "ceil_mode": bool(given.get("ceil_mode", 0)),
    }


def max_pool(given: dict[str, Any], x: Tensor) -> list[Tensor]:
    axes = x.dim() - 2
    values, indices = getattr(poolkit, f"max_pool{axes}d")(x, **sliding(given), return_indices=True)
    # With this attribute ONNX expects indices in column-major order.
    if given.get("storage_order"):
        height, width = x.shape[-2:]
        indices = (indices % width) * height + indices // width
    # ONNX's indices count through the whole tensor; poolkit's start at 0 in each plane.
    planes = torch.arange(x.shape[0] * x.shape[1]).view(x.shape[:2] + (1,) * axes)
    return [values, indices + planes * x[0, 0].numel()]


def average_pool(given: dict[str, Any], x: Tensor) -> list[Tensor]:
    counted = bool(given.get("count_include_pad", 0))
    pool = getattr(poolkit, f"avg_pool{x.dim() - 2}d")
    return [pool(x, **sliding(given), count_include_pad=counted)]


def lp_pool(given: dict[str, Any], x: Tensor) -> list[Tensor]:
    return [getattr(poolkit, f"lp_pool{x.dim() - 2}d")(x, given.get("p", 2), **sliding(given))]


def max_unpool(given: dict[str, Any], x: Tensor, indices: Tensor, *size: Tensor) -> list[Tensor]:
    """Unpool with ONNX's indices, which count through a whole tensor of the size that the window implies.

    If ONNX asks for a larger output, fill it up with zeros.
    """
    window = (given["kernel_shape"], given["strides"])
    cells = poolkit.max_unpool2d(x, torch.zeros_like(indices), *window).shape[2:]
    y = poolkit.max_unpool2d(x, indices % cells.numel(), *window)
    asked = size[0].tolist() if size else list(y.shape)
    return [F.pad(y, (0, asked[3] - y.shape[3], 0, asked[2] - y.shape[2]))]


def roi_align(given: dict[str, Any], x: Tensor, corners: Tensor, images: Tensor) -> list[Tensor]:
    boxes = torch.cat([images[:, None].to(corners), corners], 1)
    height, width = given["output_height"], given["output_width"]
    aligned = given.get("coordinate_transformation_mode", "half_pixel") == "half_pixel"
    scale, ratio = given.get("spatial_scale", 1.0), given.get("sampling_ratio", 0)
    if given.get("mode", "avg") == "avg":
        return [poolkit.roi_align(x, boxes, (height, width), scale, ratio, aligned)]
    # In mode "avg", a sample is the sum of four weighted cells around a point.
    # In mode "max", ONNX takes the maximum of the weighted cells of all samples instead of their sums.
    # The four cells around a point differ in the parity of their rows or columns.
    # So if the input keeps only the cells of one parity, a sample of mode "avg" equals one weighted cell.
    size = (height * ratio, width * ratio)
    parts = []
    for row, column in itertools.product(range(2), repeat=2):
        alone = torch.zeros_like(x)
        alone[..., row::2, column::2] = x[..., row::2, column::2]
        parts.append(poolkit.roi_align(alone, boxes, size, scale, 1, aligned))
    return [poolkit.max_pool2d(torch.stack(parts).amax(0), ratio)]


ADAPTERS: dict[str, Callable[..., list[Tensor]]] = {
    "AveragePool": average_pool,
    "GlobalAveragePool": lambda given, x: [poolkit.global_avg_pool(x)],
    "GlobalMaxPool": lambda given, x: [poolkit.global_max_pool(x)],
    "LpPool": lp_pool,
    "MaxPool": max_pool,
    "MaxUnpool": max_unpool,
    "RoiAlign": roi_align,
}


def run(path: Path, data: Path) -> list[Tensor]:
    graph = onnx.load(path / "model.onnx").graph
    values = {
        given.name: [read(data / f"input_{at}.pb")]
        for at, given in enumerate(graph.input)
        if (data / f"input_{at}.pb").exists()
    }
    for node in graph.node:
        given = attributes(node)
        inputs = [values[name][0] for name in node.input]
        # Some test cases write an average along one axis as an average over planes of width 1.
        if node.op_type in ("Unsqueeze", "Squeeze"):
            change = torch.unsqueeze if node.op_type == "Unsqueeze" else torch.squeeze
            results = [change(inputs[0], given["axes"][0])]
        else:
            results = ADAPTERS[node.op_type](given, *inputs)
        values |= {name: [result] for name, result in zip(node.output, results, strict=False)}
    return [values[out.name][0] for out in graph.output]


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, id=f"{folder}/{name}") for folder in COUNTS for name, path in nodes(folder).items()],
)
def test_results_equal_onnxs(path: Path, score: Score) -> None:
    score.total += 1
    for data in sorted(path.glob("test_data_set_*")):
        expected = [read(data / f"output_{at}.pb") for at in range(len(list(data.glob("output_*.pb"))))]
        got = run(path, data)
        assert expected
        for ours, theirs in zip(got, expected, strict=True):
            # ONNX's own test runner has the same tolerance, because many of its files hold only four digits.
            torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-7)
    score.passed += 1


def test_every_case_with_a_pooling_is_tested() -> None:
    assert {folder: len(nodes(folder)) for folder in COUNTS} == COUNTS
