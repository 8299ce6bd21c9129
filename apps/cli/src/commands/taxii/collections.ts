import { one } from "../../args.ts";
import { command } from "../../command.ts";
import { REMOTE_FLAGS, type RemoteFlags } from "../../taxii/remote-flags.ts";

export const taxiiCollectionsCommand = command<RemoteFlags, [string]>({
  brief: "Show which collections a TAXII 2.1 server offers",
  about:
    "URL is its discovery resource (…/taxii2/) or an API root. Credentials go to that origin only. " +
    "Exit code 1: it offers none.",
  examples: ["detente taxii collections https://taxii.example/taxii2/ --token-file taxii.token"],
  flags: REMOTE_FLAGS,
  args: one(String, "URL", "of the discovery resource or an API root"),
  load: () => import("./collections.run.ts"),
});
