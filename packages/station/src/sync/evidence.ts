import { type Bytes, canonicalJsonBytes, equalBytes, type Json, toBase64, utf8Decode } from "@detente/basics";
import type { EquivocationContent } from "@detente/record";
import type { Frauds, LogReader } from "@detente/store";
import {
  consistencyProof,
  openCheckpoint,
  originHash,
  parseCheckpointNote,
  type Suspicion,
  TileReader,
  treeRoot,
  type Verifier,
} from "@detente/tlog";
import { type ConflictingObservation, judgeEquivocation } from "@detente/unit";
import { fetchTilesFrom } from "./fetch-tiles.ts";
import type { Peer } from "./peer.ts";

export interface EvidenceOptions {
  readonly frauds: Frauds;
  readonly log: (origin: string) => LogReader | undefined;
  readonly logKeys: (origin: string) => readonly string[];
  /** All keys that the log's party has had. */
  readonly verifiers: (origin: string) => readonly Verifier[];
  readonly peers: () => readonly Peer[];
  readonly nameOf: (origin: string) => string;
  /** Puts a proof on the record; false where that cannot be done now. */
  readonly accuse: (content: EquivocationContent) => Promise<boolean>;
  readonly onFrozen: (origin: string) => void;
  readonly now: () => number;
}

const LIMITS = { maxBytes: 1 << 20, timeoutMs: 10_000 } as const;

/**
 * Finds and keeps proofs that a log has been shown in two versions. A proof is kept before anything else is done about
 * it, freezes the log here at once, and goes on this party's own record, where every member verifies it for itself.
 */
export class Evidence {
  readonly #options: EvidenceOptions;
  readonly #frozen = new Map<string, EquivocationContent>();
  readonly #unsaid = new Set<string>();
  readonly #looking = new Set<string>();

  constructor(options: EvidenceOptions) {
    this.#options = options;
  }

  /** Takes up what was kept before. */
  async load(): Promise<void> {
    for (const { log, proof } of await this.#options.frauds.list()) {
      this.#frozen.set(log, JSON.parse(utf8Decode(proof) ?? "{}") as EquivocationContent);
    }
  }

  isFrozen(origin: string): boolean {
    return this.#frozen.has(origin);
  }

  proofOf(origin: string): EquivocationContent | undefined {
    return this.#frozen.get(origin);
  }

