/* The scanner page: scans wait in a line until each is answered; the camera feeds the same line.
   Without scripts the form posts each scan and comes back with the field ready. */
"use strict";
(function () {
  var place = document.querySelector(".scan");
  if (!place) { return; }
  var form = document.getElementById("scan-form");
  var field = document.getElementById("shown");
  var queueWords = document.getElementById("scan-queue");
  var sound = document.getElementById("scan-sound");
  var kept = "scans-" + place.getAttribute("data-event");
  var RETRY = 2000;

  // ---- the line: kept in this window, so that a reload loses nothing
  var line = [];
  try { line = JSON.parse(window.sessionStorage.getItem(kept) || "[]"); } catch (_error) { line = []; }
  var isSending = false;

  function keep() {
    try { window.sessionStorage.setItem(kept, JSON.stringify(line)); } catch (_error) { /* kept in memory */ }
    queueWords.hidden = line.length < 2;
    queueWords.textContent = "还有 " + line.length + " 条待发送";
  }

  function newId() {
    var bytes = window.crypto.getRandomValues(new Uint8Array(16));
    return Array.prototype.map.call(bytes, function (byte) { return ("0" + byte.toString(16)).slice(-2); }).join("");
  }

  function take(text) {
    var shown = text.trim();
    if (!shown) { return; }
    line.push({ id: newId(), shown: shown, at: Date.now() });
    keep();
    send();
  }

  function send() {
    if (isSending || !line.length) { return; }
    isSending = true;
    var one = line[0];
    var body = new FormData(form);
    body.set("shown", one.shown);
    body.set("client_id", one.id);
    body.set("waited", String(Math.max(0, Date.now() - one.at)));
    window.fetch(form.action, {
      method: "POST", body: body, credentials: "same-origin", headers: { "HX-Request": "true" },
    }).then(function (answer) {
      if (answer.status >= 500) { throw new Error("not answered"); }
      if (answer.headers.get("HX-Redirect")) {
        window.location.assign(answer.headers.get("HX-Redirect"));
        return null;
      }
      return answer.text().then(function (text) { show(text, answer.status); });
    }).then(function (_done) {
      line.shift();
      isSending = false;
      keep();
      send();
    }, function (_error) {
      isSending = false;
      queueWords.hidden = false;
      queueWords.textContent = "网络不通，" + line.length + " 条已记下，连上后自动发送";
      window.setTimeout(send, RETRY);
    });
  }

  function show(text, status) {
    var template = document.createElement("template");
    template.innerHTML = text;
    var fresh = template.content.getElementById("scan-answer");
    var shown = document.getElementById("scan-answer");
    if (fresh) {
      shown.replaceWith(fresh);
      window.htmx.process(fresh);
      fresh.firstElementChild.scrollIntoView({ block: "nearest" });
      var big = fresh.querySelector("[data-outcome]");
      ring(big ? big.getAttribute("data-outcome") : "refused");
      return;
    }
    var messages = document.getElementById("messages");
    messages.textContent = "";
    messages.appendChild(template.content);
    ring(status < 400 ? "recorded" : "refused");
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    take(field.value);
    field.value = "";
    field.focus();
  });
  window.addEventListener("pageshow", send);
  window.addEventListener("online", send);

  // A scanner types wherever the focus is: letters that go nowhere else go to the field.
  document.addEventListener("keydown", function (event) {
    var at = document.activeElement;
    if (event.ctrlKey || event.altKey || event.metaKey || event.key.length !== 1 || event.key === " ") { return; }
    if (!at || at === document.body || at.id === "main") { field.focus(); }
  });

  // ---- sound: one tone for yes, two for look here
  var audio = null;
  try { sound.checked = window.localStorage.getItem("scan-sound") === "1"; } catch (_error) { sound.checked = false; }
  sound.addEventListener("change", function () {
    try { window.localStorage.setItem("scan-sound", sound.checked ? "1" : "0"); } catch (_error) { /* this once */ }
    if (sound.checked) { ring("recorded"); }
    field.focus();
  });

  function ring(outcome) {
    var Context = window.AudioContext;
    if (!sound.checked || !Context) { return; }
    audio = audio || new Context();
    tone(outcome === "recorded" ? 880 : 330, 0);
    if (outcome !== "recorded") { tone(330, 0.18); }
  }

  function tone(frequency, after) {
    var source = audio.createOscillator();
    var volume = audio.createGain();
    volume.gain.value = 0.2;
    source.frequency.value = frequency;
    source.connect(volume);
    volume.connect(audio.destination);
    source.start(audio.currentTime + after);
    source.stop(audio.currentTime + after + 0.12);
  }

  // ---- the camera: pictures go to a worker, what it reads goes into the line
  var SAME_AGAIN = 4000;
  var WIDEST = 640;
  var words = document.getElementById("camera-words");
  var button = document.getElementById("camera-button");
  var video = document.getElementById("camera-picture");
  var canvas = document.createElement("canvas");
  var worker = null;
  var stream = null;
  var isReading = false;
  var lastText = "";
  var lastAt = 0;

  document.getElementById("scan-camera").hidden = false;
  if (!window.isSecureContext) {
    button.hidden = true;
    words.textContent = "摄像头要用 https 打开本站（或在本机）才能用。扫码枪照常能用。";
  } else if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia || !window.Worker) {
    button.hidden = true;
    words.textContent = "这个浏览器不能用摄像头。扫码枪照常能用。";
  }

  button.addEventListener("click", function () { if (stream) { stop(""); } else { start(); } });

  function start() {
    words.textContent = "正在打开摄像头……";
    navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false }).then(function (given) {
      stream = given;
      video.srcObject = given;
      video.hidden = false;
      button.textContent = "关掉摄像头";
      words.textContent = "把二维码放在画面中间。";
      if (!worker) {
        worker = new Worker(place.getAttribute("data-worker"));
        worker.onmessage = function (event) { isReading = false; read(event.data.text); };
        worker.onerror = function () { stop("识别程序没有打开，请刷新页面再试。扫码枪照常能用。"); };
        worker.postMessage({ library: place.getAttribute("data-library") });
      }
      isReading = false;
      return video.play().then(look);
    }).catch(function (error) {
      stop(error.name === "NotAllowedError"
        ? "没有得到摄像头的使用许可。请在浏览器地址栏里允许，再按一次。扫码枪照常能用。"
        : error.name === "NotFoundError" || error.name === "OverconstrainedError"
          ? "没有找到摄像头。扫码枪照常能用。"
          : "摄像头打不开，可能别的程序正在用。扫码枪照常能用。");
    });
  }

  function stop(why) {
    if (stream) { stream.getTracks().forEach(function (track) { track.stop(); }); }
    stream = null;
    video.srcObject = null;
    video.hidden = true;
    button.textContent = "用摄像头扫";
    words.textContent = why;
  }

  function look() {
    if (!stream) { return; }
    window.setTimeout(look, 120);
    if (isReading || !video.videoWidth || document.hidden) { return; }
    var scale = Math.min(1, WIDEST / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    var brush = canvas.getContext("2d");
    brush.drawImage(video, 0, 0, canvas.width, canvas.height);
    var picture = brush.getImageData(0, 0, canvas.width, canvas.height);
    isReading = true;
    worker.postMessage({ width: canvas.width, height: canvas.height, pixels: picture.data.buffer }, [picture.data.buffer]);
  }

  // A code that stays before the camera is one scan.
  function read(text) {
    if (!text || !stream) { return; }
    var now = Date.now();
    var isSame = text === lastText && now - lastAt < SAME_AGAIN;
    lastText = text;
    lastAt = now;
    if (!isSame) { take(text); }
  }

  keep();
  send();
})();
