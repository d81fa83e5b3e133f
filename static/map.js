/* The sketch becomes a map to pan and zoom; the list beside it says the same without scripts.
   Places are thousandths of the sketch. Nothing is asked of any other server. */
"use strict";
(function () {
  var WIDE = 1600, HIGH = 1000;
  var CARE_PIN = { "1": 48, "2": 56 }, SMALLEST = 24;

  function place(item) {
    return L.latLng(-Number(item.dataset.y) * HIGH / 1000, Number(item.dataset.x) * WIDE / 1000);
  }

  function words(item) {
    var box = document.createElement("div");
    var link = item.querySelector("a");
    if (link) {
      var copy = document.createElement("a");
      copy.href = link.href;
      copy.textContent = link.textContent;
      box.appendChild(copy);
    } else {
      box.appendChild(document.createTextNode(item.dataset.name || item.textContent.trim()));
    }
    var note = item.querySelector(".note");
    if (note) {
      var line = document.createElement("div");
      line.className = "note";
      line.textContent = note.textContent;
      box.appendChild(line);
    }
    return box;
  }

  function draw(holder) {
    var list = document.querySelector(holder.dataset.list);
    if (!window.L || !list || holder.classList.contains("is-live")) { return; }
    holder.textContent = "";
    holder.classList.add("is-live");
    var sheet = L.latLngBounds([[-HIGH, 0], [0, WIDE]]);
    var map = L.map(holder, {
      crs: L.CRS.Simple, attributionControl: false, zoomControl: false, fadeAnimation: false, zoomSnap: 0.05,
      minZoom: -3, maxZoom: 2, maxBounds: sheet.pad(0.25), maxBoundsViscosity: 0.8
    });
    L.control.zoom({ zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(map);
    L.imageOverlay(holder.dataset.sketch, sheet).addTo(map);
    var items = Array.prototype.slice.call(list.querySelectorAll("[data-x]"));
    var places = items.map(place);
    var size = CARE_PIN[document.documentElement.dataset.care] || 36;
    // The buttons stand beside the pins; on a narrow map above them, for they need its whole width.
    // Pins exist only once the map knows what it shows.
    var edge = SMALLEST / 2 + 8, buttons = holder.querySelector(".leaflet-control-zoom");
    var corner = holder.clientWidth < 560 ? [edge, buttons.offsetHeight + edge] : [80, 48];
    if (places.length) {
      map.fitBounds(L.latLngBounds(places), { paddingTopLeft: corner, paddingBottomRight: [edge, edge], maxZoom: 0 });
    } else {
      map.fitBounds(sheet);
    }
    if ("line" in holder.dataset && places.length > 1) {
      L.polyline(places, { color: "#9e1b22", weight: 4, dashArray: "10 8", interactive: false }).addTo(map);
    }
    // Pins draw near when the map is small: they shrink so that every number can be read, and
    // grow as one zooms in. The list beside the map has the full size at all times.
    function fitPins() {
      var points = places.map(function (at) { return map.latLngToLayerPoint(at); });
      var free = points.reduce(function (least, one, number) {
        return points.slice(number + 1).reduce(function (nearest, other) {
          var far = one.distanceTo(other);
          return far > 0 ? Math.min(nearest, far) : nearest;
        }, least);
      }, size);
      holder.style.setProperty("--pin", Math.round(Math.max(SMALLEST, free)) + "px");
    }
    map.on("zoomend", fitPins);
    fitPins();
    items.forEach(function (item, number) {
      var name = (item.querySelector("a") || item).textContent.trim();
      var marker = L.marker(places[number], {
        keyboard: true, title: name, riseOnHover: true,
        icon: L.divIcon({ className: "pin", html: "", iconSize: null })
      }).addTo(map);
      var pin = marker.getElement();
      pin.textContent = item.dataset.words;
      pin.setAttribute("aria-label", item.dataset.words + " " + name);
      marker.bindPopup(words(item), { closeButton: true, autoPanPadding: [24, 24] });
      marker.on("popupopen", function () { item.classList.add("is-shown"); pin.classList.add("is-shown"); });
      marker.on("popupclose", function () { item.classList.remove("is-shown"); pin.classList.remove("is-shown"); });
    });
    map.on("popupopen", function (event) {
      var close = event.popup.getElement().querySelector(".leaflet-popup-close-button");
      if (close) { close.setAttribute("aria-label", "关闭"); }
    });
    // Leaflet hears Escape on the map alone; here it also closes what a pin has opened.
    holder.addEventListener("keydown", function (event) {
      var shown = holder.querySelector(".pin.is-shown");
      if (event.key !== "Escape" || !shown) { return; }
      map.closePopup();
      shown.focus();
    });
    holder.setAttribute("role", "region");
    holder.setAttribute("aria-label", "示意地图，可以拖动和缩放，方向键移动，加号减号缩放");
  }

  function all(root) {
    root.querySelectorAll("[data-map]").forEach(draw);
  }
  document.addEventListener("DOMContentLoaded", function () { all(document); });
  document.addEventListener("htmx:load", function (event) { all(event.target); });
})();