  frozen(): string[] {
    return [...this.#frozen.keys()];
  }

  /**
   * Two signed checkpoints of a log came together at the witness or the mirror. Where a larger one was not shown to
   * continue ours, its own author's tiles say whether it does.
   */
  async suspect({ origin, kind, offered, held }: Suspicion): Promise<void> {
    if (held === undefined) return;
    if (kind === "other-root") return this.#keep({ log: origin, first: textOf(held), second: textOf(offered) });
    const author = this.#options.peers().find(({ party }) => party.origin === origin);
    if (author !== undefined) await this.#confront(`author ${origin}`, origin, author, "/log", offered);
  }

  /** Another member observed a tree of a log that is not the one here: its copy of the log's signature decides who lied. */
  async investigate(conflict: ConflictingObservation): Promise<void> {
    const { log: origin, observer } = conflict;
    const peer = this.#options.peers().find(({ party }) => party.origin === observer);
    if (peer === undefined) return;
    await this.#confront(`${observer} ${conflict.index}`, origin, peer, `/mirror/${originHash(origin)}`);
  }

  /** Holds the signed head that a peer mirrors against the one here. */
  async compare(origin: string, peer: Peer): Promise<void> {
    await this.#confront(`peer ${peer.name} ${origin}`, origin, peer, `/mirror/${originHash(origin)}`);
  }

  /** Says what could not be said when it was found. */
  async speak(): Promise<void> {
    for (const origin of this.#unsaid) {
      const content = this.#frozen.get(origin);
      if (content !== undefined && (await this.#options.accuse(content))) this.#unsaid.delete(origin);
    }
  }

  /** A proof that a member put on the record and that took effect there. */
  async learn(content: EquivocationContent): Promise<void> {
    await this.#keep(content, { said: true });
  }

  async #keep(content: EquivocationContent, how: { readonly said: boolean } = { said: false }): Promise<void> {
    const { log: origin } = content;
    if (this.#frozen.has(origin) || !judgeEquivocation(content, this.#options.logKeys(origin)).ok) return;
    const proof = canonicalJsonBytes(content as unknown as Json);
    await this.#options.frauds.add({ log: origin, at: this.#options.now(), proof });
    this.#frozen.set(origin, content);
    if (!how.said) this.#unsaid.add(origin);
    this.#options.onFrozen(origin);
    await this.speak();
  }

  /** Looks once at a time, since the same question comes with every request. */
  async #confront(key: string, origin: string, peer: Peer, prefix: string, note?: Bytes): Promise<void> {
    if (this.#frozen.has(origin) || this.#looking.has(key)) return;
    this.#looking.add(key);
    try {
      const content = await this.#contradiction(origin, peer, prefix, note ?? (await checkpointAt(peer, prefix)));
      if (content !== undefined) await this.#keep(content);
    } finally {
      this.#looking.delete(key);
    }
  }

  /** Holds a signed head, whose tiles a peer has below `prefix`, against the one mirrored here. */
  async #contradiction(
    origin: string,
    peer: Peer,
    prefix: string,
    note: Bytes | undefined,
  ): Promise<EquivocationContent | undefined> {
    const ours = this.#options.log(origin);
    if (ours?.head === undefined || note === undefined) return undefined;
    const opened = openCheckpoint(note, origin, this.#options.verifiers(origin));
    if (!opened.ok) return undefined;
    const theirs = { ...opened.value.checkpoint, note };
    const { head } = ours;
    if (theirs.size === head.size) {
      return equalBytes(theirs.root, head.root) ? undefined : equivocation(origin, head.note, theirs.note);
    }
    if (theirs.size < head.size) {
      const root = ours.rootAt(theirs.size);
      if (equalBytes(root, theirs.root)) return undefined;
      const proof = consistencyProof(theirs.size, head.size, ours.hashReader(head.size));
      return equivocation(origin, theirs.note, head.note, [root, ...proof]);
    }
    const read = await new TileReader(theirs, fetchTilesFrom(peer, prefix)).read((reader) => ({
      root: treeRoot(head.size, reader),
      proof: consistencyProof(head.size, theirs.size, reader),
    }));
    if (!read.ok || equalBytes(read.value.root, head.root)) return undefined;
    return equivocation(origin, head.note, theirs.note, [read.value.root, ...read.value.proof]);
  }
}

async function checkpointAt(peer: Peer, prefix: string): Promise<Bytes | undefined> {
  const answer = await peer.client.request("GET", `${prefix}/checkpoint`, LIMITS);
  return answer.ok && answer.value.status === 200 ? answer.value.body : undefined;
}

function equivocation(origin: string, first: Bytes, second: Bytes, proof: readonly Bytes[] = []): EquivocationContent {
  const notes = { log: origin, first: textOf(first), second: textOf(second) };
  return proof.length === 0 ? notes : { ...notes, proof: proof.map(toBase64) };
}

/** Notes were parsed before, so they are UTF-8. Other cosigners' signatures are left out: the log's own is what counts. */
function textOf(note: Bytes): string {
  const parsed = parseCheckpointNote(note);
  const text = utf8Decode(note) ?? "";
  if (!parsed.ok) return text;
  const { checkpoint, note: parsedNote } = parsed.value;
  const lines = text.slice(parsedNote.text.length + 1).split("\n");
  return `${parsedNote.text}\n${lines.filter((line) => line.startsWith(`\u2014 ${checkpoint.origin} `)).join("\n")}\n`;
}
