import { type Bytes, type Fault, type Json, ok, type Result } from "@detente/basics";
import { microsecondText, type NewObject, type ObjectStore, Pace, type StorageFault, turn } from "@detente/store";
import { nameInStore, type TaxiiCollection } from "../access.ts";
import type { CheckObject } from "../object-check.ts";
import { cleanText } from "@detente/intel";
import { statedName } from "./stated-name.ts";

/** What became of one object (TAXII 2.1 §4.3.1). */
export type Detail = { readonly id: string; readonly version: string; readonly message?: string };

/** What became of an envelope (TAXII 2.1 §4.3): everything is decided when it is given. */
export interface Status {
  readonly id: string;
  readonly status: "complete";
  readonly request_timestamp: string;
  readonly total_count: number;
  readonly success_count: number;
  readonly successes?: readonly Detail[];
  readonly failure_count: number;
  readonly failures?: readonly Detail[];
  readonly pending_count: 0;
}

export interface Adding {
  readonly store: Pick<ObjectStore, "writer" | "receipts">;
  readonly check: CheckObject;
  readonly collection: TaxiiCollection;
  /** Who brings them. */
  readonly source: string;
  /** Of the status. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Why nothing of an envelope was taken: the disk failed, or (its message is for the sender) it may come later. */
export type AddFault = StorageFault | Fault<"not-now">;

/** A status is kept for so long (TAXII 2.1 §4.3: at least 24 hours). */
const KEPT_MS = 86_400_000;
/** Objects that are stored before the next are checked. */
const PIECE = 1000;

/** Adds the objects of an envelope, each on its own: a bad one fails, and keeps none of the others out. */
export async function addObjects(
  objects: readonly (Bytes | undefined)[],
  { store, check, collection, source, id, now }: Adding,
): Promise<Result<Status, AddFault>> {
  const at = microsecondText(now * 1000);
  const successes: Detail[] = [];
  const failures: Detail[] = [];
  const pace = new Pace();
  for (let start = 0; start < objects.length; start += PIECE) {
    const good: NewObject[] = [];
    for (const [i, bytes] of objects.slice(start, start + PIECE).entries()) {
      if (pace.isOver) await pace.rest();
      const checked = checkedObject(check, bytes, `objects[${start + i}]`);
      if ("message" in checked)
        failures.push({ ...statedName(bytes, { id: `objects[${start + i}]`, version: at }), ...checked });
      else good.push(checked);
    }
    const added = await store.writer.add(nameInStore(collection), source, good);
    if (!added.ok) return added;
    for (const [i, { outcome, version }] of added.value.entries()) {
      const detail = { id: (good[i] as NewObject).id, version };
      if (outcome === "conflict") failures.push({ ...detail, message: CONFLICT });
      else successes.push(detail);
    }
  }
  return ok(await keptStatus({ total: objects.length, successes, failures }, { store, source, id, now }));
}

/**
 * Makes the status of an envelope whose objects were all decided on, and keeps it for whoever brought it. Where the disk
 * does not take it, it is given all the same: the objects are durable, and to call that a failure would bring them again.
 */
export async function keptStatus(
  {
    total,
    successes,
    failures,
  }: { readonly total: number; readonly successes: readonly Detail[]; readonly failures: readonly Detail[] },
  { store, source, id, now }: Pick<Adding, "source" | "id" | "now"> & { readonly store: Pick<ObjectStore, "receipts"> },
): Promise<Status> {
  const status: Status = {
    id,
    status: "complete",
    request_timestamp: microsecondText(now * 1000),
    total_count: total,
    success_count: successes.length,
    ...(successes.length === 0 ? {} : { successes }),
    failure_count: failures.length,
    ...(failures.length === 0 ? {} : { failures }),
    pending_count: 0,
  };
  await turn();
  await store.receipts.put({ id, owner: source, expires: now + KEPT_MS, content: status as unknown as Json }, now);
  // Of fifty thousand objects it is some megabytes, to write as well as to answer with.
  await turn();
  return status;
}

/** Of what a check says. */
const MAX_TEXT = 300;

export const CONFLICT = "another object of this id and version is here already; give it a new modified time";

function checkedObject(
  check: CheckObject,
  bytes: Bytes | undefined,
  place: string,
): NewObject | { readonly message: string } {
  if (bytes === undefined) return { message: `${place}: is not a JSON object` };
  const checked = check(bytes);
  if (!checked.ok) return { message: `${place}: ${cleanText(checked.fault.message, MAX_TEXT)}` };
  const { id, version } = checked.value;
  return { id, bytes, ...(version === undefined ? {} : { version }) };
}
