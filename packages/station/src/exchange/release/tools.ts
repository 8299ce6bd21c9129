import { type Bytes, err, ok, type Result, sha256, toHex, unwrap } from "@detente/basics";
import { readStixObject, type StixObject, type Verdict } from "@detente/intel";
import type { Indicator } from "@detente/record";
import type { BlobWriter, StorageFault, VersionMatch } from "@detente/store";
import type { Logger } from "pino";
import type { StandingGate } from "../../admission/standing-gate.ts";
import type { Clock } from "../../clock.ts";
import { readObjects } from "../../sync/read-share.ts";
import { Turns } from "../../turns.ts";
import type { UnitRuntime } from "../../unit-runtime.ts";
import type { TaxiiCollection } from "../access.ts";
import { viewOfRelease } from "../collections.ts";
import { type AddFault, type Adding, keptStatus, type Status } from "../server/adding.ts";
import type { RemoveFault } from "../server/handling.ts";
import { discard } from "./discard.ts";
import { type DraftOptions, draftPending } from "./draft.ts";
import { type Brought, drawerOf, type Drawers } from "./drawers.ts";
import { onDisk } from "./on-disk.ts";
import type { PendingShare } from "./pending.ts";
import { type ReleaseRule, whyNot } from "./rule.ts";
import type { Shelf } from "./shelf.ts";
import { takeObjects } from "./take.ts";

export interface ToolsOptions {
  readonly shelf: Shelf;
  readonly drawers: Drawers;
  readonly rules: readonly ReleaseRule[];
  readonly blobs: BlobWriter;
  readonly identities: ReadonlySet<string>;
  readonly admission: StandingGate;
  readonly unit: () => UnitRuntime | undefined;
  readonly random: (length: number) => Bytes;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Those of the desk: an officer decides on what waits then. */
  readonly turns: Turns;
  /** Something waits that did not. */
  readonly onChange: () => void;
}

/** Of one token's, and the bytes of these. */
const MAX_PENDING = 1000;
const MAX_PENDING_BYTES: number = 1 << 30;

/** What tools do at their release collections: they bring objects, and take back what still waits. */
export class Tools {
  readonly #options: ToolsOptions;
  readonly #draft: DraftOptions;
  /** What one token brings and takes back, one after another. */
  readonly #turns = new Map<string, Turns>();

  constructor(options: ToolsOptions) {
    this.#options = options;
    const { shelf, blobs, random, admission } = options;
    const judge = (items: readonly Indicator[]): Promise<readonly Verdict[]> => admission.judge(items);
    this.#draft = { shelf, blobs, random, judge };
  }

