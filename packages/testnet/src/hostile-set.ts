import {
  type Bytes,
  concatBytes,
  ed25519PublicKey,
  ed25519Sign,
  fromBase64,
  fromHex,
  hmacSha256,
  type Json,
  present,
  sha256,
  toHex,
  unwrap,
  utf8,
} from "@detente/basics";
import {
  answer,
  charge,
  deriveKey,
  EMPTY_LEDGER,
  encodeSet,
  evaluate,
  type Group,
  type Ledger,
  publicKeyOf,
  sealLabel,
  tagOf,
  type TagSet,
  tagSet,
} from "@detente/match";
import type { HostileParty, Trick } from "./hostile-party.ts";
import type { TestStation } from "./test-station.ts";

/** What a partner is shown of the set. */
export interface Shown {
  /** Inputs that the partner's committed tags hold. */
  readonly inputs: readonly string[];
  /** Inputs whose labels are those of something else. */
  readonly falsely?: readonly string[];
}

const LABEL_BYTES = 64;
const BUDGET = 10_000;

/** A match set of a party that keeps no rule: it opens it as everyone does, and then answers as it likes. */
export class HostileSet {
  readonly hash: string;
  readonly key: Bytes;
  /** The key by which it answers: its own, unless it lies. */
  answerKey: Bytes;
  /** What becomes of an answer before it is sent. */
  mangle: (response: Bytes) => Bytes = (response) => response;
  /** What becomes of a set file before it is given. */
  mangleTags: (tags: Bytes) => Bytes = (tags) => tags;
  readonly #group: Group;
  readonly #party: HostileParty;
  readonly #partners: readonly TestStation[];
  readonly #seed: Bytes;
  readonly #files = new Map<string, Bytes>();
  #ledger: Ledger = EMPTY_LEDGER;

  constructor(group: Group, party: HostileParty, epoch: number, partners: readonly TestStation[]) {
    this.#group = group;
    this.#party = party;
    this.#partners = partners.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    this.#seed = sha256(utf8(`${party.name} ${epoch}`));
    this.key = this.answerKey = deriveKey(group, "voprf", this.#seed, utf8("hostile"));
    const opened = party.write({
      type: "open",
      kind: "match-set",
      content: {
        suite: "ristretto255-SHA512",
        epoch,
        key: toHex(publicKeyOf(group, this.key)),
        receipts: toHex(ed25519PublicKey(this.#seed)),
        pool: BUDGET,
        partners: this.#partners.map(({ name }) => ({
          party: name,
          budget: BUDGET,
          key: toHex(sha256(this.#keyOf(name))),
        })),
      },
    });
    this.hash = opened.hash;
  }

  /** Commits to a set for each partner, and keeps the files to give them. */
  commit(sequence: number, shown: Readonly<Record<string, Shown>>): void {
    const partners = this.#partners.map(({ name }) => {
      const tags = this.#make(name, sequence, shown[name] ?? { inputs: [] });
      const { root, count } = encodeSet(tags);
      const labels = present(this.#files.get(`${name} ${sequence}/labels`), "labels that were made");
      return { party: name, root: toHex(root), count, labels: toHex(sha256(labels)) };
    });
    const content: Json = { sequence, labelBytes: LABEL_BYTES, partners };
    this.#party.write({ type: "exhibit", kind: "match-edition", of: [this.hash], content });
  }

  /** Serves the set at the party's address; other sets of the same party are left to others. */
  readonly trick: Trick = (request) => {
    const { pathname } = new URL(request.url);
    // Whoever asks is believed: it is the party that lies here.
    const caller = /keyid="([a-z0-9-]+)"/.exec(request.headers.get("signature-input") ?? "")?.[1] ?? "";
    if (pathname === "/match/lookup") return this.#answer(caller, request);
    if (!pathname.startsWith(`/match/${this.hash}/`)) return undefined;
    const file = pathname.slice(`/match/${this.hash}/`.length);
    const bytes = file === "key" ? this.#keyOf(caller) : this.#files.get(`${caller} ${file}`);
    if (bytes === undefined) return new Response("nothing here\n", { status: 404 });
    return new Response(Uint8Array.from(file.endsWith("/tags") ? this.mangleTags(bytes) : bytes));
  };

  async #answer(caller: string, request: Request): Promise<Response> {
    const body = new Uint8Array(await request.arrayBuffer());
    const partner = present(
      this.#partners.find(({ name }) => name === caller),
      "a partner",
    );
    const asker = { name: caller, key: present(fromBase64(partner.party.transport), "a transport key") };
    const charged = unwrap(charge(this.#ledger, { partner: BUDGET, pool: BUDGET }, asker, body));
    const answerer = {
      set: present(fromHex(this.hash), "a hash"),
      key: this.answerKey,
      publicKey: publicKeyOf(this.#group, this.answerKey),
      nonceKey: this.#seed,
      sign: (message: Bytes) => ed25519Sign(this.#seed, message),
    };
    const answered = unwrap(answer(this.#group, answerer, charged, caller, body));
    const sent = this.mangle(answered.response);
    // Only what is honest goes into its books, so that it can come back to honesty.
    if (sent === answered.response && this.answerKey === this.key) this.#ledger = answered.ledger;
    return new Response(Uint8Array.from(sent));
  }

  #make(name: string, sequence: number, { inputs, falsely = [] }: Shown): TagSet {
    const partnerKey = this.#keyOf(name);
    const outputs = evaluate(this.#group, "voprf", this.key, inputs.map(utf8));
    const tags = tagSet(partnerKey, outputs, hmacSha256(this.#seed, utf8(name)));
    const labels = new Uint8Array(LABEL_BYTES * tags.count);
    for (const [i, output] of outputs.entries()) {
      const isFalse = falsely.includes(inputs[i] as string);
      const text = utf8(JSON.stringify({ to: name }));
      const label = sealLabel(isFalse ? concatBytes(output, output) : output, text, LABEL_BYTES);
      labels.set(label, LABEL_BYTES * tags.find(tagOf(partnerKey, output)));
    }
    this.#files.set(`${name} ${sequence}/tags`, encodeSet(tags).bytes);
    this.#files.set(`${name} ${sequence}/labels`, labels);
    return tags;
  }

  #keyOf(name: string): Bytes {
    return hmacSha256(this.#seed, utf8(`key ${name}`));
  }
}
