// What a reader turns: sliders, choices, switches. Each is made once and told later what to show:
// a slider that were made anew while a finger drags it would be lost to the finger.
(() => {
  "use strict";

  /** One HTML element. */
  function make(name, properties = {}, ...children) {
    const { dataset = {}, attributes = {}, ...rest } = properties;
    const element = Object.assign(document.createElement(name), rest);
    Object.assign(element.dataset, dataset);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  /**
   * A slider. `range(state)` gives [least, most]; `get(state)` the value; `put(value, state)` what changes in
   * the setting; `text(value, state)` what is read and read out.
   */
  function slider(
    name,
    label,
    { range, text = String, get = (state) => state[name], put = (value) => ({ [name]: value }) },
  ) {
    const value = make("output", { attributes: { "aria-hidden": "true" } }); // the slider says it itself
    const input = make("input", {
      type: "range",
      name,
      step: 1,
      dataset: { key: name },
      attributes: { "aria-label": label },
    });
    return {
      name,
      node: make("label", { className: "slider" }, make("span", {}, label), value, input),
      listen: (change) =>
        input.addEventListener("input", () => change((state) => put(Number(input.value), state))),
      show(state) {
        const [least, most] = range(state);
        Object.assign(input, { min: least, max: most, value: get(state), disabled: least === most });
        value.textContent = text(get(state), state);
        input.setAttribute("aria-valuetext", text(get(state), state));
      },
    };
  }

  /** A few values side by side, one of them chosen. `choices` maps a value to its words. */
  function segments(name, label, choices, { enabled = () => true } = {}) {
    const inputs = choices.map(([value]) =>
      make("input", { type: "radio", name, value: String(value), dataset: { key: `${name}-${value}` } }),
    );
    const labels = choices.map(([, words], i) => make("label", {}, inputs[i], make("span", {}, words)));
    return {
      name,
      node: make(
        "fieldset",
        { className: "segments" },
        make("legend", {}, label),
        make("div", {}, ...labels),
      ),
      listen: (change) =>
        inputs.forEach((input, i) =>
          input.addEventListener("change", () => change({ [name]: choices[i][0] })),
        ),
      show(state) {
        inputs.forEach((input, i) => {
          input.checked = choices[i][0] === state[name];
          input.disabled = !enabled(state);
        });
      },
    };
  }

  /** On or off. */
  function toggle(name, label, { enabled = () => true } = {}) {
    const input = make("input", { type: "checkbox", name, dataset: { key: name } });
    return {
      name,
      node: make("label", { className: "toggle" }, input, make("span", {}, label)),
      listen: (change) => input.addEventListener("change", () => change({ [name]: input.checked })),
      show(state) {
        input.checked = state[name];
        input.closest("label").hidden = !enabled(state);
      },
    };
  }

  /** A control that stands behind the fold. */
  const more = (control) => ({ ...control, folded: true });

  Poolkit.controls = { make, slider, segments, toggle, more };
})();
