import type { Result } from "@detente/basics";
import type { Frauds } from "@detente/store";
import type { Suspicion } from "@detente/tlog";
import type { Clock } from "../clock.ts";
import type { Gate } from "../setup/gate.ts";
import { accuse } from "../speak/accusation.ts";
import type { Speaker } from "../speak/speaker.ts";
import type { Archive } from "./archive.ts";
import { Evidence } from "./evidence.ts";
import type { ForeignCopy } from "./foreign-copy.ts";
import type { Membership } from "./membership.ts";
import type { Peer } from "./peer.ts";
import { Reconciler } from "./reconciler.ts";
import { RecordedEvidence } from "./recorded-evidence.ts";

export interface LogVersionsOptions {
  /** The origin of this party's own log. */
  readonly own: string;
  readonly archive: Archive;
  readonly membership: Membership;
  readonly peers: () => readonly Peer[];
  readonly gate: Gate;
  readonly speaker: Speaker;
  readonly frauds: Frauds;
  /** Takes from a peer's copy what ours lacks. */
  readonly extend: (copy: ForeignCopy) => Promise<Result<void>>;
  /** Takes this copy in place of ours. */
  readonly replace: (copy: ForeignCopy) => void;
  readonly clock: Clock;
  readonly onFault: (doing: string, error: unknown) => void;
}

/** Keeps each log here in the version that a quorum has observed; a second one is proven, said on the record and frozen. */
export class LogVersions {
  readonly evidence: Evidence;
  readonly reconciler: Reconciler;
  readonly #recorded: RecordedEvidence;
  readonly #options: LogVersionsOptions;

  constructor(options: LogVersionsOptions) {
    this.#options = options;
    const { own, archive, membership, peers, speaker, frauds, extend, replace, clock, onFault } = options;
    this.evidence = new Evidence({
      frauds,
      log: (origin) => archive.log(origin),
      logKeys: (origin) => membership.logKeys(origin),
      verifiers: (origin) => membership.pastVerifiers(origin),
      peers,
      nameOf: (origin) => membership.nameOf(origin),
      accuse: (content) => accuse(speaker, content),
      onFrozen: (origin) => this.#onFrozen(origin),
      now: () => clock.now(),
    });
    this.reconciler = new Reconciler({
      own,
      fold: archive.fold,
      membership,
      log: (origin) => archive.log(origin),
      peers,
      isFrozen: (origin) => this.evidence.isFrozen(origin),
      extend,
      confront: (origin, peer) => this.evidence.compare(origin, peer),
      replace,
      clock,
      onFault: (error) => onFault("reconciling", error),
    });
    this.#recorded = new RecordedEvidence(archive.fold, this.evidence, (error) => onFault("investigating", error));
  }

  /** Takes up what is new on the record. */
  follow(): Promise<void> {
    return this.#recorded.follow();
  }

  /** Two heads of a log came together here that may not both be true. */
  async suspect(suspicion: Suspicion): Promise<void> {
    const looked = this.evidence.suspect(suspicion);
    if (suspicion.kind === "other-root") return looked;
    // The author is asked for its tiles; the answer to its own request does not wait for that.
    void looked.catch((error: unknown) => this.#options.onFault("investigating", error));
  }

  #onFrozen(origin: string): void {
    const { own, gate } = this.#options;
    this.reconciler.consider(origin);
    if (origin === own)
      gate.set("frozen", "this party's own log is proven to have two versions; see docs/operating.md");
  }
}
