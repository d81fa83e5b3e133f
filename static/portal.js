/* What plain pages cannot do by themselves; everything works without it. */
"use strict";
(function () {
  // Toasts leave after eight seconds, unless somebody is reading or using them.
  function leave(toast) {
    window.setTimeout(function () {
      if (toast.matches(":hover") || toast.contains(document.activeElement)) {
        leave(toast);
      } else {
        toast.remove();
      }
    }, 8000);
  }
  function greet(root) {
    root.querySelectorAll(".toast").forEach(function (toast) {
      if (!toast.dataset.timed) {
        toast.dataset.timed = "1";
        leave(toast);
      }
    });
  }
  document.addEventListener("DOMContentLoaded", function () {
    greet(document);
    // Buttons that only scripts can serve are shown by them.
    document.querySelectorAll("[data-print]").forEach(function (button) { button.hidden = false; });
  });
  document.addEventListener("htmx:load", function (event) { greet(event.target); });

  // Open menus close on Escape and on a click elsewhere.
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      if (!menu.contains(event.target)) { menu.removeAttribute("open"); }
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    });
  });
  // "/" goes to the search box, Escape leaves it and closes what it found.
  document.addEventListener("keydown", function (event) {
    var box = document.querySelector("[data-search]");
    if (!box || event.ctrlKey || event.altKey || event.metaKey) { return; }
    if (event.key === "Escape" && box.form.contains(document.activeElement)) {
      document.activeElement.blur();
    } else if (event.key === "/" && !event.target.closest("input, textarea, select, [contenteditable]")) {
      event.preventDefault();
      box.focus();
    }
  });

  // Signing out clears this browser: what was not sent or saved yet is asked about once.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.action.endsWith("/logout") || form.dataset.warned) { return; }
    var unsent = 0, unsaid = 0;
    try {
      Object.keys(localStorage).forEach(function (key) {
        if (key.startsWith("portal-notes:")) { unsaid += JSON.parse(localStorage.getItem(key)).length; }
        if (key.startsWith("portal-record:")) { unsaid += 1; }
      });
      Object.values(JSON.parse(localStorage.getItem("portal-door-unsent") || "{}")).forEach(function (number) { unsent += number; });
    } catch (error) { return; }
    if (!unsent && !unsaid) { return; }
    event.preventDefault();
    form.dataset.warned = "1";
    if (!unsent) {
      say("这台电脑上还有没有送到的会议记录，退出登录会把它清除。请先联网打开那份记录的“逐条发言”或“修改”页；一定要退出，请再按一次“退出”。");
      return;
    }
    say("这台设备上还有 " + unsent + " 条门口登记没有发送，退出登录会把它们清除。请先联网打开活动的“门口点名”页发送；一定要退出，请再按一次“退出”。");
  });

  // A form is sent once: pressed again while the answer is on its way, it is not sent again.
  // Where no answer comes the button works again after eight seconds.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post") { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    window.setTimeout(function () { delete form.dataset.sent; }, 8000);
  });

  // The size of letters changes in place: what is being typed stays.
  document.addEventListener("click", function (event) {
    var button = event.target.closest(".care button");
    if (!button) { return; }
    event.preventDefault();
    var chosen = new FormData(button.form);
    chosen.append(button.name, button.value);
    window.fetch(button.form.action, { method: "POST", body: chosen, redirect: "manual" }).then(function (answer) {
      if (answer.type !== "opaqueredirect") { throw new Error(answer.statusText); }
      document.documentElement.dataset.care = button.value;
      button.form.querySelectorAll("button").forEach(function (other) {
        other.setAttribute("aria-pressed", other === button ? "true" : "false");
      });
    }).catch(function () { say("字号没有换成，请刷新页面后再试。"); });
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-print]");
    if (button) { window.print(); }
  });

  // Network trouble during an htmx request is said in words; what was typed stays in place.
  function say(sentence) {
    var place = document.getElementById("messages");
    if (!place) { return; }
    var alert = document.createElement("div");
    alert.className = "alert";
    alert.setAttribute("role", "alert");
    alert.textContent = sentence;
    place.replaceChildren ? place.replaceChildren(alert) : (place.innerHTML = "", place.appendChild(alert));
  }
  document.addEventListener("htmx:sendError", function () {
    say("网络没有连通，刚才的操作没有送达。请检查网络后再试；您填写的内容还在。");
  });
  document.addEventListener("htmx:timeout", function () {
    say("等待太久没有回音，请稍后再试。");
  });
})();
