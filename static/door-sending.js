/* Sends what the door has noted, in its order, until the portal has answered each thing; reads
   the roster anew when it has changed. The same thing sent twice is counted once (`client_id`). */
"use strict";
(function (root) {
  const MOST = 100;
  const PATIENCE = 20000;
  const REST = 20000;
  const FIRST_PAUSE = 2000;
  const LONGEST_PAUSE = 60000;
  const PROBLEMS_KEPT = 200;
  const TURN_OF_ANOTHER = "another tab";

  class Refused extends Error {
    constructor(status, detail, wait) { super(detail); this.status = status; this.wait = wait; }
  }

  async function ask(address, token, options) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const headers = Object.assign({ Authorization: "Bearer " + token }, options.headers);
      const said = await fetch(address, Object.assign({ cache: "no-store", credentials: "omit", signal: stop.signal }, options, { headers: headers }));
      if (said.ok || said.status === 304) {
        const body = said.status === 200 ? await said.json() : null;
        return { status: said.status, etag: said.headers.get("ETag"), body: body };
      }
      // What is no problem of the portal's own comes from something between: the network is away.
      const isOurs = (said.headers.get("Content-Type") || "").startsWith("application/problem+json");
      if (!isOurs && said.status < 500 && said.status !== 429) { throw new Error("not the portal: " + said.status); }
      const told = await said.json().catch(() => ({}));
      throw new Refused(said.status, told.detail || "门户没有接受。", 1000 * Number(said.headers.get("Retry-After") || 0));
    } finally { clearTimeout(timer); }
  }

  /* `door`: event, addresses, store, kept() -> {state, queue}, reload(), changed(mode, words). */
  function sender(door) {
    let timer = null;
    let isRunning = false;
    let isWanted = false;
    let failures = 0;
    let isSingly = false;

    function kick() {
      if (isRunning) { isWanted = true; return; }
      clearTimeout(timer);
      timer = setTimeout(round, 0);
    }

    async function round() {
      isRunning = true;
      isWanted = false;
      let rest = REST;
      try {
        if (await alone(send) === TURN_OF_ANOTHER) { rest = FIRST_PAUSE; } else { failures = 0; }
      } catch (error) {
        rest = fell(error);
        if ([401, 403].includes(error.status)) { await door.lost(); }
      }
      isRunning = false;
      clearTimeout(timer);
      timer = setTimeout(round, isWanted ? 0 : rest);
    }

    // One tab sends at a time; another waits for its next turn.
    function alone(work) {
      if (!navigator.locks) { return work(); }
      return navigator.locks.request("portal-door-" + door.event, { ifAvailable: true }, (lock) => (lock ? work() : TURN_OF_ANOTHER));
    }

    function fell(error) {
      failures += 1;
      const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * Math.pow(2, failures - 1)) * (0.75 + Math.random() / 2);
      if (!(error instanceof Refused)) { door.changed("offline"); return pause; }
      if (error.status === 429 || error.status >= 500) {
        door.changed("busy");
        return Math.max(pause, error.wait);
      }
      door.changed("stopped", error.message);
      return LONGEST_PAUSE;
    }

    async function send() {
      await door.refreshFromStore();
      let kept = door.kept();
      if (!kept.state) { return; }
      while (kept.queue.length) {
        const first = kept.queue[0];
        const most = isSingly ? 1 : MOST;
        const end = kept.queue.findIndex((item) => item.kind !== first.kind);
        const batch = kept.queue.slice(0, Math.min(most, end < 0 ? kept.queue.length : end));
        await deliver(first.kind, batch, kept.state);
        await door.reload();
        kept = door.kept();
        door.changed("online");
      }
      isSingly = false;
      await refresh(kept.state);
      door.changed("online");
    }

    async function deliver(kind, batch, state) {
      const told = {};
      told[kind] = batch.map((item) => item.body);
      let results = [];
      let isTold = false;
      try {
        const said = await ask(door.addresses[kind], state.token, {
          method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(told),
        });
        results = said.body ? said.body.results : [];
        isTold = said.status === 204;
      } catch (error) {
        if (![413, 422].includes(error.status)) { throw error; }
        // One bad record keeps nobody waiting: sent one by one, it alone is told to the host.
        if (batch.length > 1) { isSingly = true; return; }
        look(state, { name: batch[0].name, at: batch[0].body.at, words: error.message });
        isTold = true;
      }
      const by = new Map(results.map((one) => [one.client_id, one]));
      batch.forEach((item) => {
        const result = by.get(item.body.client_id);
        if (result) { look(state, root.DoorPeople.answered(state, item, result)); }
      });
      // Only what was answered leaves the queue.
      const finished = batch.filter((item) => isTold || by.has(item.body.client_id));
      if (!finished.length) { throw new Error("no answer in the answer"); }
      await door.store.save(door.event, state, finished.map((item) => item.seq));
    }

    function look(state, problem) {
      if (problem) { state.problems = [problem].concat(state.problems).slice(0, PROBLEMS_KEPT); }
    }

    async function refresh(state) {
      if (door.isPast(state)) { return; }
      const said = await ask(door.addresses.roster, state.token, { headers: state.etag ? { "If-None-Match": state.etag } : {} });
      if (said.status === 304) { return; }
      // What was ticked while the answer was on its way lies over it, in the queue.
      state.people = said.body.people;
      state.event = said.body.event;
      state.etag = said.etag;
      state.read_at = new Date(Date.now() + state.offset).toISOString();
      await door.store.save(door.event, state, []);
      await door.reload();
    }

    root.addEventListener("online", () => { failures = 0; kick(); });
    root.addEventListener("offline", () => door.changed("offline"));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) { kick(); } });
    return { kick: kick, ask: ask };
  }

  root.DoorSending = { sender, ask, Refused };
})(self);
