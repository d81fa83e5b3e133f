/* Taking down what is said: by keyboard alone, and nothing typed is lost. A statement waits in
   this browser until the server has answered for it; sent again, it is the same statement. */
"use strict";
(function () {
  var form = document.getElementById("note-form");
  if (!form) { return; }
  var own = form.dataset.reader + ":" + form.dataset.record;
  var waitingKey = "portal-notes:" + own, draftKey = "portal-note-draft:" + own;
  var people = JSON.parse(form.dataset.people).map(function (row) {
    return { id: row[0], name: row[1], post: row[2], keys: row[4] };
  });
  var speaker = form.elements.speaker, speakerId = form.elements.speaker_id, post = form.elements.post, words = form.elements.text;
  var found = document.getElementById("note-found"), list = document.getElementById("note-waiting"), state = document.getElementById("note-state");
  var last = null, sending = false, cut = false;

  function fresh() {
    var bytes = window.crypto.getRandomValues(new Uint8Array(16));
    return Array.prototype.map.call(bytes, function (byte) { return ("0" + byte.toString(16)).slice(-2); }).join("");
  }
  function read(key, none) {
    try { return JSON.parse(localStorage.getItem(key)) || none; } catch (error) { return none; }
  }
  function write(key, value) {
    try { localStorage.setItem(key, JSON.stringify(value)); } catch (error) {
      state.textContent = "这台电脑存不下了：在显示“都已送到”之前请不要关闭页面。";
    }
  }
  // Also what this page holds where the browser stores nothing.
  var held = read(waitingKey, []);
  function waiting() { return held; }
  function setWaiting(items) { held = items; write(waitingKey, items); show(); }

  // ---- who speaks
  function match(typed) {
    var wanted = typed.trim().toLowerCase();
    if (!wanted) { return []; }
    return people.filter(function (one) {
      return one.name.indexOf(wanted) === 0 || one.keys.some(function (key) { return key.indexOf(wanted) === 0; });
    }).slice(0, 8);
  }
  function offer() {
    var matches = speakerId.value ? [] : match(speaker.value);
    found.textContent = "";
    matches.forEach(function (one) {
      var row = document.createElement("li"), button = document.createElement("button");
      button.type = "button";
      button.tabIndex = -1;
      button.textContent = one.post ? one.name + "　" + one.post : one.name;
      button.addEventListener("mousedown", function (event) { event.preventDefault(); choose(one); });
      row.appendChild(button);
      found.appendChild(row);
    });
    found.hidden = matches.length === 0;
    return matches;
  }
  function choose(one) {
    speaker.value = one.name;
    speakerId.value = one.id || "";
    post.value = one.post || "";
    found.hidden = true;
    words.focus();
    keepDraft();
  }
  speaker.addEventListener("input", function () { speakerId.value = ""; post.value = ""; offer(); });
  speaker.addEventListener("focus", function () { speaker.select(); });
  speaker.addEventListener("blur", function () { found.hidden = true; });
  function isEnter(event) { return event.key === "Enter" && !event.isComposing && event.keyCode !== 229; }
  speaker.addEventListener("keydown", function (event) {
    if (!isEnter(event)) { return; }
    event.preventDefault();
    if (!speaker.value.trim()) { if (last) { choose(last); } return; }
    if (speakerId.value) { words.focus(); return; }
    var matches = match(speaker.value);
    if (matches.length) { choose(matches[0]); } else { post.focus(); }
  });
  post.addEventListener("keydown", function (event) {
    if (isEnter(event)) { event.preventDefault(); words.focus(); }
  });
  words.addEventListener("keydown", function (event) {
    if (isEnter(event) && !event.shiftKey) { event.preventDefault(); take(); }
  });
  form.addEventListener("keydown", function (event) {
    var number = /^Digit([1-6])$/.exec(event.code || "");
    if (event.altKey && number) {
      event.preventDefault();
      form.querySelectorAll("[name=kind]")[Number(number[1]) - 1].checked = true;
      keepDraft();
    } else if (event.key === "Escape") { speaker.focus(); }
  });

  // ---- what is being typed
  function now() {
    var kind = form.querySelector("[name=kind]:checked");
    return { speaker: speaker.value.trim(), speaker_id: speakerId.value, post: post.value.trim(), kind: kind ? kind.value : "question", text: words.value };
  }
  function fill(item) {
    speaker.value = item.speaker; speakerId.value = item.speaker_id; post.value = item.post; words.value = item.text;
    form.querySelectorAll("[name=kind]").forEach(function (option) { option.checked = option.value === item.kind; });
  }
  function keepDraft() { write(draftKey, now()); }
  form.addEventListener("input", keepDraft);
  var draft = read(draftKey, null);
  if (draft && !words.value && (draft.text || draft.speaker)) { fill(draft); }

  // ---- taking down, and sending
  function take() {
    var item = now();
    if (!item.text.trim()) { words.focus(); return; }
    if (!item.speaker) { speaker.focus(); state.textContent = "请先写是谁说的。"; return; }
    item.client_id = fresh();
    last = { id: item.speaker_id, name: item.speaker, post: item.post };
    setWaiting(waiting().concat([item]));
    fill({ speaker: "", speaker_id: "", post: "", text: "", kind: item.kind });
    keepDraft();
    speaker.focus();
    send();
  }
  form.addEventListener("submit", function (event) { event.preventDefault(); take(); });

  function body(item) {
    var data = new URLSearchParams();
    data.append("csrf_token", form.elements.csrf_token.value);
    ["client_id", "speaker", "speaker_id", "post", "kind", "text"].forEach(function (name) { data.append(name, item[name]); });
    return data;
  }
  function without(item) { return waiting().filter(function (one) { return one.client_id !== item.client_id; }); }
  function send() {
    var next = waiting().find(function (item) { return !item.refused; });
    if (sending || !next) { return; }
    sending = true;
    var stop = window.AbortController ? new AbortController() : null;
    var timer = window.setTimeout(function () { if (stop) { stop.abort(); } }, 15000);
    window.fetch(form.action, { method: "POST", body: body(next), credentials: "same-origin", headers: { "HX-Request": "true" }, signal: stop ? stop.signal : undefined })
      .then(function (answer) {
        return answer.text().then(function (text) { return { status: answer.status, text: text }; });
      })
      .then(function (answer) {
        window.clearTimeout(timer);
        sending = false;
        if (answer.status === 200) {
          cut = false;
          setWaiting(without(next));
          put(answer.text);
          send();
        } else if (answer.status === 409 || answer.status === 422 || answer.status === 404 || answer.status === 403) {
          next.refused = sentence(answer.text);
          setWaiting(waiting().map(function (one) { return one.client_id === next.client_id ? next : one; }));
          send();
        } else {
          later(answer.status === 401 || answer.status === 400 ? "登录已经结束：请在新窗口登录，再回到这一页，没有送到的会自动补送。" : "");
        }
      })
      .catch(function () { window.clearTimeout(timer); sending = false; later(""); });
  }
  function later(why) {
    cut = true;
    show(why);
    window.setTimeout(send, 2500);
  }
  function sentence(html) {
    var page = new DOMParser().parseFromString(html, "text/html");
    var told = page.querySelector("[data-refused]") || page.querySelector("[role=alert]");
    return told ? told.textContent.trim() : "没有记下，请改一改再记。";
  }
  function put(html) {
    var page = new DOMParser().parseFromString(html, "text/html"), said = page.getElementById("said"), old = document.getElementById("said");
    if (said && old) {
      old.replaceWith(said);
      htmx.process(said);
    }
    var alert = document.querySelector("#messages [role=alert]");
    if (alert) { alert.remove(); }
  }

  function show(why) {
    var items = waiting(), unsent = items.filter(function (item) { return !item.refused; }).length;
    list.textContent = "";
    items.forEach(function (item) {
      if (!item.refused && !cut) { return; }
      var row = document.createElement("li");
      row.textContent = item.speaker + "：" + item.text + (item.refused ? "——没有记下：" + item.refused : "（待送）");
      if (item.refused) {
        var back = document.createElement("button");
        back.type = "button";
        back.className = "button";
        back.textContent = "改一改";
        back.addEventListener("click", function () { setWaiting(without(item)); fill(item); keepDraft(); speaker.focus(); });
        row.appendChild(document.createElement("br"));
        row.appendChild(back);
      }
      list.appendChild(row);
    });
    form.dataset.unsent = String(unsent);
    if (why) { state.textContent = why; }
    else if (unsent && cut) { state.textContent = "没有连上：" + unsent + " 条待送，已留在这台电脑上。"; }
    else if (unsent) { state.textContent = "正在送 " + unsent + " 条…"; }
    else { state.textContent = "都已送到。"; }
  }

  // The list is not taken from under somebody's fingers, and not asked for while cut off.
  document.addEventListener("htmx:beforeRequest", function (event) {
    var element = event.detail.elt;
    if (element.id === "said" && (cut || sending || element.contains(document.activeElement))) { event.preventDefault(); }
  });
  window.addEventListener("online", send);
  if (held.length) { show(); send(); }
})();
