import { type Bytes, toHex } from "@detente/basics";
import { isEntitled, readAudience } from "@detente/record";
import type { Entitlements } from "../http/body-routes.ts";
import type { Indexer } from "./indexer.ts";
import type { Membership } from "./membership.ts";

/** Who may have what by the audiences on the record: a body by its own, a blob by those of the shares that it belongs to. */
export class RecordedEntitlements implements Entitlements {
  readonly #membership: Membership;
  readonly #indexer: Indexer;

  constructor(membership: Membership, indexer: Indexer) {
    this.#membership = membership;
    this.#indexer = indexer;
  }

  mayHaveBody(party: string, body: Bytes): boolean {
    return isEntitled(readAudience(body), party, this.#membership.names());
  }

  mayHaveBlob(party: string, digest: Bytes): boolean {
    const members = this.#membership.names();
    const shares = this.#indexer.sharesOf(toHex(digest));
    return shares.some(({ audience }) =>
      isEntitled(audience === "unit" ? audience : JSON.parse(audience), party, members),
    );
  }
}
