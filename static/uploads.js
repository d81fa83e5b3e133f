/* Resumable uploads (tus) for forms with data-uploads; without this script the form posts its files.
   data-then="submit": what has arrived is posted to the form's own address as `material`. */
"use strict";
(function () {
  var MOST_AT_ONCE = 2;
  var PIECE = 4 * 1024 * 1024;

  function token() { return JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"]; }
  function headers() { return { "X-CSRFToken": token(), "HX-Request": "true" }; }
  function element(tag, name, text) {
    var made = document.createElement(tag);
    if (name) { made.className = name; }
    if (text) { made.textContent = text; }
    return made;
  }
  function sentenceOf(html) {
    var page = new DOMParser().parseFromString(html, "text/html");
    var alert = page.querySelector("[role=alert]");
    return alert ? alert.textContent.trim().replace(/\s+/g, " ") : "";
  }

  function Row(form, file) {
    var self = this;
    this.form = form;
    this.file = file;
    this.line = element("li", "upload");
    var head = element("div", "upload-head");
    head.appendChild(element("span", "upload-name", file.name));
    this.state = head.appendChild(element("span", "upload-state", "等待"));
    this.button = head.appendChild(element("button", "button button-quiet", "取消"));
    this.button.type = "button";
    this.button.setAttribute("aria-label", "取消上传 " + file.name);
    this.line.appendChild(head);
    this.bar = this.line.appendChild(element("progress", "upload-progress"));
    this.bar.max = Math.max(1, file.size);
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", file.name + " 的进度");
    this.words = this.line.appendChild(element("div", "upload-outcome"));
    this.button.addEventListener("click", function () { self.cancel(); });
    form.querySelector("[data-upload-list]").appendChild(this.line);
  }
  Row.prototype.start = function (done) {
    var self = this;
    this.done = done;
    this.state.textContent = "0%";
    var owner = this.form.dataset.owner || this.form.querySelector("[name=owner]").value;
    this.upload = new window.tus.Upload(this.file, {
      endpoint: this.form.dataset.uploads,
      chunkSize: PIECE,
      retryDelays: [0, 1000, 2000, 4000, 8000, 15000, 30000, 60000],
      metadata: { filename: this.file.name, owner: owner },
      headers: headers(),
      removeFingerprintOnSuccess: true,
      onProgress: function (sent) {
        self.bar.value = sent;
        self.state.textContent = Math.floor(100 * sent / self.bar.max) + "%";
      },
      onShouldRetry: function (error) {
        var status = error.originalResponse ? error.originalResponse.getStatus() : 0;
        self.state.textContent = "网络不通，等待接着传";
        return status === 0 || status === 409 || status === 423 || status >= 500;
      },
      onError: function (error) {
        var body = error.originalResponse ? error.originalResponse.getBody() : "";
        self.fail(sentenceOf(body) || "没有传完：网络没有连通。请检查网络，再选一次同一个文件就会接着传。");
      },
      onSuccess: function () { self.ask(); }
    });
    this.upload.findPreviousUploads().then(function (found) {
      if (self.gone) { return; }
      if (found.length) { self.upload.resumeFromPreviousUpload(found[0]); }
      self.upload.start();
    });
  };
  // The file has arrived: what is it?
  Row.prototype.ask = function () {
    var self = this;
    this.bar.value = this.bar.max;
    this.state.textContent = "正在检查";
    window.fetch(this.upload.url + "/outcome", { method: "POST", headers: headers() }).then(function (answer) {
      return answer.text().then(function (html) {
        if (!answer.ok) { throw new Error(sentenceOf(html)); }
        self.words.innerHTML = html;
        var badge = self.words.querySelector("[data-material]");
        self.finish(badge ? badge.dataset.material : null);
      });
    }).catch(function (error) {
      self.fail(error.message && /[\u4e00-\u9fff]/.test(error.message) ? error.message : "网络没有连通，不知道结果。请刷新页面再看。");
    });
  };
  Row.prototype.finish = function (material) {
    this.material = material;
    this.state.textContent = "";
    this.bar.remove();
    this.button.remove();
    if (this.done) { this.done(); }
  };
  Row.prototype.fail = function (sentence) {
    var alert = element("p", "field-error", sentence);
    alert.setAttribute("role", "alert");
    this.words.textContent = "";
    this.words.appendChild(alert);
    this.failed = true;
    this.finish(null);
  };
  Row.prototype.cancel = function () {
    this.gone = true;
    this.line.remove();
    var done = this.done;
    this.done = null;
    if (this.upload) { this.upload.abort(true).catch(function () {}); }
    if (done) { done(); }
  };

  function enhance(form) {
    var input = form.querySelector("input[type=file]");
    var button = form.querySelector("[data-upload-button]");
    var rows = [];
    var waiting = [];
    var running = 0;
    button.hidden = true; // choosing is uploading
    function next() {
      while (running < MOST_AT_ONCE && waiting.length) {
        var row = waiting.shift();
        if (row.gone) { continue; }
        running += 1;
        row.start(function () { running -= 1; next(); });
      }
      if (!running && !waiting.length) { settled(); }
    }
    function settled() {
      var arrived = rows.filter(function (row) { return row.material; });
      if (form.dataset.then !== "submit" || !arrived.length) { return; }
      if (rows.some(function (row) { return row.failed; })) {
        button.hidden = false; // somebody should read what failed first
        button.textContent = "加入已上传的 " + arrived.length + " 个";
        return;
      }
      submit();
    }
    function submit() {
      rows.forEach(function (row) {
        if (!row.material) { return; }
        var field = element("input");
        field.type = "hidden";
        field.name = "material";
        field.value = row.material;
        form.appendChild(field);
      });
      input.disabled = true;
      form.submit();
    }
    function take(files) {
      Array.prototype.forEach.call(files, function (file) {
        var row = new Row(form, file);
        rows.push(row);
        if (!file.size) { row.fail("文件是空的（0 字节），没有保存。请检查原文件后再试。"); return; }
        waiting.push(row);
      });
      input.value = "";
      next();
    }
    input.addEventListener("change", function () { take(input.files); });
    if (input.files.length) { take(input.files); } // chosen before this script had come
    form.addEventListener("submit", function (event) { event.preventDefault(); submit(); });
    var place = form.querySelector("[data-drop]");
    if (place) {
      form.querySelector("[data-drop-words]").hidden = false;
      ["dragenter", "dragover"].forEach(function (name) {
        place.addEventListener(name, function (event) { event.preventDefault(); place.classList.add("is-over"); });
      });
      ["dragleave", "drop"].forEach(function (name) {
        place.addEventListener(name, function () { place.classList.remove("is-over"); });
      });
      place.addEventListener("drop", function (event) { event.preventDefault(); take(event.dataTransfer.files); });
    }
    window.addEventListener("beforeunload", function (event) {
      if (running) { event.preventDefault(); event.returnValue = ""; }
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    if (!window.tus || !window.tus.isSupported) { return; }
    document.querySelectorAll("form[data-uploads]").forEach(enhance);
  });
})();
