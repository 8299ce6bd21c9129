import { type Bytes, ed25519PublicKey, sha256, toBase64, toHex, utf8 } from "@detente/basics";
import {
  type CharterDocument,
  charterDigest,
  type DraftedStatement,
  draftHeads,
  draftStatement,
  keyDigest,
  KEY_ROLES,
  type KeyRole,
  leastQuorum,
  type PartyFile,
  type StatementDraft,
} from "@detente/record";
import {
  cosignedNote,
  ed25519Cosigner,
  ed25519Signer,
  formatCheckpoint,
  formatVkey,
  leafHash,
  MemoryTree,
  parseNote,
  signNote,
  type Signer,
} from "@detente/tlog";
import { createFold, type Fold } from "../src/index.ts";

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** What a test says of a statement; the rest is filled in. */
export type Words = DistributiveOmit<StatementDraft, "unit" | "by" | "of" | "at" | "audience" | "salt"> & {
  readonly of?: readonly string[];
  readonly audience?: readonly string[];
};

/** A statement as it was written. */
export interface Written {
  readonly log: string;
  readonly index: number;
  readonly hash: string;
  readonly leaf: Bytes;
  readonly body: Bytes | undefined;
}

/** What reaches a fold. */
export type Delivery = { readonly entry: Written } | { readonly body: Bytes };

const START = 1_800_000_000_000;

/** A party that writes its own log. */
export class Actor {
  readonly name: string;
  readonly origin: string;
  readonly tree: MemoryTree = new MemoryTree();
  readonly written: Written[] = [];

  constructor(name: string) {
    this.name = name;
    this.origin = `${name}.example/log`;
  }

  /** The party's key of a role; `generation` counts its rotations. */
  key(role: KeyRole, generation = 0): string {
    const seed = this.seed(role, generation);
    if (role === "transport") return toBase64(ed25519PublicKey(seed));
    if (role === "log") return formatVkey(ed25519Signer(this.origin, seed).verifier);
    return formatVkey(ed25519Cosigner(`${this.name}.example/${role}`, seed).verifier);
  }

  seed(role: KeyRole, generation = 0): Bytes {
    return sha256(utf8(`${this.name} ${role} ${generation}`));
  }

  signer(generation = 0): Signer {
    return ed25519Signer(this.origin, this.seed("log", generation));
  }

  get file(): PartyFile {
    const next = Object.fromEntries(KEY_ROLES.map((role) => [role, keyDigest(this.key(role, 1))])) as PartyFile["next"];
    return {
      v: 1,
      name: this.name,
      origin: this.origin,
      url: `https://${this.name}.example`,
      log: this.key("log"),
      witness: this.key("witness"),
      mirror: this.key("mirror"),
      transport: this.key("transport"),
      next,
    };
  }

  /** A signed checkpoint of the actor's log, or of what it would like others to believe. */
  checkpoint(size: number = this.tree.size, root: Bytes = this.tree.root(size)): string {
    const text = formatCheckpoint({ origin: this.origin, size, root, extensions: [] });
    return new TextDecoder().decode(signNote(text, [this.signer()]));
  }
}

/** A unit whose parties write what a test lets them write. Everything in it follows from the names. */
export class Scene {
  readonly actors: Actor[];
  readonly charter: CharterDocument;
  readonly unit: string;
  #salts = 0;

  constructor(...names: string[]) {
    this.actors = names.map((name) => new Actor(name));
    this.charter = {
      v: 1,
      title: "A joint unit",
      purpose: "To guard what we share.",
      nonce: toHex(sha256(utf8("nonce"))),
      quorum: leastQuorum(names.length),
      attempt: 1,
      parties: this.actors.map(({ file }) => file).sort((a, b) => (a.name < b.name ? -1 : 1)),
    };
    this.unit = charterDigest(this.charter);
  }

  join(name: string): Actor {
    const actor = new Actor(name);
    this.actors.push(actor);
    return actor;
  }

  /** A charter that amends another. */
  amendment(parties: readonly Actor[], changes: Partial<CharterDocument> = {}): CharterDocument {
    return {
      ...this.charter,
      base: this.unit,
      quorum: leastQuorum(parties.length),
      parties: parties.map(({ file }) => file).sort((a, b) => (a.name < b.name ? -1 : 1)),
      ...changes,
    };
  }

  keyDigest(actor: Actor, role: KeyRole, generation: number): string {
    return keyDigest(actor.key(role, generation));
  }

  say(actor: Actor, words: Words): Written {
    const { leaf, body } = this.draft(actor, words);
    return this.write(actor, leaf, body);
  }

