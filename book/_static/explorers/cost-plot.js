// <cost-plot>: what the maximum over windows costs, by four methods, against the side of the window.
// Both axes are logarithmic: a power is a straight line there, and what does not grow is level.
(() => {
  "use strict";

  const { draw } = Poolkit.cells;
  const { make, segments, slider, toggle } = Poolkit.controls;
  const { COMPARISONS, crossing, overFloor } = Poolkit.costs;
  const { Explorer } = Poolkit.explorer;
  const { flag, oneOf, whole } = Poolkit.state;

  const LAST = 64;
  const SIDE = 512; // of the plane whose bytes are counted
  const METHODS = Object.keys(COMPARISONS);
  const LOOKS = {
    // a method has a colour, a stroke and a mark: any one of them tells it apart
    "each window alone": { colour: "var(--wrong)", dash: "none", mark: "M-4-4h8v8h-8z" },
    "two passes": { colour: "var(--winner)", dash: "9 4", mark: "M0-5.5L5 4H-5z" },
    doubling: { colour: "var(--window)", dash: "10 3 2 3", mark: "M0-5.5L5.5 0 0 5.5-5.5 0z" },
    blocks: { colour: "var(--ink)", dash: "2 3", mark: "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z" },
  };
  const UNITS = { comparisons: "comparisons for one output", bytes: "bytes, as a multiple of the floor" };
  const MOST = { comparisons: 4096, bytes: 2048 };
  const TICKS = { comparisons: [1, 4, 16, 64, 256, 1024, 4096], bytes: [1, 4, 16, 64, 256, 1024] };
  const [LEFT, RIGHT, TOP, BOTTOM, WIDE, HIGH] = [46, 16, 12, 40, 400, 300];
  const STYLE = `
  .parts { display: grid; grid-template-columns: minmax(0, 26rem) minmax(0, 1fr); gap: .5rem 1.4rem;
    align-items: center; }
  svg.costs { touch-action: pan-y; cursor: ew-resize; user-select: none; width: 100%; }
  table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
  caption { text-align: left; padding-bottom: .3rem; }
  .now { width: 100%; margin-bottom: .6rem; }
  .now th { text-align: left; font-weight: 400; padding: .25rem .5rem; }
  .now td:last-child { text-align: right; font-weight: 700; font-size: 1.05rem; }
  .now tr + tr { border-top: 1px solid var(--pst-color-border, GrayText); }
  .now svg { flex: none; }
  .all { width: 100%; }
  .all th, .all td { text-align: right; padding: .15rem .35rem; }
  .all thead th { font-weight: 400; vertical-align: bottom; border-bottom: 1px solid var(--line); }
  .all .here { color: var(--window); font-weight: 700; outline: 2px solid var(--window); }
  .fine { font-size: .85rem; }
  @container (max-width: 34rem) { .parts { grid-template-columns: minmax(0, 1fr); } }
  `;
  const GUESSES = [2, 3, 4, 5, 9, 17, 33];

  const across = (k) => LEFT + (Math.log2(k / 2) / Math.log2(LAST / 2)) * (WIDE - LEFT - RIGHT);
  const upward = (cost, count) =>
    HIGH - BOTTOM - (Math.log2(cost) / Math.log2(MOST[count])) * (HIGH - TOP - BOTTOM);
  const written = (cost) =>
    cost >= 100 || Number.isInteger(cost)
      ? Math.round(cost).toLocaleString("en")
      : String(Number(cost.toPrecision(3)));

  /** Cost of a method as a function of k. */
  const costOf = (method, count) =>
    count === "comparisons" ? COMPARISONS[method] : (k) => overFloor(method, SIDE, k);

  class CostPlot extends Explorer {
    static title = "What a window costs";
    static style = STYLE;
    static fields = {
      k: whole(2, LAST, 7),
      count: oneOf(["comparisons", "bytes"], "comparisons"),
      table: flag(),
      a: oneOf(METHODS, "blocks"),
      b: oneOf(METHODS, "doubling"),
    };

    constructor() {
      super();
      const drag = (event) => {
        const plot = event.target.closest("svg.costs");
        if (!plot || (event.type === "pointermove" && !event.buttons)) return;
        const box = plot.getBoundingClientRect();
        const part = (((event.clientX - box.left) / box.width) * WIDE - LEFT) / (WIDE - LEFT - RIGHT);
        this.change({ k: Math.round(2 * (LAST / 2) ** Math.min(Math.max(part, 0), 1)) });
      };
      for (const name of ["pointerdown", "pointermove"]) this.stage.addEventListener(name, drag);
    }

    turns() {
      return [
        slider("k", "window, k", { range: () => [2, LAST], text: (k) => `${k} by ${k}` }),
        segments("count", "count", [
          ["comparisons", "comparisons"],
          ["bytes", "bytes"],
        ]),
        toggle("table", "as a table"),
      ];
    }

    settle(state) {
      return state.a === state.b ? { ...state, b: METHODS.find((one) => one !== state.a) } : state;
    }

    surprise(random, { count }) {
      const one = (list) => list[Math.floor(random() * list.length)];
      const a = one(METHODS.slice(1));
      return {
        a,
        b: one(METHODS.filter((method) => method !== a)),
        count: random() < 0.35 ? "bytes" : count,
        k: one([5, 7, 12, 15, 31]),
      };
    }

    question({ a, b, count }) {
      const from = crossing(costOf(a, count), costOf(b, count), LAST);
      const asked = count === "bytes" ? "fewer bytes" : "fewer comparisons";
      const choices = GUESSES.map((k) => ({
        words: `k = ${k}`,
        right: k === from,
        reply: this.#reply(k, { a, b, count, from }),
      }));
      choices.push({
        words: "never",
        right: from === null,
        reply: from === null ? "" : this.#reply(from, { a, b, count, from }),
      });
      const ask = `From which window on does \u201c${a}\u201d need ${asked} than \u201c${b}\u201d?`;
      return { ask: `${ask} Up to ${LAST} by ${LAST}, at stride 1.`, choices };
    }

    #reply(k, { a, b, count }) {
      return `At k = ${k}, ${a}: ${written(costOf(a, count)(k))}, ${b}: ${written(costOf(b, count)(k))}.`;
    }

    says({ k, count }) {
      const costs = METHODS.map((method) => `${method} ${written(costOf(method, count)(k))}`);
      return `Windows of ${k} by ${k}, ${UNITS[count]}: ${costs.join(", ")}.`;
    }

    show(state, open) {
      const { a, b } = state;
      const hidden = (method) => !open && (method === a || method === b);
      return [
        make(
          "div",
          { className: "parts" },
          make("div", {}, state.table ? this.#table(state, hidden) : this.#plot(state, hidden)),
          make(
            "div",
            {},
            this.#now(state, hidden),
            make("p", { className: "fine", textContent: this.#note(state.count) }),
          ),
        ),
      ];
    }

    #note(count) {
      return count === "comparisons"
        ? "At stride 1 and far from the border. " +
            "The window of k by k has k\u00b2 cells; all but one must lose."
        : `A plane of ${SIDE} by ${SIDE}. The floor reads the input once and writes the output once. ` +
            "Each pass of \u201ctwo passes\u201d goes over the plane once; " +
            "so does each single step of doubling and of blocks.";
    }

    #plot({ k, count }, hidden) {
      const costs = METHODS.map((method) => {
        const cost = hidden(method) ? "hidden until you predict" : written(costOf(method, count)(k));
        return `${method} ${cost}`;
      });
      const axes = `the side of the window, 2 to ${LAST}, both axes logarithmic`;
      const svg = draw("svg", {
        viewBox: `0 0 ${WIDE} ${HIGH}`,
        class: "costs",
        role: "img",
        width: WIDE,
        height: HIGH,
        "aria-label": `${UNITS[count]} against ${axes}. At ${k}: ${costs.join(", ")}.`,
      });
      const text = (x, y, words, more = {}) =>
        draw("text", { x, y, "font-size": 13, fill: "var(--ink)", ...more }, words);
      for (const tick of TICKS[count]) {
        const y = upward(tick, count);
        svg.append(
          draw("path", { d: `M${LEFT} ${y}H${WIDE - RIGHT}`, stroke: "var(--line)", "stroke-opacity": 0.35 }),
          text(LEFT - 7, y + 4, tick.toLocaleString("en"), { "text-anchor": "end" }),
        );
      }
      for (const tick of [2, 4, 8, 16, 32, 64]) {
        svg.append(text(across(tick), HIGH - BOTTOM + 18, String(tick), { "text-anchor": "middle" }));
      }
      svg.append(
        text((LEFT + WIDE - RIGHT) / 2, HIGH - 4, "side of the window, k", { "text-anchor": "middle" }),
      );
      svg.append(
        draw("path", {
          d: `M${across(k)} ${TOP}V${HIGH - BOTTOM}`,
          stroke: "var(--window)",
          "stroke-width": 2,
          "stroke-opacity": 0.6,
        }),
      );
      for (const method of METHODS.filter((one) => !hidden(one))) {
        const { colour, dash, mark } = LOOKS[method];
        const cost = costOf(method, count);
        const points = Array.from(
          { length: LAST - 1 },
          (_, i) => `${across(i + 2).toFixed(1)} ${upward(cost(i + 2), count).toFixed(1)}`,
        );
        svg.append(
          draw("path", {
            d: `M${points.join("L")}`,
            fill: "none",
            stroke: colour,
            "stroke-width": 2.5,
            "stroke-dasharray": dash,
            "stroke-linejoin": "round",
          }),
          draw("path", {
            d: mark,
            transform: `translate(${across(k)} ${upward(cost(k), count)}) scale(1.25)`,
            fill: colour,
            stroke: "var(--ground)",
          }),
        );
      }
      return svg;
    }

    /** The methods at this k, cheapest first: legend and readout in one. */
    #now({ k, count }, hidden) {
      const costs = METHODS.map((method) => [method, costOf(method, count)(k)]);
      const rows = (
        costs.some(([method]) => hidden(method)) ? costs : costs.sort((one, other) => one[1] - other[1])
      ).map(([method, cost]) => {
        const { colour, dash, mark } = LOOKS[method];
        const sign = draw(
          "svg",
          { viewBox: "-20 -8 40 16", width: 40, height: 16, "aria-hidden": "true" },
          draw("path", { d: "M-20 0H20", stroke: colour, "stroke-width": 2.5, "stroke-dasharray": dash }),
          draw("path", { d: mark, fill: colour }),
        );
        return make(
          "tr",
          {},
          make("td", {}, sign),
          make("th", { scope: "row", textContent: method }),
          make("td", { className: "cost", textContent: hidden(method) ? "?" : written(cost) }),
        );
      });
      return make(
        "table",
        { className: "now" },
        make("caption", { textContent: `k = ${k}: ${UNITS[count]}` }),
        make("tbody", {}, ...rows),
      );
    }

    /** The same for some windows, in numbers instead of lines. */
    #table({ k, count }, hidden) {
      const some = [...new Set([2, 3, 4, 5, 8, 9, 16, 17, 32, 33, 64, k])].sort((one, other) => one - other);
      const head = make(
        "tr",
        {},
        ...["k", ...METHODS].map((words) => make("th", { scope: "col", textContent: words })),
      );
      const body = some.map((size) =>
        make(
          "tr",
          { className: size === k ? "here" : "" },
          make("th", { scope: "row", textContent: String(size) }),
          ...METHODS.map((method) =>
            make("td", { textContent: hidden(method) ? "?" : written(costOf(method, count)(size)) }),
          ),
        ),
      );
      return make(
        "table",
        { className: "all" },
        make("caption", { textContent: UNITS[count] }),
        make("thead", {}, head),
        make("tbody", {}, ...body),
      );
    }
  }

  customElements.define("cost-plot", CostPlot);
})();
