import { compareText, type Fault } from "@detente/basics";
import { type Audience, INDICATOR_KINDS, type IndicatorKind, type Tlp } from "@detente/record";
import { matchKey } from "../canonical/canonical.ts";
import type { Verdict, VerdictLabel } from "../gate/judge.ts";
import type { Item } from "../item.ts";
import { narrower } from "../marking/narrower.ts";

/** An item of a share, with what the unit's record says about it. */
export interface Candidate {
  readonly item: Item;
  /** Who shared it, in which share and where in it. */
  readonly party: string;
  readonly share: string;
  readonly index: number;
  /** The share's. */
  readonly title: string;
  readonly tlp: Tlp;
  /** Who can read the share; where it is not known, nobody else is told of it. */
  readonly audience?: Audience;
  /** When it was shared, in milliseconds since 1970, as its author says. */
  readonly at: number;
  readonly status: "effective" | "pending" | "withdrawn" | "replaced";
  /** The newest version by its author, where this one is replaced. */
  readonly newer?: {
    readonly share: string;
    readonly index: number;
    /** A STIX timestamp. */
    readonly modified: string;
    readonly revoked: boolean;
  };
  /** What parties have observed of it, where they have. */
  readonly observed?: Observed;
}

/** Who saw an item, and when last (milliseconds since 1970), and who found it to be wrong. */
export interface Observed {
  readonly sightings: readonly { readonly party: string; readonly last: number }[];
  readonly refutedBy: readonly string[];
}

export interface BlockPolicy {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** 0 to 100; above 0 an item that states no confidence is left out. */
  readonly minConfidence: number;
  /** Only what these parties shared; `undefined`: all. */
  readonly parties?: readonly string[];
  /** What the gate says of an item, and which of its labels are enforced; `undefined`: it is not asked. */
  readonly gate?: {
    readonly verdictOf: (candidate: Candidate) => Verdict | undefined;
    readonly labels: readonly VerdictLabel[];
  };
  /** That the list will be read by others, so that only TLP:CLEAR may be in it. */
  readonly isPublic?: boolean;
}

/** Why an item is not enforced. */
export type Obstacle = Fault<
  | "withdrawn"
  | "replaced"
  | "pending"
  | "expired"
  | "low-confidence"
  | "special-use"
  | "gate"
  | "marking-narrower"
  | "other-party"
  | "not-in-format"
  | "covered"
>;

/** An indicator that is enforced, with everyone who asks for it. */
export interface Entry {
  readonly kind: IndicatorKind;
  readonly value: string;
  /** Never empty; in the order of party, share and index. */
  readonly grounds: readonly Candidate[];
  /** Milliseconds since 1970: the latest of its grounds. */
  readonly expires: number;
}

export interface BlockList {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Seconds since 1970, so that a later list has a greater one (RFC 1912 §2.2 lets a serial be anything that grows). */
  readonly serial: number;
  /** Distinct, in the order of kinds and then of bytes. */
  readonly entries: readonly Entry[];
}

const DAY = 86_400_000;

/**
 * Days for which an indicator is enforced after it was last seen: addresses are given to others soon, a file is always
 * the same file.
 */
const LIFETIME_DAYS: Readonly<Record<IndicatorKind, number>> = {
  ipv4: 30,
  ipv6: 30,
  cidr4: 30,
  cidr6: 30,
  domain: 90,
  url: 90,
  email: 90,
  ja3: 90,
  ja4: 90,
  md5: 365,
  sha1: 365,
  sha256: 365,
};

/**
 * When a candidate ends to be enforced. It lives from when its source last saw it, but nobody can prolong it by a time
 * that lies after the share; and no longer than its source says.
 */
export function expiryOf({ item, at }: Candidate): number {
  const lives = Math.min(item.last ?? at, at) + LIFETIME_DAYS[item.kind] * DAY;
  return Math.min(lives, item.until ?? lives);
}

/** Everything that keeps a candidate from being enforced; nothing: it is. */
export function obstaclesTo(candidate: Candidate, policy: BlockPolicy): Obstacle[] {
  const { now, minConfidence, parties, gate, isPublic = false } = policy;
  const { item, party, status, newer, tlp } = candidate;
  const obstacles: Obstacle[] = [];
  const against = (code: Obstacle["code"], message: string): void => void obstacles.push({ code, message });
  if (status === "withdrawn") against("withdrawn", "its share was withdrawn");
  if (status === "replaced") {
    const by = newer === undefined ? "" : ` of ${newer.modified} (${newer.share.slice(0, 8)}:${newer.index})`;
    const what = newer?.revoked === true ? "revoked it in a newer version" : "has a newer version";
    against("replaced", `its author ${what}${by}`);
  }
  if (status === "pending") against("pending", "its share has not taken effect yet");
  if (parties?.includes(party) === false)
    against("other-party", `only what ${parties.join(", ")} shared was asked for`);
  const expiry = expiryOf({ ...candidate, at: Math.min(candidate.at, now) });
  if (expiry <= now) against("expired", `its time was over at ${new Date(expiry).toISOString()}`);
  const verdict = gate?.verdictOf(candidate);
  const left = item.confidence === undefined ? undefined : (verdict?.confidence ?? item.confidence);
  if (minConfidence > 0 && (left ?? -1) < minConfidence) {
    const stated = left === undefined ? "states no confidence" : `has confidence ${left} left`;
    against("low-confidence", `it ${stated}, at least ${minConfidence} is asked for`);
  }
  const use = item.labels?.find((label) => label.startsWith("special-use:"));
  if (use !== undefined) {
    against("special-use", `it touches addresses that are ${use.slice("special-use:".length)} (RFC 6890)`);
  }
  if (verdict !== undefined && gate?.labels.includes(verdict.label) === false) {
    const why = verdict.reasons.map(({ text }) => text).join(", ");
    against("gate", `the gate labels it ${verdict.label}: ${why}`);
  }
  const marking = isPublic
    ? narrower({ tlp, statements: [], unknown: [] }, { audience: "public", isOwn: true })
    : undefined;
  if (marking !== undefined) against("marking-narrower", marking);
  return obstacles;
}

/** The list of all candidates that nothing stands against; equal indicators become one entry. */
export function blockList(candidates: Iterable<Candidate>, policy: BlockPolicy): BlockList {
  const found = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    if (obstaclesTo(candidate, policy).length > 0) continue;
    const key = `${candidate.item.kind} ${matchKey(candidate.item.kind, candidate.item.value)}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, [candidate]);
    else known.push(candidate);
  }
  const entries = [...found.values()].map((grounds) => entryOf(grounds, policy.now));
  return { at: policy.now, serial: Math.floor(policy.now / 1000), entries: entries.sort(compareEntries) };
}

function entryOf(candidates: readonly Candidate[], now: number): Entry {
  const grounds = candidates.toSorted(
    (a, b) => compareText(a.party, b.party) || compareText(a.share, b.share) || a.index - b.index,
  );
  const [first] = grounds as [Candidate];
  const expires = Math.max(...grounds.map((ground) => expiryOf({ ...ground, at: Math.min(ground.at, now) })));
  return { kind: first.item.kind, value: first.item.value, grounds, expires };
}

const RANK: ReadonlyMap<IndicatorKind, number> = new Map(INDICATOR_KINDS.map((kind, i) => [kind, i]));

function compareEntries(a: Entry, b: Entry): number {
  return (RANK.get(a.kind) ?? 0) - (RANK.get(b.kind) ?? 0) || compareText(a.value, b.value);
}
