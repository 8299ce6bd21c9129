import { type Bytes, err, type Json, ok, type Result } from "@detente/basics";
import type { Verdict } from "@detente/intel";
import type { Indicator } from "@detente/record";
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
import { viewOfRelease } from "../collections.ts";
import { type AddFault, type Adding, keptStatus, type Status } from "../server/adding.ts";
import { onDisk } from "./on-disk.ts";
import { type PendingShare, shownRelease } from "./pending.ts";
import { type ReleaseRule, whyNot } from "./rule.ts";
import type { Shelf } from "./shelf.ts";
import { takeObjects } from "./take.ts";

export interface DeskOptions {
  readonly shelf: Shelf;
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

/** Of one token's, and the bytes of these. */
const MAX_PENDING = 1000;
const MAX_PENDING_BYTES: number = 1 << 30;
/** What could not be said is tried again after this long, in milliseconds. */
const RETRY = 10_000;
/** Until the fold has read what was just written to this party's own log. */
const CATCH_UP = 50;

/**
 * What tools bring to be shared waits here until an officer, or a rule that an officer has set, lets it out. No tool
 * speaks for the party: all that it can do is to have something wait.
 */
export class ReleaseDesk {
  readonly #options: DeskOptions;
  readonly #job: Job;
  /** Steps, officers' decisions and what comes in, one after another. */
  readonly #turns: Turns = new Turns();

  constructor(options: DeskOptions) {
    this.#options = options;
    const { clock, logger, gate } = options;
    this.#job = new Job(
      clock,
      () => this.#turns.run(() => this.#step()),
      (error) => logger.error({ err: error }, "sharing what was released"),
    );
    gate.onChange(() => this.wake());
  }

  /** The record was read, or may be written. */
  wake(): void {
    this.#job.wake({ hurry: true });
  }

  async close(): Promise<void> {
    await this.#job.stop();
    await this.#turns.run(async () => undefined);
  }

  /** Takes in the objects of an envelope (TAXII 2.1 §5.5): durable when it resolves, and decided on one by one. */
  async take(objects: readonly (Bytes | undefined)[], adding: Adding): Promise<Result<Status, AddFault>> {
    const { shelf, unit } = this.#options;
    const { source, now, collection } = adding;
    const runtime = unit();
    const view = runtime === undefined ? undefined : viewOfRelease(runtime, collection);
    if (view === undefined) return err("not-now", "the audience of this collection is not known any more");
    const waiting = shelf.all().filter((one) => one.source === source);
    const bytes = waiting.reduce((sum, { content }) => sum + content.items.size, 0);
    if (waiting.length >= MAX_PENDING || bytes >= MAX_PENDING_BYTES) {
      return err("not-now", "too much of this token's waits for an officer already; have it released or dropped");
    }
    const { identities, blobs, random, admission } = this.#options;
    const judge = (items: readonly Indicator[]): Promise<readonly Verdict[]> => admission.judge(items);
    const taken = await takeObjects(objects, { source, view, now }, { identities, shelf, blobs, random, judge });
    if (!taken.ok) return taken;
    const { pending, successes, failures } = taken.value;
    if (pending !== undefined) {
      const share: PendingShare = { ...pending, why: null, releasedBy: null };
      const [fault] = await admission.faults();
      const put = await this.#turns.run(() => onDisk(() => this.#shelve(share, fault)));
      if (!put.ok) {
        await onDisk(() => this.#discard(share));
        return put;
      }
      this.wake();
    }
    return ok(await keptStatus({ total: objects.length, successes, failures }, adding));
  }

  async #shelve(share: PendingShare, fault: string | undefined): Promise<void> {
    const { shelf, rules, clock } = this.#options;
    const lately = shelf.lately(share.view, clock.now());
    // What a list would have held back passes no rule because the list cannot be read.
    const why = fault === undefined ? whyNot(share, rules, lately) : `the gate is not whole: ${fault}`;
    await shelf.put(why === undefined ? { ...share, releasedBy: "rule" } : { ...share, why }, clock.now());
  }

  /** Lets go of one and its objects; a blob that cannot be erased now goes at the next start. */
  async #discard(one: PendingShare): Promise<void> {
    const { shelf, blobs, logger } = this.#options;
    await shelf.discard(one);
    const erased = await shelf.erase(one.content.items.digest, blobs);
    if (!erased.ok) logger.warn({ why: erased.fault.message }, "what was dropped is erased at the next start");
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
      for (const one of droppable) await this.#discard(one);
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
        await shelf.remove(id);
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
