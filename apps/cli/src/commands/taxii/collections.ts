import { CLIENT_LIMITS, listCollections } from "@detente/station";
import { one } from "../../args.ts";
import { command } from "../../command.ts";
import { REMOTE_FLAGS, type RemoteFlags, withRemote } from "../../taxii/remote.ts";
import { orTrouble } from "../../trouble.ts";
import { plain } from "../../ui/text.ts";

export const taxiiCollectionsCommand = command<RemoteFlags, [string]>({
  brief: "Show which collections a TAXII 2.1 server offers",
  about:
    "URL is its discovery resource (…/taxii2/) or an API root. Credentials go to that origin only. " +
    "Exit code 1: it offers none.",
  examples: ["detente taxii collections https://taxii.example/taxii2/ --token-file taxii.token"],
  flags: REMOTE_FLAGS,
  args: one(String, "URL", "of the discovery resource or an API root"),
  async run(cli, flags, address) {
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
  },
});
