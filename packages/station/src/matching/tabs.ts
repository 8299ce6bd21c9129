import { type Bytes, fromBase64, type Json, present, toBase64 } from "@detente/basics";
import { type Asked, NEW_TAB, type Tab } from "@detente/match";
import type { Records } from "@detente/store";

/** A request on its way, its inputs as texts. */
export interface Sent extends Pick<Asked, "request" | "blinds"> {
  readonly inputs: readonly string[];
}

/** Where this party stands with a partner's set, and the request that is on its way. */
export interface OpenTab {
  readonly tab: Tab;
  readonly asked: Sent | undefined;
  /** When that, or the request before, was put down, in milliseconds since 1970: all receipts are older. */
  readonly at?: number;
}

interface WrittenTab {
  readonly spent: number;
  readonly countersignature: string;
  readonly previous: string;
  readonly asked?: { readonly request: string; readonly inputs: readonly string[]; readonly blinds: string };
  readonly at?: number;
}

/**
 * What this party has spent with its partners, by set: a request is on disk before it is sent. It stays there until the
 * next one takes its place, so that what became of it is learnt again after a crash.
 */
export class Tabs {
  readonly #records: Records;
  readonly #settled = new Map<string, OpenTab>();

  readonly #now: () => number;

  /** @param now milliseconds since 1970 */
  constructor(records: Records, now: () => number) {
    this.#records = records;
    this.#now = now;
  }

  async get(set: string): Promise<OpenTab> {
    const settled = this.#settled.get(set);
    if (settled !== undefined) return settled;
    const written = (await this.#records.get(`tab/${set}`)) as unknown as WrittenTab | undefined;
    if (written === undefined) return { tab: NEW_TAB, asked: undefined };
    const { spent, countersignature, previous, asked, ...age } = written;
    const tab = { spent, countersignature: bytes(countersignature), previous: bytes(previous) };
    if (asked === undefined) return { tab, asked, ...age };
    const { request, inputs, blinds } = asked;
    return { tab, asked: { request: bytes(request), inputs, blinds: bytes(blinds) }, ...age };
  }

  /** Durable when it resolves. */
  async keep(set: string, { tab, asked }: Omit<OpenTab, "at">): Promise<void> {
    const { spent, countersignature, previous } = tab;
    const written: WrittenTab = {
      spent,
      countersignature: toBase64(countersignature),
      previous: toBase64(previous),
      at: this.#now(),
      ...(asked === undefined
        ? {}
        : {
            asked: {
              request: toBase64(asked.request),
              inputs: asked.inputs,
              blinds: toBase64(asked.blinds),
            },
          }),
    };
    const kept = this.#records.set(`tab/${set}`, written as unknown as Json);
    this.#settled.delete(set);
    await kept;
  }

  /** The request that is on disk was answered, and its outputs are kept. */
  settle(set: string, tab: Tab): void {
    this.#settled.set(set, { tab, asked: undefined, at: this.#now() });
  }
}

function bytes(text: string): Bytes {
  return present(fromBase64(text), "base64");
}
