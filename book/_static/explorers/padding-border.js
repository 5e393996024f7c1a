// <padding-border>: the same plane with a border that is left out and with one that is filled, and what that
// changes.
(() => {
  "use strict";

  const { count, planeInWords, planeOf, shown } = Poolkit.cells;
  const { choicesOf } = Poolkit.choices;
  const { make, more, segments, slider } = Poolkit.controls;
  const { digits } = Poolkit.digits;
  const { Explorer } = Poolkit.explorer;
  const { bordered, poolOne, poolPlane } = Poolkit.pooling;
  const { oneOf, whole } = Poolkit.state;

  const VALUES = {
    negative: (digit) => -1 - digit,
    mixed: (digit) => digit - 5,
    positive: (digit) => digit + 1,
    ones: () => 1,
  };
  const FILLS = { zero: "zeros", edge: "the neighbours repeated", wrap: "the other side" };
  const any = (random, list) => list[Math.floor(random() * list.length)];

  class PaddingBorder extends Explorer {
    static title = "The padding border";
    static fields = {
      op: oneOf(["max", "average"], "max"),
      values: oneOf(Object.keys(VALUES), "negative"),
      fill: oneOf(Object.keys(FILLS), "zero"),
      n: whole(2, 6, 4),
      k: whole(2, 5, 3),
      s: whole(1, 3, 1),
      p: whole(1, 2, 1),
    };

    #kept = null;

    turns() {
      return [
        segments("op", "the window gives", [
          ["max", "the greatest"],
          ["average", "the average"],
        ]),
        segments("values", "the numbers are", [
          ["negative", "negative"],
          ["mixed", "mixed"],
          ["positive", "positive"],
          ["ones", "ones"],
        ]),
        segments("fill", "the border holds", [
          ["zero", "zeros"],
          ["edge", "neighbours"],
          ["wrap", "other side"],
        ]),
        more(slider("n", "cells, n", { range: () => [2, 6] })),
        more(slider("k", "kernel, k", { range: ({ n }) => [2, Math.min(5, n + 1)] })),
        more(slider("s", "stride, s", { range: () => [1, 3] })),
        more(slider("p", "padding, p", { range: ({ k }) => [1, Math.floor(k / 2)] })),
      ];
    }

    /** A kernel that has room, and a border of at most half of it. */
    settle(state) {
      const k = Math.min(state.k, state.n + 1);
      return { ...state, k, p: Math.min(state.p, Math.floor(k / 2)) };
    }

    surprise(random) {
      return {
        op: any(random, ["max", "average"]),
        values: any(random, Object.keys(VALUES)),
        fill: any(random, ["zero", "zero", "edge", "wrap"]),
        n: any(random, [3, 4, 5]),
        k: any(random, [2, 3]),
        s: any(random, [1, 1, 2]),
        p: 1,
      };
    }

    /**
     * Both borders, as numbers; kept until the setting is another, since question, words and drawing all ask.
     */
    scene(state) {
      if (this.#kept?.state !== state) this.#kept = { state, scene: this.#made(state) };
      return this.#kept.scene;
    }

    #made({ op, values, fill, n, k, s, p }) {
      const x = digits(n, n).map((row) => row.map(VALUES[values]));
      const average = op === "average";
      const window = { k: [k, k], s: [s, s], p: [p, p], d: [1, 1], ceil: false };
      const bare = { ...window, p: [0, 0] };
      const filled = bordered(x, [p, p], fill === "zero" ? 0 : fill);
      const out = poolPlane(x, window, { average, counted: false });
      const kept = poolPlane(filled, bare, { average });
      const all = out.flatMap((row, r) => row.map((_, c) => [r, c]));
      // The two ways of adding up may differ in their last digits.
      const differs = ([r, c]) => Math.abs(out[r][c] - kept[r][c]) > 1e-9;
      const touching = all.filter((at) => poolOne(x, at, window).seen.some(({ kind }) => kind !== "cell"));
      return {
        x,
        average,
        window,
        bare,
        filled,
        out,
        kept,
        all,
        differs,
        changed: all.filter(differs),
        touching,
      };
    }

    question(state) {
      const { average, all, changed, touching } = this.scene(state);
      const inside = "A window that sees no border cannot tell what stands in it.";
      const mistakes = [
        [
          touching.length,
          average
            ? "Some of these windows keep their mean by luck."
            : "Seeing the border is not enough. What stands there must also be the greatest.",
        ],
        [
          0,
          state.fill === "zero" && !average
            ? "A zero is a number like any other. Among negative ones it wins."
            : "What stands in the border is counted like any other number.",
        ],
        [Math.min(4, all.length), "Not the corners alone. Windows along the sides see the border, too."],
        [all.length, inside],
        [all.length - touching.length, `It is the other way round. ${inside}`],
      ];
      const outputs = count(all.length, "output");
      return {
        ask: `How many of the ${outputs} change if the border holds ${FILLS[state.fill]}?`,
        choices: choicesOf(changed.length, mistakes),
      };
    }

    says(state) {
      const { changed, all } = this.scene(state);
      const outputs = `${changed.length} of ${count(all.length, "output")}`;
      return `${outputs} ${changed.length === 1 ? "changes" : "change"}. ${this.#why(state)}`;
    }

    #why(state) {
      const { x, filled, average, window, bare, changed, out, kept } = this.scene(state);
      if (!changed.length) {
        if (average) return "Each mean of a window with its border is that of its real cells.";
        return state.fill === "edge"
          ? "A neighbour that is repeated is in the window already: it cannot win anew."
          : "Every window has a real cell that is at least as great as what stands in the border.";
      }
      const at = changed[0];
      const [real, full] = [poolOne(x, at, window), poolOne(filled, at, bare)];
      const where = `At (${at.join(", ")})`;
      const [without, including] = [out, kept].map((plane) => shown(plane[at[0]][at[1]]));
      if (!average) {
        return `${where} the greatest real cell is ${without}, and ${including} comes from the border.`;
      }
      const mean = `the mean of ${count(real.values.length, "real cell")} is ${without}`;
      const border = `with the border it is ${shown(full.sum)} divided by ${full.divisor}, ${including}`;
      return `${where} ${mean}; ${border}.`;
    }

    show(state, open) {
      const { x, average, window, filled, out, kept, changed, differs } = this.scene(state);
      const lit = open && changed.length ? changed[0] : null;
      const seen = new Set(lit ? poolOne(x, lit, window).seen.map(({ at }) => at.join()) : []);
      const { n, p } = state;
      const isBorder = (r, c) => r < p || c < p || r >= n + p || c >= n + p;
      const framed = (rows, words) =>
        planeOf(rows, {
          words,
          classes: (r, c) => [
            ...(isBorder(r, c) ? ["border"] : []),
            ...(seen.has([r - p, c - p].join()) ? ["tap"] : []),
          ],
        });
      const empty = bordered(x, [p, p], average ? NaN : -Infinity).map((row, r) =>
        row.map((value, c) => (average && isBorder(r, c) ? null : value)),
      );
      const chosen = (r, c) => (lit && lit[0] === r && lit[1] === c ? ["tap"] : []);
      const panel = (title, input, outputs) =>
        make(
          "div",
          {},
          make("p", { className: "name", textContent: title }),
          input,
          make("p", { className: "name", textContent: "output" }),
          outputs,
        );
      const border = average ? "left out" : "minus infinity";
      const changes = changed.map((at) => `(${at.join(", ")})`).join(" ") || "none";
      return [
        make(
          "div",
          { className: "columns" },
          panel(
            average ? "the border is left out" : "the border holds \u2212\u221e",
            framed(empty, `input, ${planeInWords(x)}. Its border: ${border}.`),
            planeOf(out, { words: `output, border ${border}: ${planeInWords(out)}`, classes: chosen }),
          ),
          panel(
            `the border holds ${FILLS[state.fill]}`,
            framed(filled, `input with its border: ${planeInWords(filled)}`),
            planeOf(kept, {
              words: open
                ? `output, border of ${FILLS[state.fill]}: ${planeInWords(kept)}. ` +
                  `Changed, as (row, column): ${changes}`
                : "output: hidden until you predict",
              classes: (r, c) =>
                open ? [...chosen(r, c), ...(differs([r, c]) ? ["wrong"] : [])] : ["hidden"],
            }),
          ),
        ),
      ];
    }
  }

  customElements.define("padding-border", PaddingBorder);
})();
