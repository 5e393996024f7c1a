// Where a gradient goes: pooling of a plane, backward. Pure functions, no page in sight.
// Held against poolkit and torch by tests/book/test_gradient_router.py.
(() => {
  "use strict";

  const { outputs } = Poolkit.pooling;

  /** Rows and columns of the output. */
  function outputShape(x, k, s) {
    return [outputs(x.length, k, s), outputs(x[0].length, k, s)];
  }

  /** The cells of the window of output (i, j), as [row, column], in row-major order. */
  function cellsOf([i, j], k, s) {
    return Array.from({ length: k * k }, (_, tap) => [i * s + Math.floor(tap / k), j * s + (tap % k)]);
  }

  /** The output: the greatest number of each window, or its mean. */
  function outputsOf(x, k, s, rule) {
    const [rows, columns] = outputShape(x, k, s);
    const pool = (values) =>
      rule === "mean" ? values.reduce((sum, one) => sum + one, 0) / values.length : Math.max(...values);
    return Array.from({ length: rows }, (_, i) =>
      Array.from({ length: columns }, (_, j) => pool(cellsOf([i, j], k, s).map(([a, b]) => x[a][b]))),
    );
  }

  /** Who shares an output's gradient: the first of the greatest, all of the greatest, or everybody. */
  const HEIRS = {
    first: (cells, value) => [cells.find((cell) => value(cell) === Math.max(...cells.map(value)))],
    even: (cells, value) => cells.filter((cell) => value(cell) === Math.max(...cells.map(value))),
    mean: (cells) => cells,
  };

  /** Where the 1 that each output sends goes: a list of { from, to, share }, outputs in row-major order. */
  function routes(x, k, s, rule) {
    const [rows, columns] = outputShape(x, k, s);
    const found = [];
    for (let i = 0; i < rows; i += 1) {
      for (let j = 0; j < columns; j += 1) {
        const heirs = HEIRS[rule](cellsOf([i, j], k, s), ([a, b]) => x[a][b]);
        found.push(...heirs.map((to) => ({ from: [i, j], to, share: 1 / heirs.length })));
      }
    }
    return found;
  }

  /**
   * What arrives in each cell of x. With `add` false it is `=` that writes: the last one wipes out the
   * others.
   */
  function arriving(x, found, add = true) {
    const back = x.map((row) => row.map(() => 0));
    for (const {
      to: [a, b],
      share,
    } of found) {
      back[a][b] = (add ? back[a][b] : 0) + share;
    }
    return back;
  }

  /** How many windows see each cell. */
  function seenBy(x, k, s) {
    return arriving(
      x,
      routes(x, k, s, "mean").map((one) => ({ ...one, share: 1 })),
    );
  }

  Poolkit.gradients = { outputShape, cellsOf, outputsOf, routes, arriving, seenBy };
})();
