import { formatNetwork, maskIpv4, maskIpv6, type Network, parseNetwork } from "../canonical/cidr.ts";
import type { IndicatorKind } from "@detente/record";
import type { BlockList, Obstacle } from "./block-list.ts";

/** Finds what a wider entry of the same list covers already; several tools refuse such lists. */
export class Covering {
  readonly #domains: ReadonlySet<string>;
  readonly #networks: ReadonlySet<string>;
  /** The prefix lengths that occur, so that only those are tried. */
  readonly #lengths: readonly number[];

  constructor({ entries }: BlockList) {
    const valuesOf = (...kinds: readonly IndicatorKind[]): Set<string> =>
      new Set(entries.flatMap(({ kind, value }) => (kinds.includes(kind) ? [value] : [])));
    this.#domains = valuesOf("domain");
    this.#networks = valuesOf("cidr4", "cidr6");
    this.#lengths = [...new Set([...this.#networks].map((network) => Number(network.slice(network.indexOf("/") + 1))))];
  }

  /** The listed domain above a domain that covers it. */
  aboveDomain(name: string): Obstacle | undefined {
    for (let dot = name.indexOf("."); dot !== -1; dot = name.indexOf(".", dot + 1)) {
      const parent = name.slice(dot + 1);
      if (this.#domains.has(parent)) return covered(parent);
    }
    return undefined;
  }

  /** The listed network, wider than this address or network, that covers it. */
  aroundAddress(value: string): Obstacle | undefined {
    const own = parseNetwork(value.includes("/") ? value : `${value}/${value.includes(":") ? 128 : 32}`);
    if (own === undefined) return undefined;
    for (const bits of this.#lengths) {
      const around = bits < own.bits ? formatNetwork(widened(own, bits)) : "";
      if (this.#networks.has(around)) return covered(around);
    }
    return undefined;
  }
}

function widened(network: Network, bits: number): Network {
  return network.family === 4
    ? { ...network, address: maskIpv4(network.address, bits), bits }
    : { ...network, address: maskIpv6(network.address, bits), bits };
}

function covered(by: string): Obstacle {
  return { code: "covered", message: `${by} is listed, which covers it` };
}
