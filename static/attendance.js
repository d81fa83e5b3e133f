/* The roll and the wall on open screens. Everything works without it, by loading the page. */
"use strict";
(function () {
  // Screens that nobody looks at do not ask; they ask at once when they are looked at again.
  document.addEventListener("htmx:beforeRequest", function (event) {
    var asking = event.detail.elt;
    if (document.hidden && asking.hasAttribute("data-live")) { event.preventDefault(); }
    // Rows are not taken from under a hand: an open menu is left alone until it closes.
    if (asking.id === "roll-rows" && document.querySelector("#roll-rows details[open]")) {
      event.preventDefault();
      waiting = true;
    }
  });
  document.addEventListener("visibilitychange", function () {
    if (document.hidden) { return; }
    document.querySelectorAll("[data-live]").forEach(function (part) { window.htmx.trigger(part, "roll-shown"); });
  });

  var waiting = false;
  document.addEventListener("toggle", function (event) {
    if (!waiting || event.target.open || !event.target.closest("#roll-rows")) { return; }
    waiting = false;
    window.htmx.trigger(document.body, "roll-changed");
  }, true);
})();
