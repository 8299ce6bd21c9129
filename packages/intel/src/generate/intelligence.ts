import { present, unwrap } from "@detente/basics";
import { canonicalIndicator } from "../canonical/canonical.ts";
import type { IndicatorKind } from "@detente/record";
import { type Item, makeItem } from "../item.ts";
import { Prng } from "./prng.ts";

const LURES = [
  "ballot",
  "voter",
  "count",
  "tally",
  "registry",
  "precinct",
  "turnout",
  "recount",
  "candidate",
  "campaign",
];
const TRICKS = [
  "login",
  "secure",
  "update",
  "verify",
  "portal",
  "sso",
  "cdn",
  "files",
  "mail",
  "status",
  "help",
  "api",
];
const FAMILIES = ["GLASS HERON", "PAPER TIDE", "QUIET LANTERN", "BRASS OWL"];
const PATHS = [
  "gate.php",
  "wp-content/update.js",
  "invoice/download",
  "owa/auth/logon.aspx",
  "stage2.bin",
  "c/check-in",
];
const SENDERS = ["helpdesk", "noreply", "it.support", "results", "press", "accounts.payable"];

/** None of the generated logs has fingerprints of TLS clients. */
type GeneratedKind = Exclude<IndicatorKind, "ja3" | "ja4">;

/** How often each kind occurs among 100 generated indicators: mostly names, as in real feeds. */
const SHARE_OF_KIND: Readonly<Record<GeneratedKind, number>> = {
  domain: 36,
  ipv4: 20,
  ipv6: 4,
  cidr4: 3,
  cidr6: 2,
  url: 14,
  email: 5,
  md5: 3,
  sha1: 3,
  sha256: 10,
};

const GENERATED_KINDS = Object.keys(SHARE_OF_KIND) as readonly GeneratedKind[];

const DAY = 86_400_000;

/**
 * Makes up intelligence: `count` distinct indicators that touch nobody, as all names end in `.example` (RFC 2606)
 * and all addresses come from the documentation and benchmarking blocks. No indicator covers another one.
 * @param start milliseconds since the epoch; sightings lie in the 30 days before
 */
export function generateIntelligence(seed: string, count: number, start: number): Item[] {
  const prng = new Prng(`intelligence ${seed}`);
  const tag = prng.hex(4);
  const wheel = GENERATED_KINDS.flatMap((kind) => Array<GeneratedKind>(SHARE_OF_KIND[kind]).fill(kind));
  const items = new Map<string, Item>();
  for (let serial = 0; items.size < count; serial++) {
    const kind = serial < GENERATED_KINDS.length ? present(GENERATED_KINDS[serial], "kind") : prng.pick(wheel);
    const canonical = unwrap(canonicalIndicator(generateValue(kind, prng, tag, serial)));
    const family = prng.pick(FAMILIES);
    const first = start - prng.below(30 * 24) * 3_600_000;
    const item = makeItem(canonical, {
      labels: [
        `family:${family.toLowerCase().replace(" ", "-")}`,
        prng.pick(["phishing", "c2", "staging", "scanning"]),
      ],
      description: `Seen with ${family}`,
      confidence: 40 + 5 * prng.below(12),
      first,
      last: Math.min(start, first + prng.below(5) * DAY),
    });
    items.set(`${item.kind} ${item.value}`, item);
  }
  return [...items.values()];
}

function generateValue(kind: GeneratedKind, prng: Prng, tag: string, serial: number): string {
  // The serial keeps every registered name apart, so that no indicator's domain is another one's.
  const name = (): string => `${prng.pick(TRICKS)}-${prng.pick(LURES)}-${tag}${serial.toString(36)}.example`;
  switch (kind) {
    case "domain":
      return prng.below(4) === 0 ? `${prng.pick(TRICKS)}.${name()}` : name();
    case "ipv4":
      return `198.${18 + prng.below(2)}.${prng.below(256)}.${1 + prng.below(254)}`;
    case "ipv6":
      return `2001:db8:bad:${prng.below(0xffff).toString(16)}::${(1 + prng.below(0xfffe)).toString(16)}`;
    case "cidr4":
      return `${prng.pick(["203.0.113", "198.51.100", "192.0.2"])}.${16 * prng.below(16)}/28`;
    case "cidr6":
      return `2001:db8:c2:${prng.below(0xffff).toString(16)}::/64`;
    case "url":
      return `${prng.pick(["http", "https"])}://${name()}/${prng.pick(PATHS)}?id=${prng.hex(6)}`;
    case "email":
      return `${prng.pick(SENDERS)}@${name()}`;
    case "md5":
      return prng.hex(32);
    case "sha1":
      return prng.hex(40);
    case "sha256":
      return prng.hex(64);
  }
}
