import { type Bytes, err, type Fault, type Json, ok, type Result } from "@detente/basics";
import { cleanText, isTimestamp } from "@detente/intel";
import {
  microsecondText,
  type NewObject,
  type ObjectWriter,
  Pace,
  type Records,
  type StorageFault,
} from "@detente/store";
import type { WireFetch } from "../../wire/wire-fetch.ts";
import { type Envelope, readEnvelope } from "../envelope.ts";
import type { CheckObject } from "../object-check.ts";
import { microsecondsOf } from "../times.ts";
import { type ClientLimits, type RemoteCollection, type RemoteFault, RemoteServer } from "./requests.ts";

export interface PullOptions {
  readonly from: RemoteCollection;
  readonly fetch: WireFetch;
  readonly limits: ClientLimits;
  readonly check: CheckObject;
  /** Where the objects go, and as whose. */
  readonly into: { readonly writer: ObjectWriter; readonly collection: string; readonly source: string };
  /** Where it is put down how far this came, under `key`. */
  readonly progress: { readonly records: Records; readonly key: string };
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Of one run; what is left comes with the next. */
  readonly maxPages?: number;
  /** Of the objects that this collection ever gave, all runs together. */
  readonly maxBytes?: number;
}

/**
 * How far a walk came. Everything that was added until `since` is here.
 * @internal
 */
export interface PullState {
  /** As `added_after`; none: from the beginning. */
  readonly since?: string;
  /** The page that comes next in the walk that began at `since`. */
  readonly next?: string;
  /** The latest time of adding in this walk. */
  readonly last?: string;
  /** Of all objects that were new here. */
  readonly bytes?: number;
}

export interface PullReport {
  readonly pages: number;
  readonly received: number;
  /** New here. */
  readonly added: number;
  /** Refused here, or unlike what is here under their id and version: the first hundred with reasons. */
  readonly refused: readonly string[];
  readonly refusedCount: number;
  /** Whether all that there was is here; otherwise the next run goes on. */
  readonly isComplete: boolean;
}

export type PullFault = RemoteFault | StorageFault | Fault<"no-progress" | "too-much">;

const PAGE = 1000;
const MAX_PAGES = 1000;
/** A server outside must not be able to fill this disk. */
const MAX_BYTES: number = 4 * 1024 ** 3;
const MAX_EMPTY = 3;
const MAX_REASONS = 100;
/** Characters of what names the next page: it stands in an address, and those of a walk are all remembered. */
const MAX_NEXT = 4096;
/**
 * Walks overlap by this: some servers note times of adding by the second, and what came within that second after a walk
 * had read it must not be lost. What comes twice is no error.
 */
const OVERLAP_US = 1_000_000;

/**
 * Fetches what a collection of a server outside has that is new since the last run. After each page the objects are
 * stored first and then how far this came, so an interruption loses nothing and repeats a page at most.
 */
export async function pull(options: PullOptions): Promise<Result<PullReport, PullFault>> {
  const { progress, now, maxPages = MAX_PAGES, maxBytes = MAX_BYTES } = options;
  const began = now() * 1000;
  const walk = new Walk(options);
  let state = ((await progress.records.get(progress.key)) ?? {}) as PullState;
  const before = state.bytes ?? 0;
  const seen = new Set<string>();
  let empty = 0;
  while (walk.pages < maxPages) {
    const bytes = before + walk.bytes;
    if (bytes >= maxBytes) {
      const text = `${options.from.apiRoot} has given ${bytes} bytes of objects, and ${maxBytes} are taken at most`;
      return err("too-much", `${text}; if they are wanted, allow more (maxBytes)`);
    }
    const page = await walk.page(state);
    if (!page.ok) {
      // A token that the server has forgotten: the walk begins again, and what comes twice is no error.
      if (page.fault.code !== "refused" || state.next === undefined || walk.pages > 0) return page;
      state = { ...from(state), bytes };
      continue;
    }
    const { envelope, last } = page.value;
    const taken = await walk.take(envelope.objects);
    if (!taken.ok) return taken;
    const latest = later(state.last, last);
    const { more, next } = envelope;
    if (!more) {
      const begin = since(latest, began, state);
      await progress.records.set(progress.key, { ...begin, bytes: before + walk.bytes });
      return ok(walk.report(true));
    }
    empty = envelope.objects.length === 0 ? empty + 1 : 0;
    const onwards = next === undefined ? behind(state, last) : seen.has(next) ? undefined : from(state, next);
    if (onwards === undefined || empty === MAX_EMPTY) {
      const what = next === undefined ? "says that there is more but not where" : "gives the same page again and again";
      return err("no-progress", `${options.from.apiRoot} ${what}; tell whoever runs it`);
    }
    if (next !== undefined) seen.add(next);
    state = { ...onwards, ...(latest && { last: latest }), bytes: before + walk.bytes };
    await progress.records.set(progress.key, state as unknown as Json);
  }
  return ok(walk.report(false));
}

