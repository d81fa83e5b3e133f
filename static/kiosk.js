/* The kiosk goes back to its letters when nobody touches it. Without scripts the page does. */
"use strict";
(function () {
  var page = document.querySelector("[data-reset]");
  if (!page) { return; }
  var seconds = Number(page.getAttribute("data-reset"));
  var timer;
  function wait() {
    window.clearTimeout(timer);
    timer = window.setTimeout(function () {
      window.location.replace(page.getAttribute("data-home"));
    }, seconds * 1000);
  }
  ["pointerdown", "keydown", "scroll"].forEach(function (what) {
    document.addEventListener(what, wait, true);
  });
  wait();
})();
