import { compareText, toHex } from "@detente/basics";
import type { Indicator, IndicatorKind } from "@detente/record";
import { type Network, parseNetwork } from "../canonical/cidr.ts";
import { canonicalHostname } from "../canonical/domain.ts";
import { parseUrl } from "../canonical/url.ts";
import { compileRegex, type Regex } from "../pattern/regex.ts";

/** How the entries of a list are meant (MISP's warninglists). */
export type ListType = "string" | "substring" | "hostname" | "cidr" | "regex";

/** An entry that an indicator has to do with. `covers`: blocking the indicator would block the entry with it. */
export interface ListHit {
  readonly entry: string;
  readonly how: "same" | "within" | "covers";
}

/** Finds the entry that an indicator equals, lies in, or covers, for lists of a million entries. */
export class ValueIndex {
  /** How many entries are not of the list's type, and count for nothing. */
  readonly skipped: number;
  readonly #exact = new Map<string, string>();
  readonly #hosts = new Map<string, string>();
  /** The parents of listed names, so that `a.example` is known to cover `www.a.example`. */
  readonly #parents = new Map<string, string>();
  readonly #networks = new NetworkIndex();
  readonly #parts: string[] = [];
  readonly #regexes: { readonly entry: string; readonly regex: Regex }[] = [];

  constructor(type: ListType, entries: readonly string[]) {
    this.skipped = entries.filter((entry) => !this.#add(type, entry)).length;
    this.#networks.finish();
  }

  find({ kind, value }: Pick<Indicator, "kind" | "value">): ListHit | undefined {
    const text = value.toLowerCase();
    const exact = this.#exact.get(text);
    if (exact !== undefined) return { entry: exact, how: "same" };
    const hit = this.#findHost(kind === "domain" ? value : hostOf(kind, value), kind === "domain");
    if (hit !== undefined) return hit;
    const part = this.#parts.find((entry) => text.includes(entry));
    if (part !== undefined) return { entry: part, how: "within" };
    const match = this.#regexes.find(({ regex }) => regex.test(value));
    return match === undefined ? undefined : { entry: match.entry, how: "within" };
  }

  #findHost(host: string | undefined, mayCover: boolean): ListHit | undefined {
    if (host === undefined) return undefined;
    const network = networkOf(host);
    if (network !== undefined) return this.#networks.find(network);
    for (let name = host; name !== ""; name = name.slice(name.indexOf(".") + 1 || name.length)) {
      const entry = this.#hosts.get(name);
      if (entry !== undefined) return { entry, how: name === host ? "same" : "within" };
    }
    const below = mayCover ? this.#parents.get(host) : undefined;
    return below === undefined ? undefined : { entry: below, how: "covers" };
  }

  #add(type: ListType, entry: string): boolean {
    switch (type) {
      case "string":
        this.#exact.set(entry.toLowerCase(), entry);
        this.#addParents(entry);
        return true;
      case "substring":
        this.#parts.push(entry.toLowerCase());
        return true;
      case "hostname": {
        const name = canonicalHostname(entry.replace(/^\./, ""));
        if (!name.ok) return false;
        this.#hosts.set(name.value, entry);
        this.#addParents(name.value);
        return true;
      }
      case "cidr": {
        const network = networkOf(entry);
        if (network !== undefined) this.#networks.add(network, entry);
        return network !== undefined;
      }
      case "regex": {
        const [, source, flags = ""] = /^\/([\s\S]*)\/([a-z]*)$/i.exec(entry) ?? [undefined, entry];
        const regex = compileRegex(flags.includes("i") ? `(?i)${source}` : source);
        if (regex.ok) this.#regexes.push({ entry, regex: regex.value });
        return regex.ok;
      }
    }
  }

  /** Registered names and up: a single label would cover everything below a suffix and is no indicator. */
  #addParents(entry: string): void {
    const name = entry.toLowerCase();
    if (!/^[a-z0-9.-]+$/.test(name)) return;
    for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1))
      this.#parents.set(name.slice(dot + 1), entry);
  }
}

/** Networks of both families; those of one family contain one another or have nothing in common. */
class NetworkIndex {
  /** Entries by `bits/start`, and the starts in order. */
  readonly #byNetwork = new Map<string, string>();
  readonly #bits = new Set<number>();
  #starts: { readonly start: string; readonly entry: string }[] = [];

  add(network: Network, entry: string): void {
    this.#byNetwork.set(`${network.bits}/${startOf(network, network.bits)}`, entry);
    this.#bits.add(network.bits);
    this.#starts.push({ start: startOf(network, network.bits), entry });
  }

  finish(): void {
    this.#starts.sort((a, b) => compareText(a.start, b.start));
  }

  find(network: Network): ListHit | undefined {
    for (const bits of this.#bits) {
      const entry = bits <= network.bits ? this.#byNetwork.get(`${bits}/${startOf(network, bits)}`) : undefined;
      if (entry !== undefined) return { entry, how: bits === network.bits ? "same" : "within" };
    }
    const start = startOf(network, network.bits);
    let low = 0;
    for (let high = this.#starts.length; low < high;) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] as { start: string }).start < start) low = middle + 1;
      else high = middle;
    }
    const next = this.#starts[low];
    if (next === undefined || next.start.length !== start.length) return undefined;
    const isInside = next.start.slice(0, 1 + network.bits) === start.slice(0, 1 + network.bits);
    return isInside ? { entry: next.entry, how: "covers" } : undefined;
  }
}

/** The first address of the network of `bits` bits around an address: its family, then the bits as text. */
function startOf(network: Network, bits: number): string {
  const bytes =
    network.family === 4
      ? [24, 16, 8, 0].map((shift) => (network.address >>> shift) & 255)
      : network.address.flatMap((group) => [group >>> 8, group & 255]);
  const digits = Array.from(toHex(Uint8Array.from(bytes)), (digit) =>
    Number.parseInt(digit, 16).toString(2).padStart(4, "0"),
  );
  const all = digits.join("");
  return `${network.family}${all.slice(0, bits).padEnd(all.length, "0")}`;
}

function networkOf(text: string): Network | undefined {
  return parseNetwork(text.includes("/") ? text : `${text}/${text.includes(":") ? 128 : 32}`);
}

function hostOf(kind: IndicatorKind, value: string): string | undefined {
  if (kind !== "url") return kind.startsWith("ip") || kind.startsWith("cidr") ? value : undefined;
  const url = parseUrl(value);
  return url.ok ? url.value.host : undefined;
}
