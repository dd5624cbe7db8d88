// Keeps a site for when there is no net: all its pages, with all that they show, of one build together.
//
// Reads the net first, and what is kept only where that fails. Knows nothing of cards; progress is the pages' own
// (localStorage), which no worker can reach.
"use strict";

// Written by the build: a name for what it made, and what to keep beside what pages show.
const VERSION = "VERSION";
const FILES = ["FILES"];

const OURS = `deckle ${registration.scope} `;
const CACHE = OURS + VERSION;
// How long the net may take before what is kept is shown, in milliseconds.
const PATIENCE = 4000;
// So many files are asked for at once.
const AT_ONCE = 6;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.startsWith(registration.scope)) event.respondWith(answer(event.request));
});

// All or nothing: a build that is half there, or is put there meanwhile, is not kept.
async function install() {
  const kept = await caches.open(CACHE);
  try {
    await keepAll(kept);
    const now = await (await ask(new URL("worker.js", registration.scope))).text();
    if (!now.includes(VERSION)) throw new Error("the site was changed meanwhile");
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
  // The one page that is open came over the net a moment ago, and is of this build. Of several, some may be older: they
  // keep what they have until they are closed.
  const pages = await clients.matchAll({ includeUncontrolled: true });
  if (pages.filter((page) => page.url.startsWith(registration.scope)).length < 2) await skipWaiting();
}

// What files name is found in them: only mdBook knows what its styles and scripts are called.
async function keepAll(kept) {
  const known = new Set();
  const queue = [];
  const add = (address, from) => {
    const url = place(address, from);
    if (url.startsWith(registration.scope) && !known.has(url)) queue.push(url);
    known.add(url);
  };
  for (const file of FILES) add(file, registration.scope);
  while (queue.length > 0) {
    const some = queue.splice(0, AT_ONCE);
    const named = await Promise.all(some.map((url) => keep(kept, url)));
    named.forEach((names, index) => names.forEach((name) => add(name, some[index])));
  }
}

// Keeps a file, and gives the styles, scripts, pictures and fonts that it names.
async function keep(kept, url) {
  const response = await ask(url);
  const kind = response.headers.get("content-type") ?? "";
  const text = /html|css/.test(kind) ? await response.clone().text() : "";
  await kept.put(url, response);
  const names = /css/.test(kind)
    ? text.matchAll(/url\(\s*["']?([^"')]+?)["']?\s*\)/g)
    : text.matchAll(/<(?:link|script)\b[^>]*?\s(?:href|src)="([^"]+\.(?:css|js|svg|png)(?:\?[^"]*)?)"/g);
  return [...names].map(([, name]) => name.replaceAll("&amp;", "&")).filter((name) => !/^(data:|#)/.test(name));
}

// The one address of what is asked for: there are several ways to write one.
function place(address, from) {
  const url = new URL(address, from);
  try {
    url.pathname = encodeURI(decodeURIComponent(url.pathname));
  } catch {
    // No text is meant by it.
  }
  return url.origin + url.pathname;
}

// Asks whether what the browser has is still right.
async function ask(url) {
  const response = await fetch(url, { cache: "no-cache" });
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return response;
}

// Another book of the same address has names of its own.
async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(OURS) && name !== CACHE).map((name) => caches.delete(name)));
  await clients.claim();
}

async function answer(request) {
  const net = fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const first = await Promise.race([net, late]).catch(() => {});
  return first ?? (await find(request.url)) ?? net;
}

// Hosts show a page under its name, that without its end, and a folder's under that of the folder.
async function find(address) {
  const kept = await caches.open(CACHE);
  const url = place(address);
  for (const name of [url, `${url}index.html`, `${url}.html`]) {
    const found = await kept.match(name);
    if (found) return found;
  }
}
