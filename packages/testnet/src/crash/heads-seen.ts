import { toBase64, unwrap, utf8 } from "@detente/basics";
import type { PartyFile } from "@detente/record";
import { openCheckpoint, parseVkey, type Verifier } from "@detente/tlog";
import type { Exchange } from "./wire-tap.ts";

/** A head of a log that somebody has seen. */
interface Seen {
  readonly size: number;
  /** In base64. */
  readonly root: string;
}

/** Every head that a party's log key has signed, wherever it was seen: on the wire, on disk, in the driver's reports. */
export class SignedHeads {
  readonly #origin: string;
  readonly #key: Verifier;
  readonly #notes: RegExp;
  readonly #bySize = new Map<number, Map<string, string>>();
  readonly #kept = new Map<number, Uint8Array>();

  constructor({ origin, log }: PartyFile) {
    this.#origin = origin;
    this.#key = unwrap(parseVkey(log));
    const name = origin.replaceAll(".", "\\.");
    this.#notes = new RegExp(`${name}\\n\\d+\\n[A-Za-z0-9+/]{43}=\\n\\n(?:\u2014 [^\\n]+\\n)+`, "gu");
  }

  /** How many sizes have been signed. */
  get count(): number {
    return this.#bySize.size;
  }

  /** Sizes for which two roots were signed, and where each was seen. */
  splits(): string[] {
    return [...this.#bySize].flatMap(([size, roots]) =>
      roots.size < 2
        ? []
        : [`two heads of size ${size}: ${[...roots].map(([root, where]) => `${root} (${where})`).join(", ")}`],
    );
  }

  note(note: Uint8Array, where: string): Seen {
    const opened = openCheckpoint(note, this.#origin, [this.#key]);
    if (!opened.ok)
      throw new Error(`${where} holds a checkpoint that ${this.#origin} did not sign: ${opened.fault.message}`);
    const { size, root } = opened.value.checkpoint;
    const seen = { size, root: toBase64(root) };
    this.#kept.set(size, note);
    const roots = this.#bySize.get(size) ?? new Map<string, string>();
    this.#bySize.set(size, roots.set(seen.root, roots.get(seen.root) ?? where));
    return seen;
  }

  /** Any note that was seen of a head below `size`. */
  noteBelow(size: number): Uint8Array | undefined {
    const smaller = [...this.#kept.keys()].find((known) => known < size);
    return smaller === undefined ? undefined : this.#kept.get(smaller);
  }

  /** Notes all checkpoints in a text: requests to a witness hold them in between. */
  text(bytes: Uint8Array, where: string): Seen[] {
    const found = Buffer.from(bytes).toString("utf8").match(this.#notes) ?? [];
    return found.map((note) => this.note(utf8(note), where));
  }

  wire(exchanges: readonly Exchange[]): void {
    for (const { to, method, path, sent, received } of exchanges) {
      this.text(sent, `${method} ${path} to ${to}`);
      this.text(received, `the answer to ${method} ${path} of ${to}`);
    }
  }
}

/**
 * The heads of `heads`' log that a witness cosigned, in the order of its answers.
 * @param exchanges what came to the witness's station
 */
export function cosigned(exchanges: readonly Exchange[], heads: SignedHeads): Seen[] {
  return exchanges.flatMap(({ path, status, sent }) =>
    path === "/witness/add-checkpoint" && status === 200 ? heads.text(sent, "a request to the witness") : [],
  );
}

/** What is wrong with a witness that gave these cosignatures one after another. */
export function cosignatureFlaws(given: readonly Seen[]): string[] {
  return given.flatMap(({ size, root }, i) => {
    const before = given[i - 1];
    if (before === undefined || size > before.size || (size === before.size && root === before.root)) return [];
    return [`the witness cosigned size ${size} with root ${root} after size ${before.size} with root ${before.root}`];
  });
}
