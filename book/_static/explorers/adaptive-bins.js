// <adaptive-bins>: a row cut into a number of bins, which overlap where the cells do not divide.
(() => {
  "use strict";

  const { CELL, count, draw, said, shown, spoken } = Poolkit.cells;
  const { choicesOf } = Poolkit.choices;
  const { make, segments, slider } = Poolkit.controls;
  const { rowOfDigits } = Poolkit.digits;
  const { Explorer } = Poolkit.explorer;
  const { formula, fraction, rounded } = Poolkit.formula;
  const { adaptiveBins, poolBins, seenBy } = Poolkit.pooling;
  const { oneOf, whole } = Poolkit.state;

  const MOST = 12;
  const [LEFT, ROW, RIGHT] = [52, 32, 62]; // room for a bin's name, a bin's line, its output
  const any = (random, least, most) => least + Math.floor(random() * (most - least + 1));
  const cellsOf = ([start, end]) =>
    end <= start ? "no cell" : end === start + 1 ? `cell ${start}` : `cells ${start} to ${end - 1}`;

  class AdaptiveBins extends Explorer {
    static title = "Adaptive bins";
    static fields = {
      n: whole(1, MOST, 5),
      m: whole(1, MOST, 3),
      op: oneOf(["average", "max"], "average"),
      o: whole(0, MOST - 1, 1),
    };

    #reads = make("div", { className: "formulas" });

    turns() {
      for (const kind of ["pointermove", "click", "focusin"]) {
        this.stage.addEventListener(kind, (event) => this.#heard(event));
      }
      this.stage.addEventListener("keydown", (event) => this.#pressed(event));
      return [
        slider("n", "cells, n", { range: () => [1, MOST] }),
        slider("m", "bins, m", { range: () => [1, MOST] }),
        segments("op", "a bin keeps", [
          ["average", "the average"],
          ["max", "the greatest"],
        ]),
      ];
    }

    settle(state) {
      return { ...state, o: Math.min(state.o, state.m - 1) };
    }

    surprise(random) {
      const m = any(random, 2, 6);
      return { n: any(random, 4, MOST), m, op: random() < 0.5 ? "average" : "max", o: any(random, 0, m - 1) };
    }

    scene({ n, m, op }) {
      const x = rowOfDigits(n);
      const bins = adaptiveBins(n, m);
      return { x, bins, y: poolBins(x, bins, op === "average"), often: seenBy(n, bins) };
    }

    question({ n, m, o, ...rest }) {
      const [start, end] = this.scene({ n, m, ...rest }).bins[o];
      const step = Math.max(Math.floor(n / m), 1);
      const from = Math.min(o * step, n - 1);
      const mistakes = [
        [
          [start, Math.floor(((o + 1) * n) / m)],
          "That rounds the end down. The rule rounds it up, so that no cell falls between two bins.",
        ],
        [
          [Math.ceil((o * n) / m), end],
          "That rounds the start up. The rule rounds it down, so that no cell falls between two bins.",
        ],
        [
          [from, Math.min(from + step, n)],
          "That is a window of one length. " +
            "Bins follow fractions of the row, and share cells where they must.",
        ],
        [[start, Math.min(end + 1, n)], "The end is the first cell that the bin does not see."],
        [[Math.max(start - 1, 0), end], "It starts one cell later."],
        [[start, end + 1], "There is no such cell in it."],
      ];
      return {
        ask: `${count(n, "cell")}, ${count(m, "bin")}. Which does bin ${o} see?`,
        choices: choicesOf([start, end], mistakes, {
          text: cellsOf,
          order: ([first, last]) => first * 100 + last,
        }),
      };
    }

    says({ n, m, ...rest }) {
      const { often } = this.scene({ n, m, ...rest });
      const shared = often.filter((bins) => bins > 1).length;
      if (m === 1) return "One bin over everything: that is global pooling.";
      if (n % m === 0) {
        return `${m} divides ${n}: no cell is shared, and this is a window with k = s = ${n / m}.`;
      }
      const wide = m > n ? " There are more bins than cells, so that cells are repeated." : "";
      const seen = `${shared === 1 ? "is" : "are"} seen by more than one bin`;
      return `${count(shared, "cell")} of ${n} ${seen}.${wide}`;
    }

    show(state, open) {
      this.#reads.replaceChildren(...this.#formulas(state, open));
      return [
        make("p", {
          className: "name",
          textContent: `x, ${count(state.n, "cell")}, and ${count(state.m, "bin")}`,
        }),
        this.#picture(state, open),
        this.#reads,
      ];
    }

    /** The row, and below it a line for each bin: its name, the bar over its cells, its output. */
    #picture(state, open) {
      const { x, bins, y, often } = this.scene(state);
      const [width, height] = [LEFT + state.n * CELL + RIGHT, CELL + 20 + state.m * ROW + 2];
      const words = open
        ? `x: ${said(x)}. ${bins.map((bin, o) => `Bin ${o}, ${cellsOf(bin)}: ${spoken(y[o])}`).join(". ")}`
        : `x: ${said(x)}. The bins: hidden until you predict`;
      const svg = draw("svg", {
        viewBox: `0 0 ${width} ${height}`,
        width,
        height,
        class: "plane bins",
        role: "group",
        "aria-label": words,
      });
      x.forEach((value, j) => {
        const at = LEFT + j * CELL;
        const cell = draw(
          "g",
          { class: this.#cellClass(state, open, j), "data-cell": j },
          draw("rect", { x: at, y: 2, width: CELL, height: CELL, class: "ground" }),
          draw("rect", { x: at, y: 2, width: CELL, height: CELL, class: "shade", "fill-opacity": 0 }),
          draw("rect", { x: at + 1.5, y: 3.5, width: CELL - 3, height: CELL - 3, class: "frame" }),
          draw("text", { x: at + CELL / 2, y: 2 + CELL / 2, "font-size": 15 }, shown(value)),
        );
        if (open && often[j] > 1) {
          cell.append(
            draw(
              "text",
              { x: at + CELL / 2, y: CELL + 10, "font-size": 11, class: "often" },
              `${often[j]} bins`,
            ),
          );
        }
        svg.append(cell);
      });
      bins.forEach(([start, end], o) => svg.append(this.#line(state, open, o, [start, end], y[o], width)));
      return make("div", { className: "wide" }, svg);
    }

    #line(state, open, o, [start, end], value, width) {
      const top = CELL + 20 + o * ROW;
      const middle = top + ROW / 2;
      const line = draw(
        "g",
        {
          class: this.#lineClass(state, o),
          role: "button",
          tabindex: o === state.o ? 0 : -1,
          "data-bin": o,
          "data-key": `bin-${o}`,
          "aria-label": open ? `bin ${o}: ${spoken(value)}, ${cellsOf([start, end])}` : `bin ${o}: hidden`,
        },
        draw("rect", { x: 1, y: top + 1, width: width - 2, height: ROW - 2, rx: 6, class: "area" }),
        draw("text", { x: 8, y: middle, "font-size": 13, class: "label" }, `bin ${o} `),
      );
      if (!open) {
        line.append(
          draw("text", { x: LEFT + (state.n * CELL) / 2, y: middle, "font-size": 15, class: "unknown" }, "?"),
        );
      } else {
        line.append(
          draw("rect", {
            x: LEFT + start * CELL + 2,
            y: top + 7,
            width: (end - start) * CELL - 4,
            height: ROW - 14,
            rx: 5,
            class: "bar",
          }),
          draw(
            "text",
            { x: LEFT + state.n * CELL + 20, y: middle, "font-size": 15, class: "value" },
            shown(value),
          ),
        );
      }
      return line;
    }

    #lineClass = (state, o) => `line${o === state.o ? " current" : ""}`;

    #cellClass(state, open, j) {
      const { bins } = this.scene(state);
      const [start, end] = bins[state.o];
      return `cell${open && start <= j && j < end ? " tap" : ""}`;
    }

    /** Start and end of the lit bin, with its numbers in. */
    #formulas(state, open) {
      const { n, m, o } = state;
      const [start, end] = this.scene(state).bins[o];
      const both = (words, letters, numbers, up, result) =>
        formula(
          `${words} of bin ${o}: ${numbers} over ${m}, rounded ${up ? "up" : "down"}` +
            (open ? `: ${result}` : ""),
          [words],
          ["=", rounded(fraction(letters, "m"), up)],
          ...(open
            ? [
                ["=", rounded(fraction(numbers, `${m}`), up)],
                ["=", make("b", { textContent: `${result}` })],
              ]
            : []),
        );
      return [
        both("start", "o\u00b7n", `${o}\u00b7${n}`, false, start),
        both("end", "(o + 1)\u00b7n", `${o + 1}\u00b7${n}`, true, end),
        ...(open
          ? [make("p", { className: "reads", textContent: `Bin ${o} sees ${cellsOf([start, end])}.` })]
          : []),
      ];
    }

    #light(o, focus = false) {
      this.change({ o }, () => {
        const { state, open } = this;
        for (const line of this.stage.querySelectorAll("[data-bin]")) {
          line.setAttribute("class", this.#lineClass(state, Number(line.dataset.bin)));
          line.setAttribute("tabindex", Number(line.dataset.bin) === state.o ? "0" : "-1");
        }
        for (const cell of this.stage.querySelectorAll("[data-cell]")) {
          cell.setAttribute("class", this.#cellClass(state, open, Number(cell.dataset.cell)));
        }
        this.#reads.replaceChildren(...this.#formulas(state, open));
      });
      if (focus) this.stage.querySelector(`[data-bin="${this.state.o}"]`).focus();
    }

    #heard(event) {
      const line = event.target.closest?.("[data-bin]");
      if (
        !line ||
        this.restoring ||
        (event.type === "pointermove" && (event.pointerType === "touch" || !this.open))
      ) {
        return;
      }
      this.#light(Number(line.dataset.bin), event.type === "click");
    }

    #pressed(event) {
      const by = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
      if (!by || !event.target.closest?.("[data-bin]")) return;
      event.preventDefault();
      this.#light(Math.min(Math.max(this.state.o + by, 0), this.state.m - 1), true);
    }
  }

  customElements.define("adaptive-bins", AdaptiveBins);
})();
