import { type Bytes, err, type Fault, fromHex, ok, present, type Result, utf8Decode } from "@detente/basics";
import { BATCH_CLASSES, batchClass, MAX_BATCH, type Prepared, randomBytesToAsk, requestOf } from "@detente/match";
import type { AnswerStore } from "@detente/store";
import { Turns } from "../turns.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import { askableCopy } from "./askable-copy.ts";
import type { Copies } from "./copies.ts";
import type { SetCopy } from "./partner-copy.ts";
import { inputOf, type LookedUp, lookedUp, type Question } from "./looked-up.ts";
import type { SetFiles } from "./set-files.ts";
import { finishTogether } from "./shared-work.ts";
import type { OpenTab, Sent, Tabs } from "./tabs.ts";
import type { MatchThreads } from "./threads.ts";

export interface AskingOptions {
  readonly unit: () => UnitRuntime | undefined;
  readonly copies: Copies;
  /** The copies. */
  readonly files: SetFiles;
  /** What shows that a partner has lied: it outlives the copies. */
  readonly evidence: SetFiles;
  readonly answers: AnswerStore;
  readonly tabs: Tabs;
  readonly threads: MatchThreads;
  /** Of the key that countersigns receipts: the transport key that the record has for this party. */
  readonly seed: () => Bytes;
  readonly random: (length: number) => Bytes;
}

export type AskFault = Fault<"no-set" | "unreachable" | "refused" | "budget-exhausted" | "bad-answer">;

/** Of one request; the pool of all partners may have less left than this party's budget, and how much it does not say. */
type ExchangeFault = AskFault | Fault<"pool-exhausted">;

/** What asking has cost. */
export interface Spending {
  /** Questions that were charged for this, padding included; what was asked before is free, also if its answer was lost. */
  readonly charged: number;
  /** In this epoch, of `budget`. */
  readonly spent: number;
  readonly budget: number;
}

interface AskedOf {
  readonly copy: SetCopy;
  readonly spending: Spending;
  /** By input. */
  readonly outputs: ReadonlyMap<string, Bytes>;
}

export interface Lookup extends Spending {
  readonly rows: readonly LookedUp[];
}

/** Questions of a request, being blinded. */
interface PreparedBatch {
  readonly batch: readonly string[];
  readonly prepared: Promise<Prepared>;
}

const TIMEOUT_MS = 60_000;
const MAX_ANSWER: number = 1024 + 32 * MAX_BATCH;
/** Refusals that the same request would meet again: it was not charged. */
const FINAL: ReadonlySet<number> = new Set([400, 403, 409, 410, 413]);
/** The partner has taken the set back; whether it had answered before nobody here knows, so what was asked is kept. */
const CLOSED = 404;

/**
 * Asks partners blindly. What they answer is looked up here, in the copy of their set, so that they do not learn what
 * hits. A request is on disk before it is sent, and sent again after a crash: it is paid for once, and no hit is lost.
 */
export class Asking {
  readonly #options: AskingOptions;
  readonly #turns = new Map<string, Turns>();

  constructor(options: AskingOptions) {
    this.#options = options;
  }

  /**
   * Asks a partner what is not known yet, and looks nothing up. To be used for all of a long list before the first of it
   * is looked up: opening labels takes time, and a pause before the next request would tell the partner of hits.
   */
  async ask(partner: string, questions: readonly Question[]): Promise<Result<Spending, AskFault>> {
    const asked = await this.#inTurn(partner, questions);
    return asked.ok ? ok(asked.value.spending) : asked;
  }

