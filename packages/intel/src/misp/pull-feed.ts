import { type Bytes, err, type Fault, ok, type Result, utf8, utf8Decode } from "@detente/basics";
import { MAX_INDICATOR_FILE } from "../read/report.ts";
import { cleanText } from "../text.ts";
import { type MispEvent, readMispEvent } from "./event.ts";
import { readHashes } from "./hashes.ts";
import { type Manifest, type ManifestEntry, type ManifestFault, manifestText, readManifest } from "./manifest.ts";
import { isUuid } from "./uuid.ts";

export type FeedFault = Fault<
  "not-found" | "unreachable" | "redirected" | "refused" | "busy" | "too-large" | "bad-mirror" | ManifestFault["code"]
>;

/** A MISP feed: a directory, or an address below which its files are. */
export interface FeedSource {
  /** @param name `manifest.json`, `hashes.csv`, or `<uuid>.json` */
  read(name: string, maxBytes: number): Promise<Result<Bytes, FeedFault>>;
}

/** Where a feed is kept, by the same names. */
export interface FeedMirror {
  /** `undefined` where it is not there. */
  read(name: string): Promise<Bytes | undefined>;
  /** Durable and whole once it resolves. */
  write(name: string, bytes: Bytes): Promise<void>;
  remove(name: string): Promise<void>;
}

export interface PullFeedOptions {
  readonly source: FeedSource;
  readonly mirror: FeedMirror;
  /** Of one run; what is left comes with the next. */
  readonly maxEvents: number;
  readonly maxBytes: number;
  /** Is told after each event how many of how many have come. */
  readonly onProgress: (done: number, of: number) => void;
}

/** UUIDs of events. What is added, changed or gone is reported by each run until `markTold` is called. */
export interface FeedReport {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  /** No longer in the manifest: their author took them back. */
  readonly gone: readonly string[];
  /** Events and entries of the manifest that are none, with reasons: the first hundred. They are asked for again. */
  readonly refused: readonly string[];
  readonly refusedCount: number;
  /** Events that came whose values `hashes.csv` does not list as they are. */
  readonly hashesDiffer: readonly string[];
  /** Whether all that the manifest names is here, but for what was refused. */
  readonly isComplete: boolean;
  /** What ended the run early. */
  readonly fault?: FeedFault;
}

const MANIFEST = "manifest.json";
const HASHES = "hashes.csv";
/** In a mirror, what came and nobody was told of yet: a line each. */
const NEWS = "news.txt";
/** Events that are asked for at once. */
const AT_ONCE = 4;
/** How far this came is put down after so many events. */
const NOTE_AFTER = 100;
const MAX_REASONS = 100;
/** Hashes of one run that are held against `hashes.csv`; events beyond are taken without. */
const MAX_HASHES = 2_000_000;

/**
 * Brings a mirror of a MISP feed up to date: fetches the events that are new or whose timestamp is another one, and
 * reports those that the manifest names no longer. The mirror's own manifest names what is in it, and is written after
 * the events: an interruption repeats some, and loses none.
 */
export async function pullFeed(options: PullFeedOptions): Promise<Result<FeedReport, FeedFault>> {
  const { source, mirror } = options;
  const kept = await keptManifest(mirror);
  if (!kept.ok) return kept;
  const bytes = await source.read(MANIFEST, MAX_INDICATOR_FILE);
  if (!bytes.ok) return bytes;
  const wanted = readManifest(bytes.value);
  if (!wanted.ok) return wanted;
  const run = new Run(options, wanted.value, kept.value, await untold(mirror, kept.value));
  await run.fetchNew();
  return ok(await run.report());
}

/**
 * Forgets what a run has reported, and removes what is gone. To be called once whoever is to act on that has been told:
 * what a crash comes before is reported again.
 */
export async function markTold(
  mirror: FeedMirror,
  { gone }: Pick<FeedReport, "gone">,
): Promise<Result<void, FeedFault>> {
  await mirror.remove(NEWS);
  if (gone.length === 0) return ok(undefined);
  const kept = await keptManifest(mirror);
  if (!kept.ok) return kept;
  for (const uuid of gone) kept.value.delete(uuid);
  // The manifest first: what it names must be there.
  await writeManifest(mirror, kept.value);
  for (const uuid of gone) await mirror.remove(`${uuid}.json`);
  return ok(undefined);
}

async function writeManifest(mirror: FeedMirror, kept: ReadonlyMap<string, ManifestEntry>): Promise<void> {
  const entries = [...kept].map(([uuid, { entry }]) => [uuid, entry] as const);
  await mirror.write(MANIFEST, utf8(manifestText(entries)));
}

async function keptManifest(mirror: FeedMirror): Promise<Result<Map<string, ManifestEntry>, FeedFault>> {
  const bytes = await mirror.read(MANIFEST);
  if (bytes === undefined) return ok(new Map());
  const kept = readManifest(bytes);
  return kept.ok
    ? ok(new Map(kept.value.events))
    : err("bad-mirror", `${MANIFEST} of the mirror cannot be read (${kept.fault.message}); begin a new one`);
}

type News = ReadonlyMap<string, "added" | "changed">;

/** What earlier runs have brought and did not come to report. */
async function untold(mirror: FeedMirror, kept: ReadonlyMap<string, ManifestEntry>): Promise<News> {
  const text = utf8Decode((await mirror.read(NEWS)) ?? new Uint8Array(0)) ?? "";
  return new Map(
    text.split("\n").flatMap((line): (readonly [string, "added" | "changed"])[] => {
      const [what, uuid = ""] = line.split(" ");
      if (!isUuid(uuid) || !kept.has(uuid)) return [];
      return what === "added" || what === "changed" ? [[uuid, what]] : [];
    }),
  );
}

