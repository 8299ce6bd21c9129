import type { Candidate, Item } from "@detente/intel";
import type { Tlp } from "@detente/record";
import type { ItemRow } from "@detente/station";
import type { Cli } from "./cli.ts";
import type { Progress } from "./ui/progress.ts";

/** Every item that was shared with this party. */
export async function candidates(cli: Cli, progress?: Progress): Promise<Candidate[]> {
  return cli.withStation(async (station) => {
    const found: Candidate[] = [];
    for await (const line of await station.lines("/api/items")) {
      const row = JSON.parse(line) as ItemRow;
      found.push({ ...row, tlp: row.tlp as Tlp, audience: row.audience, item: row.item as unknown as Item });
      progress?.add(1);
    }
    return found;
  });
}
