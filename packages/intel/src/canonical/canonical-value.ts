import { type Fault, ok, type Result } from "@detente/basics";
import type { IndicatorKind } from "@detente/record";
import { canonicalIndicator } from "./canonical.ts";
import { formatNetwork, parseNetwork } from "./cidr.ts";
import { formatIpv6, mappedIpv4, parseIpv4, parseIpv6 } from "./ip.ts";
import type { IndicatorCode } from "./kinds.ts";
import { isPublicSuffix } from "./public-suffix.ts";

/** Without the characters that could spell something else: braces are defanged, a slash makes a URL. */
const LOCAL = /^[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*$/;
const URL_START = /^(?:https?|ftp):\/\//;
/** From here on a URL's path may hold anything that needs no encoding and is not defanged. */
const TARGET = /^\/[!$%&',.0-9:;=?@A-Z_a-z~+/-]*$/;
const DIGEST = { md5: /^[0-9a-f]{32}$/, sha1: /^[0-9a-f]{40}$/, sha256: /^[0-9a-f]{64}$/ } as const;
const MAX_NAME = 253;
const MAX_LABEL = 63;
const DOT = 0x2e;
const HYPHEN = 0x2d;
const UNDERSCORE = 0x5f;
const MAX_LOCAL = 64;
const LONGEST_PLAIN_URL = 2048;

/**
 * The canonical value of an indicator of a stated kind: `canonicalIndicator(text, [kind])` without its notes. Almost
 * all that is indexed was made canonical before; such values are recognised at a tenth of the cost.
 */
export function canonicalValue(
  kind: IndicatorKind,
  text: string,
): Result<{ readonly kind: IndicatorKind; readonly value: string }, Fault<IndicatorCode>> {
  if (isSurelyCanonical(kind, text)) return ok({ kind, value: text });
  const canonical = canonicalIndicator(text, [kind]);
  return canonical.ok ? ok({ kind: canonical.value.kind, value: canonical.value.value }) : canonical;
}

/** Whether a text is certainly canonical for its kind; where this is not sure, it says no. It allocates next to nothing. */
function isSurelyCanonical(kind: IndicatorKind, text: string): boolean {
  switch (kind) {
    case "domain":
      return isPlainDomain(text);
    case "ipv4":
      return parseIpv4(text) !== undefined;
    case "ipv6": {
      const groups = parseIpv6(text);
      return groups !== undefined && mappedIpv4(groups) === undefined && formatIpv6(groups) === text;
    }
    case "cidr4": {
      const network = parseNetwork(text);
      return network?.family === 4 && network.bits >= 8 && network.bits < 32 && formatNetwork(network) === text;
    }
    case "url":
      return isPlainUrl(text);
    case "email": {
      const at = text.indexOf("@");
      return at > 0 && at <= MAX_LOCAL && LOCAL.test(text.slice(0, at)) && isPlainDomain(text.slice(at + 1));
    }
    case "md5":
    case "sha1":
    case "sha256":
      return DIGEST[kind].test(text);
    default:
      return false;
  }
}

function isPlainDomain(text: string): boolean {
  return isName(text, 0, text.length) && !isPublicSuffix(text);
}

/**
 * Whether a stretch of a text is a name of two labels or more, the last of which may be a top-level domain. By hand, as
 * almost all that is indexed comes through here: a regular expression takes several times as long.
 */
function isName(text: string, start: number, end: number): boolean {
  let labelStart = start;
  let hasLetter = false;
  let isTop = true;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x61 && code <= 0x7a) hasLetter = true;
    else if (code === DOT) {
      if (at === labelStart || at - labelStart > MAX_LABEL) return false;
      labelStart = at + 1;
      hasLetter = false;
      isTop = true;
    } else if (code === UNDERSCORE || (code === HYPHEN && at === labelStart)) isTop = false;
    else if ((code < 0x30 || code > 0x39) && code !== HYPHEN) return false;
  }
  // A letter is in the last label, so it is not empty.
  return labelStart > start && hasLetter && isTop && end - labelStart <= MAX_LABEL && end - start <= MAX_NAME;
}

/** A URL of a common scheme at a name without a port, whose target holds no characters that mean more. */
function isPlainUrl(text: string): boolean {
  const scheme = URL_START.exec(text)?.[0];
  if (scheme === undefined || text.length > LONGEST_PLAIN_URL) return false;
  const slash = text.indexOf("/", scheme.length);
  return slash > 0 && isName(text, scheme.length, slash) && TARGET.test(text.slice(slash));
}
