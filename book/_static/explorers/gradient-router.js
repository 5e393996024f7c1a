// <gradient-router>: each output of a pooled plane sends a gradient of 1 back. Who gets it, where windows
// overlap and where numbers tie?
(() => {
  "use strict";

  const { count, draw, planeInWords, shown, spoken } = Poolkit.cells;
  const { make, segments, slider } = Poolkit.controls;
  const { Explorer } = Poolkit.explorer;
  const { arriving, cellsOf, outputShape, outputsOf, routes, seenBy } = Poolkit.gradients;
  const { oneOf, plane, whole } = Poolkit.state;

  const PLANES = {
    ties: [
      [1, 3, 3, 0, 2],
      [3, 0, 1, 2, 2],
      [0, 4, 4, 1, 0],
      [2, 1, 4, 4, 3],
      [5, 5, 0, 2, 1],
    ],
    hill: [
      [1, 4, 5, 4, 1],
      [4, 7, 8, 7, 4],
      [5, 8, 9, 8, 5],
      [4, 7, 8, 7, 4],
      [1, 4, 5, 4, 1],
    ],
    flat: [
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ],
  };
  const RULES = [
    ["first", "max, first takes all"],
    ["even", "max, split evenly"],
    ["mean", "average"],
  ];
  const NAMES = {
    first: "max_pool2d, where the first of equals takes all",
    even: "amax, which splits evenly",
    mean: "the average",
  };
  const ALL = -1;
  const [SMALL, LARGE] = [36, 44]; // side of an output's cell, and of an input's
  const BETWEEN = 70; // in which the gradients travel
  const HEAD = 24; // for a letter above a plane
  const ROOM = 500; // pixels from which y and x stand side by side
  const STYLE = `
  svg.plane { margin-inline: auto; }
  .cell[data-input], .cell[data-output] { cursor: pointer; }
  .cell text.small { font-size: 11px; text-anchor: start; fill: var(--ink); font-weight: 400; }
  .heat { fill: var(--window); }
  .figures { pointer-events: none; }
  .figures text { paint-order: stroke; stroke: var(--ground); stroke-width: 3px; stroke-linejoin: round;
    stroke-opacity: .75; }
  .figures text.none { fill: var(--ink); font-weight: 400; }
  .cell.silent { opacity: .55; }
  .title { fill: var(--ink); font-size: 15px; font-style: italic; }
  .route { fill: none; stroke: var(--window); stroke-opacity: var(--fade); stroke-linecap: round;
    pointer-events: none; }
  .route.dim { stroke-opacity: .06; }
  .route.asked { stroke: var(--winner); }
  .route.asked:not(.dim) { stroke-opacity: 1; }
  .source { fill: var(--window); pointer-events: none; }
  .source.silent { fill: none; stroke: var(--line); }
  .fine { font-size: .85rem; margin-top: .7rem; }
  `;

  // A link may bring any plane of 2 by 2 to 6 by 6 numbers: a test that fails, for instance.
  const numbers = plane(6, 6, PLANES.ties);
  const read = numbers.read;
  numbers.read = (text) => {
    const x = read(text);
    return x && x.length > 1 && x[0].length > 1 && x.flat().every(Number.isFinite) ? x : undefined;
  };
  const split = (at, columns) => [Math.floor(at / columns), at % columns];
  const where = ([row, column]) => `(${row}, ${column})`;
  const same = (one, other) => one[0] === other[0] && one[1] === other[1];

  class GradientRouter extends Explorer {
    static title = "Where gradients go";
    static style = STYLE;
    static fields = {
      k: whole(2, 4, 2),
      s: whole(1, 4, 1),
      rule: oneOf(
        RULES.map(([rule]) => rule),
        "first",
      ),
      x: numbers,
      from: whole(ALL, 24, ALL),
      cell: whole(0, 35, 11),
    };

    #wide = true;

    constructor() {
      super();
      new ResizeObserver(([{ contentRect }]) => {
        if (contentRect.width === 0 || contentRect.width >= ROOM === this.#wide) return;
        this.#wide = !this.#wide;
        this.render();
      }).observe(this.stage);
      // Whose gradient is it that goes there? A pointer on a cell leaves only its own routes in view.
      const point = ({ target, type }) => {
        const cell = type === "pointerover" ? target.closest("[data-output], [data-input]") : null;
        const { output, input } = cell?.dataset ?? {};
        for (const route of this.stage.querySelectorAll(".route")) {
          route.classList.toggle(
            "dim",
            cell !== null && route.dataset.from !== output && route.dataset.to !== input,
          );
        }
      };
      for (const name of ["pointerover", "pointerleave"]) this.stage.addEventListener(name, point);
      this.stage.addEventListener("click", (event) => {
        const cell = event.target.closest("[data-output], [data-input]");
        if (!cell) return;
        const { output, input } = cell.dataset;
        if (input !== undefined) this.change({ cell: Number(input) });
        else this.change({ from: Number(output) === this.state.from ? ALL : Number(output) });
      });
    }

    turns() {
      const last = ({ x, k, s }) => outputShape(x, k, s).reduce((a, b) => a * b) - 1;
      const sender = (state) => (at) =>
        at === ALL ? "all" : where(split(at, outputShape(state.x, state.k, state.s)[1]));
      return [
        segments(
          "x",
          "plane",
          Object.entries(PLANES).map(([name, x]) => [x, name]),
        ),
        segments("rule", "rule", RULES),
        slider("k", "window, k", { range: ({ x }) => [2, Math.min(4, x.length, x[0].length)] }),
        slider("s", "stride, s", { range: () => [1, 4] }),
        this.#slider("from", "who sends", (state) => [ALL, last(state)], sender),
        this.#slider(
          "cell",
          "cell asked",
          ({ x }) => [0, x.length * x[0].length - 1],
          ({ x }) =>
            (at) =>
              where(split(at, x[0].length)),
        ),
      ];
    }

    /** A slider whose words depend on the setting. */
    #slider(name, label, range, words) {
      return slider(name, label, { range, text: (at) => words(this.state)(at) });
    }

    settle(state) {
      const k = Math.min(state.k, state.x.length, state.x[0].length);
      const [rows, columns] = outputShape(state.x, k, state.s);
      return {
        ...state,
        k,
        from: Math.min(state.from, rows * columns - 1),
        cell: Math.min(state.cell, state.x.flat().length - 1),
      };
    }

    surprise(random) {
      const any = (least, most) => least + Math.floor(random() * (most - least + 1));
      const x = Array.from({ length: 5 }, () => Array.from({ length: 5 }, () => any(0, 5)));
      const [k, s, rule] = [any(2, 3), any(1, 2), RULES[any(0, 2)][0]];
      const reached = [...new Set(routes(x, k, s, rule).map(({ to: [a, b] }) => a * 5 + b))];
      return { x, k, s, rule, cell: reached[any(0, reached.length - 1)] };
    }

    /** What is shown, as numbers. */
    flow({ x, k, s, rule, from }) {
      const shape = outputShape(x, k, s);
      const sent = (one) => from === ALL || same(one.from, split(from, shape[1]));
      const found = routes(x, k, s, rule).filter(sent);
      return { shape, found, back: arriving(x, found) };
    }

    question(state) {
      const { x, k, s, rule, cell } = state;
      const [a, b] = split(cell, x[0].length);
      const others = (other) => this.flow({ ...state, rule: other }).back[a][b];
      const { found, back } = this.flow(state);
      const known = [
        [back[a][b], ""],
        [
          arriving(x, found, false)[a][b],
          "That is what = leaves: the last gradient to come by wipes out the ones before it.",
        ],
        ...RULES.filter(([other]) => other !== rule).map(([other]) => [
          others(other),
          `That is what arrives through ${NAMES[other]}.`,
        ]),
        [seenBy(x, k, s)[a][b], `So many windows see the cell. ${this.#less(state)}`],
        [0, "Somebody does send it something."],
        [1, ""],
        [1 / (k * k), "That is one share of the average."],
      ];
      const choices = new Map();
      for (const [value, reply] of known) {
        if (!choices.has(shown(value))) {
          choices.set(shown(value), { value, words: shown(value), right: choices.size === 0, reply });
        }
      }
      const ask =
        state.from === ALL
          ? "Each output sends a gradient of 1 back."
          : "One output, the outlined one, sends a gradient of 1 back.";
      return {
        ask: `${ask} How much arrives in the outlined cell of x, row ${a} and column ${b}?`,
        choices: [...choices.values()].sort((one, other) => one.value - other.value),
      };
    }

    /** Why it is less than the number of windows that see the cell. */
    #less({ rule, from }) {
      if (from !== ALL) return "But one output sends, and no other.";
      return rule === "mean"
        ? "But each of them sends it one share only."
        : "But not each of them sends it a whole 1.";
    }

    says(state) {
      const { x, k, s, cell, from } = state;
      const at = split(cell, x[0].length);
      const { found, back } = this.flow(state);
      const got = found.filter(({ to }) => same(to, at));
      const seen = seenBy(x, k, s)[at[0]][at[1]];
      const alike = got.length > 2 && got.every(({ share }) => share === got[0].share);
      const parts = alike
        ? `${got.length} times ${spoken(got[0].share)}`
        : got.map(({ share }) => spoken(share)).join(" + ");
      const sum = got.length > 1 ? ` (${parts})` : "";
      const arrives = `${spoken(back[at[0]][at[1]])} arrives in ${where(at)}${sum}.`;
      const see = `${count(seen, "window")} ${seen === 1 ? "sees" : "see"} that cell`;
      const send = `${got.length} of them ${got.length === 1 ? "sends" : "send"} it something`;
      const senders = from === ALL ? `${see}, ${send}.` : "";
      const heirs = from === ALL ? [] : found.map(({ to }) => where(to));
      const to =
        heirs.length === 1
          ? ` The output sends it all to ${heirs[0]}.`
          : heirs.length
            ? ` The output shares it among ${heirs.length} cells.`
            : "";
      const total = back.flat().reduce((sum_, one) => sum_ + one, 0);
      const sent = new Set(found.map((one) => one.from.join())).size;
      return `${arrives} ${senders}${to} Sent ${sent}, arrived ${shown(total)}.`;
    }

    show(state, open) {
      const { x } = state;
      const { shape, back } = this.flow(state);
      const words =
        `x, ${count(x.length, "row")}: ${planeInWords(x)}. ` +
        `Its output has ${count(shape[0], "row")} of ${shape[1]}. ` +
        (open
          ? `The gradient of x: ${planeInWords(back)}.`
          : "The gradient of x is hidden until you predict.");
      const large = open ? "that arrived." : "that arrives, hidden until you predict.";
      const legend = `Small: the numbers of y and of x. Large: the gradient ${large}`;
      return [
        this.#drawing(state, open, words),
        make("p", {
          className: "fine",
          textContent: `${legend} Tap an output to let it send alone, a cell of x to ask about it.`,
        }),
      ];
    }

    /** y and x, and the gradients on their way: side by side where there is room, else one above another. */
    #drawing(state, open, words) {
      const { x, k, s, rule, from, cell } = state;
      const {
        shape: [rows, columns],
        found,
        back,
      } = this.flow(state);
      const [small, large] = [
        [columns * SMALL, rows * SMALL],
        [x[0].length * LARGE, x.length * LARGE],
      ];
      const middle = (one, other) => Math.max((other - one) / 2, 0);
      const [yAt, xAt] = this.#wide
        ? [
            [3, HEAD + middle(small[1], large[1])],
            [3 + small[0] + BETWEEN, HEAD + middle(large[1], small[1])],
          ]
        : [
            [3 + middle(small[0], large[0]), HEAD],
            [3 + middle(large[0], small[0]), HEAD + small[1] + BETWEEN],
          ];
      const [width, height] = [0, 1].map(
        (axis) => Math.max(yAt[axis] + small[axis], xAt[axis] + large[axis]) + 3,
      );
      const svg = draw("svg", {
        viewBox: `0 0 ${width} ${height}`,
        width,
        height,
        class: "plane",
        role: "img",
        "aria-label": words,
        style: `--fade:${Math.max(0.2, Math.min(0.5, 12 / found.length))}`,
      });
      const title = ([left, top], name) => draw("text", { x: left, y: top - 8, class: "title" }, name);
      svg.append(title(yAt, "y"), title(xAt, "x"));
      const corner = (at, side, [left, top], across) => [
        left + split(at, across)[1] * side,
        top + split(at, across)[0] * side,
      ];
      const window = from === ALL ? [] : cellsOf(split(from, columns), k, s);
      const most = Math.max(...back.flat(), 1);
      const y = outputsOf(x, k, s, rule);
      const [grounds, travelling, figures] = ["grounds", "travelling", "figures"].map((name) =>
        draw("g", { class: name }),
      );
      const put = (...drawn) => this.#cell(...drawn).forEach((part, i) => [grounds, figures][i].append(part));
      svg.append(grounds, travelling, figures);
      x.flat().forEach((value, at) => {
        const [a, b] = split(at, x[0].length);
        const arrived = back[a][b];
        const names = [
          ...(window.some((one) => same(one, [a, b])) ? ["pooled"] : []),
          ...(at === cell ? ["tap"] : []),
          ...(open && arrived ? ["hot"] : []),
          ...(open ? [] : ["hidden"]),
        ];
        put(corner(at, LARGE, xAt, x[0].length), LARGE, names, {
          small: shown(value),
          large: open ? shown(Number(arrived.toFixed(2))) : "?",
          heat: open ? 0.45 * (arrived / most) : 0,
          data: ["data-input", at],
        });
      });
      y.flat().forEach((value, at) => {
        const names = [from === ALL || from === at ? "sends" : "silent", ...(from === at ? ["tap"] : [])];
        put(corner(at, SMALL, yAt, columns), SMALL, names, {
          small: shown(Number(value.toFixed(2))),
          large: "",
          heat: 0,
          data: ["data-output", at],
        });
      });
      for (const {
        from: [i, j],
        to,
        share,
      } of open ? found : []) {
        const [x0, y0] = [yAt[0] + (j + 0.62) * SMALL, yAt[1] + (i + 0.64) * SMALL];
        const [x1, y1] = [
          xAt[0] + (to[1] + (this.#wide ? 0.2 : 0.5)) * LARGE,
          xAt[1] + (to[0] + (this.#wide ? 0.5 : 0.3)) * LARGE,
        ];
        const bend = this.#wide
          ? `${(x0 + x1) / 2} ${y0} ${(x0 + x1) / 2} ${y1}`
          : `${x0} ${(y0 + y1) / 2} ${x1} ${(y0 + y1) / 2}`;
        travelling.append(
          draw("path", {
            d: `M${x0} ${y0}C${bend} ${x1} ${y1}`,
            class: same(to, split(cell, x[0].length)) ? "route asked" : "route",
            "stroke-width": 1 + 2.5 * share,
            "data-from": i * columns + j,
            "data-to": to[0] * x[0].length + to[1],
          }),
        );
      }
      for (let at = 0; at < rows * columns; at += 1) {
        const [left, top] = corner(at, SMALL, yAt, columns);
        travelling.append(
          draw("circle", {
            cx: left + 0.62 * SMALL,
            cy: top + 0.64 * SMALL,
            r: 4,
            class: from === ALL || from === at ? "source" : "source silent",
          }),
        );
      }
      return svg;
    }

    /**
     * A cell with a shade; and the small number in its corner and the large one in its middle, which stand
     * above the routes.
     */
    #cell([left, top], side, names, { small, large, heat, data: [name, at] }) {
      const box = (inset) => ({
        x: left + inset,
        y: top + inset,
        width: side - 2 * inset,
        height: side - 2 * inset,
      });
      const cell = { class: ["cell", ...names].join(" "), [name]: at };
      return [
        draw(
          "g",
          cell,
          draw("rect", { ...box(0), class: "ground" }),
          draw("rect", { ...box(0), class: "heat", "fill-opacity": heat }),
          draw("rect", { ...box(1.5), class: "frame" }),
        ),
        draw(
          "g",
          cell,
          draw(
            "text",
            {
              x: left + side / 2 + 2,
              y: top + side / 2 + 4,
              "font-size": 15,
              class: large === "0" ? "none" : "",
            },
            large,
          ),
          draw("text", { x: left + 5, y: top + 10, class: "small" }, small),
        ),
      ];
    }
  }

  customElements.define("gradient-router", GradientRouter);
})();
