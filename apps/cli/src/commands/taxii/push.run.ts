import { compareText, sha256, toHex, utf8, utf8Decode } from "@detente/basics";
import { MAX_STIX_BUNDLE, readStixBundle, type StixObject } from "@detente/intel";
import type { Tlp } from "@detente/record/vocabulary";
import { CLIENT_LIMITS, mayLeave, push } from "@detente/station/exchange";
import type { NewObject, ObjectStore } from "@detente/store";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { readWhole } from "../../files.ts";
import { withRemote, withState } from "../../taxii/remote.ts";
import { orTrouble } from "../../trouble.ts";
import { amount } from "../../ui/text.ts";
import type { Flags } from "./push.ts";

type Definitions = ReadonlyMap<string, StixObject["view"]>;

const PAGE = 1000;

export async function run(
  cli: Cli,
  { collection, state, tlp, ...remote }: Flags,
  address: string,
  ...paths: string[]
): Promise<Answer> {
  const { objects, rejected } = await readObjects(cli, paths);
  return withState(state, cli.context.now, async (store) => {
    const bar = cli.progress("pushing", objects.length, (count) => amount(count, "object"));
    const { added, report } = await withRemote(address, collection, remote, async ({ collection: to, fetch }) => {
      const key = `out ${to.apiRoot} ${to.collection}`;
      const outcomes = orTrouble(await store.writer.add(key, "files", objects), state);
      const definitions = await definitionsIn(store, key);
      const obstacle = mayLeave(tlp, definitions);
      const pushed = await push({
        to,
        fetch,
        limits: CLIENT_LIMITS,
        from: { reader: store.reader, collection: key },
        progress: { records: store.marks, key: `push ${key} ${policyOf(tlp, definitions)}` },
        obstacle: (object) => {
          bar.add(1);
          return obstacle(object);
        },
        wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      });
      return { added: outcomes, report: pushed };
    });
    bar.clear();
    const { sent, taken, refused, refusedCount } = orTrouble(report, address);
    const conflicts = added.filter(({ outcome }) => outcome === "conflict").length;
    if (conflicts > 0)
      cli.remark(`${amount(conflicts, "object")} differ from what was sent under the same id and version`);
    cli.remark(...refused.map(({ id, message }) => `${id}: ${message}`));
    return {
      json: { sent, taken, refused: refusedCount, rejected, conflicts },
      text: [`${amount(sent, "object")} sent, ${taken} taken, ${refusedCount} refused`],
      isPartial: refusedCount + rejected + conflicts > 0,
    };
  });
}

interface ReadObjects {
  readonly objects: readonly NewObject[];
  readonly rejected: number;
}

async function readObjects(cli: Cli, paths: readonly string[]): Promise<ReadObjects> {
  const objects: NewObject[] = [];
  let rejected = 0;
  for (const path of paths) {
    const bundle = orTrouble(readStixBundle(await readWhole(path, MAX_STIX_BUNDLE)), path);
    for (const [i, object] of bundle.objects.entries()) {
      if (!object.ok) {
        rejected++;
        cli.remark(`${path}: objects[${i}]: ${object.fault.message}`);
        continue;
      }
      const { id, bytes, view } = object.value;
      const version = view["modified"] ?? view["created"];
      objects.push({ id, bytes, ...(typeof version === "string" && { version }) });
    }
  }
  return { objects, rejected };
}

/** By id, the marking definitions among all objects that this state was given for the collection. */
async function definitionsIn({ reader }: ObjectStore, collection: string): Promise<Definitions> {
  const definitions = new Map<string, StixObject["view"]>();
  let after = -1;
  for (let more = true; more;) {
    const page = await reader.objects(collection, {
      types: ["marking-definition"],
      versions: "all",
      after,
      limit: PAGE,
    });
    for (const { id, bytes, added } of page.rows) {
      after = added;
      definitions.set(id, JSON.parse(utf8Decode(bytes) ?? "{}") as StixObject["view"]);
    }
    more = page.more;
  }
  return definitions;
}

/** What decides which objects stay here: how far the sending came is kept for each, or those would stay for ever. */
function policyOf(tlp: Tlp, definitions: Definitions): string {
  const ids = [...definitions.keys()].toSorted(compareText);
  return `${tlp} ${toHex(sha256(utf8(ids.join())))}`;
}
