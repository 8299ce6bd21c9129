import { parseNetwork } from "../canonical/cidr.ts";
import { formatIpv4 } from "../canonical/ip.ts";
import type { IndicatorKind } from "@detente/record";
import type { Item } from "../item.ts";
import { Prng } from "./prng.ts";
import type { Planted, TelemetryOptions } from "./telemetry.ts";

const SITES = [
  "weather",
  "library",
  "railway",
  "bakery",
  "museum",
  "garden",
  "cinema",
  "stadium",
  "harbour",
  "orchard",
];
const HOSTS = ["www", "img", "static", "m", "assets", "login", "news", "shop"];

/** What one log line has of an indicator. */
export type Plant = Omit<Planted, "line" | "time">;

/** The everyday of a small network: who talks, to whom, and when; and indicators where they are due. */
export class Traffic {
  readonly prng: Prng;
  /** Milliseconds since the epoch, whole. */
  now: number;
  readonly #byKind = new Map<IndicatorKind, Item[]>();
  readonly #hitsPerMille: number;

  constructor(log: string, { seed, items, start, hitsPerMille }: TelemetryOptions) {
    this.prng = new Prng(`${log} ${seed}`);
    this.now = start;
    this.#hitsPerMille = hitsPerMille;
    for (const item of items) this.#byKind.set(item.kind, [...(this.#byKind.get(item.kind) ?? []), item]);
  }

  /** Lets time pass and says what the next line is to be. */
  nextLine(): "hit" | "near-miss" | "everyday" {
    this.now += 1 + this.prng.below(900);
    const draw = this.prng.below(1000);
    if (draw < this.#hitsPerMille) return "hit";
    return draw < 2 * this.#hitsPerMille ? "near-miss" : "everyday";
  }

  /** An indicator of a kind, if there is any. */
  draw(kind: IndicatorKind): Item | undefined {
    const items = this.#byKind.get(kind);
    return items && this.prng.pick(items);
  }

  client(): string {
    return `10.${this.prng.below(4)}.${this.prng.below(256)}.${1 + this.prng.below(254)}`;
  }

  server(): string {
    return `100.64.${this.prng.below(256)}.${1 + this.prng.below(254)}`;
  }

  site(): string {
    return `${this.prng.pick(HOSTS)}.${this.prng.pick(SITES)}${this.prng.below(90)}.test`;
  }

  /** An address inside a CIDR4 indicator. */
  within(network: string): string {
    const parsed = parseNetwork(network);
    if (parsed?.family !== 4) throw new Error(`invariant broken: ${network} is not an IPv4 network`);
    return formatIpv4(parsed.address + this.prng.below(2 ** (32 - parsed.bits)));
  }

  /** A name that only looks like one under a domain indicator. */
  nearName(domain: string): string {
    return this.prng.pick([
      `not-${domain}`,
      `${domain}.${this.site()}`,
      `${domain.replace(/\.example$/, "-example")}.test`,
      domain.replace(/\.example$/, ".examples"),
    ]);
  }

  /** A text that only looks as if it held an IPv4 indicator. */
  nearAddress(address: string): string {
    const [a, b, c, d] = address.split(".");
    return this.prng.pick([
      `${address}.7`,
      `0${address}`,
      `${a}.0${b}.${c}.${d}`,
      `${a}.${b}.${c}.${d}000`,
      `1${address}`,
    ]);
  }

  /** The same name in another mixture of cases, as resolvers send it (draft-vixie-dnsext-dns0x20). */
  mixedCase(name: string): string {
    return name.replace(/[a-z]/g, (letter) => (this.prng.below(3) === 0 ? letter.toUpperCase() : letter));
  }
}
