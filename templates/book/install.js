
// Installs the site where it lies at the address of its settings: a phone keeps it, and studies without a net (worker.js).
(() => {
  const site = "SITE";
  if (!("serviceWorker" in navigator) || !isSecureContext || !location.href.startsWith(site)) return;
  const place = (name) => new URL(name, site).href;
  for (const [rel, name] of [["manifest", "manifest.webmanifest"], ["apple-touch-icon", "icon-192.png"]]) {
    document.head.append(Object.assign(document.createElement("link"), { rel, href: place(name) }));
  }
  // The page works without it.
  navigator.serviceWorker.register(place("worker.js")).catch(() => {});
})();
