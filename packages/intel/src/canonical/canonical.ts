import { err, type Fault, ok, type Result } from "@detente/basics";
import { quote } from "../text.ts";
import { formatNetwork, type Network, parseNetwork } from "./cidr.ts";
import { canonicalDomain } from "./domain.ts";
import { canonicalEmail } from "./email.ts";
import { formatIpv4, formatIpv6, mappedIpv4, parseIpv4, parseIpv6 } from "./ip.ts";
import type { IndicatorKind } from "@detente/record";
import type { Canonical, CanonicalNote, IndicatorCode } from "./kinds.ts";
import { refang } from "./refang.ts";
import { specialUses } from "./special-use.ts";
import { formatUrl, MAX_URL, parseUrl } from "./url.ts";

type Outcome = Result<Canonical, Fault<IndicatorCode>>;

const HASH_BY_LENGTH: Readonly<Record<number, "md5" | "sha1" | "sha256">> = { 32: "md5", 40: "sha1", 64: "sha256" };
/** Wider networks would match a whole registry's space, as a bare public suffix would. */
const WIDEST = { 4: 8, 6: 16 } as const;
/** FoxIO's JA4: protocol, TLS version, SNI, two counts, ALPN; two truncated hashes. All of it is lower case. */
const JA4 = /^[tqd](?:1[0-3]|s[23]|d[1-3]|00)[di][0-9]{4}[a-z0-9]{2}_[0-9a-f]{12}_[0-9a-f]{12}$/i;
const ENCLOSED = /^(?:"(.*)"|'(.*)'|<(.*)>|`(.*)`)$/s;
const WITH_PORT = /^(\[[0-9a-f:.]+\]|[^:/?#@[\]]+):([0-9]{1,5})$/i;

/**
 * Brings a text to the canonical form of the indicator it names, defanged spellings included. Idempotent.
 * @param allowed kinds that the source says it may be; anything else is a `type-mismatch`
 */
export function canonicalIndicator(text: string, allowed?: readonly IndicatorKind[]): Outcome {
  const bare = strip(text);
  if (bare === "") return err("empty", "the value is empty; remove the row or fill it in");
  if (bare.length > MAX_URL) return err("too-long", `${quote(bare)} is longer than ${MAX_URL} characters`);
  const outcome = byShape(bare, shapeWithin(shapeOf(bare), allowed));
  if (!outcome.ok || allowed === undefined || allowed.includes(outcome.value.kind)) return outcome;
  const expected = allowed.join(" or ");
  return err(
    "type-mismatch",
    `${quote(bare)} is of kind ${outcome.value.kind}, its type says ${expected}; correct one`,
  );
}

/** The kind that a text has the shape of, or `undefined` when it is no valid indicator at all. */
export function detectKind(text: string): IndicatorKind | undefined {
  const outcome = canonicalIndicator(text);
  return outcome.ok ? outcome.value.kind : undefined;
}

/**
 * What equality means for canonical values: two indicators are one when kind and match key agree.
 * Only e-mail addresses differ from their value: A–Z of the local part count as a–z.
 */
export function matchKey(kind: IndicatorKind, value: string): string {
  return kind === "email" ? value.toLowerCase() : value;
}

function strip(text: string): string {
  const trimmed = text.trim();
  const enclosed = ENCLOSED.exec(trimmed);
  const inner = enclosed?.slice(1).find((group) => group !== undefined) ?? trimmed;
  return refang(inner.trim()).replace(/^mailto:/i, "");
}

/** Some shapes are of several kinds: a bare name may stand for a URL, 32 hexadecimal digits for a client. */
function shapeWithin(shape: IndicatorKind, allowed: readonly IndicatorKind[] | undefined): IndicatorKind {
  if (allowed === undefined || allowed.includes(shape)) return shape;
  if ((shape === "domain" || shape === "ipv4") && allowed.includes("url")) return "url";
  return shape === "md5" && allowed.includes("ja3") ? "ja3" : shape;
}

/** Which reader a text is for; it decides whose complaint its writer sees. */
function shapeOf(text: string): IndicatorKind {
  if (text.includes("://")) return "url";
  if (/^[^/?#]*@[^/?#]*$/.test(text)) return "email";
  if (/^[0-9a-f]{32}$|^[0-9a-f]{40}$|^[0-9a-f]{64}$/i.test(text)) return HASH_BY_LENGTH[text.length] ?? "md5";
  if (JA4.test(text)) return "ja4";
  if (/^[0-9.]+\/[0-9]*$/.test(text)) return "cidr4";
  if (/^[0-9a-f:.]+:[0-9a-f:.]*\/[0-9]*$/i.test(text)) return "cidr6";
  if (/[/?]/.test(text)) return "url";
  if (/^\[?[0-9a-f.]*:[0-9a-f.]*:[0-9a-f:.]*(?:%[^\]]*)?\]?$/i.test(text)) return "ipv6";
  if (/^[0-9.]+(?::[0-9]*)?$/.test(text)) return "ipv4";
  return "domain";
}

function byShape(text: string, shape: IndicatorKind): Outcome {
  switch (shape) {
    case "url":
      return url(text);
    case "email": {
      const email = canonicalEmail(text);
      return email.ok ? found("email", email.value) : email;
    }
    case "md5":
    case "sha1":
    case "sha256":
    case "ja3":
    case "ja4":
      return found(shape, text.toLowerCase());
    case "cidr4":
    case "cidr6":
      return network(text);
    default:
      return host(text);
  }
}

function host(text: string): Outcome {
  const split = WITH_PORT.exec(text);
  const bare = (split?.[1] ?? text).replace(/^\[(.*)\]$/, "$1");
  const notes: CanonicalNote[] = split === null ? [] : ["port-dropped"];
  const v4 = parseIpv4(bare);
  if (v4 !== undefined) return address({ family: 4, address: v4, bits: 32, hostBits: false }, notes);
  if (bare.includes(":")) {
    const v6 = parseIpv6(bare);
    if (v6 === undefined) {
      return err("bad-ipv6", `${quote(text)} is not an IPv6 address (RFC 4291 §2.2); zones such as %eth0 must go`);
    }
    const mapped = mappedIpv4(v6);
    if (mapped === undefined) return address({ family: 6, address: v6, bits: 128, hostBits: false }, notes);
    return address({ family: 4, address: mapped, bits: 32, hostBits: false }, [...notes, "mapped-to-ipv4"]);
  }
  if (/^[0-9.]+$/.test(bare)) {
    return err("bad-ipv4", `${quote(text)} is not four octets of 0 to 255 without leading zeros`);
  }
  if (!/[.\u3002\uff0e\uff61]/.test(bare)) return notIndicator(text);
  const wild = /^\*?\.(?=[^.])/.exec(bare)?.[0] ?? "";
  const domain = canonicalDomain(bare.slice(wild.length));
  if (!domain.ok) return domain;
  // A domain indicator covers its subdomains anyway; that it now covers the domain itself is worth a word.
  return found("domain", domain.value, wild === "" ? notes : [...notes, "wildcard-dropped"]);
}

function address(single: Network, notes: readonly CanonicalNote[]): Outcome {
  const value = single.family === 4 ? formatIpv4(single.address) : formatIpv6(single.address);
  return found(single.family === 4 ? "ipv4" : "ipv6", value, notes, specialUses(single));
}

function network(text: string): Outcome {
  const parsed = parseNetwork(text);
  if (parsed === undefined) {
    return err("bad-cidr", `${quote(text)} is not a network of the form 192.0.2.0/24 or 2001:db8::/32`);
  }
  if (parsed.bits < WIDEST[parsed.family]) {
    return err("too-wide", `${quote(text)} is wider than /${WIDEST[parsed.family]}; name the networks that are meant`);
  }
  const notes: CanonicalNote[] = text.includes(":") && parsed.family === 4 ? ["mapped-to-ipv4"] : [];
  if (parsed.bits === (parsed.family === 4 ? 32 : 128)) return address(parsed, [...notes, "single-address"]);
  if (parsed.hostBits) notes.push("host-bits-masked");
  return found(parsed.family === 4 ? "cidr4" : "cidr6", formatNetwork(parsed), notes, specialUses(parsed));
}

function url(text: string): Outcome {
  const assumed = !text.includes("://");
  if (assumed && !/^[^/?]*[.\u3002\uff0e\uff61:]/.test(text)) return notIndicator(text);
  const parsed = parseUrl(assumed ? `http://${text}` : text);
  if (!parsed.ok) return parsed;
  return found(
    "url",
    formatUrl(parsed.value),
    assumed ? ["scheme-assumed", ...parsed.value.notes] : parsed.value.notes,
  );
}

function notIndicator(text: string): Outcome {
  return err(
    "not-an-indicator",
    `${quote(text)} is no domain, address, network, URL, e-mail address, file hash or JA4`,
  );
}

function found(
  kind: IndicatorKind,
  value: string,
  notes: readonly CanonicalNote[] = [],
  specialUse: readonly string[] = [],
): Outcome {
  return ok({ kind, value, notes, specialUse });
}