  /** Takes in the objects of an envelope (TAXII 2.1 §5.5): durable when it resolves, and decided on one by one. */
  async take(objects: readonly (Bytes | undefined)[], adding: Adding): Promise<Result<Status, AddFault>> {
    const { source, now, collection } = adding;
    const view = this.#viewOf(collection);
    if (view === undefined) return err("not-now", UNKNOWN_AUDIENCE);
    return this.#inTurn(source, async () => {
      const { shelf } = this.#options;
      const waiting = shelf.all().filter((one) => one.source === source);
      const bytes = waiting.reduce((sum, { content }) => sum + content.items.size, 0);
      if (waiting.length >= MAX_PENDING || bytes >= MAX_PENDING_BYTES) {
        return err("not-now", "too much of this token's waits for an officer already; have it released or dropped");
      }
      return this.#take(objects, { id: toHex(this.#options.random(8)), source, view }, now, adding);
    });
  }

  async #take(
    objects: readonly (Bytes | undefined)[],
    brought: Brought,
    now: number,
    adding: Adding,
  ): Promise<Result<Status, AddFault>> {
    const { shelf, drawers, identities, turns, admission, onChange } = this.#options;
    const expected = await onDisk(() => shelf.expectIn(brought));
    if (!expected.ok) return expected;
    const putIn: Parameters<typeof takeObjects>[2]["putIn"] = (some) => drawers.putIn(brought, some);
    const { view } = brought;
    const taken = await takeObjects(objects, { view, now }, { ...this.#draft, identities, putIn });
    if (!taken.ok || taken.value.drafted === undefined) {
      const cleared = await shelf.clear(brought, drawers);
      if (!taken.ok) return taken;
      if (!cleared.ok) return cleared;
    } else {
      const share = { ...brought, ...taken.value.drafted, came: now, intent: null, why: null, releasedBy: null };
      const [fault] = await admission.faults();
      const shelve = async (): Promise<void> => {
        await drawers.note(brought, { isWhole: true });
        await this.#shelve(share, fault);
      };
      const put = await turns.run(() => onDisk(shelve));
      if (!put.ok) {
        await onDisk(() => discard(share, this.#options));
        return put;
      }
      onChange();
    }
    const { successes, failures } = taken.value;
    return ok(await keptStatus({ total: objects.length, successes, failures }, adding));
  }

  /** Takes back versions of an object (TAXII 2.1 §5.7), all that are meant or none: what is being shared stays. */
  async takeBack(
    { collection, source }: { readonly collection: TaxiiCollection; readonly source: string },
    object: string,
    versions: VersionMatch,
  ): Promise<Result<number, RemoveFault>> {
    const view = this.#viewOf(collection);
    if (view === undefined) return err("not-now", UNKNOWN_AUDIENCE);
    const { drawers, admission, shelf, turns, onChange } = this.#options;
    const [fault] = await admission.faults();
    const drawer = drawerOf({ source, view });
    return this.#inTurn(source, () =>
      turns.run(async () => {
        const meant = await drawers.find(drawer, object, versions);
        const ids = new Set(meant.map(({ cameWith }) => cameWith));
        const waiting = [...ids].flatMap((id) => shelf.get(id) ?? []).filter(({ intent }) => intent === null);
        if (waiting.length < ids.size) return err("shared", SHARED);
        const digests = new Set(meant.map(({ digest }) => digest));
        for (const one of waiting) {
          const done = await this.#without(one, digests, fault);
          if (!done.ok) return done;
        }
        const removed = await drawers.remove(drawer, object, meant);
        if (!removed.ok) return removed;
        for (const one of waiting) if (shelf.get(one.id) !== undefined) await drawers.note(one, { isWhole: true });
        onChange();
        return ok(meant.length);
      }),
    );
  }

  /**
   * What is left of one is as if it had been brought alone, but that its label stays and so does what was decided.
   * @param taken digests of the bytes of what is taken back
   */
  async #without(
    one: PendingShare,
    taken: ReadonlySet<string>,
    fault: string | undefined,
  ): Promise<Result<void, StorageFault>> {
    const { blobs, drawers, shelf } = this.#options;
    const left: StixObject[] = [];
    const read = await readObjects(blobs, one.content, (objects) => {
      for (const { bytes } of objects) if (!taken.has(toHex(sha256(bytes)))) left.push(unwrap(readStixObject(bytes)));
    });
    if (read?.ok !== true) return err("storage-failed", `the objects of ${one.id} cannot be read`);
    if (left.length === 0) return onDisk(() => discard(one, this.#options));
    const drafted = await draftPending(left, one.content.tlp, this.#draft);
    if (!drafted.ok) return drafted;
    const put = await onDisk(async () => {
      // Until its drawer is as it will be, that is made anew at the next start.
      await drawers.note(one, { isWhole: false });
      await this.#shelve({ ...one, ...drafted.value }, fault);
    });
    return put.ok ? shelf.erase(one.content.items.digest, blobs) : put;
  }

  /** Puts down what waits. @param fault what is wrong with the gate */
  async #shelve(share: PendingShare, fault: string | undefined): Promise<void> {
    const { shelf, rules, clock } = this.#options;
    if (share.releasedBy !== null) return shelf.put(share, clock.now());
    const lately = shelf.lately(share.view, clock.now());
    // What a list would have held back passes no rule because the list cannot be read.
    const why = fault === undefined ? whyNot(share, rules, lately) : `the gate is not whole: ${fault}`;
    return shelf.put(why === undefined ? { ...share, releasedBy: "rule", why: null } : { ...share, why }, clock.now());
  }

  #viewOf({ id }: TaxiiCollection): string | undefined {
    const runtime = this.#options.unit();
    return runtime === undefined ? undefined : viewOfRelease(runtime, id);
  }

  #inTurn<T>(source: string, job: () => Promise<T>): Promise<T> {
    const turns = this.#turns.get(source) ?? new Turns();
    this.#turns.set(source, turns);
    return turns.run(job);
  }
}

const UNKNOWN_AUDIENCE = "the audience of this collection is not known any more";
const SHARED =
  "some of it was released and is not deleted here: an officer withdraws the share; match[version] names what still waits";
