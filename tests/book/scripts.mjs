// Runs scripts of the explorers as a page does, one after the other and by file, but without a page.

import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";

/** What the scripts offer, once all have run. */
export function run(paths) {
  for (const path of paths) runInThisContext(readFileSync(path, "utf-8"), { filename: path });
  return globalThis.Poolkit;
}

/** An object that is never silent about a name that it does not have. */
const strict = (target, whose) =>
  new Proxy(target, {
    get(_, name) {
      if (!(name in target)) throw new Error(`${whose} offers no ${String(name)} yet`);
      return target[name];
    },
    set(_, name, part) {
      target[name] = strict(part, name);
      return true;
    },
  });

/** The tags that the scripts define; an error where one takes what no script before it has offered. */
export function tagsOf([first, ...others]) {
  const tags = [];
  globalThis.HTMLElement = class {};
  globalThis.customElements = { define: (tag) => tags.push(tag) };
  globalThis.document = { currentScript: { src: "https://example.org/_static/explorers/explorer.js" } };
  globalThis.Poolkit = strict(run([first]), "Poolkit");
  run(others);
  return tags;
}
