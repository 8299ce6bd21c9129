import { stixIdentityId } from "@detente/intel";
import type { StationConfig } from "../setup/config.ts";

/** The STIX identities of a party: what names one of them as its creator was marked by the party itself. */
export function identitiesOf({
  name,
  identities = [],
}: Pick<StationConfig, "name" | "identities">): ReadonlySet<string> {
  return new Set([stixIdentityId(name), ...identities]);
}
