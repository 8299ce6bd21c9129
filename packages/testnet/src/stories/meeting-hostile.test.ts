import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Bytes, fromBase64, fromHex, type Json, present, toHex, unwrap } from "@detente/basics";
import { type Group, openGroup, parseEvidence, type Step } from "@detente/match";
import { judgeEvidence, type MeetingRow } from "@detente/station";
import type { MeetingBlame, MeetingReport } from "@detente/unit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HostileMeeting, type HostileParty, startTestUnit, type TestStation, type TestUnit } from "../index.ts";

/* Mallory meets Ann and keeps no rule; Cem reads on the record what became of it. */

/** How long meetings have: no longer than need be, since whoever does not answer is called again and again. */
const LASTING = 600_000;
const ANNS = ["evil.example", "anns.example"];
const MALLORYS = ["domain:evil.example", "domain:mallorys.example"];

let group: Group;
let unit: TestUnit;
let ann: TestStation;
let cem: TestStation;
let mallory: HostileParty;
let seed = 0;

beforeAll(async () => {
  group = await openGroup(readFileSync(fileURLToPath(import.meta.resolve("@detente/match/ristretto.wasm"))));
  unit = await startTestUnit({ parties: ["ann", "bob", "cem"], hostile: ["mallory"], seed: 96 });
  [ann, cem] = ["ann", "cem"].map((name) => unit.station(name)) as [TestStation, TestStation];
  mallory = unit.hostile("mallory");
});

afterAll(() => unit.close());

function domains(names: readonly string[]): Json {
  return names.map((value) => ({ kind: "domain", value }));
}

async function row(meeting: string): Promise<MeetingRow> {
  const { rows } = (await cem.api("GET", "/api/meetings")).body as unknown as { rows: readonly MeetingRow[] };
  return present(
    rows.find((one) => one.meeting === meeting),
    "the meeting",
  );
}

function report(meeting: string): MeetingReport {
  return present(
    cem.fold.meetings().find(({ hash }) => hash === meeting),
    "the meeting",
  );
}

/** Mallory proposes, Ann accepts. @param lie what becomes of Mallory's list before it is committed to */
async function meet(lie: (list: Bytes) => Bytes = (list) => list): Promise<HostileMeeting> {
  const side = new HostileMeeting(group, mallory, ++seed, MALLORYS);
  side.messages.set("list", lie(side.message("list")));
  const meeting = side.propose("ann", unit.clock.now() + LASTING);
  mallory.tricks.unshift(side.trick);
  await unit.spread(mallory);
  const accepted = await ann.api("POST", "/api/meetings/accept", { meeting, indicators: domains(ANNS) });
  expect(accepted).toMatchObject({ status: 200 });
  await unit.until("ann has entered it", () => report(meeting).with.list !== undefined);
  return side;
}

function decide(verb: string, meeting: string): ReturnType<TestStation["api"]> {
  return ann.api("POST", `/api/meetings/${verb}`, { meeting });
}

/** Until Ann serves a message; Mallory takes it. */
async function take(side: HostileMeeting, step: Step): Promise<Bytes> {
  let body: Bytes | undefined;
  await unit.until(`ann gives ${step}`, async () => {
    const answer = await side.fetch(ann, step);
    body = answer.status === 200 ? answer.body : undefined;
    return body !== undefined;
  });
  return present(body, "a message");
}

/** Both have counted. @param lie changes what Mallory counts with, and what it says */
async function count(
  side: HostileMeeting,
  { says = 1, lie }: { readonly says?: number; readonly lie?: () => void } = {},
): Promise<void> {
  side.answer(report(side.meeting), await take(side, "list"));
  lie?.();
  side.commitTo("counted");
  side.say("observe", "meeting-count", { count: says });
  await unit.spread(mallory);
  await unit.until("ann has counted", () => report(side.meeting).with.count !== undefined);
}

async function consent(side: HostileMeeting): Promise<void> {
  side.say("position", "accept", { clause: "contents" });
  await unit.spread(mallory);
  expect(await ann.api("POST", "/api/meetings/reveal", { meeting: side.meeting })).toMatchObject({ status: 200 });
  await unit.until("ann has committed to the contents", () => report(side.meeting).with.contents !== undefined);
}

