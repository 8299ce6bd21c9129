import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Json, unwrap } from "@detente/basics";
import { type Group, openGroup } from "@detente/match";
import { loadConfig, type Lookup, type MatchReport, saveConfig } from "@detente/station";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type HostileParty, HostileSet, startTestUnit, type TestStation, type TestUnit } from "../index.ts";

/* Mallory gives Bob sets that are slow, endless, wrong or wrongly counted; Ann is honest beside it. */

let group: Group;
let unit: TestUnit;
let ann: TestStation;
let bob: TestStation;
let mallory: HostileParty;
let set: HostileSet;
/** What Bob fetched of Mallory's set. */
let fetched: string[];
let epoch = 0;

beforeAll(async () => {
  group = await openGroup(readFileSync(fileURLToPath(import.meta.resolve("@detente/match/ristretto.wasm"))));
  unit = await startTestUnit({ parties: ["ann", "bob", "cem"], hostile: ["mallory"], seed: 97 });
  [ann, bob, mallory] = [unit.station("ann"), unit.station("bob"), unit.hostile("mallory")];
  unit.network.tap(({ to, request }) => {
    const { pathname } = new URL(request.url);
    if (to === "mallory.test" && pathname.startsWith(`/match/${set.hash}/`)) fetched.push(pathname.slice(72));
  });
  await ann.share({ items: [{ kind: "domain", value: "evil.example" }] });
  const match = { partners: [{ party: "bob", budget: 100 }], pool: 100, interval: 1 };
  await saveConfig(ann.dir, { ...unwrap(await loadConfig(ann.dir)), match });
  await ann.api("POST", "/api/match/reload", {});
});

beforeEach(() => {
  set = new HostileSet(group, mallory, ++epoch, [bob]);
  mallory.tricks.splice(0, mallory.tricks.length, (request) => set.trick(request));
  fetched = [];
});

afterAll(() => unit.close());

type Partner = MatchReport["partners"][number];

async function report(): Promise<MatchReport> {
  return (await bob.api("GET", "/api/match")).body as unknown as MatchReport;
}

async function untilPartner(what: string, name: string, is: (partner: Partner) => boolean): Promise<void> {
  await unit.until(what, async () => {
    const partner = (await report()).partners.find(({ party }) => party === name);
    return partner !== undefined && is(partner);
  });
}

async function lookUp(partner: string, ...names: readonly string[]): Promise<Lookup> {
  const indicators = names.map((value) => ({ kind: "domain", value }));
  const { status, body } = await bob.api("POST", "/api/match/lookup", { partner, indicators });
  expect([status, body]).toMatchObject([200, {}]);
  return body as unknown as Lookup;
}

function answerWith(file: string, answer: () => Response): void {
  mallory.tricks.unshift((request) => (new URL(request.url).pathname.endsWith(file) ? answer() : undefined));
}

describe("a partner's set", () => {
  it("that is longer than its class is given up, and not fetched again at every word on the record", async () => {
    answerWith("/0/tags", () => {
      const endless = new ReadableStream<Uint8Array>({
        pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
      });
      return new Response(endless);
    });
    set.commit(0, { bob: { inputs: ["domain:a.example"] } });
    await unit.spread(mallory);
    await untilPartner("bob has given it up", "mallory", ({ fault }) => fault !== null);
    mallory.tricks.shift();
    await untilPartner("the right one is here", "mallory", ({ isHere }) => isHere);
    // What is wrong waits longer each time, whatever is said meanwhile.
    set.mangleTags = (tags) => tags.map((byte, i) => (i === tags.length - 2 ? byte ^ 1 : byte));
    set.commit(1, { bob: { inputs: ["domain:a.example", "domain:b.example"] } });
    await unit.spread(mallory);
    await untilPartner(
      "bob finds it out",
      "mallory",
      ({ fault }) => fault?.includes("not the one on the record") === true,
    );
    const before = fetched.length;
    for (let i = 0; i < 5; i++) await ann.ask(`question ${i}`);
    await unit.untilAgreed();
    expect(fetched.slice(before).filter((file) => file.endsWith("/tags")).length).toBeLessThan(3);
    // The edition before is looked up meanwhile.
    expect((await lookUp("mallory", "a.example")).rows).toMatchObject([{ hit: { to: "bob" } }]);
  });

  it("is fetched whole where the step to it does not chain, is damaged or has no end", async () => {
    set.commit(0, { bob: { inputs: ["domain:a.example"] } });
    await unit.spread(mallory);
    await untilPartner("the first edition is here", "mallory", ({ isHere }) => isHere);
    const steps = [
      () => new Response(new Uint8Array(1024)),
      () => new Response(new Uint8Array(1 << 20)),
      () => new Response(new TextEncoder().encode("DMD1").slice()),
    ];
    for (const [i, step] of steps.entries()) {
      answerWith(`/${i + 1}/delta`, step);
      answerWith(`/${i + 1}/new-labels`, () => new Response(new Uint8Array(64)));
      set.commit(i + 1, { bob: { inputs: ["domain:a.example", `domain:b${i}.example`] } });
      await unit.spread(mallory);
      await untilPartner(`edition ${i + 1} is here`, "mallory", ({ isHere, sequence }) => isHere && sequence === i + 1);
      expect(fetched).toContain(`${i + 1}/tags`);
    }
    expect((await lookUp("mallory", "a.example", "b2.example", "b1.example")).rows).toMatchObject([
      { hit: {} },
      { hit: {} },
      { hit: null },
    ]);
  });

  it("leaves nothing here when it is over, also if that came to pass while the station was stopped", async () => {
    set.commit(0, { bob: { inputs: ["domain:a.example"] } });
    await unit.spread(mallory);
    await untilPartner("it is here", "mallory", ({ isHere }) => isHere);
    const copies = (): Promise<string[]> => readdir(`${bob.dir}/match/copies`);
    expect(await copies()).toContain(set.hash);
    await bob.stop();
    mallory.write({ type: "position", kind: "withdraw", of: [set.hash], content: {} });
    await unit.spread(mallory);
    await bob.start();
    await unit.spread(mallory);
    await unit.until("the copy is gone", async () => !(await copies()).includes(set.hash));
  });
});

