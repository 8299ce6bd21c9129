import type { Bytes } from "@detente/basics";
import type { AnswerStore, BlobReader, Records, VersionReader } from "@detente/store";
import type { MatchSetReport } from "@detente/unit";
import type { Logger } from "pino";
import type { MatchReport } from "../api/match-contract.ts";
import type { Clock } from "../clock.ts";
import type { Gate } from "../setup/gate.ts";
import type { Speaker } from "../speak/speaker.ts";
import type { OwnLog } from "../sync/own-log.ts";
import type { Granted } from "../meeting/granted.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import { Answering } from "./answering.ts";
import { Asking } from "./asking.ts";
import { Budgets } from "./budgets.ts";
import { Copies } from "./copies.ts";
import { countedOf } from "./counted.ts";
import { editionPath } from "./edition.ts";
import { Epochs } from "./epoch.ts";
import { KeptCopies } from "./kept-copies.ts";
import { Ledgers } from "./ledgers.ts";
import { OwnSetBook } from "./own-set.ts";
import type { MatchPolicy } from "./policy.ts";
import { Publisher } from "./publisher.ts";
import { type EditionFile, SetFiles } from "./set-files.ts";
import { Tabs } from "./tabs.ts";
import { MatchThreads } from "./threads.ts";
import { Transcripts } from "./transcripts.ts";

export interface MatchingOptions {
  readonly party: string;
  /** Has the keys of epochs, this party's own sets, and the copies of others'. */
  readonly dir: string;
  readonly answers: AnswerStore;
  readonly records: Records;
  /** Once its record was read. */
  readonly unit: () => UnitRuntime | undefined;
  /** Once the index can say what was replaced. */
  readonly indexed: () => UnitRuntime | undefined;
  readonly own: OwnLog;
  readonly speaker: Speaker;
  readonly gate: Gate;
  /** In meetings. */
  readonly granted: Granted;
  readonly blobs: BlobReader;
  readonly versions: VersionReader;
  /** Of this party's transport key. */
  readonly seed: () => Bytes;
  readonly random: (length: number) => Bytes;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A file of a set for a partner, as a stream. */
export interface ServedFile {
  readonly size: number;
  readonly content: AsyncIterable<Uint8Array>;
}

/** Private matching: this party's own set, the partners' sets, and what is asked in both directions. */
export class Matching {
  readonly publisher: Publisher;
  readonly answering: Answering;
  readonly copies: Copies;
  readonly transcripts: Transcripts;
  readonly asking: Asking;
  readonly budgets: Budgets;
  readonly #ownFiles: SetFiles;
  readonly #epochs: Epochs;
  readonly threads: MatchThreads = new MatchThreads();
  readonly #answers: AnswerStore;
  readonly #unit: () => UnitRuntime | undefined;
  readonly #ledgers: Ledgers;
  readonly #tabs: Tabs;
  readonly #options: Pick<MatchingOptions, "party" | "own" | "clock">;

