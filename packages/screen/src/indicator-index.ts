import {
  canonicalValue,
  type IndicatorCode,
  type Ipv6Groups,
  maskIpv4,
  maskIpv6,
  matchKey,
  parseIpv4,
  parseIpv6,
  parseNetwork,
  parseUrl,
} from "@detente/intel/canonical";
import type { IndicatorKind } from "@detente/record";
import { present, unwrap } from "@detente/basics";
import type { HitIndicator } from "./hit.ts";

export interface IndexedItem<Ref> {
  readonly kind: IndicatorKind;
  readonly value: string;
  readonly ref: Ref;
}

export interface RefusedItem<Ref> {
  readonly item: IndexedItem<Ref>;
  readonly code: IndicatorCode;
  readonly message: string;
}

const NONE: readonly never[] = [];

type Entries<Ref> = HitIndicator<Ref>[];

/** Networks of one prefix length, by their masked address. */
interface PrefixTable<Key, Ref> {
  readonly bits: number;
  readonly networks: Map<Key, Entries<Ref>>;
}

/**
 * Indicators, ready to be looked up by what stands in logs: exact, immutable once built. Several items of one value are
 * all reported, in the order in which they came.
 */
export interface IndicatorIndex<Ref> {
  readonly size: number;
  readonly hasEmails: boolean;
  readonly hasUrls: boolean;
  /** Whether some digests may be looked for, so that files are worth hashing. */
  readonly hasHashes: boolean;
  /** Whether some domain may end in these two labels. */
  hasTail(tail: string): boolean;
  /** @param name canonical: lower case, A-labels */
  domain(name: string): readonly HitIndicator<Ref>[];
  /** The address itself, then every network around it, the narrowest first. */
  ipv4(address: number): readonly HitIndicator<Ref>[];
  /** The address itself, then every network around it, the narrowest first. */
  ipv6(address: Ipv6Groups): readonly HitIndicator<Ref>[];
  /** @param digest a hash or a fingerprint in lower case */
  hash(digest: string): readonly HitIndicator<Ref>[];
  /** @param address with a canonical domain */
  email(address: string): readonly HitIndicator<Ref>[];
  /** Whether some URL has this host, in canonical form. */
  hasUrlHost(host: string): boolean;
  url(canonical: string): readonly HitIndicator<Ref>[];
}

/** The index as maps of strings: simple, for up to some 10⁵ indicators. */
export class MapIndex<Ref> implements IndicatorIndex<Ref> {
  readonly #domains = new Map<string, Entries<Ref>>();
  /** The last two labels of every domain: most names in a log end here. */
  readonly #tails = new Set<string>();
  readonly #ipv4 = new Map<number, Entries<Ref>>();
  readonly #ipv6 = new Map<string, Entries<Ref>>();
  readonly #cidr4: PrefixTable<number, Ref>[] = [];
  readonly #cidr6: PrefixTable<string, Ref>[] = [];
  readonly #hashes = new Map<string, Entries<Ref>>();
  readonly #emails = new Map<string, Entries<Ref>>();
  readonly #urls = new Map<string, Entries<Ref>>();
  readonly #urlHosts = new Set<string>();
  /** Items that were not taken: an indicator from a partner is checked here too, whoever checked it before. */
  readonly refused: readonly RefusedItem<Ref>[];
  readonly size: number;

  constructor(items: Iterable<IndexedItem<Ref>>) {
    const refused: RefusedItem<Ref>[] = [];
    let size = 0;
    for (const item of items) {
      const canonical = canonicalValue(item.kind, item.value);
      if (!canonical.ok) refused.push({ item, ...canonical.fault });
      else {
        this.#add(canonical.value.kind, canonical.value.value, item.ref);
        size++;
      }
    }
    this.#cidr4.sort((a, b) => b.bits - a.bits);
    this.#cidr6.sort((a, b) => b.bits - a.bits);
    this.refused = refused;
    this.size = size;
  }

  hasTail(tail: string): boolean {
    return this.#tails.has(tail);
  }

  domain(name: string): readonly HitIndicator<Ref>[] {
    return this.#domains.get(name) ?? NONE;
  }

  ipv4(address: number): readonly HitIndicator<Ref>[] {
    let found: readonly HitIndicator<Ref>[] = this.#ipv4.get(address) ?? NONE;
    for (const { bits, networks } of this.#cidr4) found = joined(found, networks.get(maskIpv4(address, bits)));
    return found;
  }

  ipv6(address: Ipv6Groups): readonly HitIndicator<Ref>[] {
    let found: readonly HitIndicator<Ref>[] = this.#ipv6.get(ipv6Key(address)) ?? NONE;
    for (const { bits, networks } of this.#cidr6) found = joined(found, networks.get(ipv6Key(maskIpv6(address, bits))));
    return found;
  }

  hash(digest: string): readonly HitIndicator<Ref>[] {
    return this.#hashes.get(digest) ?? NONE;
  }

  email(address: string): readonly HitIndicator<Ref>[] {
    return this.#emails.get(matchKey("email", address)) ?? NONE;
  }

  get hasHashes(): boolean {
    return this.#hashes.size > 0;
  }

  get hasEmails(): boolean {
    return this.#emails.size > 0;
  }

  get hasUrls(): boolean {
    return this.#urls.size > 0;
  }

  hasUrlHost(host: string): boolean {
    return this.#urlHosts.has(host);
  }

  url(canonical: string): readonly HitIndicator<Ref>[] {
    return this.#urls.get(canonical) ?? NONE;
  }

  #add(kind: IndicatorKind, value: string, ref: Ref): void {
    const entry = { kind, value, ref };
    switch (kind) {
      case "domain":
        push(this.#domains, value, entry);
        this.#tails.add(value.split(".").slice(-2).join("."));
        break;
      case "ipv4":
        push(this.#ipv4, present(parseIpv4(value), value), entry);
        break;
      case "ipv6":
        push(this.#ipv6, ipv6Key(present(parseIpv6(value), value)), entry);
        break;
      case "cidr4":
      case "cidr6": {
        const network = present(parseNetwork(value), value);
        if (network.family === 4) push(tableOf(this.#cidr4, network.bits), network.address, entry);
        else push(tableOf(this.#cidr6, network.bits), ipv6Key(network.address), entry);
        break;
      }
      case "url": {
        push(this.#urls, value, entry);
        this.#urlHosts.add(unwrap(parseUrl(value)).host);
        break;
      }
      case "email":
        push(this.#emails, matchKey(kind, value), entry);
        break;
      default:
        push(this.#hashes, value, entry);
    }
  }
}

/** Builds the index of a set of indicators; what is no indicator of its stated kind is in `refused`. */
export function buildIndicatorIndex<Ref>(items: Iterable<IndexedItem<Ref>>): MapIndex<Ref> {
  return new MapIndex(items);
}

function joined<T>(found: readonly T[], more: readonly T[] | undefined): readonly T[] {
  return more === undefined ? found : [...found, ...more];
}

function push<Key, Ref>(map: Map<Key, Entries<Ref>>, key: Key, entry: HitIndicator<Ref>): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [entry]);
  else known.push(entry);
}

function tableOf<Key, Ref>(tables: PrefixTable<Key, Ref>[], bits: number): Map<Key, Entries<Ref>> {
  const known = tables.find((table) => table.bits === bits);
  if (known !== undefined) return known.networks;
  const networks = new Map<Key, Entries<Ref>>();
  tables.push({ bits, networks });
  return networks;
}

function ipv6Key(groups: Ipv6Groups): string {
  return String.fromCharCode(...groups);
}
