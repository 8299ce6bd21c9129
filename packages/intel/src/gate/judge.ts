import type { Indicator } from "@detente/record";
import { matchKey } from "../canonical/canonical.ts";
import { parseNetwork } from "../canonical/cidr.ts";
import { specialUses } from "../canonical/special-use.ts";
import { lifetime, type Reliability, remainingConfidence } from "./decay.ts";
import { placeholder } from "./placeholder.ts";
import { type ListHit, ValueIndex } from "./value-index.ts";
import type { WarningList } from "./warning-list.ts";

/** `block`: fit for enforcement. `inform`: for people only. `known-benign`: known to be no sign of an intruder. */
export type VerdictLabel = "block" | "inform" | "known-benign";

export type ReasonCode =
  | "protected-asset"
  | "special-use"
  | "placeholder"
  | "listed"
  | "worth-knowing"
  | "list-newer-than-share"
  | "list-implausible"
  | "refuted"
  | "doubted"
  | "no-date"
  | "no-role"
  | "decayed"
  | "sighted";

export interface Reason {
  readonly code: ReasonCode;
  readonly text: string;
}

/** A label on an indicator, never its deletion: whoever reads the share sees all of it, and why. */
export interface Verdict {
  readonly item: Indicator;
  readonly label: VerdictLabel;
  /** What is left of its confidence, 0 to 100. */
  readonly confidence: number;
  readonly reasons: readonly Reason[];
}

/** What parties with no stake in an indicator have said of it: how many saw it, how many found it to be wrong. */
export interface Opinions {
  readonly sighted: number;
  readonly refuted: number;
  /** When it was last seen by one of them, in milliseconds since 1970. */
  readonly lastSighted?: number;
}

export interface GateContext {
  /** When the share was made, and now: milliseconds since 1970. */
  readonly sharedAt: number;
  readonly now: number;
  readonly lists: readonly WarningList[];
  /** This party's own and protected names, networks and other values; see `assetIndexes`. */
  readonly assets: readonly ValueIndex[];
  readonly reliability: Reliability;
  /** By `opinionKey`. */
  readonly opinions: ReadonlyMap<string, Opinions>;
}

export interface Judgement {
  readonly verdicts: readonly Verdict[];
  /** What people should know about the lists themselves. */
  readonly warnings: readonly string[];
}

/** Two disinterested parties refute or confirm; one only casts doubt. */
const ENOUGH_PARTIES = 2;
/** A list that hits over half of at least so many indicators says more about the list, or the share, than of each. */
const IMPLAUSIBLE_FROM = 20;

/** How serious each reason is; `none` only explains. */
const WEIGHT: Readonly<Record<ReasonCode, "benign" | "inform" | "weak" | "none">> = {
  "protected-asset": "inform",
  "special-use": "inform",
  placeholder: "inform",
  listed: "benign",
  "worth-knowing": "inform",
  "list-newer-than-share": "none",
  "list-implausible": "inform",
  refuted: "benign",
  doubted: "inform",
  "no-date": "weak",
  "no-role": "weak",
  decayed: "inform",
  sighted: "none",
};

const NO_OPINIONS: Opinions = { sighted: 0, refuted: 0 };

/** The key of an indicator in `GateContext.opinions`. */
export function opinionKey({ kind, value }: Pick<Indicator, "kind" | "value">): string {
  return `${kind} ${matchKey(kind, value)}`;
}

/**
 * Screens a share before it counts, against poison and false flags. Lists made after the share are told of but do not
 * judge it: what is shared infrastructure today may have been an intruder's then. A list that would condemn an
 * implausible part of the share makes nothing benign; people must look.
 */
