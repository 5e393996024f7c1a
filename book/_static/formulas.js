// MathJax is 2 MB to read: it comes when a formula comes near, or when the page has stood for a
// while. Text comes first.
(() => {
  const STANDS = 4000; // milliseconds after the page is there
  const source = document.currentScript.dataset.mathjax;

  const near = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && load(), {
    rootMargin: "100%",
  });
  let loaded = false;
  function load() {
    if (loaded) return;
    loaded = true;
    near.disconnect();
    const script = document.createElement("script");
    script.src = source;
    document.head.append(script);
  }

  for (const formula of document.querySelectorAll(".math")) near.observe(formula);
  addEventListener("load", () => setTimeout(load, STANDS));
  addEventListener("beforeprint", load);
})();
