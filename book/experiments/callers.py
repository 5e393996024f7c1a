"""Functions that pool a row of numbers with each framework, all with the same arguments.

They raise Lacks where a framework has no such argument.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


class Lacks(Exception):
    """Raised if a framework has no option for a requested setting."""


@dataclass(frozen=True)
class Caller:
    """A framework, and the function that pools with it.

    Args:
        title: the name of the framework in the table.
        module: the module of the framework.
        package: the package whose version the table's file records.
        pool: a function (operation, row, kernel, **given) that returns the pooled row.
        needs: other modules that the framework needs.
        environment: environment variables that a process with this framework needs.
    """

    title: str
    module: str
    package: str
    pool: Callable[..., Any]
    needs: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)

    def installed(self) -> bool:
        """Whether all modules of the framework can be imported."""
        return all(importlib.util.find_spec(name) for name in (self.module, *self.needs))

    def version(self) -> str:
        """The version that is installed, without a local part such as +cpu."""
        return importlib.metadata.version(self.package).partition("+")[0]


def _lacks(given: Mapping[str, Any], *names: str) -> None:
    """Raise Lacks if `given` has a true value for a named argument, because the framework lacks it."""
    if any(given.get(name) for name in names):
        raise Lacks


def _winner(gradient: Array) -> str | list[float]:
    return [round(float(share), 3) for share in gradient.ravel()]


def _torch(operation: str, row: Array, kernel: int, **given: Any) -> Any:
    import torch
    from torch.nn import functional as F

    if given.get("padding") == "same":
        raise Lacks
    if operation == "avg":
        _lacks(given, "dilation")
    names = {"stride": "stride", "padding": "padding", "dilation": "dilation", "ceil": "ceil_mode"}
    names["count"] = "count_include_pad"
    settings: dict[str, Any] = {names[name]: value for name, value in given.items()}
    for name in ("stride", "dilation"):
        if name in settings:
            settings[name] = (1, settings[name])
    if "padding" in settings:
        settings["padding"] = (0, settings["padding"])
    x = torch.tensor(row)[None, None, None]
    pool: Any = F.avg_pool2d if operation == "avg" else F.max_pool2d
    if operation == "ties":
        x = x.requires_grad_()
        pool(x, (1, kernel), **settings).sum().backward()
        assert x.grad is not None
        return _winner(x.grad.numpy())
    return pool(x, (1, kernel), **settings).double().numpy().ravel()


def _onnx_model(operation: str, row: Array, kernel: int, given: Mapping[str, Any]) -> Any:
    import onnx

    names = {"stride": "strides", "dilation": "dilations"}
    settings: dict[str, Any] = {names[name]: [given[name]] for name in names if name in given}
    padding = given.get("padding")
    if padding == "same":
        settings["auto_pad"] = "SAME_UPPER"
    elif padding is not None:
        settings["pads"] = [padding, padding]
    if "ceil" in given:
        settings["ceil_mode"] = int(given["ceil"])
    if "count" in given:
        settings["count_include_pad"] = int(given["count"])
    kind = "AveragePool" if operation == "avg" else "MaxPool"
    outputs = ["y", "winners"] if operation == "ties" else ["y"]
    node = onnx.helper.make_node(kind, ["x"], outputs, kernel_shape=[kernel], **settings)
    dtype = onnx.helper.np_dtype_to_tensor_dtype(row.dtype)
    infos = [onnx.helper.make_tensor_value_info("x", dtype, [1, 1, len(row)])]
    types = {"y": dtype, "winners": onnx.TensorProto.INT64}
    results = [onnx.helper.make_tensor_value_info(name, types[name], None) for name in outputs]
    graph = onnx.helper.make_graph([node], "pooling", infos, results)
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 22)], ir_version=10)
    return model, outputs


def _onnx_answer(operation: str, row: Array, results: list[Array]) -> Any:
    if operation == "ties":
        return [float(cell == results[1].ravel()[0]) for cell in range(len(row))]
    return results[0].astype(np.float64).ravel()


def _onnx(operation: str, row: Array, kernel: int, **given: Any) -> Any:
    from onnx.reference import ReferenceEvaluator

    model, outputs = _onnx_model(operation, row, kernel, given)
    results = ReferenceEvaluator(model).run(outputs, {"x": row[None, None]})
    assert isinstance(results, list)
    return _onnx_answer(operation, row, results)


def _onnxruntime(operation: str, row: Array, kernel: int, **given: Any) -> Any:
    import onnxruntime

    onnxruntime.set_default_logger_severity(4)
    model, outputs = _onnx_model(operation, row, kernel, given)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return _onnx_answer(operation, row, session.run(outputs, {"x": row[None, None]}))


def _symmetric_same(given: Mapping[str, Any], length: int, kernel: int) -> str:
    """Translate a padding into 'same' or 'valid', because Keras and TensorFlow have no other padding.

    Raises:
        Lacks: if neither of the two words means the given padding.
    """
    padding = given.get("padding", 0)
    if padding in (0, "same"):
        return "same" if padding else "valid"
    stride, extent = given.get("stride", kernel), given.get("dilation", 1) * (kernel - 1) + 1
    if 2 * padding == max((-(-length // stride) - 1) * stride + extent - length, 0):
        return "same"
    raise Lacks


def _keras(operation: str, row: Array, kernel: int, **given: Any) -> Any:
    import keras

    _lacks(given, "ceil", "dilation", "count")
    words = {"padding": _symmetric_same(given, len(row), kernel), "dtype": str(row.dtype)}
    settings = {"strides": given["stride"]} if "stride" in given else {}
    layer = keras.layers.AveragePooling1D if operation == "avg" else keras.layers.MaxPooling1D
    pool = layer(kernel, **settings, **words)
    x = row[None, :, None]
    if operation == "ties":
        return _keras_ties(lambda z: keras.ops.sum(pool(z)), x)
    return np.asarray(keras.ops.convert_to_numpy(pool(x)), dtype=np.float64).ravel()


def _keras_ties(total: Callable[[Any], Any], row: Array) -> Any:
    import keras

    if keras.backend.backend() == "jax":
        import jax

        return _winner(np.asarray(jax.grad(total)(row)))
    if keras.backend.backend() == "tensorflow":
        return _tensorflow_gradient(total, row)
    import torch

    x = torch.tensor(row, requires_grad=True)
    total(x).backward()
    assert x.grad is not None
    return _winner(x.grad.numpy())


def _tensorflow_gradient(total: Callable[[Any], Any], row: Array) -> Any:
    import tensorflow as tf

    x = tf.constant(row)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = total(x)
    return _winner(tape.gradient(y, x).numpy())


def _tensorflow(operation: str, row: Array, kernel: int, **given: Any) -> Any:
    import tensorflow as tf

    _lacks(given, "ceil", "count")
    padding = _symmetric_same(given, len(row), kernel).upper()
    kind = "AVG" if operation == "avg" else "MAX"
    settings: dict[str, Any] = {}
    if "stride" in given:
        settings["strides"] = [1, given["stride"]]
    if "dilation" in given:
        settings["dilations"] = [1, given["dilation"]]

    def pool(x: Any) -> Any:
        return tf.nn.pool(x, [1, kernel], kind, padding=padding, **settings)

    x = row[None, None, :, None]
    if operation == "ties":
        return _tensorflow_gradient(pool, x)
    return pool(tf.constant(x)).numpy().astype(np.float64).ravel()


def _flax(operation: str, row: Array, kernel: int, **given: Any) -> Any:
    import jax
    from flax import linen

    _lacks(given, "ceil", "dilation")
    jax.config.update("jax_enable_x64", True)
    padding = given.get("padding", 0)
    settings: dict[str, Any] = {"padding": "SAME" if padding == "same" else ((padding, padding),)}
    if "stride" in given:
        settings["strides"] = (given["stride"],)
    if "count" in given:
        settings["count_include_pad"] = given["count"]
    pool = linen.avg_pool if operation == "avg" else linen.max_pool
    x = jax.numpy.asarray(row)[None, :, None]
    if operation == "ties":
        return _winner(np.asarray(jax.grad(lambda z: pool(z, (kernel,), **settings).sum())(x)))
    return np.asarray(pool(x, (kernel,), **settings), dtype=np.float64).ravel()


def _skimage(operation: str, row: Array, kernel: int, **given: Any) -> Any:
    from skimage.measure import block_reduce

    if given.get("stride", kernel) != kernel or operation == "ties":
        raise Lacks
    _lacks(given, "dilation", "count", "padding")
    # Ignore "ceil": block_reduce always keeps an incomplete last block, and fills it up with zeros.
    return block_reduce(row, kernel, np.mean if operation == "avg" else np.max).astype(np.float64)


def _scipy(operation: str, row: Array, kernel: int, **given: Any) -> Any:
    from scipy import ndimage

    if given.get("stride", 1) != 1 or operation == "ties" or given.get("dilation", 1) != 1:
        raise Lacks
    _lacks(given, "ceil", "count")
    if not (given.get("padding") in (None, "same") or 2 * given["padding"] == kernel - 1):
        raise Lacks
    filtered = ndimage.uniform_filter1d if operation == "avg" else ndimage.maximum_filter1d
    return filtered(row, kernel).astype(np.float64)


CALLERS = {
    "torch": Caller("PyTorch", "torch", "torch", _torch),
    "onnx": Caller("ONNX reference", "onnx", "onnx", _onnx),
    "onnxruntime": Caller("ONNX Runtime", "onnxruntime", "onnxruntime", _onnxruntime, ("onnx",)),
    "tensorflow": Caller("TensorFlow", "tensorflow", "tensorflow-cpu", _tensorflow),
    "keras_tensorflow": Caller(
        "Keras on TensorFlow", "keras", "keras", _keras, ("tensorflow",), {"KERAS_BACKEND": "tensorflow"}
    ),
    "keras_jax": Caller("Keras on JAX", "keras", "keras", _keras, ("jax",), {"KERAS_BACKEND": "jax"}),
    "keras_torch": Caller(
        "Keras on PyTorch", "keras", "keras", _keras, ("torch",), {"KERAS_BACKEND": "torch"}
    ),
    "flax": Caller("Flax", "flax", "flax", _flax, ("jax",)),
    "skimage": Caller("scikit-image", "skimage", "scikit-image", _skimage),
    "scipy": Caller("SciPy", "scipy", "scipy", _scipy),
}
