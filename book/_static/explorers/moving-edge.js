// <moving-edge>: an edge in a row, its response, and what max pooling makes of it when the image moves.
(() => {
  "use strict";

  const { count, rowOf, said } = Poolkit.cells;
  const { make, segments, slider } = Poolkit.controls;
  const { Explorer } = Poolkit.explorer;
  const { agreeing, edge, maxPoolRow, moved, outputs, stepRow } = Poolkit.pooling;
  const { oneOf, whole } = Poolkit.state;

  const MOST = 12;
  const any = (random, least, most) => least + Math.floor(random() * (most - least + 1));

  class MovingEdge extends Explorer {
    static title = "The moving edge";
    static fields = {
      n: whole(4, MOST, 5),
      bright: whole(1, MOST - 1, 2),
      k: whole(1, 4, 2),
      s: whole(1, 4, 2),
      shift: oneOf([-1, 0, 1], 1),
    };

    turns() {
      const ways = [
        [-1, "left"],
        [0, "stays"],
        [1, "right"],
      ];
      return [
        slider("n", "cells in a row", { range: () => [4, MOST] }),
        slider("bright", "bright cells", { range: ({ n }) => [1, n - 1] }),
        slider("k", "window, k", { range: ({ n }) => [1, Math.min(4, n - 1)] }),
        slider("s", "stride, s", { range: () => [1, 4] }),
        segments("shift", "the image moves by one", ways),
      ];
    }

    settle(state) {
      return { ...state, bright: Math.min(state.bright, state.n - 1), k: Math.min(state.k, state.n - 1) };
    }

    surprise(random) {
      const n = any(random, 5, MOST);
      return {
        n,
        bright: any(random, 1, n - 1),
        k: any(random, 2, 3),
        s: any(random, 1, 3),
        shift: random() < 0.5 ? -1 : 1,
      };
    }

    /** What is shown, as numbers. */
    rows({ n, bright, k, s, shift }) {
      const image = stepRow(n, bright);
      const after = moved(image, shift);
      const [response, responseAfter] = [edge(image), edge(after)];
      const [pooled, pooledAfter] = [maxPoolRow(response, k, s), maxPoolRow(responseAfter, k, s)];
      return {
        image,
        after,
        response,
        responseAfter,
        pooled,
        pooledAfter,
        same: agreeing(pooled, pooledAfter),
      };
    }

    question(state) {
      const { pooled, same } = this.rows(state);
      const choices = Array.from({ length: outputs(state.n - 1, state.k, state.s) + 1 }, (_, i) => ({
        words: String(i),
        right: i === same,
      }));
      return { ask: `How many of the ${count(pooled.length, "pooled output")} stay the same?`, choices };
    }

    says(state) {
      const { pooled, same } = this.rows(state);
      const outputsOf = `${same} of ${count(pooled.length, "output")}`;
      return `${outputsOf} ${same === 1 ? "stays" : "stay"} the same. ${this.#why(state)}`;
    }

    #why(state) {
      const { response, responseAfter, pooled, pooledAfter, same } = this.rows(state);
      if (!responseAfter.includes(1)) return "The edge has left the row: there is nothing to find any more.";
      if (!pooled.includes(1) && !pooledAfter.includes(1)) {
        return "But no window sees the edge in either position: equal, and blind.";
      }
      if (same === pooled.length) return "The same windows see the edge before and after the move.";
      if (!pooledAfter.includes(1)) return "No window sees the edge any more.";
      const [from, to] = [response.indexOf(1), responseAfter.indexOf(1)];
      return `The edge went from cell ${from} to cell ${to} of the response, into other windows.`;
    }

    show(state, open) {
      const { image, after, response, responseAfter, pooled, pooledAfter } = this.rows(state);
      const hot = (values) => (j) => (values[j] > 0 ? ["hot"] : []);
      const named = (title, values, { hidden = false, classes = hot(values), lit = false } = {}) => [
        make("p", { className: "name", textContent: title }),
        rowOf(values, {
          words: `${title}: ${hidden ? "hidden until you predict" : said(values)}`,
          classes: (j) => (hidden ? ["hidden"] : classes(j)),
          shade: lit ? (j) => values[j] * 0.3 : undefined,
        }),
      ];
      const before = (j) => ["pooled", ...hot(pooled)(j)];
      const later = (j) => [
        "pooled",
        ...hot(pooledAfter)(j),
        ...(pooled[j] === pooledAfter[j] ? [] : ["wrong"]),
      ];
      return [
        make(
          "div",
          { className: "columns" },
          make(
            "div",
            {},
            ...named("a row of the image", image, { lit: true }),
            ...named("its edge response, x[j] \u2212 x[j + 1]", response),
            ...named("pooled", pooled, { classes: before }),
          ),
          make(
            "div",
            {},
            ...named("the image after the move", after, { lit: true }),
            ...named("its edge response", responseAfter, { hidden: !open }),
            ...named("pooled, changes crossed", pooledAfter, { classes: later, hidden: !open }),
          ),
        ),
      ];
    }
  }

  customElements.define("moving-edge", MovingEdge);
})();
