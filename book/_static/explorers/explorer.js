// What all explorers have in common: a card with controls, drawings, a prediction before the reveal, a status
// that is read out politely, and a setting that attributes and addresses can carry. An explorer extends
// Explorer, says
//   static title             what it is, in words
//   static fields            its setting: fields of state.js; names are attributes and parts of the address
//   static style             what its own drawings need beyond style.js, as CSS
//   turns()                  its controls, made once (controls.js)
//   settle(state)            the nearest setting that makes sense
//   question(state)          { ask, choices: [{ words, right, reply }] }; wrong choices are known mistakes
//   show(state, open)        the drawings; `open` is false until the reader has predicted
//   says(state)              what there is to see, in a sentence or two; read out after each change
//   verdict(state)           the same after a prediction, where that needs other words
//   surprise(random, state)  another setting to be asked about
// and may hear the pointer and the keyboard on its drawings in this.stage. No framework, no network.
(() => {
  "use strict";

  const { make } = Poolkit.controls;
  const { readHash, readState, writeState } = Poolkit.state;
  const { STYLE } = Poolkit.style;

  const PLAYGROUND = new URL("../../book/playground.html", document.currentScript.src);
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const PAUSE = 250; // ms without a change before it is read out, and before it stands in the address

  class Explorer extends HTMLElement {
    static title = "Explorer";
    static fields = {};
    static style = "";
    #state = {};
    #start = {};
    #open = false;
    #answer = null; // what was asked, chosen and said, until the setting becomes another
    #controls = [];
    #note = make("p", { className: "note", hidden: true });
    #asked = make("div", { className: "question" });
    #status = make("p", { className: "aside", attributes: { role: "status" } }); // polite by its role
    #copy = make("button", {
      type: "button",
      textContent: "Copy link to this setting",
      dataset: { key: "copy" },
    });
    #there = make("a", { textContent: "Open in the playground", dataset: { key: "playground" } });
    #fold = make("details");
    #timers = {};
    stage = make("section");

    /** The setting, as numbers and words. */
    get state() {
      return { ...this.#state };
    }

    /** Whether the reader has predicted, so that nothing is hidden. */
    get open() {
      return this.#open;
    }

    /** The address of this setting on the playground. */
    get link() {
      const page = this.hasAttribute("linked") ? new URL(location.href) : new URL(PLAYGROUND);
      page.hash = `${this.localName}?${writeState(this.constructor.fields, this.#state)}`;
      return page.href;
    }

    connectedCallback() {
      if (this.hasAttribute("linked")) {
        this.heard = () => this.#follow();
        window.addEventListener("hashchange", this.heard);
      }
      if (this.shadowRoot) return;
      this.#controls = this.turns();
      const nodes = (folded) =>
        this.#controls.filter((control) => Boolean(control.folded) === folded).map((control) => control.node);
      const form = make("form", {}, ...nodes(false));
      const fold = nodes(true);
      if (fold.length) {
        this.#fold.append(
          make("summary", { textContent: "More settings", dataset: { key: "more" } }),
          make("div", {}, ...fold),
        );
        form.append(this.#fold);
      }
      form.addEventListener("submit", (event) => event.preventDefault());
      for (const control of this.#controls) control.listen((patch) => this.change(patch));
      const restart = make("button", {
        type: "button",
        textContent: "Start again",
        dataset: { key: "restart" },
      });
      restart.addEventListener("click", () => this.#load(this.#start, "Back at the start."));
      this.#copy.addEventListener("click", () => this.#copied());
      const foot = make(
        "footer",
        {},
        restart,
        this.#copy,
        ...(this.hasAttribute("linked") ? [] : [this.#there]),
      );
      const card = make(
        "div",
        { className: "card", attributes: { role: "group", "aria-label": this.constructor.title } },
        form,
        this.stage,
        this.#asked,
        foot,
      );
      this.attachShadow({ mode: "open" }).append(
        make("style", { textContent: STYLE + this.constructor.style }),
        card,
        this.#status,
      );
      this.stage.before(this.#note);
      const { state, refused } = readState(this.constructor.fields, (name) => this.getAttribute(name));
      this.#start = this.settle(state);
      this.#refuse(refused);
      this.#load(this.#start);
      if (this.hasAttribute("linked")) this.#follow();
    }

    disconnectedCallback() {
      if (this.heard) window.removeEventListener("hashchange", this.heard);
    }

    settle(state) {
      return state;
    }

    surprise() {
      return {};
    }

    verdict(state) {
      return this.says(state);
    }

    /**
     * Change a part of the setting; `patch` may be a function of it. What is open stays open, so that a
     * reader who has predicted may play. `redraw` changes the drawings in place, where drawing them anew
     * would disturb a pointer; that is for looking around, and leaves the answer standing.
     */
    change(patch, redraw = null) {
      const before = this.#state;
      this.#state = this.settle({
        ...this.#state,
        ...(typeof patch === "function" ? patch(this.state) : patch),
      });
      if (same(this.#state, before)) return this.#sync();
      if (!redraw) this.#answer = null;
      this.render(redraw);
      if (this.#open) this.announce(this.says(this.#state));
      return this.#write();
    }

    /** Have a sentence read out when the reader pauses. */
    announce(text) {
      this.#later("said", () => {
        this.#status.textContent = text;
      });
    }

    /** Draw everything anew, and leave the keyboard where it was. */
    render(redraw = null) {
      const key = this.shadowRoot.activeElement?.dataset.key;
      this.#sync();
      if (redraw) redraw();
      else this.stage.replaceChildren(...this.show(this.#state, this.#open));
      this.#asked.replaceChildren(...this.#question());
      this.#there.href = this.link;
      this.#copy.textContent = "Copy link to this setting";
      if (!key || this.shadowRoot.activeElement?.dataset.key === key) return;
      this.restoring = true; // the reader has not moved, so that nothing should follow the focus
      this.shadowRoot.querySelector(`[data-key="${key}"]`)?.focus({ preventScroll: true });
      this.restoring = false;
    }

    #sync() {
      for (const control of this.#controls) control.show(this.#state);
      // What a link has set must be seen.
      this.#fold.open ||=
        this.hasAttribute("unfolded") ||
        this.#controls.some(({ folded, name }) => folded && !same(this.#state[name], this.#start[name]));
    }

    #load(state, words = "") {
      this.#state = this.settle({ ...state });
      this.#open = false;
      this.#answer = null;
      this.#fold.open = false;
      this.render();
      if (words) {
        this.announce(words);
        this.#write();
      }
    }

    /** Take the setting from the address, where it names this explorer. */
    #follow() {
      const { tag, values } = readHash(location.hash);
      if (tag !== this.localName || !values) return;
      const { state, refused } = readState(this.constructor.fields, (name) => values.get(name));
      this.#load(state);
      this.#refuse([
        ...refused,
        ...[...values.keys()].filter((name) => !Object.hasOwn(this.constructor.fields, name)),
      ]);
      const come = () => this.scrollIntoView({ block: "start" });
      come();
      if (document.readyState !== "complete") window.addEventListener("load", come, { once: true });
    }

    #refuse(names) {
      this.#note.hidden = names.length === 0;
      const many = names.length > 1 ? "values are" : "value is";
      this.#note.textContent = `The link's ${many} not understood here, and left out: ${names
        .map((name) => name.slice(0, 20))
        .slice(0, 5)
        .join(", ")}.`;
    }

    /** Keep the address up to date; a history of every step would bury the page before. */
    #write() {
      if (!this.hasAttribute("linked")) return;
      this.#later("written", () => history.replaceState(history.state, "", this.link));
    }

    #later(name, act) {
      clearTimeout(this.#timers[name]);
      this.#timers[name] = setTimeout(act, PAUSE);
    }

    #question() {
      const again = make("button", {
        type: "button",
        className: "again",
        textContent: "Ask me another",
        dataset: { key: "again" },
      });
      again.addEventListener("click", () => this.#another());
      if (this.#open && !this.#answer) {
        return [make("p", { className: "says", textContent: this.says(this.#state) }), again];
      }
      const { asked, choice: made, words } = this.#answer ?? { asked: this.question(this.#state) };
      const buttons = asked.choices.map((choice, i) => {
        const mark = made && choice.right ? "\u2713 " : choice === made ? "\u2717 " : "";
        const button = make("button", {
          type: "button",
          textContent: mark + choice.words,
          dataset: { key: `choice-${i}` },
          className: mark ? (choice.right ? "right" : "wrong") : "",
          attributes: { "aria-pressed": String(choice === made), "aria-disabled": String(Boolean(made)) },
        });
        button.addEventListener("click", () => this.#commit(asked, choice));
        return button;
      });
      const legend = make("legend", {}, make("b", { textContent: "Predict. " }), asked.ask);
      const box = make("fieldset", {}, legend, make("div", { className: "choices" }, ...buttons));
      return made ? [box, make("p", { className: "says", textContent: words }), again] : [box];
    }

    #commit(asked, choice) {
      if (this.#answer) return;
      const right = asked.choices.find((one) => one.right);
      const verdict = choice.right ? "Right." : `You said ${choice.words}; it is ${right.words}.`;
      this.#answer = {
        asked,
        choice,
        words: [verdict, choice.reply, this.verdict(this.#state)].filter(Boolean).join(" "),
      };
      this.#open = true;
      this.render();
      this.announce(this.#answer.words);
    }

    #another() {
      const { fields } = this.constructor;
      const initial = Object.fromEntries(
        Object.entries(fields).map(([name, field]) => [name, field.initial]),
      );
      this.#refuse([]);
      this.#load({ ...initial, ...this.surprise(Math.random, this.state) });
      this.announce(`Another setting. ${this.question(this.#state).ask}`);
      this.#write();
      this.#asked.querySelector("button")?.focus({ preventScroll: true });
    }

    async #copied() {
      try {
        await navigator.clipboard.writeText(this.link);
        this.#copy.textContent = "Link copied";
        this.announce("The link is copied.");
      } catch {
        // no clipboard without leave, or on a page that is not secure: show it instead
        const box = make("input", {
          type: "text",
          readOnly: true,
          value: this.link,
          attributes: { "aria-label": "Link to this setting" },
        });
        this.shadowRoot.querySelector("footer input")?.remove();
        this.shadowRoot.querySelector("footer").append(box);
        box.select();
      }
    }
  }

  Poolkit.explorer = { Explorer };
})();
