import { MAX_STIX_BUNDLE, readStixBundle, type StixObject } from "@detente/intel";
import { type Tlp, TLP_LABELS } from "@detente/record";
import { CLIENT_LIMITS, mayLeave, push } from "@detente/station";
import type { NewObject } from "@detente/store";
import { required } from "../../args.ts";
import type { Cli } from "../../cli.ts";
import { command } from "../../command.ts";
import { readWhole } from "../../files.ts";
import { REMOTE_FLAGS, type RemoteFlags, withRemote, withState } from "../../taxii/remote.ts";
import { orTrouble } from "../../trouble.ts";
import { amount } from "../../ui/text.ts";

type Flags = RemoteFlags & { readonly collection: string; readonly state: string; readonly tlp: Tlp };

export const taxiiPushCommand = command<Flags, [string, ...string[]]>({
  brief: "Send STIX objects of files to a collection of a TAXII 2.1 server",
  about:
    "Objects go in the bytes in which they stand in the files. The state remembers what was sent, so the same files can be " +
    "given again, after an interruption too. What is marked stricter than --tlp, or with a marking whose definition is not " +
    "in the files, stays here. A station can send what was shared on a schedule (taxii in station.json). Exit code 2: some " +
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
    const { objects, definitions, rejected } = await readObjects(cli, paths);
    return withState(state, cli.context.now, async (store) => {
      const key = `out ${address} ${collection}`;
      const bar = cli.progress("pushing", objects.length, (count) => amount(count, "object"));
      const added = orTrouble(await store.writer.add(key, "files", objects), state);
      const obstacle = mayLeave(tlp, definitions);
      const report = await withRemote(address, collection, remote, ({ collection: to, fetch }) =>
        push({
          to,
          fetch,
          limits: CLIENT_LIMITS,
          from: { reader: store.reader, collection: key },
          progress: { records: store.marks, key: `push ${key}` },
          obstacle: (object) => {
            bar.add(1);
            return obstacle(object);
          },
          wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
        }),
      );
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
  /** Marking definitions in the files, by id. */
  readonly definitions: ReadonlyMap<string, StixObject["view"]>;
  readonly rejected: number;
}

async function readObjects(cli: Cli, paths: readonly string[]): Promise<ReadObjects> {
  const objects: NewObject[] = [];
  const definitions = new Map<string, StixObject["view"]>();
  let rejected = 0;
  for (const path of paths) {
    const bundle = orTrouble(readStixBundle(await readWhole(path, MAX_STIX_BUNDLE)), path);
    for (const [i, object] of bundle.objects.entries()) {
      if (!object.ok) {
        rejected++;
        cli.remark(`${path}: objects[${i}]: ${object.fault.message}`);
        continue;
      }
      const { id, type, bytes, view } = object.value;
      const version = view["modified"] ?? view["created"];
      objects.push({ id, bytes, ...(typeof version === "string" && { version }) });
      if (type === "marking-definition") definitions.set(id, view);
    }
  }
  return { objects, definitions, rejected };
}
