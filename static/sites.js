/* A click on the sketch fills in the two fields of a place; without scripts they are typed. */
"use strict";
(function () {
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-pick]").forEach(function (pick) {
      var names = pick.dataset.pick.split(" ");
      var across = document.getElementById(names[0]);
      var down = document.getElementById(names[1]);
      var sketch = pick.querySelector("svg");
      if (!across || !down || !sketch) { return; }
      pick.classList.add("is-ready");
      pick.querySelector("[data-pick-help]").hidden = false;

      function show() {
        var old = sketch.querySelector(".sketch-pin");
        if (old) { old.remove(); }
        if (across.value === "" || down.value === "") { return; }
        var pin = document.createElementNS("http://www.w3.org/2000/svg", "g");
        pin.setAttribute("class", "sketch-pin");
        pin.setAttribute("transform", "translate(" + Number(across.value) * 1.6 + " " + Number(down.value) + ")");
        var dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
        dot.setAttribute("r", "24");
        pin.appendChild(dot);
        sketch.appendChild(pin);
      }
      sketch.addEventListener("click", function (event) {
        var box = sketch.getBoundingClientRect();
        across.value = Math.max(0, Math.min(1000, Math.round((event.clientX - box.left) / box.width * 1000)));
        down.value = Math.max(0, Math.min(1000, Math.round((event.clientY - box.top) / box.height * 1000)));
        show();
      });
      across.addEventListener("input", show);
      down.addEventListener("input", show);
    });
  });
})();
