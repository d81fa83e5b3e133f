/* A text that is saved as one types: what could not be sent stays in this browser and is offered back. */
"use strict";
(function () {
  var form = document.querySelector("form[data-kept]");
  if (!form) { return; }
  var key = form.dataset.kept;
  var names = Array.prototype.filter.call(form.elements, function (one) {
    return one.name && one.type !== "hidden" && one.type !== "submit";
  }).map(function (one) { return one.name; });
  var sent = "";

  function field(name) { return form.elements.namedItem(name); }
  function typed() {
    var values = {};
    names.forEach(function (name) { if (field(name)) { values[name] = field(name).value; } });
    return values;
  }
  function known() {
    try { return JSON.parse(localStorage.getItem(key)); } catch (error) { return null; }
  }
  function keep() {
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), seen: field("seen").value, values: typed() }));
    } catch (error) { /* a full or forbidden store: the server still saves */ }
  }
  function drop() {
    try { localStorage.removeItem(key); } catch (error) { /* nothing was kept */ }
  }
  function say(sentence) {
    var place = document.querySelector("#saved .note");
    if (place) { place.textContent = sentence; }
  }

  // Offered back: what this browser kept and the server does not have.
  var kept = known();
  var banner = document.getElementById("kept-here");
  if (kept && names.some(function (name) { return field(name) && kept.values[name] !== undefined && kept.values[name] !== field(name).value; })) {
    var at = new Date(kept.at);
    banner.querySelector("[data-kept-at]").textContent = (at.getMonth() + 1) + "月" + at.getDate() + "日 " + at.getHours() + ":" + ("0" + at.getMinutes()).slice(-2);
    banner.hidden = false;
    banner.querySelector("[data-kept-take]").addEventListener("click", function () {
      names.forEach(function (name) { if (field(name) && kept.values[name] !== undefined) { field(name).value = kept.values[name]; } });
      field("seen").value = kept.seen;
      banner.hidden = true;
      form.dispatchEvent(new Event("input", { bubbles: true }));
    });
    banner.querySelector("[data-kept-drop]").addEventListener("click", function () { drop(); banner.hidden = true; });
  } else { drop(); }

  form.addEventListener("input", function () { keep(); });
  form.addEventListener("htmx:beforeRequest", function () { sent = JSON.stringify(typed()); });
  form.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.successful) {
      if (JSON.stringify(typed()) === sent) { drop(); } else { keep(); }
    } else if (!event.detail.xhr || !event.detail.xhr.status) {
      say("没有连上，写的内容已留在这台电脑上，连上后自动保存。");
      window.setTimeout(function () { if (known()) { htmx.trigger(form, "input"); } }, 4000);
    }
  });
})();
