// A door in a hundred lines: reads the roster, recognises who is scanned, sends check-ins until
// the portal has answered. Node 18 or newer, no packages.
//
//   PORTAL=https://portal.example TOKEN=door_... EVENT=53 node check-in.mjs < scans.txt
//
// Each line of the input is what a scanner reads off a pass, or a person's number. What the
// portal has not answered yet stands in a file beside this process (QUEUE), so that nothing is
// lost when the network or the power is: start it again and it goes on.

import { createHash, randomUUID } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";

const { PORTAL, TOKEN, EVENT, QUEUE = "check-ins.json" } = process.env;
const MOST_AT_ONCE = 500;
const PATIENCE = Number(process.env.PATIENCE ?? 10);
const FIRST_PAUSE = Number(process.env.FIRST_PAUSE ?? 500);

const api = `${PORTAL}/api/v1/events/${EVENT}`;
const headers = { Authorization: `Bearer ${TOKEN}` };
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// ---- what is kept until it was answered

let waiting = existsSync(QUEUE) ? JSON.parse(readFileSync(QUEUE, "utf8")) : [];

function keep() {
  writeFileSync(`${QUEUE}.new`, JSON.stringify(waiting));
  renameSync(`${QUEUE}.new`, QUEUE); // whole or not at all
}

// ---- asking the portal, again and again, as long as asking again may help

async function ask(path, options = {}) {
  for (let attempt = 1; ; attempt += 1) {
    let wait = FIRST_PAUSE * 2 ** (attempt - 1);
    let failure;
    try {
      const answer = await fetch(api + path, { ...options, headers: { ...headers, ...options.headers } });
      // Read here: an answer that is cut off in the middle was not heard, and is asked for again.
      if (answer.ok) return await answer.json();
      const problem = await answer.json().catch(() => ({}));
      failure = new Error(`${answer.status} ${problem.detail ?? answer.statusText}`);
      if (answer.status !== 429 && answer.status < 500) throw Object.assign(failure, { isFinal: true });
      wait = Math.max(wait, 1000 * Number(answer.headers.get("Retry-After") ?? 0));
    } catch (error) {
      if (error.isFinal) throw error;
      failure = error;
    }
    if (attempt >= PATIENCE) throw failure;
    await pause(wait);
  }
}

// ---- the roster: whose pass is it?

// As the portal reads a pass: capital letters, no spaces or hyphens, O is 0, I and L are 1.
const written = (text) =>
  text.toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
const hash = (text) => createHash("sha256").update(written(text)).digest("hex");

async function readRoster() {
  const { event, people, version } = await ask("/roster");
  const byHash = new Map(people.flatMap((one) => one.pass_hashes.map((each) => [each, one])));
  const byNumber = new Map(people.map((one) => [one.person_id, one]));
  console.log(`${event.title}: ${people.length} on the roll, version ${version}`);
  return (scanned) =>
    /^\d+$/.test(scanned) ? byNumber.get(Number(scanned)) : byHash.get(hash(scanned));
}

// ---- sending: the same client_id again is the same check-in, so a repeated batch does no harm

async function send() {
  while (waiting.length) {
    const checkins = waiting.slice(0, MOST_AT_ONCE);
    const { results } = await ask("/checkins", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ checkins }),
    });
    for (const { client_id, outcome, status } of results) console.log(client_id, outcome, status ?? "");
    waiting = waiting.slice(checkins.length);
    keep();
  }
}

const find = await readRoster().catch((error) => {
  if (error.isFinal) throw error;
  console.error(`no roster: ${error.message}`); // the door goes on without names
  return () => undefined;
});
for await (const line of createInterface({ input: process.stdin })) {
  const scanned = line.trim();
  if (!scanned) continue;
  const isNumber = /^\d+$/.test(scanned);
  const who = isNumber ? { person_id: Number(scanned) } : { pass: scanned };
  waiting.push({ client_id: randomUUID(), at: new Date().toISOString(), method: "scan", ...who });
  keep();
  console.log(find(scanned)?.name ?? "?");
}
await send();
