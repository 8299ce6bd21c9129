import { CLIENT_LIMITS, listCollections } from "@detente/station/exchange";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { withRemote } from "../../taxii/remote.ts";
import type { RemoteFlags } from "../../taxii/remote-flags.ts";
import { orTrouble } from "../../trouble.ts";
import { plain } from "../../ui/text.ts";

export async function run(cli: Cli, flags: RemoteFlags, address: string): Promise<Answer> {
  const { collections, passedOver } = await withRemote(address, undefined, flags, async ({ collection, fetch }) => {
    const { apiRoot, credentials } = collection;
    const authenticated = credentials === undefined ? {} : { credentials };
    const options = { address: apiRoot, fetch, limits: CLIENT_LIMITS, ...authenticated };
    return orTrouble(await listCollections(options), address);
  });
  cli.remark(...passedOver);
  const rows = collections.map(({ id, title, canRead, canWrite, apiRoot }) => {
    const rights = [canRead ? "read" : "", canWrite ? "write" : ""].filter((right) => right !== "");
    return [plain(id), rights.join(", "), plain(title), plain(apiRoot)];
  });
  return {
    json: { collections },
    text: rows.length === 0 ? ["No collections"] : cli.table(["collection", "may", "title", "API root"], rows),
    isNo: rows.length === 0,
  };
}
