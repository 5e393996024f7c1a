// <sliding-row>: a picture whose rows are all alike slides around a circle, and five ways of making it
// smaller show what becomes of it. It moves only when the reader moves it.
(() => {
  "use strict";

  const { draw, said } = Poolkit.cells;
  const { make, segments, slider } = Poolkit.controls;
  const { Explorer } = Poolkit.explorer;
  const { change, meanChange, nearest, rolled, WAYS } = Poolkit.shifts;
  const { oneOf, whole } = Poolkit.state;

  const N = 24;
  const WHITE = 8; // levels from black, 0, to white
  const repeated = (...cells) => Array.from({ length: N }, (_, j) => cells[j % cells.length]);
  const PICTURES = {
    fan: [8, 0, 8, 0, 8, 8, 0, 0, 8, 8, 8, 0, 0, 0, 8, 8, 8, 8, 0, 0, 0, 0, 8, 8],
    "fine stripes": repeated(0, 8),
    "wide stripes": repeated(0, 0, 0, 8, 8, 8),
    edge: Array.from({ length: N }, (_, j) => (j >= 5 && j < 16 ? 8 : 0)),
    wave: repeated(4, 6, 7, 8, 7, 6, 4, 2, 1, 0, 1, 2),
    texture: [3, 6, 2, 5, 7, 4, 6, 1, 3, 8, 5, 2, 6, 4, 1, 5, 3, 7, 2, 4, 8, 6, 3, 5],
  };
  const NAMES = Object.keys(WAYS);
  const CELL = 13; // width of a cell of the picture
  const STYLE = `
  .segments > div { flex-wrap: wrap; row-gap: 3px; }
  .way { margin-bottom: .85rem; }
  .way .name { margin: 0 0 .2rem; display: flex; flex-wrap: wrap; gap: 0 .9rem; align-items: baseline; }
  .way .name b { min-width: 5.6rem; }
  .strips { display: grid; grid-template-columns: minmax(0, 26rem) minmax(0, 1fr); gap: .3rem 1.2rem;
    align-items: end; }
  svg.strip { width: 100%; }
  svg.picture { cursor: grab; touch-action: pan-y; user-select: none; }
  svg.chart { width: 100%; max-width: 12rem; height: 38px; }
  .strip .grey { stroke: var(--line); stroke-width: .5; }
  .strip .apart { stroke: var(--pst-color-surface, Canvas); stroke-width: 3; }
  .strip .unknown { fill: var(--ground); stroke: var(--line); stroke-dasharray: 4 4; }
  .strip text { fill: var(--ink); font-size: 14px; text-anchor: middle; dominant-baseline: central; }
  .strip .tick { stroke: var(--window); stroke-width: 2.5; }
  .strip .ring { fill: var(--ground); stroke: var(--wrong); }
  .strip .cross { fill: none; stroke: var(--wrong); stroke-width: 2; }
  .bar { fill: var(--line); }
  .bar.now { fill: var(--window); }
  .fine { font-size: .85rem; }
  @container (max-width: 34rem) {
    .strips { grid-template-columns: minmax(0, 1fr); }
    svg.chart { max-width: none; height: 24px; }
  }
  `;
  const percent = (part) => `${Math.round((100 * part) / WHITE)}%`;
  const grey = (level) =>
    `rgb(${Array(3)
      .fill(Math.round((255 * level) / WHITE))
      .join(" ")})`;

  class SlidingRow extends Explorer {
    static title = "The sliding picture";
    static style = STYLE;
    static fields = {
      picture: oneOf(Object.keys(PICTURES), "fan"),
      s: whole(2, 4, 2),
      shift: whole(0, N - 1, 1),
      ask: oneOf(["most", "least"], "most"),
    };

    constructor() {
      super();
      let grip = null; // where the picture was taken hold of, and how far it had slid
      this.stage.addEventListener("pointerdown", ({ target, clientX }) => {
        const picture = target.closest("svg.picture");
        if (picture) {
          grip = { from: clientX, shift: this.state.shift, cell: picture.getBoundingClientRect().width / N };
        }
      });
      this.stage.addEventListener("pointermove", ({ clientX, buttons }) => {
        if (!buttons) grip = null;
        if (grip) {
          this.change({
            shift: (((grip.shift + Math.round((clientX - grip.from) / grip.cell)) % N) + N) % N,
          });
        }
      });
    }

    turns() {
      return [
        segments(
          "picture",
          "picture",
          Object.keys(PICTURES).map((name) => [name, name]),
        ),
        segments("s", "keep one in", [
          [2, "2"],
          [3, "3"],
          [4, "4"],
        ]),
        slider("shift", "slide the picture", {
          range: () => [0, N - 1],
          text: (d) => (d === 1 ? "1 pixel" : `${d} pixels`),
        }),
      ];
    }

    surprise(random) {
      const one = (list) => list[Math.floor(random() * list.length)];
      return {
        picture: one(Object.keys(PICTURES)),
        s: one([2, 3, 4]),
        ask: random() < 0.7 ? "most" : "least",
        shift: 1,
      };
    }

    /** The mean change of each way, over all places of the circle. */
    means({ picture, s }) {
      return Object.fromEntries(NAMES.map((way) => [way, meanChange(PICTURES[picture], way, s)]));
    }

    question(state) {
      // Polyphase is left out where the least is asked: it never changes.
      const asked = state.ask === "least" ? NAMES.filter((way) => way !== "polyphase") : NAMES;
      const means = this.means(state);
      const all = asked.map((way) => means[way]);
      const goal = state.ask === "most" ? Math.max(...all) : Math.min(...all);
      const right = (way) => Math.abs(means[way] - goal) < 1e-9;
      const alike = asked.every(right);
      const choices = asked.map((way) => ({
        words: way,
        right: !alike && right(way),
        reply: this.#reply(way, means, state),
      }));
      choices.push({ words: "all alike", right: alike, reply: "" });
      return {
        ask: `The picture slides to every place of its circle. Whose output changes ${state.ask}?`,
        choices,
      };
    }

    #reply(way, means, { picture, s }) {
      if (way === "polyphase" && means[way] > 0) {
        return "Two phases are equally large here, and which one comes first changes with the move.";
      }
      if (means[way] === 0) {
        const kept = WAYS[way](PICTURES[picture], s);
        return new Set(kept).size === 1 ? `${way} answers a plain grey, wherever the picture is.` : "";
      }
      return "";
    }

    says(state) {
      const { picture, s, shift } = state;
      const means = this.means(state);
      const now = NAMES.map((way) => `${way} ${percent(change(PICTURES[picture], way, s, shift))}`);
      const all = NAMES.map((way) => `${way} ${percent(means[way])}`);
      return `Changes at ${shift}: ${now.join(", ")}. Over all places: ${all.join(", ")}.`;
    }

    show(state, open) {
      const { picture, s, shift } = state;
      const x = PICTURES[picture];
      const moved = rolled(x, shift);
      const hidden = !open && shift !== 0;
      const top = make(
        "div",
        { className: "way" },
        make("p", { className: "name", textContent: "the picture: drag it, or use the slider" }),
        this.#strip([moved], 1, {
          words: `The picture, moved by ${shift}: ${said(moved)}`,
          every: s,
          tall: 40,
          name: "strip picture",
        }),
      );
      const highest = Math.max(...NAMES.flatMap((way) => x.map((_, d) => change(x, way, s, d))), WHITE / 8);
      const ways = NAMES.map((way) => {
        const before = WAYS[way](x, s);
        const after = WAYS[way](moved, s);
        const close = rolled(before, nearest(before, after));
        const now = hidden ? "hidden until you predict" : said(after);
        const words = `${way}, as it was: ${said(before)}; now: ${now}`;
        const title = make("p", { className: "name" }, make("b", { textContent: way }));
        if (open) {
          const [here, mean] = [change(x, way, s, shift), meanChange(x, way, s)].map(percent);
          title.append(make("span", { textContent: `here ${here}, on average ${mean}` }));
        }
        return make(
          "div",
          { className: "way" },
          title,
          make(
            "div",
            { className: "strips" },
            this.#strip([hidden ? before : close, hidden ? null : after], s, { words, differ: !hidden }),
            ...(open
              ? [
                  this.#chart(
                    x.map((_, d) => change(x, way, s, d) / highest),
                    shift,
                  ),
                ]
              : []),
          ),
        );
      });
      const how = open
        ? "Of each pair of rows: above, the output as it was, moved along as suits best; " +
          "below, the output now, with what differs crossed. " +
          "100% would be from black to white everywhere. " +
          "The bars are the changes at all places of the circle."
        : "Of each pair of rows: above, the output as it was; " +
          "below, the output after the slide, hidden until you predict.";
      return [
        top,
        make("p", {
          className: "fine",
          textContent: `The marks below the picture: what subsampling keeps. ${how}`,
        }),
        ...ways,
      ];
    }

    /** Rows of grey cells, one above the other; the second is what there is now. */
    #strip(rows, s, { words, every = 0, tall = 18, differ = false, name = "strip" }) {
      const [width, height] = [N * CELL + 2, rows.length * tall + (every ? 9 : 2)];
      const svg = draw("svg", {
        viewBox: `0 0 ${width} ${height}`,
        width,
        height,
        role: "img",
        "aria-label": words,
        class: name,
      });
      rows.forEach((row, r) => {
        if (row === null) {
          svg.append(
            draw("rect", { x: 1, y: 1 + r * tall, width: width - 2, height: tall, class: "unknown" }),
            draw("text", { x: width / 2, y: 1 + (r + 0.5) * tall }, "?"),
          );
          return;
        }
        row.forEach((level, j) => {
          const [left, wide] = [1 + j * s * CELL, s * CELL];
          svg.append(
            draw("rect", {
              x: left,
              y: 1 + r * tall,
              width: wide,
              height: tall,
              fill: grey(level),
              class: "grey",
            }),
          );
          if (differ && r === 1 && Math.abs(level - rows[0][j]) > 1e-9) {
            const [cx, cy] = [left + wide / 2, 1 + (r + 0.5) * tall];
            svg.append(
              draw("circle", { cx, cy, r: 7, class: "ring" }),
              draw("path", { d: `M${cx - 3} ${cy - 3}l6 6m0 -6l-6 6`, class: "cross" }),
            );
          }
        });
      });
      if (rows.length > 1) svg.append(draw("path", { d: `M0 ${1 + tall}H${width}`, class: "apart" }));
      if (every) {
        for (let j = 0; j < N; j += every) {
          svg.append(draw("path", { d: `M${1 + (j + 0.5) * CELL} ${tall + 3}v6`, class: "tick" }));
        }
      }
      return svg;
    }

    /** The change at every place of the circle, as parts of the greatest that there is. */
    #chart(changes, shift) {
      const [bar, high] = [5, 34];
      const svg = draw("svg", {
        viewBox: `0 0 ${N * bar} ${high + 2}`,
        width: N * bar,
        height: high + 2,
        "aria-hidden": "true",
        class: "chart",
        preserveAspectRatio: "none",
      });
      changes.forEach((part, d) =>
        svg.append(
          draw("rect", {
            x: d * bar,
            y: high * (1 - part),
            width: bar - 1,
            height: high * part + 1,
            class: d === shift ? "bar now" : "bar",
          }),
        ),
      );
      return svg;
    }
  }

  customElements.define("sliding-row", SlidingRow);
})();
