"""How fast is pooling, here and elsewhere? The parts of `benchmarks/pooling.py`.

- `cases`: what is pooled; `draws`: the random shapes and windows.
- `paths`: torch and poolkit; `peers`: everybody else; `floor`: what memory alone takes.
- `timing`: interleaved rounds; `small`, `memory`, `accuracy`: what else is measured.
- `record`: the file of results; `goals`: what was aimed at; `report`: tables and pictures for the page.
"""
