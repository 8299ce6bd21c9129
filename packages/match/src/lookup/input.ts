import { type Bytes, utf8 } from "@detente/basics";
import {
  formatIpv4,
  formatIpv6,
  isPublicSuffix,
  matchKey,
  parseIpv4,
  parseIpv6,
  parseUrl,
} from "@detente/intel/canonical";
import type { Indicator } from "@detente/record";

/** An indicator in its canonical form, as `canonicalValue` gives it. */
export type CanonicalIndicator = Pick<Indicator, "kind" | "value">;

/** What is put into the function for an indicator: its kind, a colon, and the key by which screening compares it too. */
export function matchInput({ kind, value }: CanonicalIndicator): Bytes {
  return utf8(`${kind}:${matchKey(kind, value)}`);
}

/**
 * The indicators that would find something observed, as in screening: the thing itself, for a name also the names above
 * it up to where names are registered, for a URL and an e-mail address also those of its host. Each is a question of its
 * own. Networks are left out, also as questions: an address lies in too many, so no set holds any.
 */
export function coveringIndicators({ kind, value }: CanonicalIndicator): readonly CanonicalIndicator[] {
  switch (kind) {
    case "domain":
      return namesAbove(value);
    case "url": {
      const url = parseUrl(value);
      return url.ok ? [{ kind, value }, ...ofHost(url.value.host)] : [{ kind, value }];
    }
    case "email":
      return [{ kind, value }, ...namesAbove(value.slice(value.lastIndexOf("@") + 1))];
    case "cidr4":
    case "cidr6":
      return [];
    default:
      return [{ kind, value }];
  }
}

function ofHost(host: string): readonly CanonicalIndicator[] {
  const v4 = parseIpv4(host);
  if (v4 !== undefined) return [{ kind: "ipv4", value: formatIpv4(v4) }];
  const v6 = parseIpv6(host);
  return v6 === undefined ? namesAbove(host) : [{ kind: "ipv6", value: formatIpv6(v6) }];
}

function namesAbove(name: string): readonly CanonicalIndicator[] {
  const labels = name.split(".");
  return labels
    .map((_, i) => labels.slice(i).join("."))
    .filter((each) => !isPublicSuffix(each))
    .map((value) => ({ kind: "domain", value }));
}
