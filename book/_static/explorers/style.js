// How explorers look. Every colour is the theme's or the course's own (course.css), so light and dark follow
// the page.
(() => {
  "use strict";

  const STYLE = `
  :host { display: block; margin: 1.25rem 0; scroll-margin-top: 5rem;
    color: var(--pst-color-text-base, CanvasText); font-size: 1rem; line-height: 1.45;
    --ground: var(--pst-color-background, Canvas); --line: var(--pk-faint, GrayText);
      --ink: var(--pk-ink, CanvasText);
    --window: var(--pk-window, Highlight); --winner: var(--pk-winner, CanvasText);
      --wrong: var(--pk-wrong, CanvasText); }
  :host(:focus) { outline: none; }
  :host([hidden]) { display: none; }
  * { box-sizing: border-box; }
  .card { border: 1px solid var(--pst-color-border, GrayText); border-radius: 12px;
    background: var(--pst-color-surface, Canvas);
    overflow: hidden; container-type: inline-size; }
  form, section, footer, .question { padding: .9rem 1.1rem; margin: 0; }
  form { display: flex; flex-wrap: wrap; gap: .5rem 1.4rem; align-items: end;
    border-bottom: 1px solid var(--pst-color-border, GrayText); }
  p { margin: 0 0 .5rem; }
  p:last-child { margin-bottom: 0; }
  .slider { flex: 1 1 7rem; display: grid; align-content: end; grid-template-columns: 1fr auto; gap: 0 .5rem;
    font-size: .9rem; }
  .slider output { font-weight: 700; font-variant-numeric: tabular-nums; }
  .slider input { grid-column: 1 / -1; width: 100%; height: 28px; margin: 0; accent-color: var(--window);
    cursor: pointer; }
  fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
  legend { padding: 0; font-size: .9rem; }
  .segments > div { display: flex; margin-top: .2rem; }
  .segments label { position: relative; display: flex; }
  .segments input { position: absolute; inset: 0; opacity: 0; margin: 0; width: 100%; height: 100%;
    cursor: pointer; }
  .segments span { padding: .15rem .7rem; min-height: 32px; display: flex; align-items: center;
    border: 1px solid var(--line);
    margin-right: -1px; background: var(--ground); font-size: .9rem; }
  .segments label:first-child span { border-radius: 8px 0 0 8px; }
  .segments label:last-child span { border-radius: 0 8px 8px 0; }
  .segments input:checked + span { color: var(--window); font-weight: 700;
    box-shadow: inset 0 0 0 2px var(--window); border-radius: 8px; }
  .segments input:disabled + span { opacity: .6; }
  .segments input:focus-visible + span, .toggle input:focus-visible { outline: 3px solid var(--window);
    outline-offset: 2px; z-index: 1; }
  .toggle { display: flex; align-items: center; gap: .5rem; min-height: 32px; font-size: .9rem;
    cursor: pointer; }
  .toggle input { width: 24px; height: 24px; margin: 0; accent-color: var(--window); flex: none; }
  button, a.button { font: inherit; font-size: .95rem; color: inherit; background: var(--ground);
    border: 1px solid var(--line);
    border-radius: 8px; min-width: 44px; min-height: 36px; padding: .2rem .8rem; cursor: pointer; }
  button:hover:not(:disabled) { border-color: var(--window); color: var(--window); }
  button:disabled { opacity: .55; cursor: default; }
  :focus-visible { outline: 3px solid var(--window); outline-offset: 2px; }
  .question { border-top: 1px solid var(--pst-color-border, GrayText); }
  .question legend { font-size: 1rem; margin-bottom: .5rem; }
  .question legend b { color: var(--window); }
  .choices { display: flex; flex-wrap: wrap; gap: .5rem; }
  .choices button[aria-pressed="true"] { border-width: 2px; font-weight: 700; }
  .choices .right { border-color: var(--window); color: var(--window); font-weight: 700; }
  .choices .wrong { border-color: var(--wrong); color: var(--wrong); }
  .choices button:disabled { opacity: 1; }
  .says { min-height: 2.9em; margin-top: .6rem; }
  .again { margin-top: .2rem; }
  footer { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; align-items: center; font-size: .85rem;
    padding-block: .45rem;
    border-top: 1px solid var(--pst-color-border, GrayText); }
  footer button { font-size: inherit; min-height: 32px; padding: 0; min-width: 0; border: 0; background: none;
    color: var(--window); text-decoration: underline; }
  footer a { color: var(--window); min-height: 32px; display: inline-flex; align-items: center; }
  footer input { font: inherit; flex: 1 1 12rem; min-width: 0; min-height: 32px; color: inherit;
    background: var(--ground); border: 1px solid var(--line); }
  .aside { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
    white-space: nowrap; }
  .name { font-size: .9rem; margin: .7rem 0 .2rem; }
  .name:first-child { margin-top: 0; }
  .wide { overflow-x: auto; max-width: 100%; }
  .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr));
    gap: .9rem 1.6rem; }
  .columns > * { min-width: 0; }
  .row { display: flex; flex-wrap: wrap; gap: .9rem 2.2rem; align-items: flex-start; }
  .row > * { min-width: 0; max-width: 100%; }
  .steps { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .8rem; }
  .reads:empty { display: none; }
  .reads { min-height: 2.9em; margin-top: .6rem; }
  .formulas { margin-top: 1rem; }
  .formulas .reads { min-height: 0; }
  .formula { display: flex; flex-wrap: wrap; align-items: center; gap: .35rem .5rem; margin: 0 0 .5rem; }
  .formula .step { display: inline-flex; align-items: center; gap: .4em; white-space: nowrap; }
  .formula i { font-family: Georgia, serif; }
  .fraction { display: inline-flex; flex-direction: column; text-align: center; line-height: 1.3; }
  .fraction > :first-child { border-bottom: 1.5px solid; padding: 0 .25em; }
  .floor, .ceiling { position: relative; border: solid; border-width: 0 1.5px; padding: .05em .4em; }
  .floor::before, .floor::after, .ceiling::before, .ceiling::after { content: ""; position: absolute;
    width: .35em; border-bottom: 1.5px solid; }
  .floor::before, .floor::after { bottom: 0; }
  .ceiling::before, .ceiling::after { top: 0; }
  .floor::before, .ceiling::before { left: 0; }
  .floor::after, .ceiling::after { right: 0; }
  details { flex: 1 1 100%; }
  summary { min-height: 32px; display: list-item; line-height: 32px; font-size: .9rem; cursor: pointer;
    width: fit-content; }
  details > div { display: flex; flex-wrap: wrap; gap: .5rem 1.4rem; align-items: end; }
  [hidden] { display: none !important; }
  svg { display: block; max-width: 100%; height: auto; }
  svg.plane { overflow: visible; }
  .cell .ground { fill: var(--ground); stroke: var(--line); stroke-width: 1; }
  .cell .shade { fill: var(--window); }
  .cell .frame { fill: none; stroke: none; }
  .cell text { fill: var(--ink); text-anchor: middle; dominant-baseline: central;
    font-variant-numeric: tabular-nums; }
  .cell .cross { fill: none; stroke: none; stroke-width: 2; }
  .cell.pooled .frame { stroke: var(--window); stroke-width: 1.5; }
  .cell.tap .shade { fill: var(--window); fill-opacity: .16; }
  .cell.tap .frame { stroke: var(--window); stroke-width: 3; }
  .cell.winner text, .cell.hot text { fill: var(--winner); font-weight: 700; }
  .cell.hidden text { fill: var(--line); }
  .cell.wrong .cross { stroke: var(--wrong); }
  .cell.border .ground { stroke-dasharray: 3 3; fill: none; }
  .cell.border text { font-style: italic; }
  .cell.beyond .ground { stroke: none; fill: none; }
  .cell.unseen .ground { fill: none; }
  .cell.unseen text { opacity: .7; text-decoration: line-through; }
  .cell[role="button"] { cursor: pointer; outline: none; }
  .cell[role="button"]:focus-visible .frame { stroke: var(--ink); stroke-width: 4; }
  .line { cursor: pointer; outline: none; }
  .line text { fill: var(--ink); dominant-baseline: central; font-variant-numeric: tabular-nums; }
  .line .area { fill: transparent; }
  .line .bar { fill: var(--window); fill-opacity: .3; stroke: var(--window); stroke-width: 1.5; }
  .line .unknown { fill: var(--line); text-anchor: middle; }
  .line.current .area { fill: var(--ground); stroke: var(--line); }
  .line.current .bar { fill-opacity: .75; }
  .line.current .label, .line.current .value { font-weight: 700; }
  .line:focus-visible .area { stroke: var(--window); stroke-width: 3; }
  .cell .often { fill: var(--winner); font-weight: 700; }
  @media (prefers-reduced-motion: no-preference) {
    .cell .shade { transition: fill-opacity .18s; }
  }
  @media (pointer: coarse) {
    .slider input, .choices button, .segments span, .toggle { min-height: 44px; }
    .slider input { height: 44px; }
  }
  @container (max-width: 24rem) {
    form, section, footer, .question { padding-inline: .75rem; }
    .formula { font-size: .92rem; }
    .segments span { padding-inline: .5rem; }
  }
  @media (forced-colors: active) {
    .cell.tap .frame { stroke: Highlight; }
  }
  @media print {
    form, footer, .question { display: none; }
  }
  `;

  Poolkit.style = { STYLE };
})();
