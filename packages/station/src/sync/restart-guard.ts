import { equalBytes, err, ok, type Result } from "@detente/basics";
import { originHash, type SignedHead, TileReader, treeRoot, type Verifier } from "@detente/tlog";
import type { RecoverReport } from "../api/contract.ts";
import type { Clock } from "../clock.ts";
import type { Gate } from "../setup/gate.ts";
import { fetchTilesFrom } from "./fetch-tiles.ts";
import { Job, type StepOutcome } from "./job.ts";
import type { OwnLog } from "./own-log.ts";
import type { Peer } from "./peer.ts";
import { askPeers, type HeldHead, judgeRemembered, type Remembered } from "./restart-check.ts";

export interface RestartGuardOptions {
  readonly own: OwnLog;
  readonly gate: Gate;
  readonly peers: () => readonly Peer[];
  /** Keys that this log's heads are signed with now, and those that were replaced. */
  readonly logKeys: () => { readonly inUse: readonly Verifier[]; readonly past: readonly Verifier[] };
  readonly onReady: () => Promise<void>;
  readonly onRecovered: () => Promise<void>;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}

const RETRY = 1000;

/** Entries fetched at a time while recovering. */
const CHUNK = 2048;

/**
 * After each start nothing is signed until every peer has said which heads of this log it knows. A directory that was
 * restored from a backup is found out here, and stays silent until an officer has it recovered from the mirrors.
 */
export class RestartGuard {
  readonly #options: RestartGuardOptions;
  readonly #job: Job;
  #waived: ReadonlySet<string> = new Set();
  #behind: HeldHead | undefined;

  constructor(options: RestartGuardOptions) {
    this.#options = options;
    this.#job = new Job(options.clock, () => this.#check(), options.onFault);
  }

  start(): void {
    this.#options.gate.set("checking", "asking the peers for the newest head of this log");
    this.#job.wake();
  }

  async stop(): Promise<void> {
    await this.#job.stop();
  }

  /**
   * An officer's order: fetches what this directory lacks from the mirrors. `without` names peers that need not answer;
   * the officer answers for it that they know nothing newer.
   */
  async recover(without: readonly string[]): Promise<Result<RecoverReport>> {
    const { own, gate } = this.#options;
    this.#waived = new Set(without);
    const from = own.reader.size;
    if (gate.state === "ready") return ok({ from, to: from, source: null });
    const remembered = await this.#ask();
    const silent = remembered.silent.filter(({ party }) => !this.#waived.has(party));
    if (silent.length > 0) return err("unreachable", `${silentDetail(silent)}; or name them with --without`);
    let source: string | null = null;
    if (remembered.newest !== undefined && remembered.newest.size > from) {
      const fetched = await this.#fetch(remembered.newest);
      if (!fetched.ok) return fetched;
      source = fetched.value;
      await this.#options.onRecovered();
    }
    this.#behind = undefined;
    gate.set("checking", "recovered; asking the peers once more");
    this.#job.wake({ hurry: true });
    return ok({ from, to: own.reader.size, source });
  }

  #ask(): Promise<Remembered> {
    const { peers, own, logKeys } = this.#options;
    return askPeers(peers(), { origin: own.origin, size: own.reader.size, ...logKeys() });
  }

  async #check(): Promise<StepOutcome> {
    const { gate, own, peers, onReady } = this.#options;
    if (gate.state !== "checking" || this.#behind !== undefined) return "done";
    const remembered = await this.#ask();
    const verdict = judgeRemembered(own.reader, remembered.heads);
    if (verdict.kind === "split") {
      gate.set(
        "frozen",
        `${verdict.head.holder} holds a head of this log of size ${verdict.head.size} that contradicts this directory's entries or a peer's head: ` +
          "the log's key has signed two versions; see docs/operating.md",
      );
      return "done";
    }
    if (verdict.kind === "behind") {
      this.#behind = verdict.head;
      gate.set(
        "behind",
        `this directory has ${own.reader.size} entries of its log, ${verdict.head.holder} has ${verdict.head.size} signed by us: ` +
          "it is an older copy; run `detente recover`",
      );
      return "done";
    }
    const silent = remembered.silent.filter(({ party }) => !this.#waived.has(party));
    if (silent.length > 0) {
      gate.set("checking", silentDetail(silent));
      return { retryAfter: RETRY };
    }
    gate.set(
      "ready",
      `${peers().length === 1 ? "the other party confirms" : `all ${peers().length} peers confirm`} that nothing is missing here`,
    );
    await onReady();
    return "done";
  }

  /** From whoever showed the head, or from any other that has it whole; gives the name of that party. */
  async #fetch(head: HeldHead): Promise<Result<string>> {
    const isHolder = ({ name }: Peer): number => Number(name === head.holder);
    let first: Result<string> | undefined;
    for (const peer of this.#options.peers().toSorted((a, b) => isHolder(b) - isHolder(a))) {
      const fetched = await this.#fetchFrom(peer, head);
      if (fetched.ok) return ok(peer.name);
      if (fetched.fault.code !== "unreachable") return fetched;
      first ??= fetched;
    }
    return first ?? err("unreachable", `${head.holder} is gone`);
  }

  /** Every entry is verified against a head that carries our own signature, so the mirror need not be trusted. */
  async #fetchFrom(peer: Peer, head: SignedHead): Promise<Result<void>> {
    const { own } = this.#options;
    const reader = new TileReader(head, fetchTilesFrom(peer, `/mirror/${originHash(own.origin)}`));
    const start = own.reader.size;
    const cleared = await own.reader.discardStaged();
    if (!cleared.ok) return cleared;
    if (start > 0) {
      const prefix = await reader.read((hashes) => treeRoot(start, hashes));
      if (!prefix.ok) return err("unreachable", `${peer.name} has no whole copy of this log: ${prefix.fault.message}`);
      if (!equalBytes(prefix.value, own.reader.rootAt(start))) {
        return err("conflict", `the log that ${peer.name} mirrors does not continue the one in this directory`);
      }
    }
    for (let at = start; at < head.size; at += CHUNK) {
      const entries = await reader.entries(at, Math.min(at + CHUNK, head.size));
      if (!entries.ok)
        return err("unreachable", `${peer.name} has no whole copy of this log: ${entries.fault.message}`);
      const staged = await own.reader.stage(entries.value);
      if (!staged.ok) return staged;
    }
    return own.reader.commitHead({ size: head.size, root: head.root, note: head.note }, start);
  }
}

function silentDetail(silent: Remembered["silent"]): string {
  const reasons = silent.map(({ party, reason }) => `${party} (${reason})`).join(", ");
  return `waiting for ${reasons} to say which heads of this log it knows; nothing is signed until then`;
}
