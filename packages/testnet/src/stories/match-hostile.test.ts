import { readdir, readFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  type Bytes,
  concatBytes,
  ed25519Sign,
  fromBase64,
  fromHex,
  present,
  toHex,
  unwrap,
  utf8,
} from "@detente/basics";
import {
  finish,
  ask,
  type Asked,
  type AskedSet,
  ELEMENT_BYTES,
  type Group,
  NEW_TAB,
  openGroup,
  parseTranscript,
  randomBytesToAsk,
  readSet,
  type Tab,
  verifyTranscript,
} from "@detente/match";
import { loadConfig, type Lookup, type MatchReport, saveConfig } from "@detente/station";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type HostileParty,
  HostileSet,
  type RawAnswer,
  seededBytes,
  startTestUnit,
  type TestStation,
  type TestUnit,
} from "../index.ts";

/* Ann lets Bob, Cem and Mallory ask; Mallory keeps no rule, as asker and as answerer. */

const random = seededBytes(7);
let group: Group;
let unit: TestUnit;
let ann: TestStation;
let bob: TestStation;
let cem: TestStation;
let mallory: HostileParty;

beforeAll(async () => {
  group = await openGroup(readFileSync(fileURLToPath(import.meta.resolve("@detente/match/ristretto.wasm"))));
  unit = await startTestUnit({ parties: ["ann", "bob", "cem"], hostile: ["mallory"], seed: 98 });
  [ann, bob, cem] = ["ann", "bob", "cem"].map((name) => unit.station(name)) as [TestStation, TestStation, TestStation];
  mallory = unit.hostile("mallory");
  await ann.share({ audience: ["ann", "cem"], items: [{ kind: "domain", value: "evil.example" }] });
  const partners = [
    { party: "bob", budget: 100 },
    { party: "cem", budget: 100 },
    { party: "mallory", budget: 48 },
  ];
  const exceptions = [{ partners: ["bob"], audience: ["ann", "cem"], tlp: "amber" as const }];
  await saveConfig(ann.dir, { ...unwrap(await loadConfig(ann.dir)), match: { partners, pool: 81, exceptions } });
  await ann.api("POST", "/api/match/reload", {});
  await unit.until("ann's set is at bob's and cem's", async () => {
    const reports = await Promise.all([bob, cem].map(report));
    return reports.every(({ partners: [set] }) => set?.isHere === true);
  });
});

afterAll(() => unit.close());

async function report(of: TestStation): Promise<MatchReport> {
  return (await of.api("GET", "/api/match")).body as unknown as MatchReport;
}

function lookUp(at: TestStation, partner: string, ...names: readonly string[]): ReturnType<TestStation["api"]> {
  const indicators = names.map((value) => ({ kind: "domain", value }));
  return at.api("POST", "/api/match/lookup", { partner, indicators });
}

/** What the record says of Ann's set. */
function annsSet(): AskedSet {
  const { hash, terms } = present(
    bob.fold.matchSets().find(({ log }) => log === ann.origin),
    "ann's set",
  );
  return { set: hex(hash), publicKey: hex(terms.key), answererKey: hex(terms.receipts) };
}

function hex(text: string): Bytes {
  return present(fromHex(text), "hexadecimal");
}

async function pooled(): Promise<number | undefined> {
  return (await report(ann)).own?.pooled;
}

