import type { Bytes, Json } from "@detente/basics";
import type { BlobWriter } from "@detente/store";
import type { Logger } from "pino";
import type { StatementInput } from "../../api/contract.ts";
import type { PendingRelease, ReleaseChoice, ReleaseDecision } from "../../api/release-contract.ts";
import { audienceOf } from "../../api/statements.ts";
import type { Clock } from "../../clock.ts";
import type { Gate } from "../../setup/gate.ts";
import { intentOf, isBehind, sayOnce } from "../../speak/say-once.ts";
import type { StandingGate } from "../../admission/standing-gate.ts";
import type { Speaker } from "../../speak/speaker.ts";
import { Job, type StepOutcome } from "../../sync/job.ts";
import type { OwnLog } from "../../sync/own-log.ts";
import { Turns } from "../../turns.ts";
import type { UnitRuntime } from "../../unit-runtime.ts";
import { discard } from "./discard.ts";
import type { Drawers } from "./drawers.ts";
import { type PendingShare, shownRelease } from "./pending.ts";
import type { ReleaseRule } from "./rule.ts";
import type { Shelf } from "./shelf.ts";
import { Tools } from "./tools.ts";
import { Withdrawals } from "./withdrawals.ts";

export interface DeskOptions {
  readonly shelf: Shelf;
  /** What tools read of it. */
  readonly drawers: Drawers;
  readonly rules: readonly ReleaseRule[];
  readonly blobs: BlobWriter;
  readonly own: OwnLog;
  readonly speaker: Pick<Speaker, "draft" | "append">;
  readonly identities: ReadonlySet<string>;
  readonly admission: StandingGate;
  /** Whether this station may sign. */
  readonly gate: Gate;
  readonly unit: () => UnitRuntime | undefined;
  readonly random: (length: number) => Bytes;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What could not be said is tried again after this long, in milliseconds. */
const RETRY = 10_000;
/** Until the fold has read what was just written to this party's own log. */
const CATCH_UP = 50;

/**
 * What tools bring to be shared waits here until an officer, or a rule that an officer has set, lets it out. No tool
 * speaks for the party: all that it can do is to have something wait, and to take that back.
 */
export class ReleaseDesk {
  /** What tools may do here. */
  readonly tools: Tools;
  readonly #options: DeskOptions;
  readonly #job: Job;
  readonly #withdrawals: Withdrawals;
  /** Steps, officers' decisions and what comes in or is taken back, one after another. */
  readonly #turns: Turns = new Turns();

  constructor(options: DeskOptions) {
    this.#options = options;
    const { clock, logger, gate } = options;
    this.#job = new Job(
      clock,
      () => this.#turns.run(() => this.#step()),
      (error) => logger.error({ err: error }, "sharing what was released"),
    );
    const turns = this.#turns;
    this.tools = new Tools({ ...options, turns, onChange: () => this.#job.wake({ hurry: true }) });
    this.#withdrawals = new Withdrawals({ ...options, turns });
    gate.onChange(() => this.wake());
  }

  /** The record was read, or may be written. */
  wake(): void {
    this.#job.wake({ hurry: true });
    this.#withdrawals.changed();
  }

  async close(): Promise<void> {
    await this.#job.stop();
    await this.#withdrawals.stop();
    await this.#turns.run(async () => undefined);
  }

  /** In the order in which they came. */
  pending(): PendingRelease[] {
    return this.#options.shelf.all().map(shownRelease);
  }

  find(id: string): PendingShare | undefined {
    return this.#options.shelf.get(id);
  }

  /** An officer lets some out: durable at once, shared now or as soon as that can be done. */
  share(choice: ReleaseChoice): Promise<ReleaseDecision> {
    const { shelf, gate, clock } = this.#options;
    return this.#turns.run(async () => {
      const { chosen, unknown } = this.#choose(choice);
      for (const one of chosen) await shelf.put({ ...one, releasedBy: one.releasedBy ?? "officer" }, clock.now());
      const said = new Map((await this.#say()).map((one) => [one.id, one]));
      this.wake();
      const why = gate.maySign ? "it is shared in a moment" : gate.detail;
      const of = chosen.map(({ id }) => said.get(id) ?? { id, why });
      return {
        shared: of.flatMap((one) => ("leafHash" in one ? [one] : [])),
        waiting: of.flatMap((one) => ("why" in one ? [one] : [])),
        dropped: [],
        unknown,
      };
    });
  }

  /** An officer decides that some are never shared: their objects are erased. What is on its way out already stays. */
  drop(choice: ReleaseChoice): Promise<ReleaseDecision> {
    return this.#turns.run(async () => {
      const { chosen, unknown } = this.#choose(choice);
      const droppable = chosen.filter(({ intent }) => intent === null);
      for (const one of droppable) await discard(one, this.#options);
      const waiting = chosen
        .filter(({ intent }) => intent !== null)
        .map(({ id }) => ({ id, why: "it is being shared; withdraw the share" }));
      return { shared: [], waiting, dropped: droppable.map(({ id }) => ({ id })), unknown };
    });
  }

  #choose(choice: ReleaseChoice): { readonly chosen: readonly PendingShare[]; readonly unknown: readonly string[] } {
    const { shelf } = this.#options;
    if ("all" in choice) return { chosen: shelf.all(), unknown: [] };
    const ids = [...new Set(choice.ids)];
    return {
      chosen: ids.flatMap((id) => shelf.get(id) ?? []),
      unknown: ids.filter((id) => shelf.get(id) === undefined),
    };
  }

  async #step(): Promise<StepOutcome> {
    const { unit, gate, own } = this.#options;
    await this.#say();
    const runtime = unit();
    if (runtime === undefined || !gate.maySign || this.#released().length === 0) return "done";
    return { retryAfter: isBehind(runtime, own) ? CATCH_UP : RETRY };
  }

  #released(): PendingShare[] {
    return this.#options.shelf.all().filter(({ releasedBy }) => releasedBy !== null);
  }

  /** Says what was let out, as far as that can be done now. */
  async #say(): Promise<({ id: string; leafHash: string } | { id: string; why: string })[]> {
    const { shelf, gate, unit, own, speaker, random, clock, logger } = this.#options;
    const outcomes: ({ id: string; leafHash: string } | { id: string; why: string })[] = [];
    const runtime = unit();
    if (runtime === undefined || !gate.maySign || isBehind(runtime, own)) return outcomes;
    for (const pending of this.#released()) {
      const { id, view, content, intent } = pending;
      const moment = intent ?? intentOf(clock.now(), random);
      if (intent === null) await shelf.put({ ...pending, intent: moment }, clock.now());
      const statement: StatementInput = {
        type: "open",
        kind: "objects",
        of: [],
        audience: audienceOf(view),
        content: content as unknown as Json,
      };
      const said = await sayOnce({ speaker, own: own.origin }, runtime, statement, moment);
      if (said.ok) {
        await shelf.said(pending, said.value);
        logger.info({ id, statement: said.value }, "what a tool brought was shared");
        outcomes.push({ id, leafHash: said.value });
      } else {
        logger.warn({ id, why: said.fault.message }, "what a tool brought waits");
        outcomes.push({ id, why: said.fault.message });
      }
    }
    return outcomes;
  }
}
