import { randomBytes, randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import { type Bytes, present, unwrap, utf8 } from "@detente/basics";
import { BlobStore, type BlobWriter, type ObjectStore, openObjects, type Records, StateStore } from "@detente/store";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { StandingGate } from "../../admission/standing-gate.ts";
import { indicator } from "../../testing/exchange.ts";
import { Life } from "../../testing/life.ts";
import { Stations, type TestStation, until } from "../../testing/stations.ts";
import { collectionsFor } from "../collections.ts";
import { checkObject } from "../object-check.ts";
import { ReleaseDesk } from "./desk.ts";
import { drawerOf, Drawers } from "./drawers.ts";
import { restoreDrawers } from "./restore.ts";
import { Shelf } from "./shelf.ts";

/* The desk over real stores and a real station's log, in a process that ends before or after any step that lasts. */

const logger = pino({ level: "silent" });
let stations: Stations;
let ann: TestStation;

beforeAll(async () => {
  stations = await Stations.create();
  [ann] = (await stations.found("ann", "bob")) as [TestStation, TestStation];
});
afterAll(async () => {
  await stations.close();
});

/** A process that also keeps blobs and what tools are shown. */
class DeskLife extends Life {
  blobs(real: BlobWriter): BlobWriter {
    return {
      has: (digest) => real.has(digest),
      isErased: (digest) => real.isErased(digest),
      get: (digest) => real.get(digest),
      put: (digest, size, content) => this.step(() => real.put(digest, size, content)),
      erase: (digest) => this.step(() => real.erase(digest)),
    };
  }

  objects({ reader, writer, members }: ObjectStore): ConstructorParameters<typeof Drawers>[0] {
    return {
      reader,
      members: this.records(members),
      writer: {
        add: (...input) => this.step(() => writer.add(...input)),
        remove: (...input) => this.step(() => writer.remove(...input)),
        removeAll: (...input) => this.step(() => writer.removeAll(...input)),
        removeOf: (...input) => this.step(() => writer.removeOf(...input)),
      },
    };
  }
}

interface Place {
  readonly records: Records;
  readonly blobs: BlobWriter;
  readonly objects: ObjectStore;
  readonly directory: string;
}

async function deskOf({ records, blobs, objects }: Place, life: DeskLife): Promise<ReleaseDesk> {
  const { station, unit } = ann;
  const { clock, gate, own } = station;
  const [ours, disk] = [life.records(records), life.blobs(blobs)];
  const shelf = await Shelf.read(ours);
  const drawers = new Drawers(life.objects(objects));
  await shelf.sweep(disk, drawers);
  unwrap(await restoreDrawers(shelf, drawers, disk));
  const random = (length: number): Bytes => new Uint8Array(randomBytes(length));
  const admission = new StandingGate({}, () => clock.now(), logger);
  const speaking = {
    own,
    speaker: life.speaker(station.speaker),
    gate,
    unit: () => unit,
    identities: new Set<string>(),
  };
  return new ReleaseDesk({ shelf, drawers, rules: [], blobs: disk, ...speaking, admission, random, clock, logger });
}

function taken(desk: ReleaseDesk, objects: ObjectStore): ReturnType<ReleaseDesk["tools"]["take"]> {
  const officer = { role: "officer" } as const;
  const collection = present(
    collectionsFor(officer, ann.unit, []).find(({ alias }) => alias === "release"),
    "the collection",
  );
  const now = ann.station.clock.now();
  const adding = { store: objects, check: checkObject, collection, source: "tool", id: randomUUID(), now };
  return desk.tools.take([utf8(JSON.stringify(indicator(1)))], adding);
}

/** How many objects the tool is shown. */
async function shownIn({ objects }: Place): Promise<number> {
  const query = { versions: "all", limit: 10 } as const;
  return (await objects.reader.objects(drawerOf({ source: "tool", view: "unit" }), query)).rows.length;
}

/** Digests of the blobs that are there. */
async function blobsIn({ directory }: Place): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.parentPath.endsWith("erased"))
    .map(({ name }) => name)
    .toSorted();
}

/** Of these blobs, those that a share on the record names; each but once. */
function said(digests: readonly string[]): string[] {
  const { indexer } = ann.unit;
  expect(digests.filter((digest) => indexer.sharesOf(digest).length > 1)).toEqual([]);
  return digests.filter((digest) => indexer.sharesOf(digest).length === 1);
}

const isRead = async (): Promise<boolean> =>
  ann.unit.archive.foldedSize(ann.origin) === ann.station.own.reader.size && ann.station.gate.maySign;

describe.each(["share", "drop"] as const)(
  "a process that ends while objects come, and an officer would %s them",
  (what) => {
    it.each([false, true])(
      "leaves no blob that nobody knows of, and nothing is said twice (done: %s)",
      async (isDone) => {
        for (let last = 1, hasEnded = true; hasEnded; last++) {
          const directory = `${stations.root}/${what}-${isDone}-${last}`;
          const state = unwrap(StateStore.open(`${directory}-state`));
          const objects = unwrap(openObjects(`${directory}-objects`, { now: Date.now }));
          const blobs = unwrap(await BlobStore.open({ directory }));
          const place = { records: state.release, blobs, objects, directory };
          const life = new DeskLife(last, isDone);
          const desk = await deskOf(place, life);
          const isTaken = await taken(desk, objects).then(
            (status) => status.ok,
            () => false,
          );
          await until("the record is read", isRead);
          const decision = await desk[what]({ all: true }).catch(() => undefined);
          await until("it was said, or never will be", async () => life.hasEnded || desk.pending().length === 0);
          await desk.close();
          ({ hasEnded } = life);

          const next = await deskOf(place, new DeskLife(Infinity, false));
          await until("the record is read", isRead);
          const there = await blobsIn(place);
          const waiting = next.pending().length;
          const before = said(there);
          // What is both said and waiting is said under the same hash, which the next step finds.
          expect(there.length).toBeLessThanOrEqual(1);
          expect(there).toHaveLength(waiting === 1 || before.length === 1 ? 1 : 0);
          expect(await shownIn(place)).toBe(there.length);
          const mustStand = isTaken && what === "share";
          expect(there.length).toBeGreaterThanOrEqual(mustStand ? 1 : 0);
          expect(there.length).toBeLessThanOrEqual(decision?.dropped.length === 1 ? 0 : 1);
          await until("all is decided", async () => {
            await next[what]({ all: true });
            return next.pending().length === 0 && isRead();
          });
          await next.close();
          const after = await blobsIn(place);
          expect(after).toEqual(said(after));
          expect(await shownIn(place)).toBe(after.length);
          expect(after.length).toBeGreaterThanOrEqual(mustStand ? 1 : 0);
          state.close();
          objects.close();
        }
      },
    );
  },
);