  constructor(options: MatchingOptions) {
    const { party, dir, answers, records, unit, own, speaker, gate, seed, random, clock, logger } = options;
    const threads = this.threads;
    this.#unit = unit;
    this.#answers = answers;
    this.#ownFiles = new SetFiles(`${dir}/own`);
    this.#epochs = new Epochs(`${dir}/keys`, random);
    this.#options = { party, own, clock };
    const ledgers = (this.#ledgers = new Ledgers(answers.ledgers));
    const policy = (): MatchPolicy | undefined => this.publisher.policy;
    this.budgets = new Budgets({ origin: own.origin, unit, ledgers, granted: options.granted, policy });
    const book = new OwnSetBook(records, speaker, own.origin, () => ({ at: clock.now(), salt: random(32) }));
    const { origin } = own;
    const common = { unit, threads, clock, logger };
    const [files, epochs] = [this.#ownFiles, this.#epochs];
    const read = { unit: options.indexed, blobs: options.blobs, versions: options.versions };
    this.publisher = new Publisher({ ...common, ...read, party, own, gate, book, epochs, ledgers, answers, files });
    this.answering = new Answering({
      origin,
      unit,
      epochs,
      ledgers,
      budgets: this.budgets,
      decided: () => this.publisher.decided(),
      answers,
      threads,
      clock,
      onExhausted: () => this.publisher.exhausted(),
    });
    const copied = new SetFiles(`${dir}/copies`);
    const onFault = (error: unknown): void => logger.error({ err: error }, "copying a partner's match set");
    const evidence = new SetFiles(`${dir}/evidence`);
    const kept = new KeptCopies({ party, unit, copies: copied, evidence, answers, threads });
    this.copies = new Copies({ party, origin, unit, files: copied, kept, threads, clock, onFault });
    this.transcripts = new Transcripts({ unit, copies: this.copies, kept, answers, threads });
    const tabs = (this.#tabs = new Tabs(answers.tabs, () => clock.now()));
    const books = { answers, tabs, evidence };
    this.asking = new Asking({ unit, copies: this.copies, files: copied, threads, seed, random, ...books });
  }

  /** The record may have changed. */
  changed(): void {
    this.answering.changed();
    this.publisher.wake();
    this.copies.wake();
  }

  /** Begins: only now is it known what the settings say. */
  start(policy: MatchPolicy | undefined): void {
    this.publisher.follow(policy);
    this.copies.wake();
  }

  async close(): Promise<void> {
    await this.publisher.stop();
    await this.copies.stop();
    await this.threads.close();
    this.#answers.close();
  }

  /** What stands where, for this party's own people. */
  async report(): Promise<MatchReport> {
    const { party, own } = this.#options;
    const sets = this.#unit()?.archive.fold.matchSets() ?? [];
    const mine = sets.filter(({ log, isWithdrawn }) => log === own.origin && !isWithdrawn).at(-1);
    const copies = this.copies.list().filter((copy) => copy.party !== party);
    return {
      own: mine === undefined ? null : await this.#ownReport(mine),
      fault: this.publisher.fault ?? null,
      disputes: await this.#disputes(sets.filter(({ log }) => log !== own.origin)),
      partners: await Promise.all(
        copies.map(
          async ({
            party: partner,
            report: {
              hash,
              terms: { epoch },
            },
            terms,
            edition,
            sequence,
            isHere,
            fault,
          }) => ({
            party: partner,
            set: hash,
            epoch,
            sequence,
            count: edition.count,
            spent: await this.asking.spent(hash),
            budget: terms.budget,
            isHere,
            fault: fault ?? null,
          }),
        ),
      ),
    };
  }

  /** The key that makes a partner's tags; undefined where the set is not for it. */
  async partnerKey(set: string, partner: string): Promise<Bytes | undefined> {
    if ((await this.answering.partner(set, partner)) === undefined) return undefined;
    const report = this.#unit()
      ?.archive.fold.matchSets()
      .find(({ hash }) => hash === set);
    const epoch = report === undefined ? undefined : await this.#epochs.read(report.terms.epoch);
    return epoch?.partnerKey(partner);
  }

  /** A partner's own file of an edition; undefined where there is none for it. */
  async file(set: string, partner: string, sequence: number, name: EditionFile): Promise<ServedFile | undefined> {
    if ((await this.answering.partner(set, partner)) === undefined) return undefined;
    const path = editionPath(partner, sequence, name);
    const size = await this.#ownFiles.size(set, path);
    return size === undefined ? undefined : { size, content: this.#ownFiles.stream(set, path) };
  }

  /** Where what partners say they were asked does not agree with the receipts: of sets that are over, too. */
  async #disputes(sets: readonly MatchSetReport[]): Promise<MatchReport["disputes"]> {
    const { party, clock } = this.#options;
    const books = { tabs: this.#tabs, answers: this.#answers };
    const disputes: MatchReport["disputes"][number][] = [];
    for (const set of sets) {
      if (!set.terms.partners.some((one) => one.party === party)) continue;
      const flaw = await countedOf(books, party, set, clock.now());
      if (flaw === undefined) continue;
      const partner = this.#unit()?.membership.nameOf(set.log) ?? set.log;
      const said = set.totals === undefined ? null : { log: set.log, index: set.totals.index };
      disputes.push({ party: partner, set: set.hash, epoch: set.terms.epoch, said, flaw });
    }
    return disputes;
  }

  async #ownReport({ hash, terms, edition }: MatchSetReport): Promise<MatchReport["own"]> {
    const { pooled, accounts } = await this.#ledgers.get(hash);
    const sequence = edition?.content.sequence ?? null;
    const partners = terms.partners.map(({ party, budget }) => ({
      party,
      budget,
      spent: accounts.get(party)?.spent ?? 0,
    }));
    return { set: hash, epoch: terms.epoch, sequence, pooled, pool: terms.pool, partners };
  }
}
