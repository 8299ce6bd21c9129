import type { KeysContent } from "@detente/record";
import { openCheckpoint } from "@detente/tlog";
import type { Fold } from "@detente/unit";
import type { Gate } from "../setup/gate.ts";
import type { KeyKeeper } from "../setup/key-keeper.ts";
import type { Arrival } from "./archive.ts";
import type { OwnLog } from "./own-log.ts";

export interface OwnKeysOptions {
  readonly fold: Fold;
  readonly own: OwnLog;
  readonly keeper: KeyKeeper;
  readonly gate: Gate;
  /** Called where the keys in use may have changed. */
  readonly onSettled: () => void;
}

/** Keeps the keys in use in step with this party's own log, which alone says which keys are in force. */
export class OwnKeys {
  readonly #options: OwnKeysOptions;
  /** Entries that may be rotations: after a recovery their bodies come later than they do. */
  readonly #unread = new Set<number>();

  constructor(options: OwnKeysOptions) {
    this.#options = options;
  }

  /** Notes rotations among entries that are new; `settle` then acts on them. */
  arrived(entries: readonly Arrival[]): void {
    const { origin } = this.#options.own;
    for (const { log, index, type } of entries) if (log === origin && type === "open") this.#unread.add(index);
    this.#read();
  }

  async bodiesCame(): Promise<void> {
    if (this.#unread.size === 0) return;
    this.#read();
    await this.settle();
  }

  /** Takes up the keys that the log says are in force; without them nothing is signed. */
  async settle(): Promise<void> {
    const { keeper, gate, onSettled } = this.#options;
    const settled = await keeper.settle();
    if (!settled.ok) gate.set("storage-failed", settled.fault.message);
    else if (settled.value && gate.maySign) await this.#signAgain();
    onSettled();
  }

  /** The peers know of nothing newer: a rotation that this log does not show was never stated. */
  async ready(): Promise<void> {
    if (this.#unread.size === 0) await this.#options.keeper.discard();
    await this.#signAgain();
  }

  #read(): void {
    const { fold, own, keeper } = this.#options;
    for (const index of this.#unread) {
      const body = fold.statement(own.origin, index)?.body;
      if (body === undefined) continue;
      this.#unread.delete(index);
      if (body.kind === "keys") keeper.noted(body.content as unknown as KeysContent, index);
    }
  }

  /** A head that came from a mirror, or was signed before the keys changed, bears other signatures than it should. */
  async #signAgain(): Promise<void> {
    const { own, keeper } = this.#options;
    const { head } = own.reader;
    if (head === undefined) return;
    const verifiers = keeper.logSigners().map(({ verifier }) => verifier);
    const signed = openCheckpoint(head.note, own.origin, verifiers);
    if (!signed.ok || signed.value.verified.length < verifiers.length) await own.append([]);
  }
}
