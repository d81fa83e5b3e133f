/* What the page at the door shows: rows, numbers, the bar that says which mode it is in. */
"use strict";
(function (root) {
  const TONES = { present: "green", late: "amber", left_early: "amber", leave_public: "blue", leave_sick: "blue", leave_personal: "blue", invited: "blue", guest: "blue" };
  const one = (id) => document.getElementById(id);
  const clock = new Intl.DateTimeFormat("zh-CN", { hour: "numeric", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
  const day = new Intl.DateTimeFormat("zh-CN", { month: "numeric", day: "numeric", hour: "numeric", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });

  function made(tag, name, words) {
    const element = document.createElement(tag);
    if (name) { element.className = name; }
    if (words) { element.textContent = words; }
    return element;
  }

  function row(person) {
    const come = root.DoorPeople.hasCome(person);
    const item = made("li", "door-row" + (come ? " has-come" : ""));
    item.dataset.person = person.person_id;
    const tap = made("button", "door-tap");
    tap.type = "button";
    const who = made("span", "door-who");
    who.append(made("span", "door-name", person.name), " ", made("span", "door-unit", (person.unit || "—") + (person.tail ? " · 尾号 " + person.tail : "")));
    if (person.place) { who.append(" ", made("span", "door-place", person.place)); }
    const state = made("span", "door-state");
    if (come && person.left_at) { state.append(made("span", "door-time", clock.format(new Date(person.left_at))), " "); }
    else if (come && person.mine) { state.append(made("span", "door-time", clock.format(new Date(person.mine.at))), " "); }
    if (person.local) { state.append(made("span", "badge badge-amber", "待发送"), " "); }
    state.append(made("span", "badge badge-" + (come && person.left_at ? "grey" : come ? TONES[person.status] === "amber" ? "amber" : "green" : TONES[person.status] || "grey"), root.DoorPeople.word(person)));
    tap.append(who, " ", state);
    item.append(tap);
    if (come && person.mine) {
      const back = made("button", "door-back", "撤销");
      back.type = "button";
      back.append(made("span", "visually-hidden", person.name + "的登记"));
      item.append(back);
    }
    return item;
  }

  /* Focus stays on the person, whatever is drawn anew around it. */
  function rows(people, number) {
    const list = one("door-rows");
    const focused = document.activeElement && document.activeElement.closest("#door-rows li");
    const was = focused && { person: focused.dataset.person, name: document.activeElement.className };
    list.replaceChildren ? list.replaceChildren() : (list.innerHTML = "");
    const part = document.createDocumentFragment();
    people.slice(0, number).forEach((person) => part.append(row(person)));
    list.append(part);
    one("door-more").hidden = people.length <= number;
    one("door-more").textContent = "再显示一些（还有 " + (people.length - number) + " 人）";
    if (was) {
      const item = list.querySelector('[data-person="' + was.person + '"]');
      const again = item && (item.querySelector("." + was.name) || item.querySelector(".door-tap"));
      (again || one("door-q")).focus();
    }
  }

  function none(typed, shown, isEmpty) {
    one("door-none").hidden = shown > 0;
    one("door-none-title").textContent = isEmpty ? "名册上还没有人" : typed ? "名册里没有“" + typed + "”" : "没有这样的人";
  }

  /* The sessions of the event, and which of them this device knows; nothing where there is one. */
  function sessions(list, here, known, addressOf) {
    const nav = one("door-sessions");
    nav.hidden = !list.length;
    nav.innerHTML = "";
    list.forEach((session) => {
      const isKnown = known.includes(session.id);
      const link = made("a", "chip", session.name + (isKnown ? "" : "（本机未准备）"));
      link.href = addressOf(session.id);
      if (session.id === here) { link.setAttribute("aria-current", "page"); }
      nav.append(link);
    });
  }

  function numbers(told) {
    ["due", "present", "leave", "absent"].forEach((name) => {
      document.querySelector('[data-count="' + name + '"]').textContent = told[name];
    });
  }

  function mode(name, unsent, words) {
    const bar = one("door-mode");
    const waiting = unsent ? unsent + " 条待发送" : "没有待发送的记录";
    const told = {
      offline: ["amber", "离线：" + waiting + "。照常点名，联网后自动发送。"],
      online: unsent ? ["amber", "已连网，正在发送：还有 " + unsent + " 条"] : ["green", "已连网，已全部发送"],
      busy: ["amber", "门户暂时没有回应：" + waiting + "，稍后自动再发。"],
      stopped: ["red", (words || "门户没有接受。") + (unsent ? "还有 " + unsent + " 条没有发送，都保留着。" : "")],
      lost: ["red", "这台设备的令牌已停用或到期，名册已从本机清除。" + (unsent ? "还有 " + unsent + " 条没有发送，都保留着：请登录后重新“准备离线”，会接着发送。" : "需要时请重新“准备离线”。")],
      checking: ["grey", "正在连接门户…" + (unsent ? "有 " + waiting : "")],
    }[name];
    bar.hidden = false;
    bar.className = "door-mode door-mode-" + told[0];
    bar.dataset.mode = name;
    bar.dataset.unsent = unsent;
    if (bar.textContent !== told[1]) { bar.textContent = told[1]; }
  }

  function problems(list) {
    one("door-problem-count").textContent = list.length;
    one("door-problem-count").className = "badge badge-" + (list.length ? "amber" : "grey");
    one("door-no-problems").hidden = list.length > 0;
    const items = one("door-problems");
    items.innerHTML = "";
    list.forEach((problem) => {
      const item = made("li");
      item.append(made("strong", "", problem.name), " ", made("span", "note", clock.format(new Date(problem.at)) + "　" + problem.words));
      items.append(item);
    });
  }

  function facts(state, store) {
    const minutes = Math.round(state.offset / 60000);
    const told = [
      ["设备名称", state.device],
      ["名册", state.people.length + " 人，" + (state.read_at ? day.format(new Date(state.read_at)) + " 更新" : "还没有读到")],
      ["保存", store.isLasting ? "加密保存在这台设备上，断网、关机不丢" : "只在内存里，关闭页面就没有了"],
      ["清除", "退出登录，或 " + day.format(new Date(Date.parse(state.event.ends_at) + root.DoorStore.KEPT_FOR)) + " 以后打开本页"],
    ];
    if (Math.abs(minutes) >= 2) { told.push(["时钟", "本机时钟" + (minutes > 0 ? "慢 " : "快 ") + Math.abs(minutes) + " 分钟，登记时间已按门户的时钟换算"]); }
    const list = one("door-facts");
    list.innerHTML = "";
    told.forEach((pair) => list.append(made("dt", "", pair[0]), made("dd", "", pair[1])));
  }

  function say(words) { one("door-said").textContent = words; }

  function alert(words) {
    one("door-alert").hidden = !words;
    one("door-alert").textContent = words || "";
  }

  root.DoorView = { one, rows, none, sessions, numbers, mode, problems, facts, say, alert };
})(self);
