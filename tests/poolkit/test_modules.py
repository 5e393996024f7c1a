"""The modules give the same results as torch's own modules, and keep their settings."""

from __future__ import annotations

import inspect
import pickle
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from poolkit import PoolingError, functional, modules

with warnings.catch_warnings():
    # The import of torch's own test tools causes deprecation warnings.
    warnings.simplefilter("ignore")
    from torch.testing._internal.common_modules import module_db

POOLS = {info.module_cls.__name__: info for info in module_db if "Pool" in info.name}
PLAIN = [
    name
    for name, kind in vars(modules).items()
    if isinstance(kind, type) and kind.__base__ is modules.Pooling
]


def inputs_of(name: str, dtype: torch.dtype) -> Iterator[tuple[Any, Any]]:
    info = POOLS[name]
    for case in info.module_inputs_func(info, "cpu", dtype, requires_grad=False, training=True):
        yield case.constructor_input, case.forward_input


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", sorted(POOLS))
def test_results_equal_torchs_on_its_own_module_inputs(name: str, dtype: torch.dtype) -> None:
    compared = 0
    for built, called in inputs_of(name, dtype):
        theirs = getattr(nn, name)(*built.args, **built.kwargs)
        ours = getattr(modules, name)(*built.args, **built.kwargs)
        x = called.args[0].abs() if name.startswith("LP") else called.args[0]
        torch.manual_seed(0)
        try:
            expected = theirs(x)
        except RuntimeError:
            # Some of torch's samples for float32 are in double precision, which both modules must refuse.
            with pytest.raises(PoolingError):
                ours(x)
            continue
        torch.manual_seed(0)
        torch.testing.assert_close(ours(x), expected)
        compared += 1
    assert compared >= 2 or (name.startswith("Fractional") and dtype == torch.float32)


@pytest.mark.parametrize("name", sorted(POOLS))
def test_positional_arguments_come_in_torchs_order(name: str) -> None:
    theirs = list(inspect.signature(getattr(nn, name)).parameters)
    ours = list(inspect.signature(getattr(modules, name)).parameters)
    assert ours[: len(theirs)] == theirs


def test_each_torch_pooling_has_a_module() -> None:
    theirs = {name for name in dir(nn) if "Pool" in name}
    assert theirs <= set(dir(modules))


@pytest.mark.parametrize("name", PLAIN)
def test_repr_pickle_and_an_empty_state_dict(name: str) -> None:
    kind = getattr(modules, name)
    needed = [p.name for p in kind.__signature__.parameters.values() if p.default is inspect.Parameter.empty]
    module = kind(**dict.fromkeys(needed, 2))
    assert repr(module) == f"{name}({', '.join(f'{setting}=2' for setting in needed)})"
    assert repr(pickle.loads(pickle.dumps(module))) == repr(module)
    assert module.state_dict() == {}
    assert kind.function.__name__ in kind.__doc__
    with pytest.raises(TypeError, match="colour"):
        kind(**dict.fromkeys(needed, 2), colour=1)


def test_unpooling_takes_its_indices_with_the_call() -> None:
    x = torch.randn(1, 2, 5, 4, generator=torch.Generator().manual_seed(0))
    values, indices = modules.MaxPool2d(2, return_indices=True)(x)
    got = modules.MaxUnpool2d(2)(values, indices, output_size=x.shape)
    expected = nn.MaxUnpool2d(2)(values, indices, output_size=x.shape)
    assert torch.equal(got, expected)


def test_stochastic_pooling_draws_only_in_training() -> None:
    x = torch.rand(1, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    module = modules.StochasticPool2d(2)
    expected = functional.stochastic_pool2d(x, 2, training=False)
    assert torch.equal(module.eval()(x), expected)
    assert not torch.equal(module.train()(x), expected)


def test_gem_learns_its_exponent() -> None:
    module = modules.GeMPool(p=2.0, channels=2)
    assert module.state_dict()["p"].tolist() == [2.0, 2.0]
    x = torch.rand(3, 2, 4, 4, generator=torch.Generator().manual_seed(0))
    module(x).sum().backward()
    assert module.p.grad is not None
    assert (module.p.grad != 0).all()
    assert "p=[2.0, 2.0]" in repr(module)
    again = modules.GeMPool(channels=2)
    again.load_state_dict(module.state_dict())
    assert torch.equal(again(x), module(x))


def test_attention_learns_its_scores() -> None:
    torch.manual_seed(0)
    module = modules.AttentionPool(4, hidden=8)
    assert set(module.state_dict()) == {"score.0.weight", "score.2.weight"}
    x = torch.randn(2, 5, 4)
    mask = torch.tensor([[True] * 3 + [False] * 2, [True] * 5])
    module(x, mask).sum().backward()
    assert all(isinstance(w.grad, Tensor) and w.grad.abs().sum() > 0 for w in module.parameters())
    changed = x.clone()
    changed[0, 3:] = 100.0
    assert torch.equal(module(x, mask), module(changed, mask))
