import type { IndicatorKind } from "@detente/record";

/** Why a text is not an indicator that may be shared or searched for. */
export type IndicatorCode =
  | "empty"
  | "too-long"
  | "not-an-indicator"
  | "bad-domain"
  | "bare-suffix"
  | "bad-ipv4"
  | "bad-ipv6"
  | "bad-cidr"
  | "too-wide"
  | "bad-url"
  | "unsupported-scheme"
  | "bad-email"
  | "type-mismatch";

/** What was changed on the way to the canonical form beyond spelling: worth telling whoever wrote it. */
export type CanonicalNote =
  | "host-bits-masked"
  | "single-address"
  | "mapped-to-ipv4"
  | "wildcard-dropped"
  | "port-dropped"
  | "scheme-assumed"
  | "user-dropped"
  | "fragment-dropped";

/** An indicator in its one canonical spelling. */
export interface Canonical {
  readonly kind: IndicatorKind;
  readonly value: string;
  readonly notes: readonly CanonicalNote[];
  /** Special uses (RFC 6890 registries) that an address or network touches: `private`, `documentation`, … */
  readonly specialUse: readonly string[];
}