describe("a hostile asker", () => {
  let tab: Tab = NEW_TAB;

  function question(count: number, from: Tab = tab): Asked {
    const inputs = Array.from({ length: count }, (_, i) => utf8(`domain:host${from.spent + i}.example`));
    return ask(group, annsSet().set, from, inputs, random(randomBytesToAsk(count)));
  }

  function send(request: Bytes): Promise<RawAnswer> {
    return mallory.send(ann, "POST", "/match/lookup", { body: request });
  }

  async function refusal(request: Bytes): Promise<[number, string]> {
    const { status, body } = await send(request);
    return [status, (JSON.parse(Buffer.from(body).toString()) as { code: string }).code];
  }

  it("is refused what is no request or no element, and charged nothing for it", async () => {
    // RFC 9496, appendix A.3, and encodings of points of small order of edwards25519 (RFC 8032): none is an element.
    const bad = [
      "00".repeat(32),
      `01${"00".repeat(31)}`,
      `ec${"ff".repeat(30)}7f`,
      `ed${"ff".repeat(30)}7f`,
      "ff".repeat(32),
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    ];
    const { request } = question(16);
    for (const element of bad) {
      const changed = Uint8Array.from(request);
      changed.set(hex(element), request.length - 5 * ELEMENT_BYTES);
      expect([element, ...(await refusal(changed))]).toEqual([element, 400, "bad-element"]);
      // Decoding is work that nobody has paid for: it waits before it may cause more of it.
      expect(await refusal(request)).toEqual([429, "held-up"]);
      await unit.pass(10_000);
    }
    expect(await refusal(concatBytes(request, new Uint8Array(32 * 1024)))).toEqual([413, "too-large"]);
    expect(await refusal(request.subarray(0, -1))).toEqual([400, "bad-request"]);
    const otherSet = Uint8Array.from(request).fill(7, 4, 36);
    expect(await refusal(otherSet)).toEqual([404, "other-set"]);
    expect(await refusal(question(1, { ...NEW_TAB, spent: 3 }).request)).toEqual([409, "out-of-step"]);
    expect(await pooled()).toBe(0);
  });

  it("gets the same bytes for nothing as often as it repeats a request, and nothing out of turn", async () => {
    const first = question(1);
    const answers = [await send(first.request), await send(first.request)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(toHex((answers[0] as RawAnswer).body)).toBe(toHex((answers[1] as RawAnswer).body));
    expect(await pooled()).toBe(1);
    const sign = (message: Bytes): Bytes => ed25519Sign(mallory.keys.transport, message);
    const next = unwrap(finish(group, annsSet(), tab, first, (answers[0] as RawAnswer).body, sign)).tab;
    const unsigned = { ...next, countersignature: NEW_TAB.countersignature };
    expect(await refusal(question(1, unsigned).request)).toEqual([409, "not-countersigned"]);
    tab = next;
    const second = question(16);
    const { body } = await send(second.request);
    tab = unwrap(finish(group, annsSet(), tab, second, body, sign)).tab;
    expect(await refusal(first.request)).toEqual([409, "out-of-step"]);
    await ann.restart();
    expect(toHex((await send(second.request)).body)).toBe(toHex(body));
    expect(await pooled()).toBe(17);
  });

  it("learns from traffic the class alone, and nothing from another's file", async () => {
    const lengths: Promise<number[]>[] = [];
    const measure = async (headers: Headers, body: ArrayBuffer): Promise<number[]> => [
      body.byteLength,
      ...[...headers].map(([name, value]) => name.length + value.length),
    ];
    const untap = [
      unit.network.tap(({ request }) => {
        if (request.url.endsWith("/match/lookup"))
          lengths.push(request.arrayBuffer().then((body) => measure(request.headers, body)));
      }),
      unit.network.tapAnswers(({ answer }) => {
        if (answer.headers.get("content-type") === "application/octet-stream" && answer.status === 200)
          lengths.push(answer.arrayBuffer().then((body) => measure(answer.headers, body)));
      }),
    ];
    await lookUp(cem, "ann", "evil.example", "x.example");
    await lookUp(cem, "ann", ...Array.from({ length: 15 }, (_, i) => `a-much-longer-name-${i}.example`));
    for (const stop of untap) stop();
    const seen = await Promise.all(lengths);
    expect(seen).toHaveLength(4);
    expect(seen[2]).toEqual(seen[0]);
    expect(seen[3]).toEqual(seen[1]);
    const set = present(bob.fold.matchSets()[0], "ann's set").hash;
    const [bobs, cems] = await Promise.all(
      [bob, cem].map(async ({ dir }) => unwrap(readSet(await readFile(`${dir}/match/copies/${set}/tags`))).tags),
    );
    const bytes = present(bobs, "bob's tags").bytes();
    const common = Array.from({ length: bytes.length / 8 }, (_, i) => bytes.subarray(8 * i, 8 * i + 8)).filter(
      (tag) => cems?.find(tag) !== -1,
    );
    expect(common).toEqual([]);
  });

  it("is stopped by its budget, with all others by the pool, and all of it is on the record", async () => {
    const third = question(16);
    const { body } = await send(third.request);
    const sign = (message: Bytes): Bytes => ed25519Sign(mallory.keys.transport, message);
    tab = unwrap(finish(group, annsSet(), tab, third, body, sign)).tab;
    expect(await refusal(question(16).request)).toEqual([403, "budget-exhausted"]);
    expect(await lookUp(bob, "ann", "evil.example", "b.example")).toMatchObject({
      status: 200,
      body: { charged: 16, rows: [{ hit: { to: "bob" } }, { hit: null }] },
    });
    expect(await lookUp(cem, "ann", "c.example")).toMatchObject({
      status: 400,
      body: {
        code: "refused",
        detail: expect.stringContaining("not so many are left in this epoch for all partners together"),
      },
    });
    // Mallory's end was told at once; the next may be a minute later, or asking too much would fill Ann's log.
    await unit.pass(60_000);
    await unit.until("the total is on the record", () => bob.fold.matchSets()[0]?.totals?.content.pooled === 81);
    expect(bob.fold.matchSets()[0]?.totals?.content.partners).toMatchObject([
      { party: "bob", spent: 16 },
      { party: "cem", spent: 32 },
      { party: "mallory", spent: 33 },
    ]);
  });
});

describe("a hostile answerer", () => {
  let set: HostileSet;

  beforeAll(async () => {
    set = new HostileSet(group, mallory, 1, [bob, cem]);
    set.commit(0, {
      bob: { inputs: ["domain:a.example", "domain:false.example"], falsely: ["domain:false.example"] },
      cem: { inputs: ["domain:a.example", "domain:hidden.example"] },
    });
    mallory.tricks.unshift((request) => set.trick(request));
  });

  async function untilHere(): Promise<void> {
    await unit.until("mallory's set is at bob's and cem's", async () => {
      const reports = await Promise.all([bob, cem].map(report));
      return reports.every(({ partners }) => partners.find(({ party }) => party === "mallory")?.isHere === true);
    });
  }

  /** Whether the set holds a name by the transcript of whoever asked, and by Ann's record. */
  async function shownBy(station: TestStation, of: string, value: string, epoch?: number): Promise<boolean> {
    const question = {
      partner: "mallory",
      indicator: { kind: "domain", value },
      ...(epoch !== undefined && { epoch }),
    };
    const { body } = await station.api("POST", "/api/match/transcript", question);
    const opened = fromBase64((body as { transcript: string }).transcript) as Bytes;
    const { terms, edition, hash } = present(
      ann.fold.matchSets().find((one) => one.hash === of),
      "the set",
    );
    const part = present(
      edition?.content.partners.find(({ party }) => party === station.name),
      "its part",
    );
    const published = {
      set: hex(hash),
      publicKey: hex(terms.key),
      answererKey: hex(terms.receipts),
      root: hex(part.root),
      count: part.count,
      partnerKeyDigest: hex(
        present(
          terms.partners.find(({ party }) => party === station.name),
          "a partner",
        ).key,
      ),
    };
    return unwrap(verifyTranscript(group, published, unwrap(parseTranscript(opened))));
  }

  it("cannot give another set than it has committed to", async () => {
    set.mangleTags = (tags) => {
      const changed = Uint8Array.from(tags);
      changed[tags.length - 2] = (changed[tags.length - 2] as number) ^ 1;
      return changed;
    };
    await unit.spread(mallory);
    await unit.until("bob finds it out", async () => {
      const fault = (await report(bob)).partners.find(({ party }) => party === "mallory")?.fault;
      return fault?.startsWith("mallory: set") === true;
    });
    expect(await lookUp(bob, "mallory", "a.example")).toMatchObject({ status: 404, body: { code: "no-set" } });
    set.mangleTags = (tags) => tags;
    await untilHere();
  });

  it("cannot answer by another key, swap answers, or give an old one", async () => {
    const names = ["a.example", "b.example"];
    const lies: Record<string, () => void> = {
      "another key": () => {
        set.answerKey = Uint8Array.from(set.key, (byte, i) => (i === 0 ? byte ^ 1 : byte));
      },
      "swapped answers": () => {
        set.mangle = (response) => {
          const changed = Uint8Array.from(response);
          changed.set(response.subarray(132, 164), 164);
          changed.set(response.subarray(164, 196), 132);
          return changed;
        };
      },
      "a flipped bit": () => {
        set.mangle = (response) => response.map((byte, i) => (i === 140 ? byte ^ 4 : byte));
      },
      "half an answer": () => {
        set.mangle = (response) => response.subarray(0, -32);
      },
    };
    for (const [name, lie] of Object.entries(lies)) {
      lie();
      const { status, body } = await lookUp(bob, "mallory", ...names);
      expect([name, status, body]).toMatchObject([name, 400, { code: "bad-answer" }]);
      [set.answerKey, set.mangle] = [set.key, (response) => response];
    }
    // The same question is still open, and was paid for once, when it was asked first.
    expect(await lookUp(bob, "mallory", ...names)).toMatchObject({
      status: 200,
      body: { charged: 0, spent: 16, rows: [{ hit: { to: "bob" } }, { hit: null }] },
    });
  });

  it("cannot claim what it does not know", async () => {
    const { status, body } = await lookUp(bob, "mallory", "a.example", "false.example", "no.example");
    // The one is named, and keeps no answer back.
    expect([status, body]).toMatchObject([200, { rows: [{ hit: { to: "bob" } }, { hit: null }, { hit: null }] }]);
    const { rows } = body as unknown as Lookup;
    expect(rows.map(({ fault }) => fault?.slice(0, 15))).toEqual([undefined, "mallory: label:", undefined]);
  });

  it("cannot hide from one what it shows another: their transcripts contradict one another, for all to see", async () => {
    expect((await lookUp(bob, "mallory", "hidden.example")).body).toMatchObject({ rows: [{ hit: null }] });
    expect((await lookUp(cem, "mallory", "hidden.example")).body).toMatchObject({ rows: [{ hit: { to: "cem" } }] });
    const shown: boolean[] = [];
    for (const station of [bob, cem]) shown.push(await shownBy(station, set.hash, "hidden.example"));
    expect(shown).toEqual([false, true]);
  });

  it("cannot go on by the key of an epoch that is over", async () => {
    const old = set;
    set = new HostileSet(group, mallory, 2, [bob, cem]);
    set.commit(0, { bob: { inputs: ["domain:a.example"] }, cem: { inputs: [] } });
    mallory.write({ type: "position", kind: "withdraw", of: [old.hash], content: {} });
    await unit.spread(mallory);
    await untilHere();
    set.answerKey = old.key;
    expect(await lookUp(bob, "mallory", "a.example")).toMatchObject({ status: 400, body: { code: "bad-answer" } });
    set.answerKey = set.key;
    expect(await lookUp(bob, "mallory", "a.example")).toMatchObject({
      body: { charged: 0, spent: 1, rows: [{ hit: {} }] },
    });
  });

  it("cannot end what can be proven by taking its set back: what was asked of it is laid open all the same", async () => {
    const { hash: last } = set;
    const first = present(
      ann.fold.matchSets().find(({ terms, log }) => log === mallory.origin && terms.epoch === 1),
      "the set of the first epoch",
    );
    // Nothing was asked of the next one, which Cem has nothing in.
    set = new HostileSet(group, mallory, 3, [bob]);
    set.commit(0, { bob: { inputs: [] } });
    mallory.write({ type: "position", kind: "withdraw", of: [last], content: {} });
    await unit.spread(mallory);
    await unit.until("nothing of the old sets is among the copies", async () => {
      const left = await Promise.all([bob, cem].map((station) => readdir(`${station.dir}/match/copies`)));
      return left.flat().every((name) => name !== last && name !== first.hash);
    });
    await bob.restart();
    await unit.until("bob has read the record", async () => (await report(bob)).partners.length > 0);
    expect(await shownBy(bob, last, "a.example")).toBe(true);
    expect(await shownBy(bob, first.hash, "hidden.example")).toBe(false);
    expect(await shownBy(cem, first.hash, "hidden.example")).toBe(true);
    expect(await shownBy(bob, first.hash, "a.example", 1)).toBe(true);
    const kept = await readdir(`${bob.dir}/match/evidence/${last}`);
    expect(kept.toSorted()).toEqual(["key", "request", "response", "tags"]);
    const indicator = { kind: "domain", value: "never.example" };
    expect(await bob.api("POST", "/api/match/transcript", { partner: "mallory", indicator })).toMatchObject({
      status: 404,
      body: { code: "not-asked" },
    });
  });
});
