// Schedules one candidate's interview through mod_calint's interface (docs/api.md), as whoever is signed in. What
// stands is asked for anew after each step, so that a reload, or a colleague in another window, sees the same.
"use strict";

const minute = 60 * 1000;
const day = 24 * 60 * minute;
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const part = id => document.getElementById(id);
const candidate = document.querySelector("main").dataset;
const ref = encodeURIComponent(candidate.ref);

let hold, interview;  // as show() found them
let slots = [];       // as offered in #slot

async function call(method, path, body) {
  const headers = {};
  if (body) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["X-CSRF-Token"] = (await call("GET", "/integration")).csrf_token;
  const answer = await fetch("/calendar/api/v1" + path, {method, headers, body: body && JSON.stringify(body)});
  if (answer.redirected) throw new Error("You are no longer signed in: load this page again.");
  if (answer.status === 204) return null;
  const told = await answer.json();
  if (!answer.ok) throw new Error(`${told.title}: ${told.detail}`);
  return told;
}

const time = text => new Date(text).toLocaleString("en-GB", {dateStyle: "full", timeStyle: "short"});
const later = span => new Date(Date.now() + span).toISOString();
const nameOf = id => [...part("interviewer").options].find(one => one.value === id)?.text ?? `user ${id}`;
const chosen = () => slots[part("slot").selectedIndex];

function whyNone(person) {
  if (["not_connected", "disconnected", "expired"].includes(person.reason))
    return `${nameOf(person.user_id)} has no calendar connected. This page asks for that when they open it.`;
  if (person.reason === "never_synced") return "The calendar is being read for the first time: ask again in a moment.";
  if (person.status === "unknown") return `Not all of ${nameOf(person.user_id)}'s time is known (${person.reason}).`;
  return "There is no free time in the next two weeks.";
}

async function show() {
  const [mine, holds, interviews] = await Promise.all([
    call("GET", "/integration"), call("GET", `/holds?ref=${ref}`), call("GET", `/events?interview_ref=${ref}`)]);
  hold = holds.holds[0];
  interview = interviews.events.find(one => one.status !== "cancelled");

  const isInterviewer = [...part("interviewer").options].some(one => one.value === mine.user_id);
  part("connect").hidden = !isInterviewer || !["inactive", "expired"].includes(mine.status);
  part("connect").querySelector("a").href = `${mine.connect_url}?return_to=${encodeURIComponent(location.pathname)}`;

  if (isInterviewer && part("find").hidden) part("interviewer").value = mine.user_id;
  const stands = interview ? "booked" : hold ? "held" : "find";
  for (const id of ["find", "held", "booked"]) part(id).hidden = id !== stands;
  part("pick").hidden = true;
  if (interview)
    part("booked").querySelector("p").textContent =
      `${time(interview.start)}, with ${nameOf(interview.user_id)}: ${interview.status}`;
  else if (hold)
    part("held").querySelector("p").textContent =
      `${time(hold.start)}, with ${nameOf(hold.user_ids[0])}, until ${time(hold.expires_at)}`;
  return stands;
}

const acts = {
  async find() {
    const person = interview?.user_id ?? part("interviewer").value;
    const found = await call("POST", "/slots", {
      groups: [{user_ids: [person]}], duration: 45, from: later(0), to: later(14 * day), time_zone: zone,
      min_notice: 60, order: "best", per_day: 3, limit: 12, ignore_ref: candidate.ref});
    slots = found.slots;
    if (!slots.length) throw new Error(whyNone(found.people[0]));
    part("slot").replaceChildren(...slots.map(slot => new Option(time(slot.start), slot.start)));
    for (const act of ["hold", "move"])
      part("pick").querySelector(`[data-act=${act}]`).hidden = (act === "move") !== Boolean(interview);
    part("pick").hidden = false;
    return "pick";
  },
  async hold() {
    const {start, end, user_ids: [people]} = chosen();
    await call("POST", "/holds", {user_ids: people, start, end, ref: candidate.ref, expires_at: later(30 * minute)});
    return show();
  },
  async release() {
    await call("DELETE", `/holds/${hold.id}`);
    return show();
  },
  async book() {
    await call("POST", "/events", {
      user_id: hold.user_ids[0], interview_ref: candidate.ref, title: `Interview: ${candidate.name}`,
      start: hold.start, end: hold.end, time_zone: zone, hold_id: hold.id,
      attendees: [{email: candidate.email, name: candidate.name}]});
    return show();
  },
  async move() {
    const {start, end} = chosen();
    await call("PATCH", `/events/${interview.id}`, {start, end, time_zone: zone});
    return show();
  },
  async cancel() {
    await call("DELETE", `/events/${interview.id}`);
    return show();
  },
};

// Does it, and leads the focus to the part that it shows; or says what went wrong, and shows what stands now.
async function run(act) {
  const buttons = document.querySelectorAll("button");
  for (const one of buttons) one.disabled = true;
  part("said").textContent = "";
  try {
    part(await act()).querySelector("h2").focus();
  } catch (error) {
    part("said").textContent = error.message;
    await show().catch(() => {});  // what was said first is what matters
  }
  for (const one of buttons) one.disabled = false;
}

for (const one of document.querySelectorAll("button")) one.addEventListener("click", () => run(acts[one.dataset.act]));
show().catch(error => { part("said").textContent = error.message; });
