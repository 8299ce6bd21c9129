import { canonicalValue, formatIpv4, formatIpv6, type Ipv6Groups, isPublicSuffix } from "@detente/intel/canonical";
import type { IndicatorKind } from "@detente/record";
import type { HitIndicator } from "./hit.ts";
import type { IndicatorIndex } from "./indicator-index.ts";

/** Something seen in a log that an indicator may be. */
export interface Observable {
  readonly kind: IndicatorKind;
  readonly value: string;
}

const NONE: readonly never[] = [];

/** What ends like a name and is the name of a file, or of a host at home: no domain of these was ever delegated. */
const NO_DOMAINS: ReadonlySet<string> = new Set(
  (
    "asp aspx cfg conf css csv dll doc docx exe gif gz htm html ico ini internal jpeg jpg js json jsp lan local " +
    "localdomain log php pdf png svg tar tmp txt woff woff2 xml yaml yml"
  ).split(" "),
);

/** Networks in which nobody is found from elsewhere (RFC 6890): first address, bits. */
const NOT_GLOBAL: readonly (readonly [number, number])[] = [
  [0x00000000, 8],
  [0x0a000000, 8],
  [0x64400000, 10],
  [0x7f000000, 8],
  [0xa9fe0000, 16],
  [0xac100000, 12],
  [0xc0a80000, 16],
  [0xe0000000, 3],
];

/** Digests in hexadecimal tell by their length what they may be. */
const DIGESTS: Readonly<Record<number, readonly IndicatorKind[]>> = {
  32: ["md5", "ja3"],
  40: ["sha1"],
  64: ["sha256"],
};
const JA4 = /^[a-z0-9]{10}_[0-9a-f]{12}_[0-9a-f]{12}$/;

/**
 * Stands in the place of an index and finds nothing, but remembers what screening would have looked up: so the distinct
 * observables of a log are by construction those that an indicator could match. Names in their registrable parts,
 * addresses that are reached from elsewhere, digests, URLs, addresses of mail.
 */
export class ObservableCollector implements IndicatorIndex<never> {
  readonly size = 0;
  readonly hasEmails = true;
  readonly hasUrls = true;
  readonly hasHashes = true;
  readonly #limit: number;
  readonly #seen = new Set<string>();
  #left = 0;

  /** @param limit how many are remembered at most */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** In the order in which they were first seen. */
  *observables(): Generator<Observable> {
    for (const text of this.#seen) {
      const colon = text.indexOf(":");
      yield { kind: text.slice(0, colon) as IndicatorKind, value: text.slice(colon + 1) };
    }
  }

  get count(): number {
    return this.#seen.size;
  }

  /** How often something new was seen beyond the limit. */
  get left(): number {
    return this.#left;
  }

  hasTail(tail: string): boolean {
    return !NO_DOMAINS.has(tail.slice(tail.lastIndexOf(".") + 1));
  }

  domain(name: string): readonly HitIndicator<never>[] {
    if (!isPublicSuffix(name) && canonicalValue("domain", name).ok) this.#see("domain", name);
    return NONE;
  }

  ipv4(address: number): readonly HitIndicator<never>[] {
    const isLocal = NOT_GLOBAL.some(([first, bits]) => address >>> (32 - bits) === first >>> (32 - bits));
    if (!isLocal) this.#see("ipv4", formatIpv4(address));
    return NONE;
  }

  ipv6(address: Ipv6Groups): readonly HitIndicator<never>[] {
    // 2000::/3 is all that is assigned (RFC 4291 §2.4).
    if ((address[0] as number) >>> 13 === 1) this.#see("ipv6", formatIpv6(address));
    return NONE;
  }

  hash(digest: string): readonly HitIndicator<never>[] {
    if (/^[0-9a-f]+$/.test(digest)) for (const kind of DIGESTS[digest.length] ?? NONE) this.#see(kind, digest);
    else if (JA4.test(digest)) this.#see("ja4", digest);
    return NONE;
  }

  email(address: string): readonly HitIndicator<never>[] {
    this.#seeCanonical("email", address);
    return NONE;
  }

  hasUrlHost(): boolean {
    return true;
  }

  url(canonical: string): readonly HitIndicator<never>[] {
    this.#seeCanonical("url", canonical);
    return NONE;
  }

  #seeCanonical(kind: IndicatorKind, text: string): void {
    const canonical = canonicalValue(kind, text);
    if (canonical.ok) this.#see(kind, canonical.value.value);
  }

  #see(kind: IndicatorKind, value: string): void {
    const text = `${kind}:${value}`;
    if (this.#seen.has(text)) return;
    if (this.#seen.size < this.#limit) this.#seen.add(text);
    else this.#left++;
  }
}
