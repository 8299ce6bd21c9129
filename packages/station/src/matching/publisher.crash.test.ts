import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { type Bytes, fromHex, present, unwrap } from "@detente/basics";
import { AnswerStore, type IndexStore, openIndex, StateStore } from "@detente/store";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Life } from "../testing/life.ts";
import { Stations, type TestStation, until } from "../testing/stations.ts";
import { Epochs } from "./epoch.ts";
import { Ledgers } from "./ledgers.ts";
import { OwnSetBook } from "./own-set.ts";
import type { MatchPolicy } from "./policy.ts";
import { Publisher } from "./publisher.ts";
import { SetFiles } from "./set-files.ts";

/* A set over real stores and a real station's log, taken back by a process that ends before or after any step that lasts. */

const logger = pino({ level: "silent" });
let stations: Stations;
let ann: TestStation;
let index: IndexStore;
let policy: MatchPolicy;

beforeAll(async () => {
  stations = await Stations.create();
  [ann] = (await stations.found("ann", "bob")) as [TestStation, TestStation];
  const files = [`${stations.root}/known.txt`];
  await writeFile(files[0] as string, "evil.example\n");
  index = unwrap(openIndex(`${stations.root}/no-shares`));
  policy = { partners: [{ party: "bob", budget: 100 }], pool: 100, shares: false, files };
});
afterAll(async () => {
  index.close();
  await stations.close();
});

/** What of a set lasts here. */
class Place {
  readonly state: StateStore;
  readonly answers: AnswerStore;
  readonly dir: string;

  constructor(name: string) {
    this.dir = `${stations.root}/${name}`;
    this.state = unwrap(StateStore.open(`${this.dir}-state`));
    this.answers = unwrap(AnswerStore.open(`${this.dir}-answers`));
  }

  /** The set's files, the secrets of epochs, and what partners have spent: written and forgotten by a process. */
  stores(life: Life): { readonly files: SetFiles; readonly epochs: Epochs; readonly ledgers: Ledgers } {
    class Files extends SetFiles {
      override forget(set: string): Promise<void> {
        return life.step(() => super.forget(set));
      }
    }
    class Secrets extends Epochs {
      override forgetBefore(number: number): Promise<void> {
        return life.step(() => super.forgetBefore(number));
      }
    }
    const random = (length: number): Bytes => new Uint8Array(randomBytes(length));
    const ledgers = new Ledgers(life.records(this.state.match));
    return { files: new Files(`${this.dir}-files`), epochs: new Secrets(`${this.dir}-keys`, random), ledgers };
  }

  /** In a process that ends with its last step, if it has one. */
  publisher(life: Life): Publisher {
    const { station, origin } = ann;
    const { own, gate, clock, blobs, speaker, matching } = station;
    const moment = (): { at: number; salt: Bytes } => ({ at: clock.now(), salt: new Uint8Array(randomBytes(32)) });
    const book = new OwnSetBook(life.records(this.state.match), life.speaker(speaker), origin, moment);
    const unit = (): TestStation["unit"] => ann.unit;
    const { threads } = matching;
    const common = { party: "ann", unit, own, gate, blobs, versions: index.versions, clock, logger, threads };
    return new Publisher({ ...common, book, answers: this.answers, ...this.stores(life) });
  }

  async left(set: string, epoch: number): Promise<Readonly<Record<"seed" | "files" | "ledger" | "answers", boolean>>> {
    const { files, epochs, ledgers } = this.stores(new Life(Infinity, false));
    return {
      seed: (await epochs.read(epoch)) !== undefined,
      files: (await files.sets()).includes(set),
      ledger: (await ledgers.get(set)).pooled > 0,
      answers: this.answers.outputs(hex(set), ["domain:evil.example"])[0] !== undefined,
    };
  }

  close(): void {
    this.answers.close();
    this.state.close();
  }
}

function hex(text: string): Bytes {
  return present(fromHex(text), "hexadecimal");
}

function reports(): ReturnType<TestStation["unit"]["archive"]["fold"]["matchSets"]> {
  return ann.unit.archive.fold.matchSets();
}

/** What Ann has said of a set beside opening it and its edition, in order. */
function saidOf(set: string): string[] {
  const { fold } = ann.unit.archive;
  return Array.from({ length: ann.station.own.reader.size }, (_, i) => fold.statement(ann.origin, i)?.body)
    .filter((body) => body?.of[0] === set && body.kind !== "match-edition")
    .map((body) => body?.kind ?? "");
}

it.each([false, true])(
  "is withdrawn once, counted once after that, and then forgotten, wherever the process ends (done: %s)",
  async (isDone) => {
    for (let last = 1, hasEnded = true; hasEnded; last++) {
      const place = new Place(`${isDone}-${last}`);
      const known = new Set(reports().map(({ hash }) => hash));
      const first = place.publisher(new Life(Infinity, false));
      first.follow(policy);
      const opened = (): ReturnType<typeof reports>[number] | undefined =>
        reports().find(({ hash, edition }) => !known.has(hash) && edition !== undefined);
      await until("the set has an edition", () => {
        first.wake();
        return opened() !== undefined;
      });
      await first.stop();
      const { hash, terms } = present(opened(), "a set");
      const receipt = new Uint8Array(256);
      const spent = { spent: 1, last: { request: new Uint8Array(32), previous: new Uint8Array(32), receipt } };
      const ledger = { pooled: 1, accounts: new Map([["bob", spent]]) };
      await place.stores(new Life(Infinity, false)).ledgers.keep(hash, ledger);

      const life = new Life(last, isDone);
      const dying = place.publisher(life);
      dying.follow(undefined);
      await until("it has died, or done all", async () => {
        dying.wake();
        return life.hasEnded || !(await place.left(hash, terms.epoch)).seed;
      });
      await dying.stop();
      ({ hasEnded } = life);
      const isWhole = Object.values(await place.left(hash, terms.epoch)).every((is) => is);
      const isWithdrawn = reports().find((one) => one.hash === hash)?.isWithdrawn === true;
      const isOver = isWithdrawn && saidOf(hash).join() === "withdraw,match-totals";
      // Whoever can be asked can answer and count: nothing is forgotten before all is said.
      expect(isWhole || isOver).toBe(true);

      const next = place.publisher(new Life(Infinity, false));
      next.follow(undefined);
      await until("all is forgotten", async () => {
        next.wake();
        return (await place.state.match.list()).length === 0;
      });
      await next.stop();
      expect(Object.values(await place.left(hash, terms.epoch))).toEqual([false, false, false, false]);
      expect(saidOf(hash)).toEqual(["withdraw", "match-totals"]);
      const totals = (): unknown => reports().find((one) => one.hash === hash)?.totals?.content;
      await until("they are in effect", () => totals() !== undefined);
      expect(totals()).toMatchObject({ pooled: 1 });
      place.close();
    }
  },
  240_000,
);
