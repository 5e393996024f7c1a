"""Right answers to torch questions give the same outputs and gradients on a CUDA device as on the CPU."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from poolgrader.calls.values import Array
from poolgrader.questions import chapters, questions_of
from poolgrader.questions.question import Case, Question

# Code that the notebook provides builds its model on the CPU; learners do not write that code.
MADE_ON_THE_PROCESSOR = {"10.3"}


def answers() -> list[Any]:
    """Each torch question with the reference's answer, and with each of its styles."""
    found = []
    for chapter in chapters():
        for question in questions_of(chapter):
            if question.library != "torch" or question.call not in ("function", "gradient"):
                continue
            sources = {"reference": question.answer, **question.styles}
            if question.id not in MADE_ON_THE_PROCESSOR:
                found += [
                    pytest.param(question, text, id=f"{question.id}-{name}") for name, text in sources.items()
                ]
    return found


def tensors(value: Any) -> list[torch.Tensor]:
    if isinstance(value, list | tuple):
        return [one for item in value for one in tensors(item)]
    return [value] if torch.is_tensor(value) else []


def placed(value: object, device: str) -> object:
    if not isinstance(value, Array):
        return value
    return torch.from_numpy(np.array(value.data)).to(device) if value.library == "torch" else value.data


def on(device: str, answer: Callable[..., Any], case: Case, pulls_back: bool) -> list[torch.Tensor]:
    """The outputs on a device and, if `pulls_back`, the gradients of a weighted sum of them."""
    arguments = [placed(value, device) for value in case.args]
    leaves = [one for one in tensors(arguments) if one.is_floating_point()]
    if pulls_back:
        for leaf in leaves:
            leaf.requires_grad_()
    y = tensors(answer(*arguments, **{name: placed(value, device) for name, value in case.keywords.items()}))
    if not pulls_back:
        return y
    total = torch.zeros((), dtype=torch.float64, device=device)
    for one in y:
        factors = torch.linspace(1, 2, one.numel(), device=device, dtype=torch.float64)
        total = total + (one.double() * factors.view(one.shape)).sum()
    return [*y, *(one for one in torch.autograd.grad(total, leaves, allow_unused=True) if one is not None)]


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize(("question", "source"), answers())
def test_an_answer_gives_the_same_on_cpu_and_cuda(question: Question, source: str) -> None:
    answer = question.define(source)[question.name]
    for case in question.cases(question.public_seed):
        here, there = (on(device, answer, case, question.call == "gradient") for device in ("cpu", "cuda"))
        assert len(here) == len(there)
        for one, other in zip(here, there, strict=True):
            assert other.device.type == "cuda"
            assert torch.allclose(one.double(), other.double().cpu(), 1e-5, 1e-5, equal_nan=True), case.note
