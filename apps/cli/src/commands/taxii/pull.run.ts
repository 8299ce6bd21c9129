import { type Bytes, concatBytes, sha256, toHex, utf8 } from "@detente/basics";
import { uuid5 } from "@detente/intel";
import { checkObject, CLIENT_LIMITS, pull } from "@detente/station/exchange";
import type { ObjectStore } from "@detente/store";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { exists, writeNew } from "../../files.ts";
import { withRemote, withState } from "../../taxii/remote.ts";
import { orTrouble, Trouble } from "../../trouble.ts";
import { amount } from "../../ui/text.ts";
import type { Flags } from "./pull.ts";

/** Of a bundle that `share` still reads. */
const MAX_BUNDLE: number = 60 * 1024 * 1024;

const PAGE = 1000;

/** Under which a bundle's id is a name; drawn once for this purpose. */
const BUNDLES = "b1f7e3c2-6d0a-4a55-9a5e-27c0f3d8e914";

export async function run(cli: Cli, { collection, state, output, ...remote }: Flags, address: string): Promise<Answer> {
  if (output !== undefined && (await exists(output)))
    throw new Trouble(output, "exists", "choose another name or remove it");
  const now = cli.context.now;
  return withState(state, now, async (store) => {
    const bar = cli.progress("pulling", undefined, (count) => amount(count, "object"));
    const { key, report } = await withRemote(address, collection, remote, async ({ collection: from, fetch }) => {
      const name = `${from.apiRoot} ${from.collection}`;
      const pulled = await pull({
        from,
        fetch,
        limits: CLIENT_LIMITS,
        check: (bytes) => {
          bar.add(1);
          return checkObject(bytes);
        },
        into: { writer: store.writer, collection: name, source: from.apiRoot },
        progress: { records: store.marks, key: `pull ${name}` },
        now,
      });
      return { key: name, report: pulled };
    });
    bar.clear();
    const { received, added, refused, refusedCount, isComplete } = orTrouble(report, address);
    cli.remark(...refused.map((reason) => `${address}: ${reason}`));
    const written = output === undefined ? undefined : await writeOut(store, key, output);
    const lines = [`${amount(received, "object")} received, ${added} new, ${refusedCount} refused`];
    if (written !== undefined && written.count > 0) lines.push(`Wrote ${amount(written.count, "object")} to ${output}`);
    if (!isComplete || written?.more === true) lines.push("There is more; run this again");
    return {
      json: {
        received,
        added,
        refused: refusedCount,
        isComplete: isComplete && written?.more !== true,
        ...(written === undefined ? {} : { written: written.count, file: written.count > 0 ? output : null }),
      },
      text: lines,
      isNo: written === undefined ? added === 0 : written.count === 0,
      isPartial: refusedCount > 0,
    };
  });
}

/** Writes what was not written before; that it was is put down when the file is whole. */
async function writeOut(
  store: ObjectStore,
  collection: string,
  path: string,
): Promise<{ readonly count: number; readonly more: boolean }> {
  const mark = `written ${collection}`;
  let after = ((await store.marks.get(mark)) as number | undefined) ?? -1;
  const objects: Bytes[] = [];
  let size = 0;
  let more = true;
  while (more && size < MAX_BUNDLE) {
    const query = { versions: "all", after, limit: PAGE, maxBytes: Math.max(1, MAX_BUNDLE - size) } as const;
    const page = await store.reader.objects(collection, query);
    more = page.more;
    for (const { bytes, added } of page.rows) {
      objects.push(bytes);
      size += bytes.length + 1;
      after = added;
    }
  }
  if (objects.length === 0) return { count: 0, more: false };
  const id = uuid5(BUNDLES, objects.map((bytes) => toHex(sha256(bytes))).join());
  const comma = utf8(",");
  const parts = objects.flatMap((bytes, i) => (i === 0 ? [bytes] : [comma, bytes]));
  await writeNew(path, concatBytes(utf8(`{"type":"bundle","id":"bundle--${id}","objects":[`), ...parts, utf8("]}\n")));
  await store.marks.set(mark, after);
  return { count: objects.length, more };
}
