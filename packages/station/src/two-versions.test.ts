import { readdir, rm } from "node:fs/promises";
import { toBase64 } from "@detente/basics";
import { originHash } from "@detente/tlog";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StatusReport } from "./api/status-contract.ts";
import { Stations, type TestStation, until, untilAgreed } from "./testing/stations.ts";

let stations: Stations;

beforeEach(async () => {
  stations = await Stations.create();
});

afterEach(() => stations.close());

/** Runs a copy of a station's machine, that can reach `near` but not `far`, until it has said something there. */
async function speakTo(
  copy: TestStation,
  near: readonly TestStation[],
  far: readonly TestStation[],
  ...words: string[]
): Promise<string[]> {
  for (const station of far) stations.cut(copy, station);
  for (const a of near) for (const b of far) stations.cut(a, b);
  await copy.start();
  await copy.post("/api/recover", { without: far.map(({ name }) => name) });
  await copy.ready();
  const hashes: string[] = [];
  for (const word of words) hashes.push(await copy.ask(word));
  await until("it is seen", () => near.every((station) => hashes.every((hash) => station.fate(hash) !== undefined)));
  await until("it is observed", () =>
    near.every((station) => {
      const { fold } = station.unit.archive;
      const log = fold.logs().find(({ origin }) => origin === copy.origin);
      const seen = log?.observers.find(({ observer }) => observer === station.origin)?.size ?? 0;
      return hashes.every((hash) => (fold.find(hash)[0]?.index ?? seen) < seen);
    }),
  );
  await copy.stop();
  stations.mend();
  return hashes;
}

async function status(station: TestStation): Promise<StatusReport> {
  return (await station.api<StatusReport>("GET", "/api/status")).body;
}

function sizeAt(station: TestStation, origin: string): number {
  return station.unit.archive.foldedSize(origin);
}

async function untilFrozen(origin: string, ...at: TestStation[]): Promise<void> {
  await until("the log is frozen", () => at.every(({ unit }) => unit.evidence.isFrozen(origin)));
}

describe("a log with two versions", () => {
  test.each([
    { what: "longer", other: ["Y1", "Y2", "Y3"] },
    { what: "shorter", other: ["Y1"] },
  ])(
    "whoever was shown the one that the others have not seen, a $what one, puts it aside and takes theirs",
    async ({ other }) => {
      const [ann, bob, cem, dov] = (await stations.found("ann", "bob", "cem", "dov")) as [
        TestStation,
        TestStation,
        TestStation,
        TestStation,
      ];
      const common = await ann.ask("Common");
      await until("it is in effect", () => [bob, cem, dov].every((station) => station.fate(common) === "effective"));
      await ann.stop();
      const forked = await ann.clone();
      const [ours] = await speakTo(forked, [dov], [bob, cem], ...other);
      for (const station of [bob, cem]) stations.cut(dov, station);
      const [theirs] = await speakTo(ann, [bob, cem], [dov], "X1", "X2");

      await untilFrozen(ann.origin, bob, cem, dov);
      await until("dov has what the others observed", () => dov.fate(theirs as string) === "effective");
      await untilAgreed(bob, cem, dov);
      expect(dov.fate(ours as string)).toBeUndefined();
      expect([bob, cem, dov].map((station) => station.fate(common))).toEqual(["effective", "effective", "effective"]);
      await dov.ready();
      const shown = (await status(dov)).equivocations;
      expect(shown).toMatchObject([
        { log: ann.origin, isDivided: false, aside: [`${dov.dir}/evidence/${originHash(ann.origin)}-1`] },
      ]);
      expect(await readdir(shown[0]?.aside[0] as string)).toContain("reason.txt");
      expect((await status(bob)).equivocations).toMatchObject([{ isDivided: false, aside: [] }]);

      const later = await Promise.all([bob, cem, dov].map((station) => station.ask(`Later from ${station.name}`)));
      await until("all else goes on", () =>
        [bob, cem, dov].every((station) => later.every((hash) => station.fate(hash) === "effective")),
      );
      await untilAgreed(bob, cem, dov);

      // Killed between putting aside and taking the other version.
      await dov.stop();
      await rm(`${dov.dir}/logs/${originHash(ann.origin)}`, { recursive: true });
      await dov.start();
      await untilAgreed(bob, cem, dov);
      expect(dov.fate(theirs as string)).toBe("effective");
    },
  );

  test("where no version was seen by a quorum, all stay at what was common", async () => {
    const [ann, bob, cem] = (await stations.found("ann", "bob", "cem")) as [TestStation, TestStation, TestStation];
    await ann.stop();
    const forked = await ann.clone();
    const [one] = await speakTo(forked, [cem], [bob], "Y1");
    stations.cut(bob, cem);
    const [other] = await speakTo(ann, [bob], [cem], "X1");
    await untilFrozen(ann.origin, bob, cem);
    // Without ann there is no quorum for what they say of it either.
    await until("both see the same", () => bob.digest === cem.digest);
    expect([bob.fate(other as string), cem.fate(one as string)]).toEqual(["pending", "pending"]);
    expect([bob.fate(one as string), cem.fate(other as string)]).toEqual([undefined, undefined]);
    for (const station of [bob, cem])
      expect((await status(station)).equivocations).toMatchObject([{ aside: [], isDivided: false }]);
  });

  test("where an observer vouched for both, each side keeps what took effect there, and says so", async () => {
    const [ann, bob, cem, dov] = (await stations.found("ann", "bob", "cem", "dov")) as [
      TestStation,
      TestStation,
      TestStation,
      TestStation,
    ];
    await ann.stop();
    const forked = await ann.clone();
    const [seenByTwo] = await speakTo(forked, [cem, dov], [bob], "Y1");
    for (const station of [cem, dov]) stations.cut(bob, station);
    const [seenByOne] = await speakTo(ann, [bob], [cem, dov], "X1");
    const size = sizeAt(bob, ann.origin);
    const root = bob.unit.archive.log(ann.origin)?.rootAt(size);
    stations.cut(dov, bob);
    stations.cut(dov, cem);
    await dov.station.speaker.observe([{ log: ann.origin, size, root: toBase64(root ?? new Uint8Array(0)) }]);
    stations.mend();
    await untilFrozen(ann.origin, bob, cem, dov);
    await until("bob sees both", async () => (await status(bob)).equivocations[0]?.isDivided === true);
    expect(bob.fate(seenByOne as string)).toBe("effective");
    expect(cem.fate(seenByTwo as string)).toBe("effective");
    expect((await status(bob)).equivocations).toMatchObject([{ aside: [] }]);
  });
});

describe("entries that their author does not bring", () => {
  test("come from those who have observed them", async () => {
    const [ann, bob, cem, dov] = (await stations.found("ann", "bob", "cem", "dov")) as [
      TestStation,
      TestStation,
      TestStation,
      TestStation,
    ];
    stations.cut(ann, dov);
    const said = await ann.ask("Not for dov?");
    await until("it is in effect at dov", () => dov.fate(said) === "effective");
    await untilAgreed(bob, cem, dov);
    expect(sizeAt(dov, ann.origin)).toBeGreaterThan(0);
  });
});
