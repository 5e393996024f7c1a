// <window-stepper>: a window over a plane, how many outputs it gives and why, and what each output sees.
(() => {
  "use strict";

  const { count, draw, planeInWords, planeOf, relight, shown, spoken } = Poolkit.cells;
  const { make, more, segments, slider, toggle } = Poolkit.controls;
  const { digits } = Poolkit.digits;
  const { Explorer } = Poolkit.explorer;
  const { formula, fraction, rounded } = Poolkit.formula;
  const { along, freeCells, outputSize, poolOne, poolPlane, positions } = Poolkit.pooling;
  const { flag, oneOf, pair, plane, whole } = Poolkit.state;
  const { sizeQuestion, valueQuestion } = Poolkit.windowQuestions;

  const MOST = 12; // cells along an axis, where a link brings them; the slider stops at 9

  const both = (value, axis, old) =>
    axis === "both" ? [value, value] : axis === "rows" ? [value, old[1]] : [old[0], value];
  const any = (random, least, most) => least + Math.floor(random() * (most - least + 1));
  const isRow = ({ n, k }) => n[0] === 1 && k[0] === 1; // then the rows go without saying
  const pairText = ([rows, columns]) => (rows === columns ? `${rows}` : `${rows} \u00d7 ${columns}`);

  /** A slider over a pair of numbers: both, or the axis that is chosen. */
  const pairSlider = (name, label, range, patch = () => ({})) =>
    slider(name, label, {
      range,
      get: (state) => state[name][state.axis === "columns" ? 1 : 0],
      put: (value, state) => ({ [name]: both(value, state.axis, state[name]), ...patch() }),
      text: (_, state) =>
        isRow(state) && state.axis === "columns" ? `${state[name][1]}` : pairText(state[name]),
    });

  class WindowStepper extends Explorer {
    static title = "The window stepper";
    static fields = {
      n: pair(1, MOST, [6, 6]),
      k: pair(1, 7, [3, 3]),
      s: pair(1, 6, [1, 1]),
      p: pair(0, 3, [0, 0]),
      d: pair(1, 4, [1, 1]),
      ceil: flag(),
      op: oneOf(["max", "average"], "max"),
      counted: flag(true),
      ask: oneOf(["size", "value"], "size"),
      r: whole(0, MOST, 0),
      c: whole(0, MOST, 0),
      axis: oneOf(["both", "rows", "columns"], "both"),
      x: plane(MOST, MOST),
    };

    #drawn = null;
    #kept = null;
    #reads = make("p", { className: "reads" }); // what the lit window sees
    #stepping = false; // while only the window moves, the size is no news

    turns() {
      const hear = (event) => this.#heard(event);
      // Not pointerover: that also comes when a drawing appears under a pointer at rest.
      for (const kind of ["pointermove", "click", "focusin"]) this.stage.addEventListener(kind, hear);
      this.stage.addEventListener("keydown", (event) => this.#pressed(event));
      const average = ({ op }) => op === "average";
      return [
        pairSlider(
          "n",
          "cells, n",
          ({ n }) => [1, Math.max(9, ...n)],
          () => ({ x: null }),
        ),
        pairSlider("k", "kernel, k", () => [1, 7]),
        pairSlider("s", "stride, s", () => [1, 6]),
        pairSlider("p", "padding, p", ({ k, axis }) => [
          0,
          Math.floor((axis === "both" ? Math.min(...k) : k[axis === "rows" ? 0 : 1]) / 2),
        ]),
        segments("op", "the window gives", [
          ["max", "the greatest"],
          ["average", "the average"],
        ]),
        segments("ask", "you predict", [
          ["size", "the size"],
          ["value", "an output"],
        ]),
        toggle("counted", "the border counts", { enabled: average }),
        more(pairSlider("d", "dilation, d", () => [1, 4])),
        more(
          segments("axis", "the sliders set", [
            ["both", "both axes"],
            ["rows", "rows"],
            ["columns", "columns"],
          ]),
        ),
        more(toggle("ceil", "round up (ceil mode)")),
      ];
    }

    /** The nearest setting with at least one output; the kernel yields last. */
    settle(given) {
      const state = { ...given };
      if (state.x) state.n = [state.x.length, state.x[0].length];
      const axes = [0, 1].map((axis) => {
        const one = { ...along(state, axis) };
        const fits = () => outputSize(state.n[axis], one) >= 1;
        one.p = Math.min(one.p, Math.floor(one.k / 2));
        while (!fits() && one.d > 1) one.d -= 1;
        while (!fits()) Object.assign(one, { k: one.k - 1, p: Math.min(one.p, Math.floor((one.k - 1) / 2)) });
        return { ...one, size: outputSize(state.n[axis], one) };
      });
      for (const name of ["k", "p", "d"]) state[name] = axes.map((one) => one[name]);
      return { ...state, r: Math.min(state.r, axes[0].size - 1), c: Math.min(state.c, axes[1].size - 1) };
    }

    surprise(random) {
      const n = any(random, 4, 9);
      const k = any(random, 2, 3);
      return {
        n: [n, n],
        k: [k, k],
        s: [1, 1].fill(any(random, 1, 3)),
        p: [1, 1].fill(any(random, 0, 1)),
        d: [1, 1].fill(random() < 0.3 ? 2 : 1),
        ceil: random() < 0.3,
        op: random() < 0.6 ? "max" : "average",
        ask: random() < 0.5 ? "size" : "value",
        r: any(random, 0, 2),
        c: any(random, 0, 2),
      };
    }

    /**
     * All that is drawn, as numbers; kept until the setting is another, since every part of the drawing asks.
     */
    scene(state) {
      if (this.#kept?.state !== state) this.#kept = { state, scene: this.#made(state) };
      return this.#kept.scene;
    }

    #made(state) {
      const { n } = state;
      const x = state.x ?? digits(...n);
      const options = { average: state.op === "average", counted: state.counted };
      const size = n.map((cells, axis) => outputSize(cells, along(state, axis)));
      const reach = size.map((outputs, axis) => Math.max(...positions(outputs - 1, along(state, axis))) + 1);
      const end = n.map((cells, axis) => Math.max(cells + state.p[axis], reach[axis]));
      const one = poolOne(x, [state.r, state.c], state, options);
      return { x, options, size, end, one, at: [state.r, state.c] };
    }

    question(state) {
      const { x, options, at } = this.scene(state);
      // Along the axis that has more to say: a single row is asked for its columns.
      return state.ask === "value" ? valueQuestion(x, at, state, options) : sizeQuestion(state, 1);
    }

    says(state) {
      return this.#stepping ? this.#ofWindow(state) : this.#ofSize(state);
    }

    verdict(state) {
      return state.ask === "value" ? this.#ofWindow(state) : this.#ofSize(state);
    }

    #ofSize(state) {
      const { size } = this.scene(state);
      const unseen = this.#unseen(state);
      const are = unseen.length > 1 || / and /.test(unseen[0]) ? "are" : "is";
      const left = unseen.length ? ` ${unseen.join(" and ")} ${are} never seen.` : "";
      const outputs = count(size[1], "output");
      if (isRow(state)) return `${outputs} ${size[1] === 1 ? "comes" : "come"} out.${left}`;
      return `${count(size[0], "row")} of ${outputs} ${size[0] === 1 ? "comes" : "come"} out.${left}`;
    }

    /** Rows and columns that no window sees. */
    #unseen(state) {
      const { size } = this.scene(state);
      return ["Row", "Column"].flatMap((noun, axis) => {
        const seen = new Set(
          Array.from({ length: size[axis] }, (_, o) => positions(o, along(state, axis))).flat(),
        );
        const missed = Array.from({ length: state.n[axis] }, (_, at) => at).filter((at) => !seen.has(at));
        return missed.length
          ? [`${noun}${missed.length > 1 ? "s" : ""} ${missed.join(", ").replace(/, (?=\d+$)/, " and ")}`]
          : [];
      });
    }

    #ofWindow(state) {
      const { one, at, options } = this.scene(state);
      const outside = one.seen.length - one.values.length;
      const beyond = one.seen.filter(({ kind }) => kind === "beyond").length;
      const start = `The output at (${at.join(", ")}) is ${shown(one.value)}`;
      if (!one.values.length) return `${start}: its window sees no cell at all.`;
      if (!options.average) {
        const border = outside
          ? ` ${count(outside, "place")} outside of the plane: minus infinity never wins.`
          : "";
        return `${start}, the greatest of ${count(one.values.length, "cell")}.${border}`;
      }
      const how =
        outside === 0
          ? ""
          : beyond === outside
            ? " What lies beyond the border never counts."
            : options.counted
              ? " The border counts as cells that hold 0."
              : " The border does not count.";
      const cells = count(one.values.length, "cell");
      return `${start}: ${shown(one.sum)} from ${cells}, divided by ${one.divisor}.${how}`;
    }

    show(state, open) {
      const input = make("div", { className: "wide" }, this.#input(state, open));
      const output = make("div", { className: "wide" });
      const known = open || state.ask === "value";
      output.append(
        known
          ? this.#output(state, open)
          : draw(
              "svg",
              {
                width: 40,
                height: 40,
                viewBox: "0 0 40 40",
                class: "plane",
                role: "img",
                "aria-label": "The output: hidden until you predict",
              },
              draw(
                "g",
                { class: "cell hidden" },
                draw("rect", { x: 2, y: 2, width: 36, height: 36, class: "ground" }),
                draw("text", { x: 20, y: 20, "font-size": 15 }, "?"),
              ),
            ),
      );
      const titled = (title, node) =>
        make("div", {}, make("p", { className: "name", textContent: title }), node);
      const { size } = this.scene(state);
      const nodes = [
        make(
          "div",
          { className: "row" },
          titled(`input, ${state.n.join(" \u00d7 ")}`, input),
          titled(known ? `output, ${size.join(" \u00d7 ")}` : "output", output),
        ),
        this.#formulas(state, open || state.ask === "value"),
      ];
      this.#drawn = { input: input.firstChild, output: known ? output.firstChild : null };
      this.#reads.textContent = open ? this.#ofWindow(state) : "";
      return known ? [nodes[0], this.#steps(size), this.#reads, nodes[1]] : nodes;
    }

    /** Classes of the input's cells, border and beyond; (r, c) count from the border's first cell. */
    #inputClasses(state, open) {
      const { x, one } = this.scene(state);
      const n = state.n;
      const unseen = open ? this.#unseenCells(state) : () => false;
      const lit = new Map(one.seen.map(({ at, kind }) => [at.join(), kind]));
      const greatest = one.seen.find(
        ({ at: [i, j], kind }) => kind === "cell" && Object.is(x[i][j], one.value),
      );
      return (r, c) => {
        const at = [r - state.p[0], c - state.p[1]];
        const kinds = at.map((i, axis) =>
          i >= 0 && i < n[axis] ? "" : i < n[axis] + state.p[axis] ? "border" : "beyond",
        );
        const names = kinds.includes("beyond")
          ? ["beyond"]
          : kinds.includes("border")
            ? ["border"]
            : unseen(at)
              ? ["unseen"]
              : [];
        if (lit.has(at.join())) names.push("tap");
        if (open && state.op === "max" && greatest?.at.join() === at.join()) names.push("winner");
        return names;
      };
    }

    #unseenCells(state) {
      const { size } = this.scene(state);
      const seen = [0, 1].map(
        (axis) =>
          new Set(Array.from({ length: size[axis] }, (_, o) => positions(o, along(state, axis))).flat()),
      );
      return ([i, j]) => !seen[0].has(i) || !seen[1].has(j);
    }

    #input(state, open) {
      const { x, end, options } = this.scene(state);
      const [before, beforeColumns] = state.p;
      const fill = options.average ? (options.counted ? 0 : null) : -Infinity;
      const rows = Array.from({ length: before + end[0] }, (_, r) =>
        Array.from({ length: beforeColumns + end[1] }, (_, c) => {
          const [i, j] = [r - before, c - beforeColumns];
          if (x[i]?.[j] !== undefined) return x[i][j];
          return i < state.n[0] + before && j < state.n[1] + beforeColumns ? fill : null;
        }),
      );
      const held = fill === null ? "not counted" : `holding ${spoken(fill)}`;
      const border = state.p.some((p) => p > 0)
        ? ` Around it a border of ${pairText(state.p)}, ${held}.`
        : "";
      return planeOf(rows, {
        words: `input, ${count(state.n[0], "row")} of ${state.n[1]}: ${planeInWords(x)}.${border}`,
        classes: this.#inputClasses(state, open),
      });
    }

    #output(state, open) {
      const { x, options, at } = this.scene(state);
      const rows = poolPlane(x, state, options);
      return planeOf(rows, {
        words: open
          ? `output, ${count(rows.length, "row")} of ${rows[0].length}: ${planeInWords(rows)}`
          : "output: hidden until you predict",
        classes: this.#outputClasses(state, open),
        action: {
          key: "output",
          current: at,
          label: (r, c) => `row ${r}, column ${c}: ${open ? spoken(rows[r][c]) : "hidden"}`,
        },
      });
    }

    #outputClasses = (state, open) => (r, c) => [
      ...(open ? [] : ["hidden"]),
      ...(r === state.r && c === state.c ? ["tap"] : []),
    ];

    /** Back and forth through the windows, for fingers and for planes with many outputs. */
    #steps(size) {
      const step = (words, by, key) => {
        const button = make("button", { type: "button", textContent: words, dataset: { key } });
        button.addEventListener("click", () => {
          const { r, c } = this.state;
          const next = (r * size[1] + c + by + size[0] * size[1]) % (size[0] * size[1]);
          this.#light(Math.floor(next / size[1]), next % size[1]);
        });
        return button;
      };
      return make(
        "p",
        { className: "steps" },
        step("\u2190 previous", -1, "previous"),
        step("next \u2192", 1, "next"),
      );
    }

    #light(r, c, focus = false) {
      this.#stepping = true;
      this.change({ r, c }, () => {
        const [state, { input, output }] = [this.state, this.#drawn];
        relight(input, this.#inputClasses(state, this.open));
        relight(output, this.#outputClasses(state, this.open));
        this.#reads.textContent = this.open ? this.#ofWindow(state) : "";
        for (const cell of output.querySelectorAll(".cell")) {
          cell.setAttribute("tabindex", cell.dataset.at === `${state.r},${state.c}` ? "0" : "-1");
        }
      });
      this.#stepping = false;
      if (focus) this.#drawn.output.querySelector('[tabindex="0"]').focus();
    }

    #heard(event) {
      const cell = event.target.closest?.("[role=button][data-at]");
      if (
        !cell ||
        this.restoring ||
        (event.type === "pointermove" && (event.pointerType === "touch" || !this.open))
      ) {
        return;
      }
      this.#light(...cell.dataset.at.split(",").map(Number), event.type === "click");
    }

    #pressed(event) {
      const way = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
      if (!way || !event.target.closest?.("[role=button][data-at]")) return;
      event.preventDefault();
      const { size } = this.scene(this.state);
      const { r, c } = this.state;
      this.#light(
        Math.min(Math.max(r + way[0], 0), size[0] - 1),
        Math.min(Math.max(c + way[1], 0), size[1] - 1),
        true,
      );
    }

    /** The output size, in letters, and once it is open with the numbers in. */
    #formulas(state, open) {
      const up = state.ceil;
      const how = up ? "rounded up" : "rounded down";
      const box = make(
        "div",
        { className: "formulas" },
        formula(
          `outputs: n plus 2 p minus d times k minus 1, minus 1; over s; ${how}; plus 1`,
          ["outputs"],
          ["=", rounded(fraction("n + 2p \u2212 d(k \u2212 1) \u2212 1", "s"), up), "+ 1"],
        ),
      );
      if (!open) return box;
      const [rows, columns] = [0, 1].map((axis) => ({ n: state.n[axis], ...along(state, axis) }));
      const alike = isRow(state) || JSON.stringify(rows) === JSON.stringify(columns);
      for (const [noun, its] of alike
        ? [["outputs", columns]]
        : [
            ["rows", rows],
            ["columns", columns],
          ]) {
        const [free, size] = [freeCells(its.n, its), outputSize(its.n, its)];
        const plain = (up ? Math.ceil(free / its.s) : Math.floor(free / its.s)) + 1;
        box.append(
          formula(
            `${noun}: ${free} over ${its.s}, ${how}, plus 1: ${plain}`,
            [noun],
            [
              "=",
              rounded(
                fraction(
                  `${its.n} + 2\u00b7${its.p} \u2212 ${its.d}\u00b7(${its.k} \u2212 1) \u2212 1`,
                  `${its.s}`,
                ),
                up,
              ),
              "+ 1",
            ],
            ["=", rounded(fraction(shown(free), `${its.s}`), up), "+ 1"],
            ["=", make("b", { textContent: `${plain}` })],
          ),
        );
        if (size !== plain) {
          box.append(
            make("p", {
              textContent:
                "The last of them would see no cell of the plane. " +
                `It is dropped, and ${size} ${size === 1 ? "is" : "are"} left.`,
            }),
          );
        }
      }
      return box;
    }
  }

  customElements.define("window-stepper", WindowStepper);
})();
