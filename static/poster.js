/* The picture that a film shows just now becomes its poster. */
"use strict";
document.addEventListener("DOMContentLoaded", function () {
  var film = document.getElementById("film");
  var form = document.querySelector("[data-poster-form]");
  var button = document.querySelector("[data-poster-take]");
  if (!film || !form || !button || !window.DataTransfer) { return; }
  button.hidden = false;
  button.addEventListener("click", function () {
    if (!film.videoWidth) {
      film.preload = "auto";
      film.play().catch(function () {});
      return;
    }
    var canvas = document.createElement("canvas");
    canvas.width = film.videoWidth;
    canvas.height = film.videoHeight;
    canvas.getContext("2d").drawImage(film, 0, 0);
    canvas.toBlob(function (blob) {
      var chosen = new DataTransfer();
      chosen.items.add(new File([blob], "poster.jpg", { type: "image/jpeg" }));
      form.querySelector("input[type=file]").files = chosen.files;
      form.submit();
    }, "image/jpeg", 0.9);
  });
});
