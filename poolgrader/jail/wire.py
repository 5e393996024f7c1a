"""The format of messages between the grader and a learner's process: frames of JSON and arrays' bytes.

What is read is checked strictly, and never unpickled.

A frame is `PKT1`, the lengths of head and body (big-endian, 4 and 8 bytes), the head (UTF-8 JSON), the body.
In the head an array is written as {"array": [dtype, shape, offset, library, layout, device]}; a tuple as
{"tuple": [...]}; an opaque value as {"opaque": type name}. Whatever does not fit this raises WireError.
"""

from __future__ import annotations

import json
import math
import os
import re
import select
import struct
import time
from typing import Any
from unicodedata import category

import numpy as np

from poolgrader.calls.values import MAX_BYTES, STORED, Array, Opaque, Plain, extent

MAGIC = b"PKT1"
PREFIX = struct.Struct(">4sIQ")
MAX_HEAD = 4 * 2**20
MAX_AXES = 16
AS_IS = frozenset({type(None), bool, int, float, str})
_dense = json.JSONEncoder(separators=(",", ":"))
# Unicode categories: control, format (with the direction marks), surrogate, line and paragraph separator
UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
SEEN = "\n\t\u00ad\u200c\u200d"  # characters of these categories that honest text contains
MOST_MARKS = 4  # combining marks that are kept on one letter
MARKS = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{5,}")


class WireError(Exception):
    """A frame that is not of this format, or too large, or cut short."""


class WireClosed(WireError):
    """The other side is gone."""


class WireTimeout(WireError):
    """No whole frame came within the time given."""


def encode(message: Plain) -> bytes:
    """One frame of a tree of plain values, dicts with string keys, and Arrays.

    >>> decode(encode({"x": (1, 2.5, "a", None)})[PREFIX.size:], head_size=44)
    {'x': (1, 2.5, 'a', None)}
    """
    blobs: list[bytes] = []
    head = _dense.encode(_pack(message, blobs)).encode()
    body = b"".join(blobs)
    return PREFIX.pack(MAGIC, len(head), len(body)) + head + body


def _pack(value: Any, blobs: list[bytes]) -> Any:
    if type(value) in AS_IS:
        return value
    if isinstance(value, Array):
        offset = sum(map(len, blobs))
        blobs.append(value.data.tobytes())
        return {"array": [value.dtype, list(value.shape), offset, value.library, value.layout, value.device]}
    if isinstance(value, Opaque):
        return {"opaque": value.type_name}
    if isinstance(value, tuple):
        return {"tuple": [_pack(item, blobs) for item in value]}
    if isinstance(value, list):
        return [_pack(item, blobs) for item in value]
    if isinstance(value, dict):
        return {"dict": {str(key): _pack(item, blobs) for key, item in value.items()}}
    return value


def decode(payload: bytes, head_size: int) -> Any:
    """The message of a frame, which is given without its prefix.

    Raises:
        WireError: if anything in it is not of the format.
    """
    try:
        head = json.loads(payload[:head_size].decode())
        return _unpack(head, _Body(memoryview(payload)[head_size:]))
    except WireError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as error:
        raise WireError(f"an invalid frame: {type(error).__name__}") from None


class _Body:
    """The bytes of a frame's arrays.

    All arrays together may take no more bytes than these, so that a small frame cannot claim much memory.
    """

    def __init__(self, data: memoryview) -> None:
        self.data, self.left = data, len(data)

    def take(self, offset: Any, size: int) -> memoryview:
        """The bytes of one array.

        Raises:
            WireError: if they are not in the frame, or all arrays together are larger than it.
        """
        self.left -= size
        if type(offset) is not int or offset < 0 or offset + size > len(self.data) or self.left < 0:
            raise WireError("an array outside its frame")
        return self.data[offset : offset + size]


