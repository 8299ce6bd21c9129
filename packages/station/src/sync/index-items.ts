import type { Bytes } from "@detente/basics";
import { addressKey, hostOf } from "@detente/intel";
import type { Indicator, ObjectsContent, ShareContent } from "@detente/record";
import type { Claim, NewItem, NewVersion } from "@detente/store";
import type { FoundVersion } from "./read-indicators.ts";

/** An indicator with all that its value is found by. */
export function newItem(share: Bytes, item: number, indicator: Indicator): NewItem {
  const { kind, value, until } = indicator;
  const host = hostOf(kind, value);
  // A URL may lead to an address, which is in networks and below no domain.
  const address = addressKey(host ?? value);
  return {
    share,
    item,
    kind,
    value,
    ...(until === undefined ? {} : { until }),
    ...(host === undefined || address !== undefined ? {} : { host }),
    ...(address === undefined ? {} : { address }),
  };
}

/** A version of an object as the statement of a share claims it. */
export function newVersion(claim: Claim, { index: item, ...version }: FoundVersion): NewVersion {
  return { ...claim, item, ...version };
}

/** What is written of a share as a whole, a line each. */
export function textOfShare({ title, source }: ShareContent | ObjectsContent): string {
  return [title, source ?? ""].filter((line) => line !== "").join("\n");
}

/** What is written of an item, a line each. */
export function textOfItem({ description = "", labels = [], source = "" }: Indicator): string {
  return [description, labels.join(", "), source].filter((line) => line !== "").join("\n");
}