describe("what a partner says it was asked", () => {
  it("is held against the receipts: more than there are, or less, is shown with where it says so", async () => {
    set.commit(0, { bob: { inputs: ["domain:a.example"] } });
    await unit.spread(mallory);
    await untilPartner("it is here", "mallory", ({ isHere }) => isHere);
    await lookUp("mallory", "a.example", "b.example");
    const say = async (spent: number, receipt: string): Promise<number> => {
      const partners = [{ party: "bob", spent, receipt }];
      const content: Json = { to: unit.clock.now(), pooled: spent, partners };
      const { index } = mallory.write({ type: "observe", kind: "match-totals", of: [set.hash], content });
      await unit.spread(mallory);
      return index;
    };
    const index = await say(17, "ab".repeat(32));
    const disputed = { party: "mallory", set: set.hash, epoch, said: { log: mallory.origin, index } };
    expect((await report()).disputes).toMatchObject([{ ...disputed, flaw: expect.stringContaining("counts 17") }]);
    await say(16, "ab".repeat(32));
    expect((await report()).disputes).toMatchObject([{ flaw: expect.stringContaining("names the receipt abab") }]);
    // After a restart the last request lies there as if it were under way, until it is learnt again what became of it.
    await bob.restart();
    await untilPartner("it is here again", "mallory", ({ isHere }) => isHere);
    expect(await lookUp("mallory", "a.example")).toMatchObject({ charged: 0, spent: 16 });
    expect((await report()).disputes).toHaveLength(1);
  });
});

describe("an asker that tries paths", () => {
  it("gets nothing but the files of its own part", async () => {
    await untilPartner("ann's set is here", "ann", ({ isHere }) => isHere);
    const { set: hash } = (await report()).partners.find(({ party }) => party === "ann") as Partner;
    const paths = [
      `${hash}/key`,
      `${hash}/0/tags`,
      `${hash}/0/..%2f..%2fkeys`,
      `${hash}/00/tags`,
      `${hash}/0/tags.part`,
    ];
    const more = [
      `${hash}/-1/tags`,
      `${hash}/9007199254740993/tags`,
      `..%2fkeys/epoch-1.json`,
      `${hash.toUpperCase()}/key`,
    ];
    for (const path of [...paths, ...more]) {
      const { status } = await mallory.send(ann, "GET", `/match/${path}`);
      expect([path, status]).toEqual([path, 404]);
    }
  });
});

describe("a partner's set, last of all", () => {
  it("that trickles for hours holds up no other partner's, and not the station's stopping", async () => {
    const isStopped = { trickling: 0, given: 0 };
    answerWith("/0/tags", () => {
      isStopped.trickling++;
      const body = new ReadableStream<Uint8Array>({
        // Faster than the slowest pace that is waited for.
        async pull(controller) {
          await new Promise((resolve) => setTimeout(resolve, 5));
          controller.enqueue(new Uint8Array(500));
        },
        cancel() {
          isStopped.given++;
        },
      });
      return new Response(body);
    });
    // Nine megabytes: some two minutes of it at this pace.
    const [root, labels] = ["ab".repeat(32), "cd".repeat(32)];
    const content: Json = { sequence: 0, labelBytes: 64, partners: [{ party: "bob", root, count: 2 ** 20, labels }] };
    mallory.write({ type: "exhibit", kind: "match-edition", of: [set.hash], content });
    await unit.spread(mallory);
    await unit.until("it trickles", () => isStopped.trickling > 0);
    // Bob has nothing of Ann's since he started, and does not wait for Mallory.
    await bob.restart();
    await unit.until("it trickles again", () => isStopped.trickling > 1);
    await untilPartner("ann's set is here", "ann", ({ isHere }) => isHere);
    expect((await lookUp("ann", "evil.example")).rows).toMatchObject([{ hit: { to: "bob" } }]);
    expect(isStopped.given).toBe(1);
    await bob.stop();
    await unit.until("it was given up", () => isStopped.given === 2);
  });
});