async function untilEnded(side: HostileMeeting): Promise<MeetingRow> {
  await unit.until("ann has ended it", () => report(side.meeting).with.end !== undefined);
  await unit.untilAgreed();
  return row(side.meeting);
}

/** The messages that Ann hands on, and who is to blame by them and by Cem's record; undefined where she keeps none. */
async function evidence(
  side: HostileMeeting,
): Promise<{ readonly messages: readonly string[]; readonly blamed: readonly MeetingBlame[] } | undefined> {
  await unit.until(
    "ann has erased the key and the messages",
    async () => !existsSync(`${ann.dir}/match/meet/open/${side.meeting}`),
  );
  const { status, body } = await ann.api("GET", `/api/meetings/${side.meeting}/evidence`);
  if (status === 404) return undefined;
  const file = present(fromBase64((body as { evidence: string }).evidence), "base64");
  const { meeting, messages } = unwrap(parseEvidence(file));
  expect(toHex(meeting)).toBe(side.meeting);
  const blamed = unwrap(judgeEvidence(group, report(side.meeting), messages));
  return { messages: messages.map(({ author, step }) => `${author} ${step}`), blamed };
}

/** Mallory is at fault, as its own message shows. */
function shown(outcome: MeetingBlame["outcome"]): readonly MeetingBlame[] {
  return [{ party: "mallory", why: "shown", outcome }];
}

function accused(outcome: string): object {
  return { phase: "over", fault: { why: "accused", party: "mallory", outcome }, common: null };
}

