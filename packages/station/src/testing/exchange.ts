import type { TaxiiAccess, TaxiiCollection } from "../exchange/access.ts";

export const ROOT = "/taxii2/unit/";

/** A UUID that shows its number. */
export function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** An indicator as STIX 2.1 has it, one of several versions. */
export function indicator(
  number: number,
  year = 2020,
): {
  readonly type: "indicator";
  readonly id: string;
  readonly modified: string;
  readonly [member: string]: unknown;
} {
  return {
    type: "indicator",
    spec_version: "2.1",
    id: `indicator--${uuid(number)}`,
    created: "2020-01-01T00:00:00Z",
    modified: `${year}-01-01T00:00:00Z`,
    pattern: `[domain-name:value = 'host-${number}.example']`,
    pattern_type: "stix",
    valid_from: "2020-01-01T00:00:00Z",
  };
}

/** The body of a POST; objects may be given as text. */
export function envelope(objects: readonly unknown[]): string {
  return `{"objects":[${objects.map((one) => (typeof one === "string" ? one : JSON.stringify(one))).join(",")}]}`;
}

function collection(number: number, title: string, rights: string, alias?: string): TaxiiCollection {
  const aliased = alias === undefined ? {} : { alias };
  return { id: uuid(number), title, canRead: rights.includes("r"), canWrite: rights.includes("w"), ...aliased };
}

const COLLECTIONS: Readonly<Record<string, readonly TaxiiCollection[]>> = {
  ann: [collection(1, "Desk", "rw", "desk"), collection(2, "In", "w"), collection(3, "Out", "r")],
  bob: [collection(4, "Bob's", "rw")],
  nobody: [],
};

/** Tokens are names here. */
export const collectionsOf: TaxiiAccess = {
  async principal(token) {
    const collections = Object.hasOwn(COLLECTIONS, token) ? COLLECTIONS[token] : undefined;
    return collections === undefined ? undefined : { id: token, collections };
  },
};
