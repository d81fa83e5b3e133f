/* Reads QR codes from pictures, beside the page. The first message names the library. */
"use strict";
(function () {
  var reader = null;

  self.onmessage = function (event) {
    var told = event.data;
    if (told.library) {
      self.importScripts(told.library);
      reader = new self.ZXing.QRCodeReader();
      return;
    }
    self.postMessage({ text: reader ? textOf(told) : "" });
  };

  // The reader misses one code in twenty when its squares fall badly on the picture's points, and
  // would miss it again in the next picture: so each picture is looked at in other sizes and turned.
  var LOOKS = [[1, false], [0.7, true], [0.8, false], [0.45, false]];

  function textOf(told) {
    var grey = greyOf(told);
    for (var at = 0; at < LOOKS.length; at += 1) {
      var text = decoded(seen(grey, LOOKS[at][0], LOOKS[at][1]));
      if (text) { return text; }
    }
    return "";
  }

  function greyOf(told) {
    var pixels = new Uint8ClampedArray(told.pixels);
    var points = new Uint8ClampedArray(told.width * told.height);
    for (var at = 0, from = 0; at < points.length; at += 1, from += 4) {
      points[at] = (pixels[from] * 77 + pixels[from + 1] * 151 + pixels[from + 2] * 28) >> 8;
    }
    return { points: points, width: told.width, height: told.height };
  }

  function seen(grey, scale, isTurned) {
    if (scale === 1 && !isTurned) { return grey; }
    var width = Math.round(grey.width * scale);
    var height = Math.round(grey.height * scale);
    var points = new Uint8ClampedArray(width * height);
    for (var y = 0; y < height; y += 1) {
      var row = Math.floor((y + 0.5) / scale) * grey.width;
      for (var x = 0; x < width; x += 1) {
        var point = grey.points[row + Math.floor((x + 0.5) / scale)];
        points[isTurned ? x * height + height - 1 - y : y * width + x] = point;
      }
    }
    return isTurned
      ? { points: points, width: height, height: width }
      : { points: points, width: width, height: height };
  }

  function decoded(grey) {
    var source = new self.ZXing.RGBLuminanceSource(grey.points, grey.width, grey.height);
    var picture = new self.ZXing.BinaryBitmap(new self.ZXing.HybridBinarizer(source));
    try {
      return reader.decode(picture).getText();
    } catch (_nothing) {
      return "";
    } finally {
      reader.reset();
    }
  }
})();
