import type { EquivocationContent } from "@detente/record";
import type { Fold } from "@detente/unit";
import type { Evidence } from "./evidence.ts";

/** Follows up what the record itself says of logs in two versions: observations that conflict, and others' proofs. */
export class RecordedEvidence {
  readonly #fold: Fold;
  readonly #evidence: Evidence;
  readonly #onFault: (error: unknown) => void;
  #conflictsSeen = 0;

  constructor(fold: Fold, evidence: Evidence, onFault: (error: unknown) => void) {
    this.#fold = fold;
    this.#evidence = evidence;
    this.#onFault = onFault;
  }

  /** Takes up what is new on the record; what others must be asked about goes on after this resolves. */
  async follow(): Promise<void> {
    const conflicts = this.#fold.conflicts();
    for (const conflict of conflicts.slice(this.#conflictsSeen)) {
      this.#conflictsSeen++;
      void this.#evidence.investigate(conflict).catch(this.#onFault);
    }
    for (const { frozen, origin } of this.#fold.logs()) {
      if (frozen === undefined || this.#evidence.isFrozen(origin)) continue;
      const content = frozen.proofs.flatMap((hash) =>
        this.#fold.find(hash).flatMap(({ body }) => body?.content ?? []),
      )[0];
      if (content !== undefined) await this.#evidence.learn(content as unknown as EquivocationContent);
    }
  }
}
