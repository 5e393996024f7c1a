"""Tests of the GPU's kernels that need no GPU; if Triton is installed, its interpreter runs the kernels."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch

import poolkit
from poolkit import PoolingError, compiled, dispatch

INTERPRETED = Path(__file__).with_name("interpreted.py")


@pytest.mark.slow
@pytest.mark.triton
@pytest.mark.skipif(not find_spec("triton"), reason="Triton is not installed; a torch with CUDA installs it")
def test_kernels_pass_their_tests_in_the_interpreter() -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        str(INTERPRETED),
    ]
    environment = {**os.environ, "TRITON_INTERPRET": "1"}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=INTERPRETED.parents[2])
    assert ran.returncode == 0, ran.stdout[-5000:]
    passed = re.search(r"(\d+) passed", ran.stdout)
    assert passed
    assert int(passed[1]) > 150
    assert "skipped" not in ran.stdout


def test_importing_poolkit_imports_no_triton() -> None:
    program = "import sys, poolkit; sys.exit('triton' in sys.modules or 'poolkit.on_cuda' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_without_triton_compiled_raises_and_is_not_available(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(compiled, "_on_cuda", lambda: ImportError("No module named 'triton'"))
    monkeypatch.setattr(compiled, "_asked", True)
    with pytest.raises(
        PoolingError, match=r"avg_pool1d: impl: expected Triton, and the C compiler .* No module named"
    ):
        compiled.build("avg_pool1d", "cuda")
    assert not compiled.available("cuda")


def test_auto_uses_triton_only_after_a_kernel_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    # Put any module in place of the module of Triton's kernels, as if Triton worked on this machine.
    monkeypatch.setattr(compiled, "_on_cuda", lambda: poolkit)
    monkeypatch.setattr(compiled, "_asked", False)
    monkeypatch.setattr(compiled, "_loaded", False)
    assert not compiled.available("cuda")
    compiled.build(device="cuda")
    assert compiled.available("cuda")
    monkeypatch.setattr(compiled, "_asked", False)
    monkeypatch.setattr(compiled, "_loaded", True)
    assert compiled.available("cuda"), "a built CPU kernel also permits Triton to compile"


def test_on_a_gpu_small_inputs_are_left_to_torch() -> None:
    for shape, paths in (((1, 3, 12, 12), set()), ((8, 64, 56, 56), {"compiled"})):
        plan = dispatch.plan_of("max_pool2d", torch.empty(shape, dtype=torch.float16), (3, 1, 1, 1, False))
        assert {row.path for row in plan.paying if row.device == "cuda"} == paths
