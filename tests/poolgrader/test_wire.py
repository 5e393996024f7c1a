"""Messages between the grader and the sandbox: plain values arrive bit for bit, anything else is refused."""

import json
import os
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from poolgrader.calls.observe import same
from poolgrader.calls.values import DTYPES, MAX_DEPTH, MAX_NODES, Opaque, describe, materialise
from poolgrader.jail import wire
from poolgrader.jail.reply import read_observation

PLAIN_DTYPES = [name for name in DTYPES if name != "bfloat16"]
SCALARS = st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats() | st.text(max_size=20)
ARRAYS = st.sampled_from(PLAIN_DTYPES).flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3))
)
TREES = st.recursive(
    SCALARS | ARRAYS.map(describe),
    lambda inner: st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple),
    max_leaves=8,
)


def frame(head: object, body: bytes = b"") -> tuple[bytes, int]:
    raw = json.dumps(head).encode()
    return raw + body, len(raw)


@settings(deadline=None)  # how long an example takes does not matter
@given(TREES)
def test_a_decoded_tree_equals_the_encoded_one(tree: object) -> None:
    raw = wire.encode({"tree": tree})
    _, head_size, body_size = wire.PREFIX.unpack(raw[: wire.PREFIX.size])
    assert len(raw) == wire.PREFIX.size + head_size + body_size
    back = wire.decode(raw[wire.PREFIX.size :], head_size)["tree"]
    assert same(tree, back)


@pytest.mark.parametrize(
    "head",
    [
        {"array": ["float64", [2], 0, "numpy", "contiguous", "cpu"]},  # longer than the body
        {"tuple": [{"array": ["float64", [1], 0, "numpy", "contiguous", "cpu"]}] * 2},  # the same bytes twice
        {"array": ["float64", [-1], 0, "numpy", "contiguous", "cpu"]},
        {"array": ["float64", [1], -8, "numpy", "contiguous", "cpu"]},
        {"array": ["float64", [1.0], 0, "numpy", "contiguous", "cpu"]},
        {"array": ["float64", [True], 0, "numpy", "contiguous", "cpu"]},
        {"array": ["float64", [2**40, 0, 2**40], 0, "numpy", "contiguous", "cpu"]},
        {"array": ["object", [1], 0, "numpy", "contiguous", "cpu"]},
        {"array": ["O", [1], 0, "numpy", "contiguous", "cpu"]},
        {"array": ["float64", [1], 0, "pickle", "contiguous", "cpu"]},
        {"array": ["float64", [1], 0, "numpy", "upside down", "cpu"]},
        {"array": ["float64", [1]]},
        {"array": 3},
        {"unknown": 3},
        {"tuple": 3},
        {"array": 1, "tuple": []},
        {"dict": []},
    ],
)
def test_a_frame_with_an_invalid_head_is_refused(head: object) -> None:
    with pytest.raises(wire.WireError):
        wire.decode(*frame(head, b"\0" * 8))