  /** Looks indicators up in a partner's set; those whose answers are known ask nothing. */
  async lookup(partner: string, questions: readonly Question[]): Promise<Result<Lookup, AskFault>> {
    const asked = await this.#inTurn(partner, questions);
    if (!asked.ok) return asked;
    const { copy, spending, outputs } = asked.value;
    return ok({ ...spending, rows: await this.#rows(copy, questions, outputs) });
  }

  /**
   * Looks up what is answered already, and asks nothing: after a budget has ended, what was paid for is still to be had.
   * @returns rows of those questions alone whose answers are here
   */
  async known(partner: string, questions: readonly Question[]): Promise<Result<Lookup, AskFault>> {
    const found = askableCopy(this.#options, partner);
    if (!found.ok) return found;
    const copy = found.value;
    const outputs = this.#outputsOf(copy, [...new Set(questions.map(inputOf))]);
    const answered = questions.filter((question) => outputs.has(inputOf(question)));
    const spent = await this.spent(copy.report.hash);
    return ok({ charged: 0, spent, budget: copy.budget, rows: await this.#rows(copy, answered, outputs) });
  }

  /** What this party has spent with a set: after a crash, too, what was answered counts that is not settled yet. */
  async spent(set: string): Promise<number> {
    const { tab, asked } = await this.#options.tabs.get(set);
    const [first] = asked?.inputs ?? [];
    if (asked === undefined || first === undefined) return tab.spent;
    const [output] = this.#options.answers.outputs(present(fromHex(set), "a leaf hash"), [first]);
    return tab.spent + (output === undefined ? 0 : batchClass(asked.inputs.length));
  }

  async #rows(
    copy: SetCopy,
    questions: readonly Question[],
    outputs: ReadonlyMap<string, Bytes>,
  ): Promise<readonly LookedUp[]> {
    const labels = this.#options.files.reader(copy.report.hash, "labels");
    try {
      return await lookedUp(labels, copy, questions, outputs);
    } finally {
      await labels.close();
    }
  }

  /** By input, the outputs that are known of a set. */
  #outputsOf({ published }: SetCopy, inputs: readonly string[]): Map<string, Bytes> {
    const outputs = new Map<string, Bytes>();
    for (const [i, output] of this.#options.answers.outputs(published.set, inputs).entries()) {
      if (output !== undefined) outputs.set(inputs[i] as string, output);
    }
    return outputs;
  }

  #inTurn(partner: string, questions: readonly Question[]): Promise<Result<AskedOf, AskFault>> {
    let turns = this.#turns.get(partner);
    if (turns === undefined) this.#turns.set(partner, (turns = new Turns()));
    // Each request follows the receipt of the one before.
    return turns.run(() => this.#ask(partner, questions));
  }

  async #ask(partner: string, questions: readonly Question[]): Promise<Result<AskedOf, AskFault>> {
    const { answers, tabs } = this.#options;
    const found = askableCopy(this.#options, partner);
    if (!found.ok) return found;
    const copy = found.value;
    const { hash } = copy.report;
    answers.reserve();
    const inputs = [...new Set(questions.map(inputOf))];
    const left = await tabs.get(hash);
    const resumed = left.asked === undefined ? ok([]) : await this.#exchange(copy, left.tab, left.asked);
    if (!resumed.ok) return refused(resumed.fault);
    const before = await tabs.get(hash);
    const outputs = this.#outputsOf(copy, inputs);
    const asked = await this.#askAll(
      copy,
      inputs.filter((input) => !outputs.has(input)),
      outputs,
    );
    if (!asked.ok) return asked;
    const { spent } = (await tabs.get(hash)).tab;
    return ok({ copy, outputs, spending: { charged: spent - before.tab.spent, spent, budget: copy.budget } });
  }

  /** Asks in batches; the next one is blinded while the partner answers. What it learns it adds to `outputs`. */
  async #askAll(
    copy: SetCopy,
    inputs: readonly string[],
    outputs: Map<string, Bytes>,
  ): Promise<Result<void, AskFault>> {
    const { tabs, threads, random } = this.#options;
    const prepare = (from: number, most: number): PreparedBatch | undefined => {
      const batch = inputs.slice(from, from + most);
      if (batch.length === 0) return undefined;
      const order = { inputs: batch, random: random(randomBytesToAsk(batch.length)) };
      const prepared = threads.runFor(batchClass(batch.length), "prepare", order);
      // Its fault is met where it is awaited.
      prepared.catch(() => undefined);
      return { batch, prepared };
    };
    const { hash } = copy.report;
    let granted = Number.POSITIVE_INFINITY;
    let most = batchWithin(copy.budget - (await tabs.get(hash)).tab.spent, inputs.length);
    let next = prepare(0, most);
    for (let done = 0; done < inputs.length;) {
      const { tab } = await tabs.get(hash);
      if (next === undefined || most === 0) return exhausted(copy, tab.spent, inputs.length - done);
      const { batch, prepared } = next;
      const { blinds, ...blinded } = await prepared;
      const asked = { request: requestOf(copy.published.set, tab, blinded), inputs: batch, blinds };
      const asking = batch.length;
      most = batchWithin(
        Math.min(granted, copy.budget - tab.spent - batchClass(asking)),
        inputs.length - done - asking,
      );
      next = most === 0 ? undefined : prepare(done + asking, most);
      await tabs.keep(hash, { tab, asked });
      const exchanged = await this.#exchange(copy, tab, asked);
      if (!exchanged.ok) {
        granted = batchClass(asking) - 1;
        most = batchWithin(granted, asking);
        if (exchanged.fault.code !== "pool-exhausted" || most === 0) return refused(exchanged.fault);
        // Not charged: what is left may be enough for a smaller class.
        next = prepare(done, most);
        continue;
      }
      for (const [i, output] of exchanged.value.entries()) outputs.set(batch[i] as string, output);
      done += asking;
    }
    return ok(undefined);
  }

  /** Sends a request that is on disk, and keeps what it gives. @returns the outputs, in the order of its inputs */
  async #exchange(copy: SetCopy, tab: OpenTab["tab"], asked: Sent): Promise<Result<readonly Bytes[], ExchangeFault>> {
    const { unit, tabs, threads, answers, seed, evidence } = this.#options;
    const { party, published, report } = copy;
    const peer = unit()
      ?.peers.list()
      .find(({ name }) => name === party);
    if (peer === undefined) return err("unreachable", `${party} is no member that can be reached`);
    const wanted = { body: asked.request, maxBytes: MAX_ANSWER, timeoutMs: TIMEOUT_MS };
    const answer = await peer.client.request("POST", "/match/lookup", wanted);
    if (!answer.ok) return err("unreachable", `${answer.fault.message}; what was asked is kept, ask again`);
    const { status, body } = answer.value;
    if (status !== 200) {
      const { code, detail } = refusal(body, status);
      if (status === CLOSED) return err("refused", `${party} refuses: ${detail}`);
      if (!FINAL.has(status))
        return err("unreachable", `${party} answered ${status}; what was asked is kept, ask again`);
      await tabs.keep(report.hash, { tab, asked: undefined });
      return err(code === "pool-exhausted" ? code : "refused", `${party} refuses: ${detail}`);
    }
    const order = { set: published, tab, asked, response: body, seed: seed() };
    const done = await finishTogether(threads, order);
    if (!done.ok) {
      // The request stays as it is: an honest answer to it is still to be had. The false one is evidence.
      await evidence.write(report.hash, "request", asked.request);
      await evidence.write(report.hash, "response", body);
      return err("bad-answer", `${party}: ${done.fault.message}; both are kept in ${evidence.path(report.hash, ".")}`);
    }
    const { outputs, tab: next } = done.value;
    const { request, inputs, blinds } = asked;
    // The outputs first: after a crash in between, the same request gives them once more.
    answers.add(published.set, inputs, outputs, { request, response: body, blinds, previous: tab.previous });
    tabs.settle(report.hash, next);
    return ok(outputs);
  }
}

/** How many of so many questions the next request can ask: those of the largest class that the budget has left. */
function batchWithin(left: number, questions: number): number {
  const affordable = BATCH_CLASSES.filter((size) => size <= left).at(-1) ?? 0;
  return Math.min(questions, affordable);
}

function exhausted({ party, budget }: SetCopy, spent: number, left: number): Result<never, AskFault> {
  return err(
    "budget-exhausted",
    `${party} grants ${budget} questions in this epoch, ${spent} are spent: ${left} are not asked; those before are kept`,
  );
}

function refused({ code, message }: ExchangeFault): Result<never, AskFault> {
  return err(code === "pool-exhausted" ? "refused" : code, message);
}

/** What a partner says of its refusal (RFC 9457), as far as it can be read. */
function refusal(body: Bytes, status: number): { readonly code?: unknown; readonly detail: string } {
  try {
    const { code, detail } = JSON.parse(utf8Decode(body) ?? "") as {
      readonly code?: unknown;
      readonly detail?: unknown;
    };
    if (typeof detail === "string") return { code, detail: detail.slice(0, 500) };
  } catch {
    // Told by its status.
  }
  return { detail: `status ${status}` };
}
