import type { StationState } from "../api/status-contract.ts";

/**
 * Whether this station may speak in its party's name. Everything that signs asks here first; only the restart check,
 * recovery, the storage and the detection of equivocation change it.
 */
export class Gate {
  #state: StationState = "checking";
  #detail = "starting";
  readonly #listeners: ((state: StationState) => void)[] = [];

  get state(): StationState {
    return this.#state;
  }

  get detail(): string {
    return this.#detail;
  }

  get maySign(): boolean {
    return this.#state === "ready";
  }

  set(state: StationState, detail: string): void {
    if (this.#isFinal()) return;
    const changed = state !== this.#state;
    this.#state = state;
    this.#detail = detail;
    if (changed) for (const listener of this.#listeners) listener(state);
  }

  onChange(listener: (state: StationState) => void): void {
    this.#listeners.push(listener);
  }

  /** Neither failed storage nor a proven second version of one's log is left without a restart. */
  #isFinal(): boolean {
    return this.#state === "storage-failed" || this.#state === "frozen";
  }
}
