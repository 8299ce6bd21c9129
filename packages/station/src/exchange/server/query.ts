import { err, type Fault, ok, type Result } from "@detente/basics";
import { isTimestamp } from "@detente/intel";
import type { ObjectQuery, VersionMatch } from "@detente/store";
import { microsecondsOf } from "../times.ts";

export type QueryFault = Fault<"bad-query">;

/** Objects in one page at most. */
const MAX_PAGE = 1000;
/** Nothing was added before 2001: shorter words and numbers are mistakes. */
const FIRST_ADDED = 1e15;
/** Alternatives of one filter. */
const MAX_VALUES = 256;

type Parameter =
  | "added_after"
  | "limit"
  | "next"
  | "match[id]"
  | "match[type]"
  | "match[version]"
  | "match[spec_version]";

const PAGING: readonly Parameter[] = ["added_after", "limit", "next"];

/** Which parameters each resource has (TAXII 2.1 §5.3 to §5.8); others mean nothing there. */
export const PARAMETERS: Readonly<Record<"objects" | "object" | "versions" | "delete", readonly Parameter[]>> = {
  objects: [...PAGING, "match[id]", "match[type]", "match[version]", "match[spec_version]"],
  object: [...PAGING, "match[version]", "match[spec_version]"],
  versions: [...PAGING, "match[spec_version]"],
  delete: ["match[version]", "match[spec_version]"],
};

export interface TaxiiQuery extends ObjectQuery {
  /** Whether the filter is one that nothing here can pass: all that is kept is STIX 2.1. */
  readonly isOtherSpec: boolean;
}

/**
 * Reads the parameters of a request (TAXII 2.1 §3.4, §3.5). Malformed and repeated ones are refused: a filter that is
 * passed over would give more than was asked for.
 * @param fallback which versions are meant where the request names none
 */
export function readQuery(
  search: URLSearchParams,
  known: readonly Parameter[],
  fallback: VersionMatch,
): Result<TaxiiQuery, QueryFault> {
  const given = new Map<Parameter, string>();
  for (const name of known) {
    const [value, ...others] = search.getAll(name);
    if (others.length > 0) return bad(name, "stands more than once; separate values by commas");
    if (value !== undefined) given.set(name, value);
  }
  const limit = readLimit(given.get("limit"));
  const after = readAfter(given.get("added_after"));
  const next = readNext(given.get("next"));
  const ids = readList("match[id]", given.get("match[id]"));
  const types = readList("match[type]", given.get("match[type]"));
  const versions = readVersions(given.get("match[version]"), fallback);
  const spec = readSpec(given.get("match[spec_version]"));
  if (!limit.ok) return limit;
  if (!after.ok) return after;
  if (!next.ok) return next;
  if (!ids.ok) return ids;
  if (!types.ok) return types;
  if (!versions.ok) return versions;
  if (!spec.ok) return spec;
  return ok({
    limit: limit.value,
    after: Math.max(after.value, next.value),
    versions: versions.value,
    isOtherSpec: spec.value?.includes("2.1") === false,
    ...(ids.value === undefined ? {} : { ids: ids.value }),
    ...(types.value === undefined ? {} : { types: types.value }),
  });
}

/** Where the next page begins. It holds all that there is to know, so it can be asked for again and survives a restart. */
export function nextToken(added: number): string {
  return added.toString(36);
}

function readNext(text: string | undefined): Result<number, QueryFault> {
  if (text === undefined) return ok(-1);
  const added = /^[1-9a-z][0-9a-z]{9,10}$/.test(text) ? Number.parseInt(text, 36) : Number.NaN;
  return added >= FIRST_ADDED && Number.isSafeInteger(added)
    ? ok(added)
    : bad("next", "is not one that this server gave");
}

function readLimit(text: string | undefined): Result<number, QueryFault> {
  if (text === undefined) return ok(MAX_PAGE);
  return /^[1-9][0-9]*$/.test(text)
    ? ok(Math.min(MAX_PAGE, Number(text)))
    : bad("limit", "is not a positive whole number");
}

function readAfter(text: string | undefined): Result<number, QueryFault> {
  if (text === undefined) return ok(-1);
  if (!isTimestamp(text)) return bad("added_after", "is not a timestamp such as 2026-11-26T01:02:03.000000Z");
  return ok(microsecondsOf(text));
}

function readList(name: Parameter, text: string | undefined): Result<readonly string[] | undefined, QueryFault> {
  if (text === undefined) return ok(undefined);
  const values = [...new Set(text.split(","))];
  if (values.includes("")) return bad(name, "has an empty value");
  return values.length > MAX_VALUES ? bad(name, `has more than ${MAX_VALUES} values`) : ok(values);
}

function readVersions(text: string | undefined, fallback: VersionMatch): Result<VersionMatch, QueryFault> {
  const list = readList("match[version]", text);
  if (!list.ok) return list;
  if (list.value === undefined) return ok(fallback);
  if (list.value.includes("all")) {
    return list.value.length === 1 ? ok("all") : bad("match[version]", "has all beside others");
  }
  // No version stands twice in a request (TAXII 2.1 §3.4.1).
  if (list.value.length < (text ?? "").split(",").length) return bad("match[version]", "names a version twice");
  const odd = list.value.find((value) => value !== "first" && value !== "last" && !isTimestamp(value));
  return odd === undefined ? ok(list.value) : bad("match[version]", "takes first, last, all and timestamps");
}

function readSpec(text: string | undefined): Result<readonly string[] | undefined, QueryFault> {
  const list = readList("match[spec_version]", text);
  if (!list.ok || list.value === undefined) return list;
  const isFine = list.value.every((value) => /^\d\.\d$/.test(value));
  return isFine ? list : bad("match[spec_version]", "takes versions such as 2.1");
}

function bad(name: string, why: string): Result<never, QueryFault> {
  return err("bad-query", `${name}: ${why}`);
}