@pytest.mark.parametrize("raw", [b"not json", b"[" * 100_000, b"\xff\xfe", b""])
def test_a_head_that_is_not_json_is_refused(raw: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.decode(raw, len(raw))


@given(st.binary(max_size=200))
def test_random_bytes_raise_no_error_but_wire_error(raw: bytes) -> None:
    try:
        wire.decode(raw, min(len(raw), 20))
    except wire.WireError:
        return


def test_a_frame_too_large_is_refused_before_it_is_read() -> None:
    reader, writer = os.pipe()
    os.write(writer, wire.PREFIX.pack(wire.MAGIC, 10, 2**62))
    with pytest.raises(wire.WireError, match="over the size limit"):
        wire.receive(reader, 1.0)
    os.close(reader)
    os.close(writer)


def test_a_silent_pipe_and_a_closed_pipe_raise_different_errors() -> None:
    reader, writer = os.pipe()
    with pytest.raises(wire.WireTimeout):
        wire.receive(reader, 0.05)
    os.write(writer, b"PK")
    os.close(writer)
    with pytest.raises(wire.WireClosed):
        wire.receive(reader, 1.0)
    os.close(reader)


def test_an_array_larger_than_the_pipes_buffer_arrives_whole() -> None:
    reader, writer = os.pipe()
    sent = describe(np.arange(300_000.0))
    thread = threading.Thread(target=wire.send, args=(writer, {"x": sent}))
    thread.start()
    assert same(wire.receive(reader, 30.0)["x"], sent)
    thread.join()
    os.close(reader)
    os.close(writer)


def test_an_object_that_cannot_be_sent_is_replaced_by_its_description() -> None:
    assert describe({1, 2}) == Opaque("set")
    assert describe(np.array([object()])) == Opaque("numpy array of dtype object")
    assert describe(10**40) == Opaque("an int over 64 bits")
    nested: list[object] = []
    nested.append(nested)
    assert isinstance(wire.encode({"x": describe(nested)}), bytes)


def reply(**facts: object) -> dict[str, object]:
    told = {
        "value": 1,
        "failure": None,
        "gradients": (),
        "mutated": (),
        "aliases": False,
        "repeatable": True,
    }
    return told | {"forbidden": ""} | facts


def nested(depth: int) -> object:
    return [nested(depth - 1)] if depth else 1


@pytest.mark.parametrize(
    "facts",
    [
        {"value": nested(MAX_DEPTH + 2)},
        {"value": nested(500)},
        {"value": [0] * MAX_NODES},
        {"value": [[0] * 100] * 100},
        {"gradients": (None,) * 65},
        {"mutated": (0,) * 65},
    ],
)
def test_a_reply_that_is_too_deep_or_too_long_is_refused(facts: dict[str, object]) -> None:
    assert read_observation(reply(value=nested(MAX_DEPTH))).value == nested(MAX_DEPTH)
    with pytest.raises(wire.WireError):
        read_observation(reply(**facts))


def test_bfloat16_and_memory_layouts_are_kept() -> None:
    torch = pytest.importorskip("torch")
    x = torch.randn(2, 3, 4, 5).to(torch.bfloat16).contiguous(memory_format=torch.channels_last)
    seen = describe(x)
    assert (seen.dtype, seen.layout) == ("bfloat16", "channels_last")
    back = materialise(seen, "torch")
    assert back.dtype == torch.bfloat16
    assert torch.equal(back, x)
    assert back.is_contiguous(memory_format=torch.channels_last)
    strided = describe(torch.arange(6.0).reshape(2, 3).T)
    assert strided.layout == "strided"
    assert not materialise(strided, "torch").is_contiguous()


@pytest.mark.parametrize("dtype", [">f8", "<f8", ">i4", ">f2"])
def test_arrays_of_any_byte_order_arrive_with_the_same_numbers(dtype: str) -> None:
    value = np.array([[1, 2], [3, -4]], dtype)
    raw = wire.encode(describe(value))
    _, head_size, _ = wire.PREFIX.unpack(raw[: wire.PREFIX.size])
    back = wire.decode(raw[wire.PREFIX.size :], head_size)
    assert back.dtype == value.dtype.name
    assert back.data.tolist() == value.tolist()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\n\ttext", "plain\n\ttext"),
        (
            "e\u0301, \u0e01\u0e34\u0e49, \U0001f469\u200d\U0001f52c",
            "e\u0301, \u0e01\u0e34\u0e49, \U0001f469\u200d\U0001f52c",
        ),
        ("\u202eabc\u2066", "?abc?"),
        ("a" + "\u0335" * 50 + "b", "a" + "\u0335" * 4 + "b"),
        ("a\u2028b\u2029c\x85d\re", "a?b?c?d?e"),
        ("\U000e0041\u200b\ufeff", "???"),
    ],
)
def test_characters_that_reverse_hide_or_cover_text_are_replaced(text: str, shown: str) -> None:
    assert wire.readable(text) == shown
