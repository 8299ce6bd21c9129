import { fromBase64, present, toBase64 } from "@detente/basics";
import type { HeadStore, PendingState, Versioned, WitnessState } from "@detente/tlog";
import type { Database } from "./database.ts";

/** How a state is written down; the version is kept beside it. */
interface Form<State extends Versioned> {
  write(state: State): unknown;
  read(version: number, written: unknown): State;
}

/** The heads of logs in one role of a station, as tlog's witness and mirror keep them. */
export class HeadTable<State extends Versioned> implements HeadStore<State> {
  readonly #db: Database;
  readonly #role: string;
  readonly #form: Form<State>;

  constructor(db: Database, role: string, form: Form<State>) {
    this.#db = db;
    this.#role = role;
    this.#form = form;
  }

  async get(origin: string): Promise<State | undefined> {
    const row = this.#db
      .prepare("SELECT version, state FROM heads WHERE role = ? AND origin = ?")
      .get(this.#role, origin) as { version: number; state: string } | undefined;
    return row === undefined ? undefined : this.#form.read(row.version, JSON.parse(row.state));
  }

  /** One statement, so atomic; committed with a sync, so durable. */
  async compareAndSet(origin: string, expected: State | undefined, next: State): Promise<boolean> {
    const state = JSON.stringify(this.#form.write(next));
    const { changes } =
      expected === undefined
        ? this.#db
            .prepare("INSERT OR IGNORE INTO heads (role, origin, version, state) VALUES (?, ?, ?, ?)")
            .run(this.#role, origin, next.version, state)
        : this.#db
            .prepare("UPDATE heads SET version = ?, state = ? WHERE role = ? AND origin = ? AND version = ?")
            .run(next.version, state, this.#role, origin, expected.version);
    return changes === 1;
  }
}

type SignedHead = PendingState["checkpoints"][number];

interface WrittenHead {
  readonly size: number;
  readonly root: string;
  readonly note: string;
}

export const witnessForm: Form<WitnessState> = {
  write: writeHead,
  read: (version, written) => ({ version, ...readHead(written as WrittenHead) }),
};

export const pendingForm: Form<PendingState> = {
  write: ({ checkpoints }) => checkpoints.map(writeHead),
  read: (version, written) => ({ version, checkpoints: (written as WrittenHead[]).map(readHead) }),
};

function writeHead({ size, root, note }: SignedHead): WrittenHead {
  return { size, root: toBase64(root), note: toBase64(note) };
}

function readHead({ size, root, note }: WrittenHead): SignedHead {
  return { size, root: present(fromBase64(root), "a root"), note: present(fromBase64(note), "a note") };
}