export function judge(items: readonly Indicator[], context: GateContext): Judgement {
  const steps = judging(items, context);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** As `judge`, in short steps: whoever runs it may do something else between any two. */
export function* judging(items: readonly Indicator[], context: GateContext): Generator<void, Judgement, void> {
  const warnings: string[] = [];
  const implausible = new Set<WarningList>();
  for (const list of context.lists) {
    const spoken = items.filter(({ kind }) => list.kinds.has(kind));
    let hits = 0;
    for (const item of spoken) {
      if (list.index.find(item) !== undefined) hits++;
      yield;
    }
    if (spoken.length >= IMPLAUSIBLE_FROM && 2 * hits > spoken.length) {
      implausible.add(list);
      warnings.push(`${list.name}: would condemn ${hits} of ${spoken.length} indicators; look at both before you act`);
    }
    if (list.index.skipped > 0) warnings.push(`${list.name}: ${list.index.skipped} of its entries were not understood`);
    if (list.date === undefined) warnings.push(`${list.name}: has no date, so it does not judge; give one`);
  }
  const verdicts: Verdict[] = [];
  for (const item of items) {
    verdicts.push(verdictOf(item, context, implausible));
    yield;
  }
  return { verdicts, warnings };
}

function verdictOf(item: Indicator, context: GateContext, implausible: ReadonlySet<WarningList>): Verdict {
  const reasons: Reason[] = [];
  const add = (code: ReasonCode, text: string): void => void reasons.push({ code, text });
  const asset = assetHit(context.assets, item);
  if (asset !== undefined) add("protected-asset", `${told(asset)} a protected asset`);
  for (const use of usesOf(item)) add("special-use", `the address is of special use: ${use}`);
  const stand = placeholder(item);
  if (stand !== undefined) add("placeholder", stand);
  for (const list of context.lists) {
    const hit = list.kinds.has(item.kind) ? list.index.find(item) : undefined;
    if (hit === undefined) continue;
    const text = `${told(hit)} on the list ${list.name}`;
    if (list.date === undefined || list.date > context.sharedAt) {
      add("list-newer-than-share", `${text}, which is ${list.date === undefined ? "undated" : "newer than the share"}`);
    } else if (implausible.has(list)) add("list-implausible", `${text}, which would condemn half of the share`);
    else if (list.category === "known") add("worth-knowing", text);
    else add("listed", text);
  }
  const { sighted, refuted, lastSighted } = context.opinions.get(opinionKey(item)) ?? NO_OPINIONS;
  if (refuted >= ENOUGH_PARTIES && refuted > sighted)
    add("refuted", `${refuted} disinterested parties found it to be wrong`);
  else if (refuted > 0 && refuted >= sighted) add("doubted", "a disinterested party found it to be wrong");
  if (sighted > 0)
    add("sighted", sighted === 1 ? "a disinterested party saw it" : `${sighted} disinterested parties saw it`);
  const seen = lastSighted === undefined ? (item.last ?? item.first) : Math.max(lastSighted, item.last ?? 0);
  if (seen === undefined) add("no-date", "it does not say when it was seen");
  if ((item.labels ?? []).length === 0 && item.description === undefined)
    add("no-role", "it does not say what it is a sign of");
  const lifespan = lifetime(item.kind, context.reliability);
  const confidence = remainingConfidence(item.confidence, context.now - (seen ?? context.sharedAt), lifespan);
  if (confidence === 0) add("decayed", "too much time has passed since it was seen, for its kind and source");
  return { item, label: labelOf(reasons, sighted), confidence, reasons };
}

/** Enough sightings make good for what a share leaves out, for nothing else. */
function labelOf(reasons: readonly Reason[], sighted: number): VerdictLabel {
  const weights = new Set(reasons.map(({ code }) => WEIGHT[code]));
  // A protected asset is never merely benign: that somebody names it is news.
  if (reasons.some(({ code }) => code === "protected-asset")) return "inform";
  if (weights.has("benign")) return "known-benign";
  if (weights.has("inform") || (weights.has("weak") && sighted < ENOUGH_PARTIES)) return "inform";
  return "block";
}

/** Indexes of what a party protects: a name with all below it, a network with all in it. */
export function assetIndexes(assets: readonly Pick<Indicator, "kind" | "value">[]): ValueIndex[] {
  const values = (holds: (kind: string) => boolean): string[] =>
    assets.filter(({ kind }) => holds(kind)).map(({ value }) => value);
  const isNetwork = (kind: string): boolean => kind.startsWith("ip") || kind.startsWith("cidr");
  return [
    new ValueIndex(
      "hostname",
      values((kind) => kind === "domain"),
    ),
    new ValueIndex("cidr", values(isNetwork)),
    new ValueIndex(
      "string",
      values((kind) => kind !== "domain" && !isNetwork(kind)),
    ),
  ];
}

/** A mailbox under a protected name is protected with it. */
function assetHit(indexes: readonly ValueIndex[], item: Indicator): ListHit | undefined {
  const mailHost = item.kind === "email" ? item.value.slice(item.value.lastIndexOf("@") + 1) : undefined;
  for (const index of indexes) {
    const hit = index.find(item) ?? (mailHost && index.find({ kind: "domain", value: mailHost }));
    if (hit) return hit;
  }
  return undefined;
}

function usesOf({ kind, value }: Indicator): readonly string[] {
  if (!kind.startsWith("ip") && !kind.startsWith("cidr")) return [];
  const network = parseNetwork(value.includes("/") ? value : `${value}/${kind === "ipv4" ? 32 : 128}`);
  return network === undefined ? [] : specialUses(network);
}

function told({ entry, how }: ListHit): string {
  return how === "same" ? `it is ${entry},` : how === "within" ? `it lies in ${entry},` : `it covers ${entry},`;
}