def _unpack(value: Any, body: _Body) -> Any:
    if type(value) in AS_IS:
        return value
    if isinstance(value, list):
        return [_unpack(item, body) for item in value]
    if len(value) != 1:
        raise WireError("expected one marker in an object")
    (marker, content), *_ = value.items()
    if marker == "array":
        return _unpack_array(content, body)
    if marker == "tuple":
        return tuple(_unpack(item, body) for item in content)
    if marker == "opaque":
        return Opaque(readable(str(content))[:200])
    if marker == "dict":
        return {key: _unpack(item, body) for key, item in content.items()}
    raise WireError("an unknown marker in an object")


def _unpack_array(content: Any, body: _Body) -> Array:
    dtype, shape, offset, library, layout, device = content
    if dtype not in STORED or library not in ("numpy", "torch"):
        raise WireError("an unknown dtype or library")
    if layout not in ("contiguous", "channels_last", "strided"):
        raise WireError("an unknown layout")
    if len(shape) > MAX_AXES or not all(type(size) is int and 0 <= size <= MAX_BYTES for size in shape):
        raise WireError("a shape out of bounds")
    stored = STORED[dtype]
    if extent(shape) * stored.itemsize > MAX_BYTES:
        raise WireError("an array that is too large, or has too many rows")
    taken = body.take(offset, math.prod(shape) * stored.itemsize)
    data = np.frombuffer(taken, dtype=stored).reshape(shape)
    if dtype == "bool" and data.size and data.view(np.uint8).max() > 1:
        raise WireError("a bool that is neither true nor false")
    return Array(data, dtype, library, layout, readable(str(device))[:40])


def readable(text: str) -> str:
    """Text that a terminal, a page and a file can safely show.

    "?" replaces control characters, surrogates, and characters that are invisible or reverse the direction of
    the text after them. Of many combining marks on a letter only the first few stay: more would cover the
    lines around.

    >>> readable("a" + chr(27) + "[2J" + chr(0xD800) + chr(0x202E))
    'a?[2J??'
    >>> readable("e" + chr(0x301)) == "e" + chr(0x301), len(readable("e" + 99 * chr(0x301)))
    (True, 5)
    """
    if text.isascii() and text.isprintable():
        return text
    shown = "".join("?" if category(letter) in UNSEEN and letter not in SEEN else letter for letter in text)
    return MARKS.sub(lambda found: found[0][:MOST_MARKS], shown)


def send(descriptor: int, message: Plain, seconds: float | None = None) -> None:
    """Write one whole frame within the time given; for a time limit the descriptor must not block.

    Raises:
        WireTimeout, WireClosed: see these classes.
    """
    deadline = None if seconds is None else time.monotonic() + seconds
    view = memoryview(encode(message))
    while view:
        _wait(descriptor, select.POLLOUT, deadline)
        try:
            view = view[os.write(descriptor, view) :]
        except BlockingIOError:
            continue
        except BrokenPipeError:
            raise WireClosed("the other side is gone") from None


def _wait(descriptor: int, event: int, deadline: float | None) -> None:
    if deadline is None:
        return
    poll = select.poll()  # select() cannot watch descriptors over 1023
    poll.register(descriptor, event)
    left = deadline - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise WireTimeout("no answer within the time limit")


def receive(descriptor: int, seconds: float | None = None) -> Any:
    """Read one whole frame within the time given.

    Raises:
        WireTimeout, WireClosed, WireError: see these classes. After any of them the descriptor is unusable.
    """
    deadline = None if seconds is None else time.monotonic() + seconds
    magic, head_size, body_size = PREFIX.unpack(_read(descriptor, PREFIX.size, deadline))
    if magic != MAGIC:
        raise WireError("an invalid frame: no magic number")
    if head_size > MAX_HEAD or body_size > 2 * MAX_BYTES:
        raise WireError("a frame over the size limit")
    return decode(_read(descriptor, head_size + body_size, deadline), head_size)


def _read(descriptor: int, size: int, deadline: float | None) -> bytes:
    chunks: list[bytes] = []
    while size:
        _wait(descriptor, select.POLLIN, deadline)
        chunk = os.read(descriptor, min(size, 2**20))
        if not chunk:
            raise WireClosed("the other side is gone")
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)
