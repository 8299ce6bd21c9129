import { assert, type Bytes, err, type Fault, ok, type Result } from "@detente/basics";
import type { BodyWriter, LogWriter } from "@detente/store";
import { formatCheckpoint } from "@detente/tlog";
import type { Gate } from "../setup/gate.ts";

/** A statement ready for the log: its leaf, and the body that travels beside it (none for an observation of heads). */
export interface Entry {
  readonly leaf: Bytes;
  readonly body?: Bytes;
}

export type AppendFault = Fault<"not-ready" | "storage-failed">;

interface Waiting {
  readonly entries: readonly Entry[];
  readonly onStaged: (() => void) | undefined;
  readonly settle: (result: Result<number, AppendFault>) => void;
}

/**
 * This party's own log. Appends that come together share one signed head: bodies and leaves are made durable, then
 * the head is signed and made durable, and only then is anyone told.
 */
export class OwnLog {
  readonly reader: LogWriter;
  readonly #bodies: BodyWriter;
  readonly #sign: (checkpoint: string) => Bytes;
  readonly #gate: Gate;
  readonly #groupSize: number;
  readonly #onHead = new Set<() => void>();
  #waiting: Waiting[] = [];
  #committing: Promise<void> | undefined;

  constructor(options: {
    readonly log: LogWriter;
    readonly bodies: BodyWriter;
    readonly origin: string;
    /** Signs the text of a checkpoint into a note with the log keys in use. */
    readonly sign: (checkpoint: string) => Bytes;
    readonly gate: Gate;
    readonly groupSize: number;
  }) {
    this.reader = options.log;
    this.origin = options.origin;
    this.#bodies = options.bodies;
    this.#sign = options.sign;
    this.#gate = options.gate;
    this.#groupSize = options.groupSize;
  }

  readonly origin: string;

  /** Calls after each new head, durable and ready to be shown, until the function given back is called. */
  onHead(listener: () => void): () => void {
    this.#onHead.add(listener);
    return () => void this.#onHead.delete(listener);
  }

  /**
   * Appends entries in their order, next to one another; gives the index of the first once a signed head covers them.
   * Without entries the newest head is signed again, by the keys in use now.
   * @param onStaged called when they are durable and no head covers them yet
   */
  append(entries: readonly Entry[], onStaged?: () => void): Promise<Result<number, AppendFault>> {
    return new Promise((settle) => {
      this.#waiting.push({ entries, onStaged, settle });
      this.#committing ??= this.#commitAll();
    });
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    await this.#committing;
  }

  async #commitAll(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        // All who were just told get the chance to append again, so that the first of them does not sync alone.
        await Promise.resolve();
        const group = this.#nextGroup();
        const result = await this.#commit(group);
        let index = result.ok ? result.value : 0;
        for (const { entries, settle } of group) {
          settle(result.ok ? ok(index) : result);
          index += entries.length;
        }
        if (result.ok) for (const listener of this.#onHead) listener();
      }
    } finally {
      // In the same turn as the last look at what waits: whoever was told just now may append at once.
      this.#committing = undefined;
    }
  }

  #nextGroup(): Waiting[] {
    let count = 0;
    let taken = 0;
    for (const waiting of this.#waiting) {
      if (taken > 0 && count + waiting.entries.length > this.#groupSize) break;
      count += waiting.entries.length;
      taken++;
    }
    return this.#waiting.splice(0, taken);
  }

  async #commit(group: readonly Waiting[]): Promise<Result<number, AppendFault>> {
    const entries = group.flatMap((waiting) => waiting.entries);
    if (!this.#gate.maySign) return err("not-ready", this.#gate.detail);
    const first = this.reader.size;
    const bodies = entries.flatMap((entry) => (entry.body === undefined ? [] : [entry.body]));
    const [stored, staged] = await Promise.all([
      this.#bodies.put(bodies),
      this.reader.stage(entries.map((entry) => entry.leaf)),
    ]);
    if (!stored.ok) return this.#failed(stored.fault.message);
    if (!staged.ok) return this.#failed(staged.fault.message);
    // Recovery or a fraud proof may have come in while the disk was busy: nothing was signed yet, so nothing was said.
    if (!this.#gate.maySign) {
      const discarded = await this.reader.discardStaged();
      return discarded.ok ? err("not-ready", this.#gate.detail) : this.#failed(discarded.fault.message);
    }
    for (const { onStaged } of group) onStaged?.();
    const { size, root } = staged.value;
    assert(size === first + entries.length, "one writer appends to a log");
    const note = this.#sign(formatCheckpoint({ origin: this.origin, size, root, extensions: [] }));
    const committed = await this.reader.commitHead({ size, root, note }, first);
    return committed.ok ? ok(first) : this.#failed(committed.fault.message);
  }

  /** What could not be made durable is not acknowledged, and no more is signed until a restart has looked at the disk. */
  #failed(message: string): Result<number, AppendFault> {
    const detail = `${message}; nothing more is signed until the cause is removed and the station restarted`;
    this.#gate.set("storage-failed", detail);
    return err("storage-failed", detail);
  }
}
