import { readFile, stat } from "node:fs/promises";
import { compareText, err, type Fault, ok, type Result, utf8Decode } from "@detente/basics";
import { MAX_INDICATOR_FILE, strictestTlp } from "@detente/intel";
import { matchInput } from "@detente/match";
import { type Indicator, isExpired } from "@detente/record";
import type { BlobReader, VersionReader } from "@detente/store";
import { replacedItems } from "../standing-items.ts";
import { pendingPosition } from "../speak/pending-position.ts";
import { standingShares } from "../standing-shares.ts";
import { readIndicators } from "../sync/read-indicators.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { MatchPolicy } from "./policy.ts";
import { reachOf } from "./reach.ts";
import type { MatchThreads } from "./threads.ts";

/** An indicator that this party lets others find. */
export interface OwnItem {
  /** What is put into the function for it. */
  readonly input: string;
  readonly item: Indicator;
  /** Where it was shared; none where it was not. */
  readonly from: { readonly share: string; readonly index: number } | undefined;
  /** The partners who find it here, in order. An input comes several times where not all find it in the same place. */
  readonly to: readonly string[];
}

export interface OwnItemsOptions {
  readonly party: string;
  readonly unit: UnitRuntime;
  readonly blobs: BlobReader;
  readonly versions: VersionReader;
  readonly threads: MatchThreads;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Addresses lie in too many networks to ask for each, so nobody would find one. */
const NETWORKS: ReadonlySet<string> = new Set(["cidr4", "cidr6"]);

/**
 * What a policy puts into the sets, in order of inputs; for each partner every input once. What was shared goes before
 * what stands in a file.
 */
export async function ownItems(
  options: OwnItemsOptions,
  policy: MatchPolicy,
): Promise<Result<OwnItem[], Fault<"bad-file">>> {
  const found = new Map<string, OwnItem[]>();
  const add = (item: Indicator, from: OwnItem["from"], to: readonly string[]): void => {
    if (to.length === 0 || !isWanted(item, policy) || isExpired(item, options.now)) return;
    const input = utf8Decode(matchInput(item)) ?? "";
    const known = found.get(input);
    if (known === undefined) found.set(input, [{ input, item, from, to }]);
    else {
      const others = to.filter((party) => !known.some((one) => one.to.includes(party)));
      if (others.length > 0) known.push({ input, item, from, to: others });
    }
  };
  if (policy.shares !== false) await addShared(options, policy, add);
  const all = policy.partners.map(({ party }) => party);
  for (const path of policy.files ?? []) {
    const items = await itemsOfFile(options.threads, path);
    if (!items.ok) return items;
    for (const item of items.value) add(item, undefined, all);
  }
  return ok([...found.values()].flat().sort((a, b) => compareText(a.input, b.input)));
}

function isWanted({ kind, confidence }: Indicator, { kinds, minConfidence }: MatchPolicy): boolean {
  if (NETWORKS.has(kind) || kinds?.includes(kind) === false) return false;
  return minConfidence === undefined || (confidence ?? 0) >= minConfidence;
}

async function addShared(
  { party, unit, blobs, versions }: OwnItemsOptions,
  policy: MatchPolicy,
  add: (item: Indicator, from: OwnItem["from"], to: readonly string[]) => void,
): Promise<void> {
  const origin = unit.membership.originOf(party) ?? "";
  for (const standing of standingShares(unit)) {
    const { leafHash: share } = standing;
    const shared = unit.indexer.share(share);
    if (standing.party !== party || shared === undefined) continue;
    // What this party has withdrawn goes into no more editions, observed by a quorum or not.
    if (pendingPosition(unit.archive.fold, origin, share)?.body?.kind === "withdraw") continue;
    const { tlp } = shared.content;
    const replaced = await replacedItems(versions, share);
    await readIndicators(blobs, shared, ({ items }) => {
      for (const { index, indicator, ...marked } of items) {
        if (replaced.has(index)) continue;
        const label = marked.isUnclear === true ? "unclear" : (strictestTlp([tlp, marked.tlp]) ?? tlp);
        add(indicator, { share, index }, reachOf(policy, standing, label));
      }
    });
  }
}

async function itemsOfFile(
  threads: MatchThreads,
  path: string,
): Promise<Result<readonly Indicator[], Fault<"bad-file">>> {
  try {
    const { size } = await stat(path);
    if (size > MAX_INDICATOR_FILE) return err("bad-file", `${path}: larger than ${MAX_INDICATOR_FILE} bytes; split it`);
    const content = new Uint8Array(await readFile(path));
    return ok(await threads.run("readIndicators", { name: path, content }));
  } catch (error) {
    return err("bad-file", `${path}: ${(error as Error).message}; correct match.files in station.json`);
  }
}
