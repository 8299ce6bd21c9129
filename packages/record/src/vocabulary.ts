/** The closed lists of words that statements are made of; an entry of its own, since it loads no schemas. */

/** The seven things that a statement can be; what each says is in `kinds.ts`. */
export type StatementType = "open" | "exhibit" | "weigh" | "position" | "account" | "observe" | "seal";

export const STATEMENT_TYPES: readonly StatementType[] = [
  "open",
  "exhibit",
  "weigh",
  "position",
  "account",
  "observe",
  "seal",
];

/** One key a role: what is signed in one role can never be taken for what is signed in another. */
export type KeyRole = "log" | "witness" | "mirror" | "transport";

export const KEY_ROLES: readonly KeyRole[] = ["log", "witness", "mirror", "transport"];

/** Traffic Light Protocol 2.0 (FIRST). */
export const TLP_LABELS = ["clear", "green", "amber", "amber+strict", "red"] as const;

export type Tlp = (typeof TLP_LABELS)[number];

export type IndicatorKind =
  | "domain"
  | "ipv4"
  | "ipv6"
  | "cidr4"
  | "cidr6"
  | "url"
  | "email"
  | "md5"
  | "sha1"
  | "sha256"
  | "ja3"
  | "ja4";

export const INDICATOR_KINDS: readonly IndicatorKind[] = [
  "domain",
  "ipv4",
  "ipv6",
  "cidr4",
  "cidr6",
  "url",
  "email",
  "md5",
  "sha1",
  "sha256",
  "ja3",
  "ja4",
];
