// A printed page shows what is folded away, in the light scheme. Afterwards all is as it was.
(() => {
  const root = document.documentElement;
  let theme = null;
  let folded = [];

  addEventListener("beforeprint", () => {
    if (theme !== null) return; // a second print without an end of the first
    theme = root.dataset.theme ?? "";
    root.dataset.theme = "light";
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const fold of folded) fold.open = true;
  });

  addEventListener("afterprint", () => {
    if (theme === null) return;
    root.dataset.theme = theme;
    for (const fold of folded) fold.open = false;
    theme = null;
  });
})();
