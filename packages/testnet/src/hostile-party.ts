import { assert, type Bytes, fromHex, type Json, sha256, toHex } from "@detente/basics";
import {
  type Audience,
  type CharterDocument,
  charterDigest,
  draftHeads,
  draftStatement,
  type Head,
  type PartyFile,
  type StatementType,
} from "@detente/record";
import { type Clock, partyFile } from "@detente/station";
import {
  formatAddCheckpoint,
  leafHash,
  parseVkey,
  type Send,
  type SignedHead,
  submitCheckpoint,
  uploadToMirror,
} from "@detente/tlog";
import { type ClientOptions, HostileClient, type RawAnswer } from "./hostile-client.ts";
import { HostileLog } from "./hostile-log.ts";
import type { Endpoint } from "./network.ts";
import type { Address } from "./test-station.ts";

type Seeds = Parameters<typeof partyFile>[1]["current"];

/** A statement as it was written into a log. */
export interface Written {
  readonly index: number;
  readonly hash: string;
  readonly leaf: Bytes;
  readonly body: Bytes;
}

/** What a statement of the hostile party says; the rest is filled in. */
export interface Words {
  readonly type?: StatementType;
  readonly kind?: string;
  readonly of?: readonly string[];
  readonly audience?: Audience;
  readonly content?: Json;
  readonly unseals?: { readonly seal: string; readonly salt: string };
}

/** Answers a request to the hostile party's own address, or declines to by giving nothing. */
export type Trick = (request: Request) => Response | Promise<Response> | undefined;

/**
 * A member of the unit with real keys that keeps no rule: it writes any bytes into its log, signs any number of
 * versions of it, sends any request, and answers as it likes.
 */
export class HostileParty extends HostileClient implements Address {
  readonly name: string;
  readonly url: string;
  readonly file: PartyFile;
  readonly keys: Seeds;
  readonly nextKeys: Seeds;
  readonly log: HostileLog;
  /** What it gives to whoever asks, by digest in hex. */
  readonly bodies: Map<string, Bytes> = new Map();
  readonly blobs: Map<string, Bytes> = new Map();
  /** Come before its usual answers. */
  readonly tricks: Trick[] = [];
  readonly #random: (length: number) => Bytes;
  readonly #clock: Clock;
  #charter: CharterDocument | undefined;

  constructor(options: ClientOptions & { readonly url: string }) {
    const { name, url, random } = options;
    const keys = seeds(random);
    super(options, keys.transport);
    this.keys = keys;
    this.name = name;
    this.url = url;
    this.#random = random;
    this.#clock = options.clock;
    this.nextKeys = seeds(random);
    const { host, protocol } = new URL(url);
    const tls = protocol === "https:" ? { spki: toHex(random(32)) } : {};
    this.file = partyFile(
      { name, origin: `${host}/${name}`, url, ...tls },
      { current: this.keys, next: this.nextKeys },
    );
    this.log = new HostileLog(this.file.origin, this.keys.log);
  }

  get origin(): string {
    return this.file.origin;
  }

