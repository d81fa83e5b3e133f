/* What the door keeps in this browser: encrypted, the key not to be read out, whole or not at all.

   One record an event (roster, token, what came back) and one for each thing not yet sent. Where
   the page may not keep anything (no HTTPS) the same is kept in memory alone. */
"use strict";
(function (root) {
  const NAME = "portal-door";
  const STORES = ["events", "queue", "keys"];
  // Survives a dead battery: a write is told done once it is on the disk.
  const ON_DISK = { durability: "strict" };
  const UNSENT = "portal-door-unsent";

  function answer(request) {
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  function done(transaction) {
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onerror = transaction.onabort = () => reject(transaction.error || new Error("aborted"));
    });
  }

  function opened() {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      const made = request.result;
      made.createObjectStore("events", { keyPath: "event" });
      made.createObjectStore("keys", { keyPath: "event" });
      made.createObjectStore("queue", { keyPath: "seq", autoIncrement: true }).createIndex("event", "event");
    };
    return answer(request);
  }

  async function sealed(key, thing) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(thing));
    return { iv: iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv: iv }, key, plain) };
  }

  async function unsealed(key, record) {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: record.iv }, key, record.data);
    return JSON.parse(new TextDecoder().decode(plain));
  }

  // The pages of the portal ask before signing out while something here is not sent.
  function noteUnsent(event, number) {
    try {
      const told = JSON.parse(localStorage.getItem(UNSENT) || "{}");
      if (number) { told[event] = number; } else { delete told[event]; }
      localStorage.setItem(UNSENT, JSON.stringify(told));
    } catch (error) { /* nothing may be kept here: nobody is asked */ }
  }

  function onDisk(base) {
    const keys = new Map();

    async function key(event, make) {
      if (keys.has(event)) { return keys.get(event); }
      const kept = await answer(base.transaction("keys").objectStore("keys").get(event));
      let found = kept && kept.key;
      if (!found && make) {
        found = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
        const writing = base.transaction("keys", "readwrite", ON_DISK);
        writing.objectStore("keys").put({ event: event, key: found });
        await done(writing);
      }
      if (found) { keys.set(event, found); }
      return found;
    }

    async function load(event) {
      const reading = base.transaction(STORES);
      const [record, rows] = await Promise.all([
        answer(reading.objectStore("events").get(event)),
        answer(reading.objectStore("queue").index("event").getAll(event)),
      ]);
      const opener = await key(event, false);
      if (!opener) { return { state: null, queue: [], stamp: stampOf(record, rows) }; }
      const queue = await Promise.all(rows.map(async (row) => Object.assign(await unsealed(opener, row), { seq: row.seq })));
      return { state: record ? await unsealed(opener, record) : null, queue: queue, stamp: stampOf(record, rows) };
    }

    const stampOf = (record, rows) => JSON.stringify([record ? record.revision : 0, rows.map((row) => row.seq || row)]);

    /* The stamp after this page has pushed one thing more: nothing needs to be read again. */
    function stampWith(before, seq) {
      const parts = JSON.parse(before);
      return JSON.stringify([parts[0], parts[1].concat(seq)]);
    }

    async function stamp(event) {
      const reading = base.transaction(["events", "queue"]);
      const [record, seqs] = await Promise.all([
        answer(reading.objectStore("events").get(event)),
        answer(reading.objectStore("queue").index("event").getAllKeys(event)),
      ]);
      return stampOf(record, seqs);
    }

    /* The state and what it makes of the queue change together. */
    const prepared = () => answer(base.transaction("events").objectStore("events").getAllKeys());

    async function save(event, state, finished) {
      const record = await sealed(await key(event, true), state);
      const writing = base.transaction(["events", "queue"], "readwrite", ON_DISK);
      const before = writing.objectStore("events").get(event);
      before.onsuccess = () => {
        const revision = (before.result ? before.result.revision : 0) + 1;
        writing.objectStore("events").put(Object.assign(record, { event: event, ends_at: state.event.ends_at, revision: revision }));
        (finished || []).forEach((seq) => writing.objectStore("queue").delete(seq));
      };
      await done(writing);
    }

    async function push(event, item) {
      const record = await sealed(await key(event, true), item);
      const writing = base.transaction("queue", "readwrite", ON_DISK);
      const added = answer(writing.objectStore("queue").add(Object.assign(record, { event: event })));
      await done(writing);
      return added;
    }

    async function forgetRoster(event) {
      const writing = base.transaction("events", "readwrite", ON_DISK);
      writing.objectStore("events").delete(event);
      await done(writing);
    }

    /* Everything of the event, the key first of all: what is left can be read by nobody. */
    async function forget(event) {
      keys.delete(event);
      const writing = base.transaction(STORES, "readwrite", ON_DISK);
      writing.objectStore("keys").delete(event);
      writing.objectStore("events").delete(event);
      const all = writing.objectStore("queue").index("event").getAllKeys(event);
      all.onsuccess = () => all.result.forEach((seq) => writing.objectStore("queue").delete(seq));
      await done(writing);
      noteUnsent(event, 0);
    }

    /* A day after its end nothing of an event stays but what is not yet sent. */
    async function forgetPast(moment) {
      const records = await answer(base.transaction("events").objectStore("events").getAll());
      const past = records.filter((one) => moment - Date.parse(one.ends_at) > root.DoorStore.KEPT_FOR);
      for (const one of past) {
        const rest = await answer(base.transaction("queue").objectStore("queue").index("event").count(one.event));
        await (rest ? forgetRoster(one.event) : forget(one.event));
      }
      return past.map((one) => one.event);
    }

    return { isLasting: true, load, prepared, stamp, stampWith, save, push, forget, forgetRoster, forgetPast, onGone: (then) => { base.onclose = then; } };
  }

  function inMemory() {
    let state = null;
    let queue = [];
    let last = 0;
    const stamp = async () => "memory";
    return {
      isLasting: false,
      stamp: stamp,
      prepared: async () => [],
      stampWith: (before) => before,
      load: async () => ({ state: state, queue: queue.slice(), stamp: "memory" }),
      save: async (event, made, finished) => {
        state = made;
        queue = queue.filter((item) => !(finished || []).includes(item.seq));
      },
      push: async (event, item) => { last += 1; queue.push(Object.assign({}, item, { seq: last })); return last; },
      forget: async () => { state = null; queue = []; },
      forgetRoster: async () => { state = null; },
      forgetPast: async () => [],
      onGone: () => {},
    };
  }

  async function open() {
    if (!root.isSecureContext || !root.indexedDB || !root.crypto.subtle) { return inMemory(); }
    try { return onDisk(await opened()); } catch (error) { return inMemory(); }
  }

  root.DoorStore = { open, noteUnsent, KEPT_FOR: 24 * 3600 * 1000 };
})(self);
