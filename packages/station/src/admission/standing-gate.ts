import { judging, type Verdict } from "@detente/intel";
import type { Indicator } from "@detente/record";
import { Pace } from "@detente/store";
import type { Logger } from "pino";
import type { GateSettings } from "./gate-settings.ts";
import { type LoadedGate, loadGate } from "./load-gate.ts";

/** Lists change once a day at most. */
const FRESH_MS = 600_000;

/** The gate of a station that runs: its lists are read when they are first needed, and again after a while. */
export class StandingGate {
  readonly #settings: GateSettings;
  readonly #now: () => number;
  readonly #logger: Logger;
  #loaded: { readonly at: number; readonly gate: Promise<LoadedGate> } | undefined;

  constructor(settings: GateSettings, now: () => number, logger: Logger) {
    this.#settings = settings;
    this.#now = now;
    this.#logger = logger;
  }

  /** What it says of indicators that this party is about to share. */
  async judge(items: readonly Indicator[]): Promise<readonly Verdict[]> {
    if (items.length === 0) return [];
    const now = this.#now();
    const { lists, assets } = await this.#load(now);
    const context = { sharedAt: now, now, lists, assets, reliability: "F", opinions: new Map() } as const;
    const steps = judging(items, context);
    const pace = new Pace();
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value.verdicts;
      if (pace.isOver) await pace.rest();
    }
  }

  /** What it goes without: files of station.json that cannot be read. */
  async faults(): Promise<readonly string[]> {
    return (await this.#load(this.#now())).faults;
  }

  async #load(now: number): Promise<LoadedGate> {
    if (this.#loaded === undefined || this.#loaded.at + FRESH_MS <= now) {
      this.#loaded = { at: now, gate: loadGate(this.#settings) };
      const { faults } = await this.#loaded.gate;
      for (const fault of faults) this.#logger.warn({ fault }, "the gate goes without it");
    }
    return this.#loaded.gate;
  }
}
