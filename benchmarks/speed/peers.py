"""How other libraries pool the fixed cases. Each is measured only if it is installed.

Each gets its input in the format that suits it best, made before the clock starts, and as many threads as
torch. If a library offers pooling under another name, that function is used. OpenCV, for example, has
dilation for a maximum, and resizing with INTER_AREA for an average.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from benchmarks.speed.cases import MAX, Case
from benchmarks.speed.paths import Array, Path, Prepared


def onnx_runtime(case: Case, x: Tensor, given: Tensor | None) -> Prepared | None:
    """ONNX Runtime: a graph of one node, on the CPU."""
    if given is not None:
        return None
    import onnxruntime
    from onnx import TensorProto, helper

    kind = "MaxPool" if case.operation == MAX else "AveragePool"
    settings: dict[str, Any] = {
        "kernel_shape": case.kernel,
        "strides": case.stride,
        "pads": case.padding * 2,
    }
    if case.operation != MAX:
        settings["count_include_pad"] = 1
    node = helper.make_node(
        f"Global{kind}" if case.whole else kind, ["x"], ["y"], **({} if case.whole else settings)
    )
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in "xy"]
    graph = helper.make_graph([node], "pooling", ends[:1], ends[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = torch.get_num_threads(), 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])
    feed = {"x": x.numpy()}
    return Prepared(lambda: session.run(None, feed), list)


def openvino(case: Case, x: Tensor, given: Tensor | None) -> Prepared | None:
    """OpenVINO: a graph of one node; its output is written into the same memory every time."""
    if given is not None:
        return None
    import openvino as ov
    from openvino import opset8 as ops

    source = ops.parameter(case.shape, np.float32)
    if case.whole:
        reduce = ops.reduce_max if case.operation == MAX else ops.reduce_mean
        node = reduce(source, np.array([2, 3]), True)
    elif case.operation == MAX:
        ones = [1] * case.axes
        node = ops.max_pool(source, case.stride, ones, case.padding, case.padding, case.kernel)
    else:
        node = ops.avg_pool(source, case.stride, case.padding, case.padding, case.kernel, exclude_pad=False)
    settings = {
        "INFERENCE_NUM_THREADS": torch.get_num_threads(),
        "INFERENCE_PRECISION_HINT": "f32",
        "PERFORMANCE_HINT": "LATENCY",
    }
    compiled = ov.Core().compile_model(ov.Model([node.output(0)], [source]), "CPU", settings)
    request = compiled.create_infer_request()
    request.set_input_tensor(ov.Tensor(x.numpy(), shared_memory=True))
    return Prepared(request.infer, lambda _: [request.get_output_tensor(0).data.copy()])


def jax(case: Case, x: Tensor, given: Tensor | None) -> Prepared | None:
    """JAX: `reduce_window`, compiled; with gradients, the call returns output and gradient."""
    import jax as library
    from jax import lax
    from jax import numpy as jnp

    kernel, stride = (1, 1, *case.kernel), (1, 1, *case.stride)
    padding = [(0, 0), (0, 0), *((p, p) for p in case.padding)]

    def pool(x: Any) -> Any:
        if case.whole:
            return (jnp.max if case.operation == MAX else jnp.mean)(x, (2, 3), keepdims=True)
        if case.operation == MAX:
            return lax.reduce_window(x, -jnp.inf, lax.max, kernel, stride, padding)
        return lax.reduce_window(x, 0.0, lax.add, kernel, stride, padding) / np.prod(case.kernel)

    def pool_and_back(x: Any, given: Any) -> Any:
        y, back = library.vjp(pool, x)
        return [y, *back(given)]

    arguments = [jnp.asarray(part.numpy()) for part in (x, given) if part is not None]
    call = library.jit((lambda x: [pool(x)]) if given is None else pool_and_back)
    return Prepared(
        lambda: library.block_until_ready(call(*arguments)),
        lambda result: [np.asarray(part) for part in result],
    )


def opencv(case: Case, x: Tensor, given: Tensor | None) -> Prepared | None:
    """OpenCV, plane by plane: dilation and box filter at stride 1, INTER_AREA resizing for block means."""
    found = _opencv_plane(case, given)
    if found is None:
        return None
    one, rows, columns = found
    planes = x.numpy().reshape(-1, *case.shape[2:])

    def call() -> list[Array]:
        y = np.empty((len(planes), rows, columns), np.float32)
        for plane, out in zip(planes, y, strict=True):
            one(plane, out)
        return [y.reshape(*case.shape[:2], rows, columns)]

    return Prepared(call, list)


def opencv_last(case: Case, x: Tensor, given: Tensor | None) -> Prepared | None:
    """OpenCV, image by image with channels last, as OpenCV stores the channels of a pixel together."""
    found = _opencv_plane(case, given)
    if found is None:
        return None
    one, rows, columns = found
    images = np.ascontiguousarray(x.permute(0, 2, 3, 1).numpy())

    def call() -> Array:
        y = np.empty((len(images), rows, columns, case.shape[1]), np.float32)
        for image, out in zip(images, y, strict=True):
            one(image, out)
        return y

    return Prepared(call, lambda y: [y.transpose(0, 3, 1, 2)])


def _opencv_plane(case: Case, given: Tensor | None) -> tuple[Callable[[Array, Array], Any], int, int] | None:
    """A function that pools one image into another, and the rows and columns of the result."""
    if given is not None or case.whole:
        return None
    import cv2

    cv2.setNumThreads(torch.get_num_threads())
    rows, columns = case.shape[2:]
    if _same_size(case):
        if case.operation == MAX:
            cells = cv2.getStructuringElement(cv2.MORPH_RECT, case.kernel)
            return lambda image, out: cv2.dilate(image, cells, dst=out), rows, columns
        border = cv2.BORDER_CONSTANT  # pads with zeros, which are counted in the mean
        return lambda image, out: cv2.blur(image, case.kernel, dst=out, borderType=border), rows, columns
    if case.operation != MAX and _whole_blocks(case):
        rows, columns = (n // k for n, k in zip(case.shape[2:], case.kernel, strict=True))
        area = cv2.INTER_AREA
        return (
            lambda image, out: cv2.resize(image, (columns, rows), dst=out, interpolation=area),
            rows,
            columns,
        )
    return None


def scipy(case: Case, x: Tensor, given: Tensor | None) -> Prepared | None:
    """SciPy: the filters of `scipy.ndimage`, which have no stride."""
    if given is not None or not _same_size(case):
        return None
    from scipy import ndimage

    array, size = x.numpy(), (1, 1, *case.kernel)
    if case.operation == MAX:
        return Prepared(lambda: [ndimage.maximum_filter(array, size, mode="constant", cval=-np.inf)], list)
    return Prepared(lambda: [ndimage.uniform_filter(array, size, mode="constant", cval=0.0)], list)


def scikit_image(case: Case, x: Tensor, given: Tensor | None) -> Prepared | None:
    """scikit-image: `block_reduce` for whole blocks; for maxima at stride 1, dilation.

    Dilation is run plane by plane, along one axis after the other.
    """
    if given is not None:
        return None
    array = x.numpy()
    if _whole_blocks(case):
        from skimage.measure import block_reduce

        reduce = np.max if case.operation == MAX else np.mean
        return Prepared(lambda: [block_reduce(array, (1, 1, *case.kernel), reduce)], list)
    if case.operation != MAX or not _same_size(case):
        return None
    from skimage.morphology import dilation, footprint_rectangle

    cells = footprint_rectangle(case.kernel, decomposition="separable")
    planes = array.reshape(-1, *case.shape[2:])
    return Prepared(
        lambda: [np.stack([dilation(plane, cells, mode="ignore") for plane in planes]).reshape(case.shape)],
        list,
    )


def _same_size(case: Case) -> bool:
    return (
        set(case.stride) == {1}
        and case.padding == tuple(k // 2 for k in case.kernel)
        and min(case.kernel) % 2 == 1
    )


def _whole_blocks(case: Case) -> bool:
    sizes = zip(case.shape[2:], case.kernel, strict=True)
    return case.stride == case.kernel and not any(case.padding) and all(n % k == 0 for n, k in sizes)


PEERS = (
    Path("onnxruntime", "ONNX Runtime", onnx_runtime, "onnxruntime"),
    Path("openvino", "OpenVINO", openvino, "openvino"),
    Path("jax", "JAX", jax, "jax"),
    Path("opencv", "OpenCV", opencv, "opencv-python-headless", "cv2"),
    Path("opencv-last", "OpenCV, channels last", opencv_last, "opencv-python-headless", "cv2"),
    Path("scipy", "SciPy", scipy, "scipy"),
    Path("skimage", "scikit-image", scikit_image, "scikit-image", "skimage"),
)
