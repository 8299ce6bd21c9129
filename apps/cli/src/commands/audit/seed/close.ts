import { one, yes } from "../../../args.ts";
import { command } from "../../../command.ts";

export type Flags = { readonly without: boolean };

export const closeCommand = command<Flags, [string]>({
  brief: "Close the contributions to the seed, before the beacon's next round comes out",
  about:
    "The attempt is the first of the charter's beacon rounds that is still to come by this machine's clock. Contributions that are " +
    "not here are left out for good, so it is refused while one is missing, unless --without says so.",
  examples: ["detente audit seed close 1a2b3c4d5e6f"],
  flags: { without: yes("leave out the auditors that have not shown what they sealed") },
  args: one(String, "AUDIT", "the audit's hash, or its first digits"),
  load: () => import("./close.run.ts"),
});