class Run {
  readonly #options: PullFeedOptions;
  readonly #wanted: Manifest;
  readonly #kept: Map<string, ManifestEntry>;
  readonly #news: Map<string, "added" | "changed">;
  readonly #gone: readonly string[];
  readonly #refused: string[];
  readonly #hashes = new Map<string, ReadonlySet<string>>();
  #refusedCount: number;
  #bytes = 0;
  #hashCount = 0;
  #isComplete = true;
  #fault: FeedFault | undefined;

  constructor(options: PullFeedOptions, wanted: Manifest, kept: Map<string, ManifestEntry>, news: News) {
    this.#options = options;
    this.#wanted = wanted;
    this.#kept = kept;
    this.#news = new Map([...news].filter(([uuid]) => wanted.events.has(uuid)));
    this.#gone = [...kept.keys()].filter((uuid) => !wanted.events.has(uuid));
    this.#refused = wanted.faults.map((fault) => `${MANIFEST}: ${fault}`);
    this.#refusedCount = wanted.faultCount;
  }

  async fetchNew(): Promise<void> {
    const { maxEvents, maxBytes, onProgress } = this.#options;
    const news = [...this.#wanted.events].filter(
      ([uuid, { timestamp }]) => this.#kept.get(uuid)?.timestamp !== timestamp,
    );
    const now = news.slice(0, maxEvents);
    this.#isComplete = now.length === news.length;
    for (let at = 0; at < now.length && this.#fault === undefined; at += AT_ONCE) {
      if (this.#bytes >= maxBytes) {
        this.#isComplete = false;
        break;
      }
      const batch = now.slice(at, at + AT_ONCE);
      await Promise.all(batch.map(([uuid, entry]) => this.#fetch(uuid, entry)));
      onProgress(at + batch.length, now.length);
      if (at % NOTE_AFTER === 0) await this.#note();
    }
    await this.#note();
  }

  async report(): Promise<FeedReport> {
    const differing = await this.#differing();
    return {
      added: this.#newsOf("added"),
      changed: this.#newsOf("changed"),
      gone: this.#gone,
      refused: this.#refused,
      refusedCount: this.#refusedCount,
      hashesDiffer: differing,
      isComplete: this.#isComplete && this.#fault === undefined,
      ...(this.#fault !== undefined && { fault: this.#fault }),
    };
  }

  async #fetch(uuid: string, entry: ManifestEntry): Promise<void> {
    const { source, mirror } = this.#options;
    const name = `${uuid}.json`;
    const bytes = await source.read(name, MAX_INDICATOR_FILE);
    if (!bytes.ok) {
      // A missing or oversized event is that event's fault, all else the feed's.
      const { code, message } = bytes.fault;
      if (code === "not-found" || code === "too-large") this.#refuse(`${name}: ${message}`);
      else this.#fault ??= bytes.fault;
      return;
    }
    this.#bytes += bytes.value.length;
    const event = named(readMispEvent(bytes.value), uuid);
    if (!event.ok) return this.#refuse(`${name}: ${event.fault.message}`);
    await mirror.write(name, bytes.value);
    if (!this.#news.has(uuid)) this.#news.set(uuid, this.#kept.has(uuid) ? "changed" : "added");
    this.#kept.set(uuid, entry);
    this.#hashCount += event.value.hashes.size;
    if (this.#hashCount <= MAX_HASHES) this.#hashes.set(uuid, event.value.hashes);
  }

  /** A feed that says in one file other than in the other is being written just now, or is not honest. */
  async #differing(): Promise<string[]> {
    if (this.#hashes.size === 0 || this.#fault !== undefined) return [];
    const bytes = await this.#options.source.read(HASHES, MAX_INDICATOR_FILE);
    const text = bytes.ok ? utf8Decode(bytes.value) : undefined;
    if (text === undefined) return [];
    const listed = readHashes(text, new Set(this.#hashes.keys()));
    return [...this.#hashes].flatMap(([uuid, own]) => (areEqual(own, listed.get(uuid)) ? [] : [uuid]));
  }

  #refuse(why: string): void {
    if (++this.#refusedCount <= MAX_REASONS) this.#refused.push(cleanText(why, 300));
  }

  #newsOf(what: "added" | "changed"): string[] {
    return [...this.#news].flatMap(([uuid, how]) => (how === what ? [uuid] : []));
  }

  /** The news first: what the manifest names is not fetched again, so nobody would be told of it. */
  async #note(): Promise<void> {
    const lines = Array.from(this.#news, ([uuid, how]) => `${how} ${uuid}\n`);
    if (lines.length > 0) await this.#options.mirror.write(NEWS, utf8(lines.join("")));
    await writeManifest(this.#options.mirror, this.#kept);
  }
}

function named(event: ReturnType<typeof readMispEvent>, uuid: string): Result<MispEvent> {
  if (!event.ok || event.value.uuid === uuid) return event;
  return err("not-an-event", `Event.uuid: is ${event.value.uuid}, which is another event`);
}

function areEqual(own: ReadonlySet<string>, listed: ReadonlySet<string> = new Set()): boolean {
  return own.size === listed.size && [...own].every((hash) => listed.has(hash));
}