describe("a hostile side of a meeting", () => {
  it("gets what it may know as long as it is honest, and nothing before its time", async () => {
    const side = await meet();
    expect((await side.fetch(ann, "counted")).status).toBe(404);
    await count(side);
    expect((await side.fetch(ann, "counted")).status).toBe(200);
    expect((await side.fetch(ann, "contents")).status).toBe(404);
    const other = new HostileMeeting(group, mallory, 99, MALLORYS);
    other.meeting = "00".repeat(32);
    expect((await other.fetch(ann, "list")).status).toBe(404);
    await consent(side);
    side.commitTo("contents");
    side.say("observe", "meeting-end", { outcome: "done" });
    await unit.spread(mallory);
    expect(await untilEnded(side)).toMatchObject({ phase: "over", fault: null });
    expect((await ann.api("GET", `/api/meetings/${side.meeting}/common`)).body).toEqual({
      rows: [{ kind: "domain", value: "evil.example" }],
    });
    expect(await evidence(side)).toBeUndefined();
  });

  it("gets nothing more from when an officer has broken it off, though no quorum has observed that", async () => {
    const side = await meet();
    await take(side, "list");
    const others = ["bob", "cem"].map((name) => unit.station(name).host);
    unit.network.cut([ann.host], others);
    expect(await decide("abort", side.meeting)).toMatchObject({ status: 200 });
    await unit.until("ann gives nothing more", async () => (await side.fetch(ann, "list")).status === 404);
    expect(report(side.meeting)).toMatchObject({ with: { isOut: false, end: undefined } });
    expect(await decide("abort", side.meeting)).toMatchObject({ status: 409 });
    unit.network.mend();
    await unit.spread(mallory);
    await untilEnded(side);
    expect((await row(side.meeting)).sides).toMatchObject([{}, { outcome: "withdrawn" }]);
  });

  it("is not entered once an officer has refused it, though no quorum has observed that", async () => {
    const side = new HostileMeeting(group, mallory, ++seed, MALLORYS);
    const meeting = side.propose("ann", unit.clock.now() + LASTING);
    await unit.spread(mallory);
    unit.network.cut(
      [ann.host],
      ["bob", "cem"].map((name) => unit.station(name).host),
    );
    expect(await decide("abort", meeting)).toMatchObject({ status: 200 });
    await unit.until("she is asked no more", async () => (await decide("abort", meeting)).status === 409);
    const list = { meeting, indicators: domains(ANNS) };
    expect(await ann.api("POST", "/api/meetings/accept", list)).toMatchObject({ status: 409 });
    unit.network.mend();
    await unit.untilAgreed();
    expect(await row(meeting)).toMatchObject({ phase: "over", fault: null, sides: [{}, { size: null }] });
  });

  it("is ended as was decided, whatever the record says meanwhile", async () => {
    const side = await meet();
    await ann.stop();
    const content = { outcome: "withdrawn" };
    const input = { type: "observe", kind: "meeting-end", of: [side.meeting], audience: "unit", content };
    const intent = { at: unit.clock.now(), salt: "00".repeat(32) };
    // As a process leaves it that ended before it could say so.
    await writeFile(`${ann.dir}/match/meet/open/${side.meeting}/say-end.json`, JSON.stringify({ input, intent }));
    await ann.start();
    expect((await untilEnded(side)).sides).toMatchObject([{}, { outcome: "withdrawn" }]);
  });

  it("cannot commit to a list with what is no element, or an element twice", async () => {
    const identity = await meet((list) => Uint8Array.from(list).fill(0, 5, 37));
    expect(await untilEnded(identity)).toMatchObject(accused("bad-element"));
    expect(await evidence(identity)).toEqual({ messages: ["by list"], blamed: shown("bad-element") });
    // RFC 9496, appendix A.3: p, which is not canonical; as the last one it keeps the order.
    const large = present(fromHex(`${"ff".repeat(31)}7f`), "hexadecimal");
    const encoding = await meet((list) => {
      const changed = Uint8Array.from(list);
      changed.set(large, list.length - 32);
      return changed;
    });
    expect(await untilEnded(encoding)).toMatchObject(accused("bad-element"));
    expect(await evidence(encoding)).toMatchObject({ blamed: shown("bad-element") });
    const twice = await meet((list) => Uint8Array.from(list).copyWithin(37, 5, 37));
    expect(await untilEnded(twice)).toMatchObject(accused("bad-message"));
    expect(await evidence(twice)).toEqual({ messages: ["by list"], blamed: shown("bad-message") });
  });

  it("cannot send another list than it committed to: nothing is sent back, and it is one word against another", async () => {
    const side = await meet();
    side.messages.set("list", new HostileMeeting(group, mallory, 98, ["domain:anns.example"]).message("list"));
    expect(await untilEnded(side)).toMatchObject({
      fault: { why: "word-against-word", party: null, outcome: "not-committed" },
    });
    expect((await side.fetch(ann, "counted")).status).toBe(404);
    expect(await evidence(side)).toBeUndefined();
  });

  it("cannot answer a meeting with the proposer's own commitment, nor with messages of an older one", async () => {
    const body = { with: "mallory", purpose: "?", until: unit.clock.now() + LASTING, indicators: domains(ANNS) };
    const { meeting } = (await ann.api("POST", "/api/meetings/propose", body)).body as { meeting: string };
    await unit.until("it is proposed", () => cem.fold.meetings().some(({ hash }) => hash === meeting));
    const side = new HostileMeeting(group, mallory, ++seed, MALLORYS);
    side.meeting = meeting;
    side.say("exhibit", "meeting-list", report(meeting).terms.list as unknown as Json);
    await unit.spread(mallory);
    expect((await row(meeting)).phase).toBe("proposed");
    // The key and list of an older meeting are its own to use again; what it once got for them is worth nothing now.
    side.say("exhibit", "meeting-list", side.commit());
    mallory.tricks.unshift(side.trick);
    await unit.spread(mallory);
    const older = await meet();
    older.answer(report(older.meeting), await take(older, "list"));
    side.messages.set("counted", older.message("counted"));
    side.messages.set("contents", older.message("contents"));
    side.commitTo("counted");
    side.say("observe", "meeting-count", { count: 0 });
    await unit.spread(mallory);
    await unit.until("ann has counted", () => report(meeting).by.count !== undefined);
    expect(report(meeting).by.count?.content.count).toBe(0);
    side.say("position", "accept", { clause: "contents" });
    side.commitTo("contents");
    await unit.spread(mallory);
    await ann.api("POST", "/api/meetings/reveal", { meeting });
    await unit.until("ann has ended it", () => report(meeting).by.end !== undefined);
    expect(await row(meeting)).toMatchObject(accused("bad-proof"));
    expect(await evidence(side)).toEqual({ messages: ["with contents", "by list"], blamed: shown("bad-proof") });
  });

  it("is accused with its own messages where it lies about the number", async () => {
    const side = await meet();
    await count(side, { says: 2 });
    expect(await untilEnded(side)).toMatchObject(accused("wrong-count"));
    expect(await evidence(side)).toEqual({ messages: ["by counted", "with counted"], blamed: shown("wrong-count") });
  });

  it("can count falsely by what it made up, and is found out when it has to prove it", async () => {
    const side = await meet();
    const made = new HostileMeeting(group, mallory, 97, MALLORYS).message("list");
    const lie = (): void => void side.messages.set("counted", Uint8Array.from(made).fill(2, 4, 5));
    await count(side, { says: 0, lie });
    await consent(side);
    side.commitTo("contents");
    await unit.spread(mallory);
    expect(await untilEnded(side)).toMatchObject(accused("not-as-counted"));
    expect(await evidence(side)).toEqual({
      messages: ["by counted", "by contents"],
      blamed: shown("not-as-counted"),
    });
  });

  it("cannot show by another key, or swap what it shows", async () => {
    const swapped = await meet();
    await count(swapped);
    const contents = Uint8Array.from(swapped.message("contents"));
    contents.set(swapped.message("contents").subarray(5, 37), 37);
    contents.set(swapped.message("contents").subarray(37, 69), 5);
    swapped.messages.set("contents", contents);
    await consent(swapped);
    swapped.commitTo("contents");
    await unit.spread(mallory);
    expect(await untilEnded(swapped)).toMatchObject(accused("bad-proof"));
    expect(await evidence(swapped)).toMatchObject({ blamed: shown("bad-proof") });
    const rekeyed = await meet();
    const { prover } = new HostileMeeting(group, mallory, 95, MALLORYS);
    await count(rekeyed, {
      says: 0,
      lie: () => rekeyed.answer(report(rekeyed.meeting), rekeyed.taken, prover),
    });
    await consent(rekeyed);
    rekeyed.commitTo("contents");
    await unit.spread(mallory);
    expect(await untilEnded(rekeyed)).toMatchObject(accused("bad-proof"));
    expect(await evidence(rekeyed)).toEqual({ messages: ["by contents", "with list"], blamed: shown("bad-proof") });
  });

  it("cannot complain of what is in order: Ann's messages show it", async () => {
    const side = await meet();
    await count(side);
    await consent(side);
    side.commitTo("contents");
    side.say("observe", "meeting-end", { outcome: "bad-proof" });
    await unit.spread(mallory);
    await untilEnded(side);
    expect((await row(side.meeting)).fault).toEqual({ why: "accused", party: "ann", outcome: "bad-proof" });
    expect(await evidence(side)).toEqual({
      messages: ["with contents", "by list"],
      blamed: [{ party: "mallory", why: "false-complaint", outcome: "bad-proof" }],
    });
    // What Ann never committed to, or Mallory had no message for in return, accuses nobody, and Ann gives nothing away.
    const early = await meet();
    await count(early);
    early.say("observe", "meeting-end", { outcome: "bad-proof" });
    await unit.spread(mallory);
    expect(await untilEnded(early)).toMatchObject({ fault: { why: "word-against-word", party: null } });
    expect(await evidence(early)).toBeUndefined();
  });

  it("is blamed for its silence once it has seen what it wanted, and the one that waited is not", async () => {
    const seen = await meet();
    seen.answer(report(seen.meeting), await take(seen, "list"));
    seen.commitTo("counted");
    await unit.spread(mallory);
    // It has Ann's half of the number, and says nothing of its own.
    await take(seen, "counted");
    await unit.until("ann has counted", () => report(seen.meeting).with.count !== undefined);
    const early = await meet();
    await take(early, "list");
    await unit.pass(LASTING);
    for (const side of [seen, early]) {
      const { fault, sides } = await untilEnded(side);
      expect(fault).toEqual({ why: "silent", party: "mallory", outcome: null });
      expect(sides).toMatchObject([{ outcome: null }, { outcome: "no-answer" }]);
    }
    // Whoever is behind and complains leaves one word against another.
    early.say("observe", "meeting-end", { outcome: "no-answer" });
    await unit.spread(mallory);
    expect((await row(early.meeting)).fault).toMatchObject({ why: "word-against-word", party: null });
  });
});
