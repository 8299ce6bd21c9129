import { ok, type Result } from "@detente/basics";
import { type StorageFault, storageFailed } from "../faults.ts";
import type { AddOutcome, NewObject, ObjectWriter, VersionMatch } from "../object-ports.ts";
import { type Database, emptyWal, transaction } from "./database.ts";
import { ObjectInserter } from "./object-inserter.ts";
import { ObjectRemover } from "./object-remover.ts";
import { turn } from "../turn.ts";
import type { WalThread } from "./wal-thread.ts";

/** Objects in one transaction at most: what else the process does waits no longer than for these. */
const GROUP = 250;

interface Job {
  readonly collection: string;
  readonly source: string;
  readonly objects: readonly NewObject[];
  readonly done: (outcome: Result<AddOutcome[], StorageFault>) => void;
}

/** Writes in groups: what several ask for while one transaction is under way shares the next one, and its sync. */
export class SqliteObjectWriter implements ObjectWriter {
  readonly #db: Database;
  readonly #wal: WalThread;
  readonly #inserter: ObjectInserter;
  readonly #remover: ObjectRemover;
  readonly #waiting: Job[] = [];
  #isRunning = false;

  constructor(db: Database, wal: WalThread, now: () => number) {
    this.#db = db;
    this.#wal = wal;
    this.#inserter = new ObjectInserter(db, now);
    this.#remover = new ObjectRemover(db);
  }

  async add(
    collection: string,
    source: string,
    objects: readonly NewObject[],
  ): Promise<Result<AddOutcome[], StorageFault>> {
    const outcomes: AddOutcome[] = [];
    for (let start = 0; start < objects.length; start += GROUP) {
      const group = await this.#enqueue({ collection, source, objects: objects.slice(start, start + GROUP) });
      if (!group.ok) return group;
      for (const outcome of group.value) outcomes.push(outcome);
    }
    return ok(outcomes);
  }

  async removeAll(collection: string, ids: readonly string[]): Promise<Result<number, StorageFault>> {
    let count = 0;
    for (let start = 0; start < ids.length; start += GROUP) {
      try {
        count += transaction(this.#db, () => this.#remover.removeAll(collection, ids.slice(start, start + GROUP)));
      } catch (error) {
        return storageFailed("deleting objects", error);
      }
      await turn();
    }
    await this.#emptyWal();
    return ok(count);
  }

  async remove(collection: string, id: string, versions: VersionMatch): Promise<Result<number, StorageFault>> {
    try {
      const count = transaction(this.#db, () => this.#remover.remove(collection, id, versions));
      if (count > 0) await this.#emptyWal();
      return ok(count);
    } catch (error) {
      return storageFailed(`deleting ${id}`, error);
    }
  }

  async removeOf(collection: string, source: string): Promise<Result<number, StorageFault>> {
    let count = 0;
    let after: number | undefined = -1;
    while (after !== undefined) {
      const from: { after: number; limit: number } = { after, limit: GROUP };
      try {
        const { count: some, last } = transaction(this.#db, () => this.#remover.removeOf(collection, source, from));
        count += some;
        after = last;
      } catch (error) {
        return storageFailed("deleting objects", error);
      }
      await turn();
    }
    if (count > 0) await this.#emptyWal();
    return ok(count);
  }

  /** While it is being copied it cannot be cut. */
  async #emptyWal(): Promise<void> {
    await this.#wal.idle();
    emptyWal(this.#db);
  }

  #enqueue(job: Omit<Job, "done">): Promise<Result<AddOutcome[], StorageFault>> {
    return new Promise((done) => {
      this.#waiting.push({ ...job, done });
      if (this.#isRunning) return;
      this.#isRunning = true;
      void turn().then(() => this.#run());
    });
  }

  #run(): void {
    let count = 0;
    const group: Job[] = [];
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (group.length > 0 && count + next.objects.length > GROUP) break;
      group.push(next);
      count += next.objects.length;
      this.#waiting.shift();
    }
    this.#commit(group);
    this.#isRunning = this.#waiting.length > 0;
    if (this.#isRunning) void turn().then(() => this.#run());
  }

  #commit(group: readonly Job[]): void {
    try {
      const outcomes = transaction(this.#db, () =>
        this.#inserter.inOrder((insert) =>
          group.map(({ collection, source, objects }) => objects.map((object) => insert(collection, source, object))),
        ),
      );
      for (const [i, { done }] of group.entries()) done(ok(outcomes[i] ?? []));
      this.#wal.written(group.reduce((sum, { objects }) => sum + objects.length, 0));
    } catch (error) {
      const failed = storageFailed("adding objects", error);
      for (const { done } of group) done(failed);
    }
  }
}