  get unit(): string {
    assert(this.#charter !== undefined, "the charter was adopted");
    return charterDigest(this.#charter);
  }

  /** Joins as everyone does: puts the charter on its log and accepts it. */
  adopt(charter: CharterDocument): void {
    this.#charter = charter;
    const opened = this.write({ type: "open", kind: "charter", content: { charter } as unknown as Json });
    this.write({ type: "position", kind: "accept", of: [opened.hash], content: { digest: this.unit } });
  }

  /** Writes a statement into a log, and keeps its body to give to others. */
  write(words: Words, log: HostileLog = this.log): Written {
    const {
      type = "open",
      kind = "question",
      of = [],
      audience = "unit",
      content = { title: "a question", text: "?" },
      unseals,
    } = words;
    const { leaf, body } = draftStatement({
      unit: this.unit,
      by: this.origin,
      type,
      kind,
      of,
      audience,
      content,
      at: this.#clock.now(),
      salt: this.#random(32),
      ...(unseals === undefined ? {} : { unseals }),
    });
    return this.writeRaw(leaf, body, log);
  }

  /** Writes any bytes. */
  writeRaw(leaf: Bytes, body: Bytes, log: HostileLog = this.log): Written {
    this.bodies.set(toHex(sha256(body)), body);
    return { index: log.append(leaf), hash: toHex(leafHash(leaf)), leaf, body };
  }

  /** Writes an observation of heads, true or not. */
  observe(heads: readonly Head[], log: HostileLog = this.log): Written {
    return this.writeRaw(draftHeads({ unit: this.unit, at: this.#clock.now(), heads }), new Uint8Array(0), log);
  }

  /** Brings a log to the witness and the mirror of a station, as the protocols want it. Throws where it is refused. */
  async publish(to: Address, log: HostileLog = this.log): Promise<void> {
    const answers = [await this.toWitness(to, log), await this.toMirror(to, log)];
    for (const answer of answers) assert(answer.ok, answer.ok ? "" : `${to.name}: ${answer.fault.message}`);
  }

  toWitness(to: Address, log: HostileLog = this.log): ReturnType<typeof submitCheckpoint> {
    return submitCheckpoint({
      send: this.#sendTo(to, "/witness"),
      note: log.head().note,
      oldSize: 0,
      proof: (oldSize, newSize) => Promise.resolve(log.proof(oldSize, newSize)),
      witnessKeys: this.#keysOf(to, "witness"),
    });
  }

  toMirror(to: Address, log: HostileLog = this.log): ReturnType<typeof uploadToMirror> {
    return uploadToMirror({
      send: this.#sendTo(to, "/mirror"),
      note: log.head().note,
      oldSize: 0,
      nextEntry: 0,
      entries: (start, end) => Promise.resolve(log.entries.slice(start, end)),
      hashReader: log.tree.reader,
      mirrorKeys: this.#keysOf(to, "mirror"),
      gzip: undefined,
    });
  }

  /** Shows a head with any proof, below `/witness` or `/mirror`. */
  showHead(
    to: Address,
    head: SignedHead,
    options: {
      readonly service?: "witness" | "mirror";
      readonly oldSize?: number;
      readonly proof?: readonly Bytes[];
    } = {},
  ): Promise<RawAnswer> {
    const { service = "witness", oldSize = 0, proof = [] } = options;
    return this.send(to, "POST", `/${service}/add-checkpoint`, {
      body: formatAddCheckpoint({ oldSize, proof, note: head.note }),
    });
  }

  /** Asks for bodies by their digests in hex. */
  askForBodies(to: Address, digests: readonly string[]): Promise<RawAnswer> {
    const body = Uint8Array.from(digests.flatMap((digest) => [...(fromHex(digest) ?? [])]));
    return this.send(to, "POST", "/bodies", { body });
  }

  /** What is at its own address. */
  readonly endpoint: Endpoint = async (request) => {
    for (const trick of this.tricks) {
      const answer = trick(request.clone());
      if (answer !== undefined) return answer;
    }
    const { pathname } = new URL(request.url);
    if (pathname === "/bodies") return this.#giveBodies(new Uint8Array(await request.arrayBuffer()));
    const blob = this.blobs.get(pathname.replace("/blobs/", ""));
    return blob === undefined ? new Response("nothing here\n", { status: 404 }) : new Response(Uint8Array.from(blob));
  };

  #giveBodies(asked: Bytes): Response {
    const parts: Bytes[] = [];
    for (let at = 0; at + 32 <= asked.length; at += 32) {
      const body = this.bodies.get(toHex(asked.subarray(at, at + 32))) ?? new Uint8Array(0);
      const length = new Uint8Array(4);
      new DataView(length.buffer).setUint32(0, body.length);
      parts.push(length, body);
    }
    return new Response(new Blob(parts.map((part) => Uint8Array.from(part))));
  }

  #sendTo(to: Address, prefix: string): Send {
    return async ({ method, path, headers, body }) => {
      const answer = await this.send(to, method, `${prefix}${path}`, { headers, body });
      return { status: answer.status, headers: Object.fromEntries(answer.headers), body: answer.body };
    };
  }

  #keysOf(to: Address, role: "witness" | "mirror"): Parameters<typeof submitCheckpoint>[0]["witnessKeys"] {
    const party = this.#charter?.parties.find(({ name }) => name === to.name);
    const key = party === undefined ? undefined : parseVkey(party[role]);
    return key?.ok === true ? [key.value] : [];
  }
}

function seeds(random: (length: number) => Bytes): Seeds {
  return { log: random(32), witness: random(32), mirror: random(32), transport: random(32) };
}
