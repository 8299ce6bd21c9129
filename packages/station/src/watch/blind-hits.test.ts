import { type Json, unwrap } from "@detente/basics";
import { StateStore } from "@detente/store";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { BlindHit } from "../api/watch-contract.ts";
import { standingShares } from "../standing-shares.ts";
import { Stations, type TestStation, until } from "../testing/stations.ts";
import { offeredHit, takeUp } from "./blind-hits.ts";
import { Book } from "./book.ts";
import type { Outcome } from "./releaser.ts";
import { policyOf, type WatchPolicy } from "./watched-source.ts";

/* Ann and Cem have shared; the label of a hit in Ann's set says where, by Ann's word alone. */

const NOW = Date.UTC(2026, 10, 3, 18, 20);
const OFFICER = policyOf(undefined);
const POLICY: WatchPolicy = { ...OFFICER, release: "policy" };
const ITEMS: Json = [
  { kind: "domain", value: "evil.example" },
  { kind: "domain", value: "worse.example" },
  { kind: "domain", value: "over.example", until: NOW },
];

let stations: Stations;
let bob: TestStation;
let share: string;
let ofCem: string;
let state: StateStore;
let book: Book;

beforeAll(async () => {
  stations = await Stations.create();
  const [ann, second, cem] = (await stations.found("ann", "bob", "cem")) as [TestStation, TestStation, TestStation];
  bob = second;
  const input = { title: "t", tlp: "green", audience: "unit", items: ITEMS };
  share = (await ann.post<{ leafHash: string }>("/api/shares", input)).leafHash;
  ofCem = (await cem.post<{ leafHash: string }>("/api/shares", input)).leafHash;
  const isIndexed = async (value: string): Promise<boolean> =>
    (await bob.station.index.reader.searchItems({ text: value, match: "exact", limit: 10 })).rows.length === 2;
  await until("all is in effect and indexed", async () => {
    return [...standingShares(bob.unit)].length === 2 && (await isIndexed("over.example"));
  });
});
afterAll(() => stations.close());

beforeEach(async () => {
  state = unwrap(StateStore.open(":memory:"));
  book = await Book.read(state.watch);
  return () => state.close();
});

function hit(change: Partial<BlindHit> = {}): BlindHit {
  const times = { first: NOW - 5000, last: NOW - 1000, from: NOW - 9000, to: NOW - 500 };
  return { kind: "domain", value: "evil.example", share, index: 0, classes: { "exact-field": 2 }, ...times, ...change };
}

function offer(hits: readonly BlindHit[], policy = OFFICER, isReleased = false): ReturnType<typeof takeUp> {
  const standing = new Map([...standingShares(bob.unit)].map((one) => [one.leafHash, one]));
  const { reader } = bob.station.index;
  const options = { book, reader, standing: (leafHash: string) => standing.get(leafHash), policy, now: NOW };
  return takeUp(options, { partner: "ann", source: "web", hits, isReleased });
}

describe("a hit of a blind look-up", () => {
  it("is counted with what it covers, and left to an officer unless the policy or an officer lets it out", async () => {
    await offer([hit()]);
    expect(book.allPending()).toMatchObject([{ partner: "ann", party: "ann", share, index: 0, releasedBy: null }]);
    await offer([hit()], POLICY);
    // What waits already waits on: a policy that is set later says nothing of what was found before.
    expect(book.allPending()).toMatchObject([{ count: 2, releasedBy: null }]);
    await offer([hit()], OFFICER, true);
    expect(book.allPending()).toMatchObject([{ releasedBy: "officer" }]);
    await offer([hit({ index: 1, value: "worse.example" })], POLICY);
    expect(book.allPending().map(({ releasedBy }) => releasedBy)).toEqual(["officer", "policy"]);
  });

  it.each<[string, Partial<BlindHit>, Partial<WatchPolicy>]>([
    ["weak ones", { classes: { embedded: 1, "exact-field": 1 } }, {}],
    ["too many", { classes: { url: 11 } }, { noisy: 10 }],
  ])("is left to an officer by the policy too: %s", async (_what, change, settings) => {
    await offer([hit(change)], { ...POLICY, ...settings });
    expect(book.allPending()).toMatchObject([{ releasedBy: null }]);
  });

  it.each<[string, () => Partial<BlindHit>, string]>([
    ["a share that is sealed for others, or none", () => ({ share: "5a".repeat(32) }), "can read no such share"],
    ["the share of a third party", () => ({ share: ofCem }), "the share is one of cem, whatever the label of ann says"],
    ["an item that is another indicator", () => ({ index: 1 }), "the share has something else there"],
    ["an item that is none", () => ({ index: 3 }), "the share has something else there"],
    ["what has expired", () => ({ index: 2, value: "over.example" }), "the indicator has expired"],
  ])("becomes nothing where the label names %s", async (_what, change, why) => {
    const [offered] = await offer([hit(change())], POLICY, true);
    expect(offered?.refused).toContain(why);
    expect(book.allPending()).toEqual([]);
  });

  it("that a log sets into the future happened when it was looked at", async () => {
    await offer([hit({ first: NOW + 5, last: NOW + 9, from: NOW + 5, to: NOW + 9 })]);
    expect(book.allPending()).toMatchObject([{ first: NOW, last: NOW, from: NOW, until: NOW }]);
  });

  it("is offered once, also after it was said or dropped, and across restarts", async () => {
    const [first] = await offer([hit()]);
    const id = first?.id ?? "";
    await book.change({ settled: [id] });
    expect(await offer([hit()], POLICY, true)).toEqual([{ id, refused: "it was said, or dropped, before" }]);
    book = await Book.read(state.watch);
    expect(await offer([hit()], POLICY, true)).toMatchObject([{ refused: "it was said, or dropped, before" }]);
    expect(await offer([hit({ last: NOW - 900 })])).not.toMatchObject([{ id }]);
    expect(book.allPending()).toHaveLength(1);
  });

  it("tells what has become of it", async () => {
    const [one, other] = await offer([hit(), hit({ index: 3 })]);
    const [pending] = book.allPending();
    if (one === undefined || other === undefined || pending === undefined) throw new Error("two offers");
    const shown = (outcomes: readonly Outcome[]): unknown =>
      offeredHit(one, book, new Map(outcomes.map((outcome) => [outcome.pending.id, outcome])), "soon");
    expect(shown([])).toEqual({ id: one.id, is: "waits", why: "an officer has to let it out" });
    expect(shown([{ pending, is: "said", leafHash: share }])).toEqual({ id: one.id, is: "said", leafHash: share });
    expect(shown([{ pending, is: "waits", why: "w" }])).toEqual({ id: one.id, is: "waits", why: "w" });
    expect(offeredHit(other, book, new Map(), "soon")).toMatchObject({ is: "dropped" });
    await offer([hit()], OFFICER, true);
    expect(shown([])).toEqual({ id: one.id, is: "waits", why: "soon" });
  });
});
