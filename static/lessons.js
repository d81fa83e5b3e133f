/* The writing desk: buttons that insert marks, for those who know none; the text stays a text. */
"use strict";
(function () {
  // label, what stands before and after what is selected, whether it begins each line, example
  var MARKS = [
    { label: "加粗", before: "**", after: "**", example: "要强调的话" },
    { label: "小标题", line: "## ", example: "小标题" },
    { label: "列表", line: "- ", example: "一项" },
    { label: "编号", line: "1. ", example: "第一项" },
    { label: "引文", line: "> ", example: "引用的话" },
    { label: "链接", before: "[", after: "](https://)", example: "链接的文字" }
  ];

  function changed(area) {
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Puts text in the place of what is selected, so that Ctrl+Z takes it back where browsers can.
  function put(area, text, from, to) {
    area.focus();
    if (!document.execCommand || !document.execCommand("insertText", false, text)) {
      area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    }
    area.setSelectionRange(from, to);
    changed(area);
  }

  function mark(area, kind) {
    var start = area.selectionStart;
    var chosen = area.value.slice(start, area.selectionEnd);
    if (kind.line) {
      var lineStart = area.value.lastIndexOf("\n", start - 1) + 1;
      area.setSelectionRange(lineStart, area.selectionEnd);
      chosen = area.value.slice(lineStart, area.selectionEnd) || kind.example;
      var lines = chosen.split("\n").map(function (line) { return kind.line + line; }).join("\n");
      put(area, lines, lineStart, lineStart + lines.length);
      return;
    }
    var words = chosen || kind.example;
    var from = start + kind.before.length;
    put(area, kind.before + words + kind.after, from, from + words.length);
  }

  function build(toolbar) {
    var area = document.getElementById(toolbar.dataset.toolbar);
    if (!area || toolbar.childElementCount) { return; }
    MARKS.forEach(function (kind) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.textContent = kind.label;
      button.addEventListener("click", function () { mark(area, kind); });
      toolbar.appendChild(button);
    });
    toolbar.setAttribute("role", "group");
    toolbar.setAttribute("aria-label", "插入格式");
    toolbar.hidden = false;
  }

  // Pictures: pasted, dragged in or chosen. A place is kept in the text until they have arrived.
  function send(area, file) {
    var place = "![正在上传 " + (file.name || "图片").replace(/[\[\]]/g, "") + "…]()";
    // Behind the line in which the caret stands: a mark is never torn apart.
    var at = area.value.indexOf("\n", area.selectionEnd);
    if (at < 0) { at = area.value.length; }
    var before = at > 0 && area.value.charAt(at - 1) !== "\n" ? "\n\n" : "";
    var caret = at + before.length + place.length + 1;
    area.setSelectionRange(at, at);
    put(area, before + place + "\n", caret, caret);
    var body = new FormData();
    body.append("csrf_token", area.form.elements.csrf_token.value);
    body.append("file", file, file.name || "图片.png");
    say(area, "");
    window.fetch(area.dataset.pictures, { method: "POST", body: body, redirect: "error" }).then(function (answer) {
      return answer.text().then(function (text) {
        if (!answer.ok) { throw new Error(answer.headers.get("Content-Type").indexOf("text/plain") === 0 ? text : ""); }
        exchange(area, place, text);
      });
    }).catch(function (error) {
      exchange(area, place, "");
      var known = error instanceof Error && !(error instanceof TypeError) && error.message;
      say(area, known ? error.message : "图片没有传上去，请检查网络后再试；文字都还在。");
    });
  }

  function exchange(area, place, text) {
    var at = area.value.indexOf(place);
    if (at < 0) { return; }
    var caret = area.selectionEnd + (area.selectionEnd > at ? text.length - place.length : 0);
    area.value = area.value.slice(0, at) + text + area.value.slice(at + place.length);
    area.setSelectionRange(caret, caret);
    changed(area);
  }

  function say(area, sentence) {
    var line = area.form.querySelector("[data-picture-refusal]");
    if (!line) { return; }
    line.textContent = sentence;
    line.hidden = !sentence;
  }

  function takePictures(area, toolbar) {
    area.form.querySelector("[data-picture-words]").hidden = false;
    function pictures(transfer) {
      return Array.prototype.filter.call(transfer ? transfer.files : [], function (file) {
        return file.type.indexOf("image/") === 0;
      });
    }
    area.addEventListener("paste", function (event) {
      var files = pictures(event.clipboardData);
      if (files.length) { event.preventDefault(); files.forEach(function (file) { send(area, file); }); }
    });
    area.addEventListener("dragover", function (event) { event.preventDefault(); area.classList.add("is-dropping"); });
    area.addEventListener("dragleave", function () { area.classList.remove("is-dropping"); });
    area.addEventListener("drop", function (event) {
      area.classList.remove("is-dropping");
      var files = pictures(event.dataTransfer);
      if (files.length) { event.preventDefault(); files.forEach(function (file) { send(area, file); }); }
    });
    var chooser = document.createElement("input");
    chooser.type = "file";
    chooser.accept = "image/*";
    chooser.multiple = true;
    chooser.hidden = true;
    chooser.setAttribute("aria-label", "选择图片");
    chooser.addEventListener("change", function (event) {
      event.stopPropagation();
      Array.prototype.forEach.call(chooser.files, function (file) { send(area, file); });
      chooser.value = "";
    });
    var button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = "图片";
    button.addEventListener("click", function () { chooser.click(); });
    toolbar.appendChild(button);
    toolbar.appendChild(chooser);
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-toolbar]").forEach(function (toolbar) {
      build(toolbar);
      var area = document.getElementById(toolbar.dataset.toolbar);
      if (area && area.dataset.pictures) { takePictures(area, toolbar); }
    });
  });
})();
