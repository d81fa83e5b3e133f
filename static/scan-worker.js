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

  function textOf(told) {
    var pixels = new Uint8ClampedArray(told.pixels);
    var grey = new Uint8ClampedArray(told.width * told.height);
    for (var at = 0, from = 0; at < grey.length; at += 1, from += 4) {
      grey[at] = (pixels[from] * 77 + pixels[from + 1] * 151 + pixels[from + 2] * 28) >> 8;
    }
    var source = new self.ZXing.RGBLuminanceSource(grey, told.width, told.height);
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
