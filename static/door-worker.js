/* Keeps the page of the door, and nothing else of the portal, for when the network is away.
   `KEPT` stands before this text as the portal sends it: the page's address, the shell without
   any data, the files of this version. */
"use strict";
const CACHE = "door " + KEPT.page + " " + KEPT.version;
// So long the network may take to bring the page; then it is away.
const PATIENCE = 6000;

async function keep() {
  const cache = await caches.open(CACHE);
  await Promise.all(KEPT.files.map((file) => cache.add(new Request(file, { credentials: "omit" }))));
  const shell = await fetch(KEPT.shell, { credentials: "omit", cache: "no-store" });
  if (!shell.ok) { throw new Error("no shell: " + shell.status); }
  await cache.put(KEPT.shell, shell);
}

async function forgetOlder() {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith("door " + KEPT.page + " ") && name !== CACHE);
  await Promise.all(older.map((name) => caches.delete(name)));
}

async function shell() {
  const cache = await caches.open(CACHE);
  return cache.match(KEPT.shell);
}

async function page(request) {
  let timer;
  const late = new Promise((resolve, reject) => { timer = setTimeout(() => reject(new Error("late")), PATIENCE); });
  try {
    const fresh = await Promise.race([fetch(request), late]);
    if (fresh.status < 500) { return fresh; }
    return (await shell()) || fresh;
  } catch (error) {
    const kept = await shell();
    if (kept) { return kept; }
    throw error;
  } finally { clearTimeout(timer); }
}

async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request.url)) || fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(forgetOlder().then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") { return; }
  const address = new URL(event.request.url);
  if (address.origin !== self.location.origin) { return; }
  if (event.request.mode === "navigate" && address.pathname === KEPT.page) {
    event.respondWith(page(event.request));
  } else if (KEPT.files.includes(address.pathname)) {
    event.respondWith(file(event.request));
  }
});
