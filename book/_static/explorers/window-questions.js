// What the window stepper asks before it shows: how many outputs there are, or what one of them is.
// The wrong choices are what known mistakes would give, each with a reply of its own.
(() => {
  "use strict";

  const { shown } = Poolkit.cells;
  const { choicesOf } = Poolkit.choices;
  const { along, freeCells, outputSize, poolOne } = Poolkit.pooling;

  /** How many outputs stand along an axis. */
  function sizeQuestion({ n, ...window }, axis = 1) {
    const its = along(window, axis);
    const [cells, size] = [n[axis], outputSize(n[axis], its)];
    const { k, s, p, d, ceil } = its;
    const other = outputSize(cells, { ...its, ceil: !ceil });
    const mistakes = [
      [size - 1, "The + 1 is missing: a window that cannot move at all still stands once."],
      [
        other,
        ceil
          ? "That is rounded down. Here a last window counts that is only partly filled."
          : "That is rounded up. A last window that is not full does not count.",
      ],
      [outputSize(cells, { ...its, p: 0 }), "That leaves the border out."],
      [
        outputSize(cells, { ...its, d: 1 }),
        "That leaves the dilation out: the taps stand apart, so the window is longer.",
      ],
      [freeCells(cells, its) + 1, "That is stride 1. The stride leaves places out."],
      [Math.floor(cells / s), "That divides the cells by the stride and forgets how long the window is."],
      [Math.floor(freeCells(cells, { k, p: p / 2, d }) / s) + 1, "That adds the border on one side only."],
      [cells, "That is the number of cells. A window needs room."],
      [size + 1, "There is no room for one more."],
    ].filter(([value]) => value >= 0);
    const row = axis === 1 ? "in a row" : "in a column";
    return { ask: `How many outputs stand ${row}?`, choices: choicesOf(size, mistakes) };
  }

  /** What one output is. */
  function valueQuestion(x, at, window, options) {
    const { value, values, sum, divisor, seen } = poolOne(x, at, window, options);
    const block = poolOne(x, at, { ...window, d: [1, 1] }, options);
    const swapped = (pair) => [pair[1], pair[0]];
    const turned = poolOne(x, at, { ...window, k: swapped(window.k) }, options).value;
    const moved = poolOne(
      x,
      at.map((o, axis) => Math.floor(o / window.s[axis])),
      window,
      options,
    ).value;
    const inBorder = seen.some(({ kind }) => kind === "border");
    const common = [
      [block.value, "That is the window without dilation: its taps stand side by side."],
      [turned, "That window is turned: rows come first, then columns."],
      [moved, "That is another window: this one starts at its output's index times the stride."],
    ];
    const mistakes = options.average
      ? [
          [
            sum / Math.max(options.counted ? values.length : divisorOf(seen), 1),
            options.counted
              ? "That leaves the border out of the count. Here its zeros count."
              : "That counts the border. Here only the cells count.",
          ],
          [sum, "That is the sum. Divide it."],
          [Math.max(...values), "That is the greatest. The window averages."],
          ...common,
          [divisor + sum / Math.max(divisor, 1), "Add the cells up, then divide."],
        ]
      : [
          ...(inBorder
            ? [
                [
                  Math.max(0, ...values),
                  "Zero comes from the border, and the border holds no zeros here. " +
                    "Minus infinity never wins.",
                ],
              ]
            : []),
          [values[0], "That is the first cell. The greatest may stand elsewhere."],
          [
            Math.max(...values.map(Math.abs)),
            "The sign counts: a negative number is less than any positive one.",
          ],
          ...common,
          [Math.min(...values), "That is the least. The window keeps the greatest."],
          [sum / values.length, "That is the mean. The window keeps the greatest."],
        ];
    const spare = [value + 1, 0].map((wrong) => [wrong, "Look at the lit cells once more."]);
    return {
      ask: `What is the output at (${at.join(", ")})? Its window is lit.`,
      choices: choicesOf(
        value,
        [...mistakes, ...spare].filter(([wrong]) => Number.isFinite(wrong)),
        { text: shown },
      ),
    };
  }

  const divisorOf = (seen) => seen.filter(({ kind }) => kind !== "beyond").length;

  Poolkit.windowQuestions = { sizeQuestion, valueQuestion };
})();
