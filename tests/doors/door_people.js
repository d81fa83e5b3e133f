/* A small roster, and what the page at the door makes of it: read by test_door_people.py. */
const people = [
  { person_id: 1, name: "李小静", unit: "一支部", tail: "0421", keys: "lixiaojing lxj xj", status: "expected", has_come: false },
  { person_id: 2, name: "欧阳·娜", unit: "二支部", tail: "9421", keys: "ouyangna oyn", status: "leave_sick", has_come: false },
  { person_id: 3, name: "王伟", unit: "二支部", tail: "", keys: "wangwei ww", status: "late", has_come: true },
  { person_id: 4, name: "客人", unit: "", tail: "", keys: "keren kr", status: "guest", has_come: true },
  { person_id: 5, name: "免某", unit: "", tail: "", keys: "mianmou mm", status: "exempt", has_come: false },
];
const names = (found) => found.map((one) => one.name);
const tick = (id, client) => ({ kind: "checkins", body: { client_id: client, person_id: id, at: "2026-11-30T01:00:00Z" } });
const back = (client, id) => ({ kind: "withdrawals", person_id: id, body: { client_id: client } });
const out = (id, client) => ({ kind: "checkins", body: { client_id: client, person_id: id, at: "2026-11-30T03:00:00Z", direction: "out" } });
const gone = (queue, sent) => names(DoorPeople.overlaid(people, queue, sent || []).filter((one) => one.left_at));
const come = (queue, sent) => names(DoorPeople.overlaid(people, queue, sent || []).filter(DoorPeople.hasCome));
/* What the page tells the host of four answers, and how many of its own acts it remembers. */
function told() {
  const state = { people: people, sent: [], problems: [] };
  const words = (problem) => problem && problem.words;
  return [
    words(DoorPeople.answered(state, tick(1, "a"), { outcome: "recorded", status: "present" })),
    people[0].has_come,
    state.sent.length,
    words(DoorPeople.answered(state, tick(2, "b"), { outcome: "already", status: "leave_sick" })),
    words(DoorPeople.answered(state, tick(3, "c"), { outcome: "closed", status: null })),
    words(DoorPeople.answered(state, back("a", 1), { outcome: "kept", status: "present", has_come: true })),
  ];
}
