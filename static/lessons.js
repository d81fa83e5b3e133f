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

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-toolbar]").forEach(build);
  });
})();
