"""What the workers of this machine share: imported once, in the process that they are forked from."""

import gc

import torch

from poolgrader.classroom.run import grading

torch.set_num_threads(1)  # before anything runs in parallel: a pool of threads does not survive a fork

gc.collect()
gc.freeze()  # no worker looks for garbage in what all have, nor copies it by looking

__all__ = ["grading"]
