import type { Bytes, Json } from "@detente/basics";
import type { VersionReader } from "@detente/store";
import type { AudienceInput, StatementInput } from "../api/contract.ts";
import { statedItems } from "../standing-items.ts";
import { withdrawnShares } from "../standing-shares.ts";
import { intentOf, type Mouth, sayOnce } from "../speak/say-once.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { Book } from "./book.ts";
import type { Intent, Pending } from "./pending.ts";

export interface ReleaserOptions extends Mouth {
  readonly book: Book;
  readonly versions: VersionReader;
  /** Who can read a share; undefined where it is not in effect. */
  readonly audienceOf: (share: string) => AudienceInput | undefined;
  readonly random: (length: number) => Bytes;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What became of a sighting that was let out; `waits` and `dropped` say why. */
export type Outcome =
  | { readonly pending: Pending; readonly is: "said"; readonly leafHash: string }
  | { readonly pending: Pending; readonly is: "waits" | "dropped"; readonly why: string };

/** So many are under way at once, so that the log is written in groups. */
const AT_ONCE = 256;

const WITHDRAWN = "the share was withdrawn meanwhile";
const REVOKED = "its author has revoked the indicator meanwhile";

/**
 * Says the sightings that were let out, each once. First the moment, the salt and the audience of its statement are put
 * down, and with them its very bytes; then it is appended; then the sighting is settled. After a crash in between, this
 * party's own log tells whether a statement of these bytes is there, and if not, the same one is appended.
 */
export class Releaser {
  readonly #options: ReleaserOptions;

  constructor(options: ReleaserOptions) {
    this.#options = options;
  }

  /**
   * Drops what is about shares that were withdrawn, and indicators that were revoked, released or not. What was replaced
   * by a newer version was seen all the same.
   */
  async dropEnded(unit: UnitRuntime): Promise<Outcome[]> {
    const { book } = this.#options;
    const withdrawn = this.#withdrawn(unit);
    const shares = new Map<string, Pending[]>();
    for (const one of book.allPending()) {
      const known = shares.get(one.share);
      if (known === undefined) shares.set(one.share, [one]);
      else known.push(one);
    }
    const dropped: Outcome[] = [];
    for (const [share, pending] of shares) {
      if (withdrawn.has(share))
        dropped.push(...pending.map((one): Outcome => ({ pending: one, is: "dropped", why: WITHDRAWN })));
      else dropped.push(...(await this.#revoked(unit, share, pending)));
    }
    if (dropped.length > 0) await book.change({ settled: dropped.map(({ pending }) => pending.id) });
    return dropped;
  }

  #withdrawn(unit: UnitRuntime): ReadonlySet<string> {
    const { book, audienceOf } = this.#options;
    // What has pending sightings was in effect once; perhaps it is not yet so for a fold that is just being made anew.
    const isInDoubt = book.allPending().some(({ share }) => audienceOf(share) === undefined);
    return isInDoubt ? withdrawnShares(unit) : new Set();
  }

  async #revoked(unit: UnitRuntime, share: string, pending: readonly Pending[]): Promise<Outcome[]> {
    const onRecord = unit.indexer.share(share);
    if (onRecord?.kind !== "objects") return [];
    const thing = unit.archive.fold.thing(share, onRecord.audience);
    const dropped: Outcome[] = [];
    for (const one of pending) {
      const stated = await statedItems(this.#options.versions, thing, one.index);
      if (stated(one.index).newer?.revoked === true) dropped.push({ pending: one, is: "dropped", why: REVOKED });
    }
    return dropped;
  }

  /** Says what was let out, as far as that can be done. The gate is open, and the fold has read all of the own log. */
  async say(unit: UnitRuntime): Promise<Outcome[]> {
    const { book } = this.#options;
    const released = book.allPending().filter(({ releasedBy }) => releasedBy !== null);
    const outcomes: Outcome[] = [];
    for (let i = 0; i < released.length; i += AT_ONCE) {
      outcomes.push(...(await this.#sayGroup(unit, released.slice(i, i + AT_ONCE))));
    }
    return outcomes;
  }

  async #sayGroup(unit: UnitRuntime, group: readonly Pending[]): Promise<Outcome[]> {
    const { book, audienceOf } = this.#options;
    const intended = group.map((pending): [Pending, Intent | null] => {
      const audience = audienceOf(pending.share);
      return [pending, pending.intent ?? (audience === undefined ? null : this.#intent(unit, audience))];
    });
    const ready = intended.flatMap(([pending, intent]) => (intent === null ? [] : [{ ...pending, intent }]));
    await book.change({ pending: ready });
    const outcomes = await Promise.all(ready.map((pending) => this.#sayOne(unit, pending)));
    await book.change({ settled: outcomes.filter(({ is }) => is === "said").map(({ pending }) => pending.id) });
    const early = intended.flatMap(([pending, intent]): Outcome[] =>
      intent === null ? [{ pending, is: "waits", why: "its share has not taken effect here" }] : [],
    );
    return [...outcomes, ...early];
  }

  /** Whoever has left the unit cannot be told any more. */
  #intent(unit: UnitRuntime, audience: AudienceInput): Intent {
    const { now, random } = this.#options;
    const members = unit.membership.speaking();
    return {
      ...intentOf(now(), random),
      audience: audience === "unit" ? audience : audience.filter((name) => members.has(name)),
    };
  }

  async #sayOne(unit: UnitRuntime, pending: Pending & { readonly intent: Intent }): Promise<Outcome> {
    const { intent, share, says } = pending;
    const content = says as unknown as Json;
    const { audience } = intent;
    const statement: StatementInput = { type: "observe", kind: "sighting", of: [share], audience, content };
    const said = await sayOnce(this.#options, unit, statement, intent);
    return said.ok ? { pending, is: "said", leafHash: said.value } : { pending, is: "waits", why: said.fault.message };
  }
}
