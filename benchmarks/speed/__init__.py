"""The parts of `benchmarks/pooling.py`, which measures how fast poolkit and other libraries pool.

- `cases`: what is pooled; `draws`: the random shapes and windows.
- `paths`: torch and poolkit; `peers`: other libraries; `floor`: the time for reading and writing memory
  alone.
- `timing`, `measure`: interleaved rounds; `small`, `memory`, `accuracy`: further measurements.
- `record`: the file of results; `machine`: where they were measured; `device`: the results on a GPU.
- `goals`: the goals set beforehand; `tables`, `drawing`: tables and pictures for the book's page.
"""
