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
  document.addEventListener("DOMContentLoaded", function () { greet(document); });
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
