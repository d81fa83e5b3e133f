/* Who is on the roster of a door: pure, nothing of pages, stores or networks. */
"use strict";
(function (root) {
  const PRESENT = ["present", "late", "left_early"];
  const LEAVE = ["leave_public", "leave_sick", "leave_personal"];
  const OUTSIDE = ["invited", "guest"];
  const WORDS = {
    expected: "未到", present: "已到", late: "迟到", left_early: "早退", leave_public: "公假",
    leave_sick: "病假", leave_personal: "事假", absent: "缺席", exempt: "免参加", invited: "列席",
    guest: "来宾",
  };
  const REFUSALS = {
    unknown: "查无此人", not_expected: "不在名册上，没有计入", closed: "签到未开放或名册已确认，没有计入",
    bad_pass: "签到凭证无效、过期或已停用，没有计入",
  };

  // As the portal reads a pass: capitals, no spaces or hyphens, O is 0, I and L are 1.
  function passText(typed) {
    const text = typed.replace(/[\s-]/g, "").toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1");
    return /^P[0-9A-HJKMNP-TV-Z]{29}$/.test(text) ? text : "";
  }

  function letters(text) {
    return text.replace(/[\s·.'’-]/g, "").toLowerCase();
  }

  /* Digits alone are the end of a phone, all else a part of the name, pinyin or initials. */
  function matches(person, wanted) {
    if (!wanted) { return true; }
    if (/^\d+$/.test(wanted)) { return (person.tail || "").endsWith(wanted); }
    if (letters(person.name).includes(wanted)) { return true; }
    return (" " + (person.keys || "")).includes(" " + wanted);
  }

  function hasCome(person) {
    return Boolean(person.local) || person.has_come;
  }

  const SHOWN = {
    "": () => true,
    missing: (person) => !hasCome(person) && ["expected", "absent"].includes(person.status),
    present: hasCome,
    mine: (person) => Boolean(person.mine),
  };

  function found(people, typed, show) {
    const wanted = letters(typed);
    return people.filter((person) => SHOWN[show](person) && matches(person, wanted));
  }

  /* The four numbers that add up; who is exempt, invited or a guest is not due. */
  function counts(people) {
    const told = { due: 0, present: 0, leave: 0, absent: 0, others: 0 };
    people.forEach((person) => {
      const come = hasCome(person);
      if (OUTSIDE.includes(person.status)) { told.others += come ? 1 : 0; return; }
      if (person.status === "exempt" && !come) { return; }
      told.due += 1;
      if (come) { told.present += 1; }
      else if (LEAVE.includes(person.status)) { told.leave += 1; }
      else { told.absent += 1; }
    });
    return told;
  }

  function word(person) {
    if (!hasCome(person)) { return WORDS[person.status] || person.status; }
    if (person.left_at) { return "已离开"; }
    if (OUTSIDE.includes(person.status)) { return WORDS[person.status] + "到场"; }
    return PRESENT.includes(person.status) ? WORDS[person.status] : "已到";
  }

  function actOf(item) {
    return { client_id: item.body.client_id, person_id: item.body.person_id, at: item.body.at, direction: item.body.direction };
  }

  /* The roster as it is shown: what this device has done, sent or not, laid over it. */
  function overlaid(people, queue, sent) {
    const local = new Map();
    const left = new Map();
    const mine = new Map();
    const who = new Map();
    sent.forEach((act) => { who.set(act.client_id, act); mine.set(act.person_id, act); });
    queue.forEach((item) => {
      if (item.kind === "checkins" && item.body.person_id) {
        const act = actOf(item);
        who.set(act.client_id, act);
        if (act.direction) { left.set(act.person_id, act); }
        if (act.direction !== "out" || !local.has(act.person_id)) { local.set(act.person_id, act); }
        mine.set(act.person_id, act);
      } else if (item.kind === "withdrawals" && who.has(item.body.client_id)) {
        const act = who.get(item.body.client_id);
        const person = act.person_id;
        const wasSent = !queue.some((one) => one.body.client_id === item.body.client_id && one.kind === "checkins");
        mine.delete(person);
        if (act.direction) { left.set(person, wasSent ? null : undefined); }
        if (local.get(person) === act) { local.delete(person); }
        if (wasSent && act.direction !== "out") { local.set(person, null); }
      }
    });
    return people.map((person) => {
      const act = local.get(person.person_id);
      const shown = Object.assign({}, person, { local: act || null, mine: mine.get(person.person_id) || null });
      const gone = left.get(person.person_id);
      if (gone !== undefined) { shown.left_at = gone && gone.direction === "out" ? gone.at : null; }
      if (act === null) { shown.has_come = false; shown.status = PRESENT.includes(person.status) ? "expected" : person.status; }
      return shown;
    });
  }

  /* What the portal has answered, put into the roster; returns what the host should look at. */
  function answered(state, item, result) {
    const person = state.people.find((one) => one.person_id === item.body.person_id);
    const problem = (words) => ({ name: item.name, at: item.body.at, words: words });
    if (item.kind === "withdrawals") {
      state.sent = state.sent.filter((act) => act.client_id !== item.body.client_id);
      const back = state.people.find((one) => one.person_id === item.person_id);
      if (back && result.status) { back.status = result.status; back.has_come = result.has_come; back.left_at = result.left_at || null; }
      if (result.outcome === "kept") { return problem("没有撤销：另一台设备或名册上也登记了到场"); }
      return result.outcome === "closed" ? problem("没有撤销：名册已经确认，请在名册上更正") : null;
    }
    if (REFUSALS[result.outcome]) { return problem(REFUSALS[result.outcome]); }
    if (person && result.status) {
      person.status = result.status;
      person.has_come = PRESENT.includes(result.status) || OUTSIDE.includes(result.status);
      person.left_at = result.left_at || null;
      state.sent = state.sent.filter((act) => act.person_id !== person.person_id);
      state.sent.push(actOf(item));
      if (!person.has_come) {
        return problem("本机登记已到，名册上后来登记为“" + WORDS[person.status] + "”，以名册为准");
      }
    }
    return null;
  }

  root.DoorPeople = { passText, found, counts, hasCome, word, overlaid, answered };
})(typeof self === "undefined" ? globalThis : self);
