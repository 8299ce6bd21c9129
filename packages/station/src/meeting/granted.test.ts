import { present } from "@detente/basics";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SetFiles } from "../matching/set-files.ts";
import { Stations, type TestStation, until } from "../testing/stations.ts";
import { MeetingFolder } from "./folder.ts";
import { Granted } from "./granted.ts";

/* Over a real record, and the disk as a process leaves it that ends at any moment. */

const GRANT = { partner: "bob", count: 1024 };
const MEETING = "aa".repeat(32);
const KEY = new Uint8Array(32);

let stations: Stations;
let ann: TestStation;
let dir: string;
let runs = 0;

beforeAll(async () => {
  stations = await Stations.create();
  [ann] = (await stations.found("ann", "bob")) as [TestStation, TestStation];
});
beforeEach(() => {
  dir = `${stations.root}/${runs++}`;
});
afterAll(() => stations.close());

function granted(): Granted {
  return new Granted({ party: "ann", origin: ann.origin, dir });
}

async function spent(of: Granted): Promise<number> {
  return (await of.spending(ann.unit.archive.fold, 0)).of("bob");
}

/** What is written when a meeting is entered, in this order. */
function steps(meeting: string): (() => Promise<void>)[] {
  const folder = new MeetingFolder(new SetFiles(dir), meeting);
  const input = { type: "open", kind: "meeting", of: [], audience: "unit", content: {} } as const;
  return [
    () => folder.keepMessage("list", KEY),
    () => folder.keepIntended("proposal", { input, intent: { at: 0, salt: "" } }),
    () => folder.keepGrant(GRANT),
    () => folder.keepSide({ prover: { key: KEY, publicKey: KEY, nonceKey: KEY }, inputs: [] }),
  ];
}

describe("what meetings were granted", () => {
  it.each([0, 1, 2, 3, 4])("counts from the last of four writes on, for whoever starts after %i", async (done) => {
    for (const step of steps(MEETING).slice(0, done)) await step();
    expect(await spent(granted())).toBe(done === 4 ? GRANT.count : 0);
  });

  it("counts once, from before the first of them on", async () => {
    const here = granted();
    here.hold(GRANT);
    for (const step of steps(MEETING)) {
      expect(await spent(here)).toBe(GRANT.count);
      await step();
    }
    expect(await spent(here)).toBe(GRANT.count);
    await here.settle(GRANT);
    expect(await spent(here)).toBe(GRANT.count);
    const [first] = steps("bb".repeat(32));
    here.hold(GRANT);
    await present(first, "a step")();
    expect(await spent(here)).toBe(2 * GRANT.count);
    await here.settle(GRANT);
    expect(await spent(here)).toBe(GRANT.count);
  });

  it("does not count where the proposal turns out to be void, in this party's log and not in another's", async () => {
    const question = await ann.post("/api/statements", {
      type: "open",
      kind: "question",
      of: [],
      audience: "unit",
      content: { title: "?", text: "?" },
    });
    const about = { type: "exhibit", kind: "meeting-list", of: [(question as { leafHash: string }).leafHash] };
    const content = { key: "00".repeat(32), count: 1024, digest: "00".repeat(32) };
    const { leafHash } = (await ann.post("/api/statements", { ...about, audience: "unit", content })) as {
      leafHash: string;
    };
    for (const step of steps(leafHash)) await step();
    await until("it is void", () => ann.unit.archive.fold.find(leafHash)[0]?.status.state === "void");
    expect(await spent(granted())).toBe(0);
    const elsewhere = new Granted({ party: "ann", origin: "other.example/log", dir });
    expect(await spent(elsewhere)).toBe(GRANT.count);
  });
});
