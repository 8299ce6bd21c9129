import { isAbsolute, resolve } from "node:path";
import { err, type Fault, ok, type Result } from "@detente/basics";
import { HIT_CLASSES, type HitClass, LOG_FORMATS } from "@detente/screen/hit";
import { globBase, isGlob } from "@detente/telemetry/glob";
import { type Static, Type } from "typebox";

const Release = Type.Enum(["officer", "policy"]);

/** What may be said of hits, and by whose decision. */
export const RELEASE = {
  /** Who lets a sighting out: an officer, one by one, or this policy at once. */
  release: Type.Optional(Release),
  /** The weakest class of hits that the policy releases; weaker ones are left to an officer. */
  minimum: Type.Optional(Type.Enum([...HIT_CLASSES])),
  /** Seconds; times in sightings are rounded outwards to whole multiples. */
  round: Type.Optional(Type.Integer({ minimum: 1, maximum: 7 * 86_400 })),
  /** More hits of one indicator that are counted together mark it as noisy, and leave it to an officer. */
  noisy: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
};

/** Telemetry that a station watches, and what may be said of it: an entry of `watch` in station.json. */
export const WatchedSource = Type.Object(
  {
    /** Names the telemetry in sightings: others read it. */
    name: Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,31}$" }),
    /** Files, directories and patterns, from the root. */
    paths: Type.Array(Type.String({ minLength: 1, maxLength: 4096 }), { minItems: 1, maxItems: 1000 }),
    format: Type.Optional(Type.Enum([...LOG_FORMATS])),
    ...RELEASE,
    /** Seconds that are counted together: so often an indicator is spoken of at most. */
    window: Type.Optional(Type.Integer({ minimum: 1, maximum: 7 * 86_400 })),
    /** Whose indicators are looked for; all other parties' unless said otherwise. */
    parties: Type.Optional(Type.Array(Type.String({ pattern: "^[a-z0-9-]{1,32}$" }), { minItems: 1, maxItems: 64 })),
    /** Which shares' indicators (leaf hashes); all of those parties' unless said otherwise. */
    shares: Type.Optional(Type.Array(Type.String({ pattern: "^[0-9a-f]{64}$" }), { minItems: 1, maxItems: 10_000 })),
  },
  { additionalProperties: false },
);

export type WatchedSource = Static<typeof WatchedSource>;

/** What may be said of the hits of blind look-ups, by the partner whose set had them: `blindHits` in station.json. */
export const BlindHitPolicies = Type.Record(
  Type.String({ pattern: "^[a-z0-9-]{1,32}$" }),
  Type.Object(RELEASE, { additionalProperties: false }),
  { additionalProperties: false, maxProperties: 64 },
);

/** What may be said of hits; times in milliseconds. */
export interface WatchPolicy {
  readonly release: Static<typeof Release>;
  readonly minimum: HitClass;
  readonly window: number;
  readonly round: number;
  readonly noisy: number;
}

const DEFAULTS: WatchPolicy = {
  release: "officer",
  minimum: "subdomain",
  window: 3_600_000,
  round: 900_000,
  noisy: 10_000,
};

/** What holds where it is set, and where nothing is: then nothing is said without an officer. */
export function policyOf(settings: Pick<WatchedSource, keyof typeof RELEASE | "window"> | undefined): WatchPolicy {
  const { window, round, ...others } = settings ?? {};
  return {
    release: others.release ?? DEFAULTS.release,
    minimum: others.minimum ?? DEFAULTS.minimum,
    window: window === undefined ? DEFAULTS.window : 1000 * window,
    round: round === undefined ? DEFAULTS.round : 1000 * round,
    noisy: others.noisy ?? DEFAULTS.noisy,
  };
}

/** Whether a hit may be said without an officer, as far as its class goes. */
export function isStrong(as: HitClass, { minimum }: WatchPolicy): boolean {
  return HIT_CLASSES.indexOf(as) >= HIT_CLASSES.indexOf(minimum);
}

/**
 * Checks what the schema cannot: names are there once, paths begin at the root, and none leads into the station's own
 * directory, whose journal of hits would hit in turn, without end.
 * @param dir the data directory
 */
export function checkSources(
  sources: readonly WatchedSource[],
  dir: string,
): Result<readonly WatchedSource[], Fault<"bad-watch">> {
  const names = new Set<string>();
  for (const [i, { name, paths }] of sources.entries()) {
    if (names.has(name)) return err("bad-watch", `/watch/${i}/name: there is another source "${name}" already`);
    names.add(name);
    for (const [j, path] of paths.entries()) {
      const place = `/watch/${i}/paths/${j}: "${path}"`;
      if (!isAbsolute(path)) return err("bad-watch", `${place} does not begin at the root: write the whole path`);
      if (overlaps(isGlob(path) ? globBase(path) : path, dir))
        return err("bad-watch", `${place} leads to the station's own directory ${dir}: watch another one`);
    }
  }
  return ok(sources);
}

function overlaps(path: string, dir: string): boolean {
  const [one, other] = [`${resolve(path)}/`.replace("//", "/"), `${resolve(dir)}/`];
  return one.startsWith(other) || other.startsWith(one);
}
