import type { Candidate, Item } from "@detente/intel";
import type { Tlp } from "@detente/record";
import type { IntelRow } from "@detente/station";
import type { Cli } from "./cli.ts";
import type { Progress } from "./ui/progress.ts";

const PAGE = 1000;

/** Every item that was shared with this party, or those whose value contains `text`. */
export async function candidates(cli: Cli, text?: string, progress?: Progress): Promise<Candidate[]> {
  return cli.withStation(async (station) => {
    const found: Candidate[] = [];
    let after: number | undefined;
    do {
      const query = { q: text, limit: PAGE, after };
      const page: { rows: IntelRow[]; next?: number } = await station.get("/api/intel", query);
      for (const row of page.rows) {
        const candidate = candidateOf(row);
        if (candidate !== undefined) found.push(candidate);
      }
      progress?.add(page.rows.length);
      after = page.next;
    } while (after !== undefined);
    return found;
  });
}

/** Nothing where the item itself was erased. */
function candidateOf({ item, party, share, index, title, tlp, at, status }: IntelRow): Candidate | undefined {
  if (item === null) return undefined;
  return { item: item as unknown as Item, party, share, index, title, tlp: tlp as Tlp, at, status };
}
