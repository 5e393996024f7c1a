"""What the workers of this machine share: it is imported once, in the process that they are forked from."""

import gc

import torch

from poolgrader.classroom.run import grading

torch.set_num_threads(1)  # before anything runs in parallel: a pool of threads does not survive a fork

gc.collect()
gc.freeze()  # so that no worker's garbage collector scans, and thereby copies, the shared memory

__all__ = ["grading"]
