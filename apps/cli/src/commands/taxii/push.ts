import { compareText, sha256, toHex, utf8, utf8Decode } from "@detente/basics";
import { MAX_STIX_BUNDLE, readStixBundle, type StixObject } from "@detente/intel";
import { type Tlp, TLP_LABELS } from "@detente/record";
import { CLIENT_LIMITS, mayLeave, push } from "@detente/station";
import type { NewObject, ObjectStore } from "@detente/store";
import { required } from "../../args.ts";
import type { Cli } from "../../cli.ts";
import { command } from "../../command.ts";
import { readWhole } from "../../files.ts";
import { REMOTE_FLAGS, type RemoteFlags, withRemote, withState } from "../../taxii/remote.ts";
import { orTrouble } from "../../trouble.ts";
import { amount } from "../../ui/text.ts";

type Flags = RemoteFlags & { readonly collection: string; readonly state: string; readonly tlp: Tlp };
type Definitions = ReadonlyMap<string, StixObject["view"]>;

const PAGE = 1000;

export const taxiiPushCommand = command<Flags, [string, ...string[]]>({
  brief: "Send STIX objects of files to a collection of a TAXII 2.1 server",
  about:
    "Objects go in the bytes in which they stand in the files. The state remembers what was sent, so the same files can be " +
    "given again, after an interruption too. What is marked stricter than --tlp, or with a marking whose definition was in " +
    "none of the files so far, stays here; when that changes, all is offered again, which is no error there. A station can send what was shared on a schedule (taxii in station.json). Exit code 2: some " +
    "objects were not sent, or not taken, and were named.",
  examples: [
    "detente block --format stix -o out.json && detente taxii push https://taxii.example/api/ out.json --collection 91a7b528-80eb-42ed-a74d-c6fbd5a26116 --state partner.sqlite --tlp green",
  ],
  flags: {
    ...REMOTE_FLAGS,
    collection: required(String, "id", "the collection, as `detente taxii collections` shows it"),
    state: required(String, "file", "where it is kept what was sent"),
    tlp: { kind: "enum", values: TLP_LABELS, default: "clear", brief: "the strictest label that the server may get" },
  },
  args: {
    kind: "array",
    parameter: { parse: String, placeholder: "URL FILE", brief: "of the API root, then files with STIX objects" },
    minimum: 2,
  },
  async run(cli, { collection, state, tlp, ...remote }, address, ...paths) {
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
  },
});

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
