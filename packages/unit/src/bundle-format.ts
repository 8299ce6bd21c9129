import { err, type Fault, fromBase64, type Json, ok, type Result, utf8Decode } from "@detente/basics";
import { type Audience, type CharterDocument, checkCharter, isAudience, MAX_BLOB_BYTES } from "@detente/record";
import type { Line } from "./bundle-lines.ts";

/**
 * One line of a record file (JSON Lines): the header, the founding charter, then for each log its checkpoint and its
 * entries in order, bodies anywhere after the charter, blobs if wanted, and at the end how many lines came before.
 */
export type BundleLine =
  | { readonly form: "header"; readonly unit: string; readonly audience: Audience }
  | { readonly form: "charter"; readonly charter: CharterDocument }
  /** `checkpoint` is the signed note with its cosignatures. */
  | { readonly form: "log"; readonly log: string; readonly checkpoint: string }
  | { readonly form: "entry" | "body" | "blob"; readonly bytes: Uint8Array }
  | { readonly form: "end"; readonly lines: number };

export type BundleLineFault = Fault<"malformed-line">;

export const BUNDLE_FORMAT = "detente-record/1";

/** Bytes of a line: the largest blob in base64 and what is around it. */
export const MAX_LINE: number = Math.ceil(MAX_BLOB_BYTES / 3) * 4 + 64;

const UNIT = /^[0-9a-f]{64}$/;

/** Reads a line, without its line feed; `undefined` is one that was longer than `MAX_LINE`. */
export function parseBundleLine(bytes: Line): Result<BundleLine, BundleLineFault> {
  if (bytes === undefined) return err("malformed-line", "longer than any line of a record file");
  const line = lineOf(parseObject(utf8Decode(bytes) ?? "") ?? {});
  return line === undefined ? err("malformed-line", "not a line of a record file") : ok(line);
}

function parseObject(text: string): { readonly [member: string]: Json } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as { [member: string]: Json })
    : undefined;
}

function lineOf(members: { readonly [member: string]: Json }): BundleLine | undefined {
  const names = Object.keys(members).sort().join(" ");
  switch (names) {
    case "entry":
    case "body":
    case "blob": {
      const encoded = members[names];
      const bytes = typeof encoded === "string" ? fromBase64(encoded) : undefined;
      return bytes && { form: names, bytes };
    }
    case "checkpoint log": {
      const { log, checkpoint } = members;
      return typeof log === "string" && typeof checkpoint === "string" ? { form: "log", log, checkpoint } : undefined;
    }
    case "audience format unit": {
      const { audience, format, unit } = members;
      const isHeader = format === BUNDLE_FORMAT && typeof unit === "string" && UNIT.test(unit) && isAudience(audience);
      return isHeader ? { form: "header", unit, audience } : undefined;
    }
    case "charter": {
      const charter = checkCharter(members["charter"]);
      return charter.ok ? { form: "charter", charter: charter.value } : undefined;
    }
    case "end": {
      const { end } = members;
      return Number.isSafeInteger(end) ? { form: "end", lines: end as number } : undefined;
    }
    default:
      return undefined;
  }
}
