/* The page at the door: tick, scan, write down, with the network or without it. */
"use strict";
(function () {
  const here = document.getElementById("door").dataset;
  const EVENT = Number(here.event);
  const { one, say, alert } = DoorView;
  const FEW = 50;

  let store = null;
  let state = null;
  let queue = [];
  let stamp = "";
  let people = [];
  let show = "";
  let most = FEW;
  let mode = "checking";
  let modeWords = "";
  let undoable = null;

  const channel = self.BroadcastChannel ? new BroadcastChannel("portal-door-" + EVENT) : null;
  const isPast = (some) => Date.now() + some.offset - Date.parse(some.event.ends_at) > DoorStore.KEPT_FOR;
  const now = () => new Date(Date.now() + (state ? state.offset : 0)).toISOString();

  // Sessions of the same event have pages, workers and tokens of their own.
  const of = (address, event) => address.replace("/events/" + EVENT + "/", "/events/" + event + "/");
  const told = JSON.parse(here.sessions || "[]");
  const sessions = () => (told.length ? told : (state && state.sessions) || []);

  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  // ---- what is kept, and what of it is shown

  // Reading what is kept and adding to it take turns: what was read is never older than what is shown.
  let turn = Promise.resolve();
  function inTurn(work) {
    const mine = turn.then(work);
    turn = mine.catch(() => {});
    return mine;
  }

  async function read() {
    const kept = await store.load(EVENT);
    state = kept.state;
    queue = kept.queue;
    stamp = kept.stamp;
    draw();
  }

  async function reload() {
    await inTurn(read);
    DoorView.sessions(state ? sessions() : [], EVENT, await store.prepared(), (event) => of(here.page, event));
    if (channel) { channel.postMessage("changed"); }
  }

  function refreshFromStore() {
    return inTurn(async () => { if (await store.stamp(EVENT) !== stamp) { await read(); } });
  }

  function draw() {
    const isReady = Boolean(state) && !isPast(state);
    one("door-board").hidden = !isReady;
    one("door-prepare").hidden = Boolean(state);
    one("door-clear").hidden = !state && !queue.length;
    DoorStore.noteUnsent(EVENT, store.isLasting ? queue.length : 0);
    if (state || queue.length) { DoorView.mode(state ? mode : "lost", queue.length, modeWords); }
    one("door-clear-words").textContent = clearWords();
    if (!isReady) { return; }
    people = DoorPeople.overlaid(state.people, queue, state.sent);
    one("door-title").textContent = state.event.title;
    one("door-ways").hidden = !state.event.signs_out;
    document.title = "门口点名 · " + state.event.title;
    DoorView.numbers(DoorPeople.counts(people));
    DoorView.problems(state.problems);
    DoorView.facts(state, store);
    drawRows();
  }

  function seem(name, words) {
    mode = name;
    modeWords = words || "";
    if (state) { DoorView.mode(mode, queue.length, modeWords); }
  }

  function drawRows() {
    const typed = one("door-q").value.trim();
    const found = DoorPeople.passText(typed) ? people : DoorPeople.found(people, typed, show);
    DoorView.rows(found, most);
    DoorView.none(typed, found.length, !people.length);
    return found;
  }

  function clearWords() {
    const names = queue.slice(0, 5).map((item) => item.name).join("、");
    const lost = queue.length ? "还有 " + queue.length + " 条没有发送，清除后就没有了，也不能恢复：" + names + (queue.length > 5 ? " 等" : "") + "。" : "已经发送的记录在门户上，不受影响。";
    return "将清除这台设备上的名册和登记记录。" + lost;
  }

  // ---- what is done at the door

  async function note(kind, name, body, person) {
    const item = { kind: kind, name: name, person_id: person || null, body: Object.assign({ client_id: uuid(), at: now() }, body) };
    await inTurn(async () => {
      const seq = await store.push(EVENT, item);
      queue.push(Object.assign({}, item, { seq: seq }));
      stamp = store.stampWith(stamp, seq);
      draw();
    });
    if (channel) { channel.postMessage("changed"); }
    sending.kick();
    return item;
  }

  const isLeaving = () => Boolean(state && state.event.signs_out && one("door-out").getAttribute("aria-pressed") === "true");

  function offerUndo(act) {
    undoable = act;
    one("door-undo").hidden = !act;
  }

  async function leave(person, method) {
    if (person.left_at) {
      offerUndo(null);
      say(person.name + "已经登记过离开，没有重复登记。");
      return;
    }
    const item = await note("checkins", person.name, { person_id: person.person_id, method: method, direction: "out" });
    say(person.name + "已登记离开。");
    offerUndo({ client_id: item.body.client_id, person_id: person.person_id, name: person.name });
  }

  async function tick(person, method) {
    if (isLeaving()) { return leave(person, method); }
    if (DoorPeople.hasCome(person) && person.left_at) {
      const item = await note("checkins", person.name, { person_id: person.person_id, method: method, direction: "in" });
      say(person.name + "又回来了，已取消登记的离开。");
      offerUndo({ client_id: item.body.client_id, person_id: person.person_id, name: person.name });
      return;
    }
    if (DoorPeople.hasCome(person)) {
      offerUndo(null);
      say(person.name + "已经登记过了" + (person.mine ? "（本机）" : "") + "，没有重复登记。");
      return;
    }
    const before = DoorPeople.word(person);
    const item = await note("checkins", person.name, { person_id: person.person_id, method: method });
    say(person.name + "已登记到场" + (before === "未到" ? "。" : "（原来登记的是“" + before + "”）。") + (person.place ? "请坐：" + person.place : ""));
    offerUndo({ client_id: item.body.client_id, person_id: person.person_id, name: person.name });
  }

  async function undo(act) {
    offerUndo(null);
    const item = { client_id: act.client_id };
    await note("withdrawals", act.name, item, act.person_id);
    say("已撤销" + act.name + "的登记。");
    one("door-q").focus();
  }

  async function scan(text) {
    offerUndo(null);
    const person = await bearer(text);
    if (person) { return tick(person, "scan"); }
    await note("checkins", "没认出的凭证 …" + text.slice(-4), Object.assign({ pass: text, method: "scan" }, isLeaving() ? { direction: "out" } : {}));
    say("名册里没有这张凭证（尾号 " + text.slice(-4) + "），已记下，由门户核对。请先看一下姓名，或在下面记下。");
    return null;
  }

  async function bearer(text) {
    if (!crypto.subtle) { return null; }
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    const hash = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
    return people.find((person) => person.pass_hashes.includes(hash)) || null;
  }

  async function enter() {
    const field = one("door-q");
    const typed = field.value.trim();
    const pass = DoorPeople.passText(typed);
    if (!typed) { return; }
    if (pass) {
      field.value = "";
      await scan(pass);
    } else {
      const found = DoorPeople.found(people, typed, show);
      if (found.length !== 1) {
        say(found.length ? "还有 " + found.length + " 人符合，请再输入一些，或点姓名。" : "名册里没有“" + typed + "”。");
        return;
      }
      field.value = "";
      await tick(found[0], "tick");
    }
    most = FEW;
    drawRows();
    field.focus();
  }

  async function writeDown(event) {
    event.preventDefault();
    const name = one("door-name").value.trim();
    if (!name) { say("请填写姓名。"); one("door-name").focus(); return; }
    await note("names", name, { name: name, unit: one("door-unit").value.trim() });
    event.target.reset();
    say(name + "已记下，由主办方认定是谁。");
    offerUndo(null);
    one("door-name").focus();
  }

  // ---- getting ready, and leaving

  async function prepare(event) {
    event.preventDefault();
    const form = event.target;
    const button = form.querySelector("button");
    button.disabled = true;
    alert("");
    try {
      const made = await getReady(form, EVENT);
      if (navigator.storage && navigator.storage.persist) { navigator.storage.persist(); }
      const missing = await getOthersReady(form);
      mode = "online";
      await reload();
      say((store.isLasting ? "这台设备已准备好，断网也能点名。" : "可以点名了（只在联网时可靠）。") + (missing.length ? "没有准备好的场次：" + missing.join("、") + "，请点场次名再试。" : ""));
      sending.kick();
      if (!isPast(made)) { one("door-q").focus(); }
    } catch (error) {
      alert(error.name === "TypeError" || error.name === "AbortError" ? "网络没有连通，没有准备好。请检查网络后再试。" : error.message);
    }
    button.disabled = false;
  }

  /* A token for the event and its roster, kept; what went wrong is said in the error. */
  async function getReady(form, event) {
    const said = await fetch(of(form.action, event), { method: "POST", body: new FormData(form), redirect: "manual", headers: { Accept: "application/json" } });
    if (said.type === "opaqueredirect" || said.status === 401) { throw new Error("登录已过期，请刷新本页，登录后再按一次。"); }
    const answer = await said.json().catch(() => ({}));
    if (!said.ok) { throw new Error(answer.detail || "没有准备好，请刷新本页后再试。"); }
    const roster = await DoorSending.ask(of(here.roster, event), answer.token, {});
    const made = {
      token: answer.token, token_id: answer.token_id, device: answer.device, person: answer.person, sessions: told,
      offset: Date.parse(answer.now) - Date.now(), event: roster.body.event, people: roster.body.people,
      etag: roster.etag, read_at: answer.now, sent: [], problems: [], care: document.documentElement.dataset.care,
    };
    if (Math.abs(made.offset) < 2000) { made.offset = 0; }
    if (isPast(made)) { made.people = []; }
    await store.save(event, made, []);
    return made;
  }

  /* The other sessions, page and roster; returns the names of those that it could not. */
  async function getOthersReady(form) {
    const wanted = one("door-others");
    const missing = [];
    if (!store.isLasting || !wanted || !wanted.checked) { return missing; }
    const known = await store.prepared();
    for (const session of told.filter((other) => other.id !== EVENT && !known.includes(other.id))) {
      try {
        await getReady(form, session.id);
        await keepPage(session.id);
      } catch (error) { missing.push(session.name); }
    }
    return missing;
  }

  async function clear() {
    const form = one("door-prepare-form");
    if (state && form) {
      const sent = new FormData();
      sent.append("csrf_token", form.querySelector("[name=csrf_token]").value);
      // The device speaks no more; where the portal does not hear it, the token ends by itself.
      fetch(here.tokens + "/" + state.token_id + "/revoke", { method: "POST", body: sent, redirect: "manual" }).catch(() => {});
    }
    await store.forget(EVENT);
    one("door-clear").open = false;
    offerUndo(null);
    await reload();
    one("door-mode").hidden = true;
    alert("这台设备上的数据已清除。");
  }

  /* The token is worth nothing any more: the roster goes, what is not sent stays. */
  async function lost() {
    await (queue.length ? store.forgetRoster(EVENT) : store.forget(EVENT));
    await reload();
    DoorView.mode("lost", queue.length);
  }

  const sending = DoorSending.sender({
    event: EVENT,
    addresses: { checkins: here.checkins, withdrawals: here.withdrawals, names: here.names, roster: here.roster },
    get store() { return store; },
    kept: () => ({ state: state, queue: queue }),
    reload: reload,
    refreshFromStore: refreshFromStore,
    isPast: isPast,
    lost: lost,
    changed: (name, words) => {
      seem(name, words);
      if (channel) { channel.postMessage({ mode: name, words: words }); }
    },
  });

  /* Return once the browser has kept the page of the event, and would open it without a network. */
  async function keepPage(event) {
    const made = await navigator.serviceWorker.register(of(here.worker, event), { scope: of(here.page, event), updateViaCache: "none" });
    const worker = made.active || made.waiting || made.installing;
    await new Promise((resolve, reject) => {
      const look = () => {
        if (worker.state === "activated") { resolve(); } else if (worker.state === "redundant") { reject(new Error("the page was not kept")); }
      };
      worker.addEventListener("statechange", look);
      look();
    });
  }

  async function keepThisPage() {
    if (!store.isLasting || !navigator.serviceWorker) { return; }
    try {
      await keepPage(EVENT);
      await navigator.serviceWorker.ready;
      document.getElementById("door").dataset.kept = "yes";
    } catch (error) { /* without a network the page that is kept goes on */ }
  }

  function listen() {
    one("door-find").addEventListener("submit", (event) => { event.preventDefault(); enter(); });
    one("door-q").addEventListener("input", () => { most = FEW; drawRows(); });
    one("door-q").addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.target.value = ""; drawRows(); }
    });
    one("door-rows").addEventListener("click", (event) => {
      const item = event.target.closest("li");
      const person = item && people.find((some) => String(some.person_id) === item.dataset.person);
      if (!person) { return; }
      if (event.target.closest(".door-back")) { undo(Object.assign({ name: person.name }, person.mine)); } else { tick(person, "tick"); }
    });
    [one("door-in"), one("door-out")].forEach((way) => way.addEventListener("click", () => {
      [one("door-in"), one("door-out")].forEach((other) => other.setAttribute("aria-pressed", String(other === way)));
      offerUndo(null);
      say(isLeaving() ? "现在登记离开：点姓名或扫凭证。" : "现在登记到场。");
      one("door-q").focus();
    }));
    document.querySelectorAll("[data-show]").forEach((chip) => chip.addEventListener("click", () => {
      show = chip.dataset.show;
      most = FEW;
      document.querySelectorAll("[data-show]").forEach((other) => other.setAttribute("aria-pressed", String(other === chip)));
      drawRows();
    }));
    one("door-more").addEventListener("click", () => { most += 100; drawRows(); });
    one("door-undo").addEventListener("click", () => { if (undoable) { undo(undoable); } });
    one("door-name-form").addEventListener("submit", writeDown);
    one("door-none-note").addEventListener("click", () => {
      const typed = one("door-q").value.trim();
      one("door-walk-in").open = true;
      if (/[^\x00-\x7f]/.test(typed)) { one("door-name").value = typed; }
      one("door-q").value = "";
      drawRows();
      one("door-name").focus();
    });
    one("door-refresh").addEventListener("click", sending.kick);
    one("door-send").addEventListener("click", sending.kick);
    one("door-clear-now").addEventListener("click", clear);
    if (one("door-prepare-form")) { one("door-prepare-form").addEventListener("submit", prepare); }
    if (channel) {
      // Another tab of this page has changed something, or has heard from the portal.
      channel.onmessage = (event) => { if (event.data.mode) { seem(event.data.mode, event.data.words); } refreshFromStore(); };
    }
    self.addEventListener("beforeunload", (event) => {
      if (!store.isLasting && queue.length) { event.preventDefault(); event.returnValue = ""; }
    });
  }

  async function begin() {
    store = await DoorStore.open();
    one("door-insecure").hidden = store.isLasting;
    const past = await store.forgetPast(Date.now());
    // Signed out in another tab: what was kept is gone, so nothing of it stays on the screen.
    store.onGone(() => location.reload());
    listen();
    await reload();
    if (past.includes(EVENT)) { alert("活动结束已超过一天，名册已从这台设备清除。"); }
    if (state && here.person && state.person !== Number(here.person)) {
      await lost();
      alert("这台设备是别人登录时准备的，名册已清除。请按“准备离线”重新准备。");
    }
    if (state && !here.person) { document.documentElement.dataset.care = state.care; }
    if (navigator.onLine === false) { mode = "offline"; }
    draw();
    sending.kick();
    await keepThisPage();
  }

  begin();
})();
