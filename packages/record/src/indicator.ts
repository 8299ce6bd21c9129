import type { Result } from "@detente/basics";
import { Type } from "typebox";
import { closed, integer, line, text, time } from "./forms.ts";
import { type Shape, shape, type ShapeFault } from "./shape.ts";
import { INDICATOR_KINDS, type IndicatorKind } from "./vocabulary.ts";

/** An item of a share: something that betrays an intruder in telemetry. */
export interface Indicator {
  readonly kind: IndicatorKind;
  readonly value: string;
  readonly labels?: readonly string[];
  readonly description?: string;
  /** 0 to 100, as in STIX 2.1. */
  readonly confidence?: number;
  /** Seen first and last by its source, in milliseconds since 1970. */
  readonly first?: number;
  readonly last?: number;
  /** From then on it is not to be looked for any more, in milliseconds since 1970; as STIX 2.1's `valid_until`. */
  readonly until?: number;
  /** The id that its source gave it. */
  readonly source?: string;
}

const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = `(?:${OCTET}\\.){3}${OCTET}`;
const IPV6 = "(?=.{2,45}$|.{2,45}/)[0-9a-f]*:[0-9a-f:.]*";

/** The look of a value, not its meaning: whoever shares normalises, whoever matches parses. */
const FORMS: Readonly<Record<IndicatorKind, RegExp>> = {
  domain: /^(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/,
  ipv4: new RegExp(`^${IPV4}$`),
  ipv6: new RegExp(`^${IPV6}$`),
  cidr4: new RegExp(`^${IPV4}/(?:3[0-2]|[12]?\\d)$`),
  cidr6: new RegExp(`^${IPV6}/(?:12[0-8]|1[01]\\d|[1-9]?\\d)$`),
  url: /^[a-z][a-z0-9+.-]*:[^\s]+$/,
  email: /^[^\s@]+@[^\s@]+$/,
  md5: /^[0-9a-f]{32}$/,
  sha1: /^[0-9a-f]{40}$/,
  sha256: /^[0-9a-f]{64}$/,
  ja3: /^[0-9a-f]{32}$/,
  ja4: /^[a-z0-9]{10}_[0-9a-f]{12}_[0-9a-f]{12}$/,
};

const indicatorShape: Shape<Indicator> = shape<Indicator>(({ kind, value, first, last }, place) => {
  if (!FORMS[kind].test(value)) return `${place}.value: is not a normalised ${kind}`;
  return first !== undefined && last !== undefined && first > last ? `${place}.last: is before first` : undefined;
})(
  closed({
    kind: Type.Enum([...INDICATOR_KINDS]),
    value: line(4096),
    labels: Type.Optional(Type.Array(line(100), { maxItems: 32 })),
    description: Type.Optional(text(4000)),
    confidence: Type.Optional(integer(0, 100)),
    first: Type.Optional(time),
    last: Type.Optional(time),
    until: Type.Optional(time),
    source: Type.Optional(line(500)),
  }),
);

/** Checks an indicator; `place` begins the fault's message. */
export function checkIndicator(value: unknown, place: string): Result<Indicator, ShapeFault> {
  return indicatorShape.check(value, place);
}

/**
 * Whether an indicator is not to be looked for any more: a moment that is its `until` is too late.
 * @param now milliseconds since 1970
 */
export function isExpired({ until }: Pick<Indicator, "until">, now: number): boolean {
  return until !== undefined && until <= now;
}