/** Asks for pages and takes their objects. */
class Walk {
  pages = 0;
  /** Of the objects that were new here. */
  bytes = 0;
  readonly #options: PullOptions;
  readonly #server: RemoteServer;
  #received = 0;
  #added = 0;
  readonly #refused: string[] = [];
  #refusedCount = 0;

  constructor(options: PullOptions) {
    this.#options = options;
    this.#server = new RemoteServer(options.from, options.fetch, options.limits);
  }

  async page({
    since: after,
    next,
  }: PullState): Promise<Result<{ readonly envelope: Envelope; readonly last: string | undefined }, PullFault>> {
    const path = `collections/${encodeURIComponent(this.#options.from.collection)}/objects/`;
    const answer = await this.#server.get(path, {
      limit: String(PAGE),
      "match[version]": "all",
      ...(after === undefined ? {} : { added_after: after }),
      ...(next === undefined ? {} : { next }),
    });
    if (!answer.ok) return answer;
    const envelope = await readEnvelope(answer.value.body);
    if (!envelope.ok) return err("not-taxii", `${this.#options.from.apiRoot}${path}: ${envelope.fault.message}`);
    if ((envelope.value.next?.length ?? 0) > MAX_NEXT)
      return err("not-taxii", `${this.#options.from.apiRoot}${path}: next: has more than ${MAX_NEXT} characters`);
    this.pages++;
    const last = answer.value.headers.get("x-taxii-date-added-last");
    return ok({ envelope: envelope.value, last: last !== null && isTimestamp(last) ? last : undefined });
  }

  async take(objects: readonly (Bytes | undefined)[]): Promise<Result<void, StorageFault>> {
    const { check, into } = this.#options;
    const good: NewObject[] = [];
    const pace = new Pace();
    for (const bytes of objects) {
      if (pace.isOver) await pace.rest();
      const checked = bytes === undefined ? undefined : check(bytes);
      if (bytes === undefined || checked === undefined) this.#refuse("a member of the list is no object");
      else if (!checked.ok) this.#refuse(checked.fault.message);
      else good.push(newObject(checked.value, bytes));
    }
    this.#received += objects.length;
    const added = await into.writer.add(into.collection, into.source, good);
    if (!added.ok) return added;
    for (const [i, { outcome }] of added.value.entries()) {
      if (outcome === "added") {
        this.#added++;
        this.bytes += good[i]?.bytes.length ?? 0;
      }
      if (outcome === "conflict") this.#refuse(`${good[i]?.id ?? ""} is here already with other content`);
    }
    return ok(undefined);
  }

  report(isComplete: boolean): PullReport {
    return {
      pages: this.pages,
      received: this.#received,
      added: this.#added,
      refused: this.#refused,
      refusedCount: this.#refusedCount,
      isComplete,
    };
  }

  #refuse(why: string): void {
    this.#refusedCount++;
    if (this.#refused.length < MAX_REASONS) this.#refused.push(cleanText(why, 300));
  }
}

function newObject(
  { id, version }: { readonly id: string; readonly version: string | undefined },
  bytes: Bytes,
): NewObject {
  return { id, bytes, ...(version === undefined ? {} : { version }) };
}

/** A page of the walk that is under way; the first one, unless it is named. */
function from({ since: after }: PullState, next?: string): PullState {
  return { ...(after && { since: after }), ...(next && { next }) };
}

/**
 * Where a page leads that says that there is more but not where: to what was added after its last object (TAXII 2.1
 * §3.5), and to what was added with it, unless that is all that comes.
 */
function behind({ since: after }: PullState, last: string | undefined): PullState | undefined {
  if (last === undefined) return undefined;
  const at = microsecondsOf(last);
  const time = [at - 1, at].find((one) => after === undefined || one > microsecondsOf(after));
  return time === undefined ? undefined : { since: microsecondText(time) };
}

/**
 * Where the next walk begins: where this one ended, but not after it began, whatever times the server gives. Without a
 * time it begins where this one did.
 */
function since(last: string | undefined, began: number, state: PullState): PullState {
  if (last === undefined) return state.since === undefined ? {} : { since: state.since };
  return { since: microsecondText(Math.max(0, Math.min(microsecondsOf(last), began) - OVERLAP_US)) };
}

function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return microsecondsOf(a) > microsecondsOf(b) ? a : b;
}