  /** A statement that is not written yet. */
  draft(actor: Actor, { of = [], audience, ...words }: Words): DraftedStatement & { readonly hash: string } {
    const salt = sha256(utf8(`salt ${this.#salts++}`));
    const at = START + this.#salts;
    const { unit } = this;
    const draft = { ...words, of, at, unit, by: actor.origin, audience: audience ?? "unit", salt } as StatementDraft;
    const drafted = draftStatement(draft);
    return { ...drafted, hash: toHex(leafHash(drafted.leaf)) };
  }

  /** Writes a leaf, well formed or not. */
  write(actor: Actor, leaf: Bytes, body?: Bytes): Written {
    const hash = leafHash(leaf);
    const written = { log: actor.origin, index: actor.tree.size, hash: toHex(hash), leaf, body };
    actor.tree.append(hash);
    actor.written.push(written);
    return written;
  }

  /** The actor observes the others' logs as they are now. */
  observe(actor: Actor, ...targets: Actor[]): Written {
    const heads = targets
      .filter((target) => target !== actor)
      .map(({ origin, tree }) => ({ log: origin, size: tree.size, root: toBase64(tree.root()) }));
    return this.write(actor, draftHeads({ unit: this.unit, at: START + ++this.#salts, heads }));
  }

  digestOf(charter: CharterDocument): string {
    return charterDigest(charter);
  }

  /** The actor claims to have seen a root that `target`'s log never had. */
  lie(actor: Actor, target: Actor, seed: number): Written {
    const head = { log: target.origin, size: 1 + (seed % 8), root: toBase64(sha256(utf8(`lie ${seed}`))) };
    return this.write(actor, draftHeads({ unit: this.unit, at: START + ++this.#salts, heads: [head] }));
  }

  /** Everyone observes everyone: what has been written takes effect. */
  settle(...actors: Actor[]): void {
    const observers = actors.length === 0 ? this.actors : actors;
    for (const actor of observers) this.observe(actor, ...this.actors);
  }

  /** One statement of the founding charter, accepted by everyone, and all of it observed. */
  found(): Written {
    const opened = this.say(this.actors[0]!, { type: "open", kind: "charter", content: { charter: this.charter } });
    for (const actor of this.actors) this.accept(actor, opened, this.charter);
    this.settle();
    return opened;
  }

  accept(actor: Actor, opened: Written, charter: CharterDocument, ...references: Written[]): Written {
    const of = [...new Set([opened, ...references].map(({ hash }) => hash))];
    return this.say(actor, { type: "position", kind: "accept", of, content: { digest: charterDigest(charter) } });
  }

  /** All entries and bodies, log by log. */
  deliveries(): Delivery[] {
    return this.actors.flatMap(({ written }) => written.flatMap(deliveriesOf));
  }

  /** The same, an entry of this actor's log and then one of that one's, as their numbers in `order` have it. */
  interleaved(order: readonly number[]): Delivery[] {
    const logs = this.actors.map(({ written }) => [...written]);
    const ordered = order.flatMap((actor) => logs[actor]?.shift() ?? []);
    return [...ordered, ...logs.flat()].flatMap(deliveriesOf);
  }

  /** An empty fold that knows the actors' trees. */
  emptyFold(): Fold {
    const rootAt = (log: string, size: number): Bytes | undefined =>
      this.actors.find(({ origin }) => origin === log)?.tree.root(size);
    return createFold({ genesis: this.charter, rootAt });
  }

  fold(deliveries: readonly Delivery[] = this.deliveries()): Fold {
    const fold = this.emptyFold();
    for (const delivery of deliveries) deliver(fold, delivery);
    return fold;
  }
}

function deliveriesOf(entry: Written): Delivery[] {
  return entry.body === undefined ? [{ entry }] : [{ entry }, { body: entry.body }];
}

export function deliver(fold: Fold, delivery: Delivery): void {
  if ("body" in delivery) fold.addBody(delivery.body);
  else {
    const { log, index, leaf } = delivery.entry;
    fold.add({ log, index, leaf, leafHash: leafHash(leaf) });
  }
}

/** The checkpoint of an actor's log as it is now, cosigned by the others' witnesses. */
export function cosignedCheckpoint(actor: Actor, witnesses: readonly Actor[]): string {
  const parsed = parseNote(utf8(actor.checkpoint()));
  if (!parsed.ok) throw new Error(parsed.fault.message);
  const { text, signatures } = parsed.value;
  const cosigners = witnesses.map((witness) =>
    ed25519Cosigner(`${witness.name}.example/witness`, witness.seed("witness")),
  );
  return new TextDecoder().decode(cosignedNote(text, signatures, cosigners, START, undefined).note);
}
