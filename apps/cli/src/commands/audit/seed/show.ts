import { one, yes } from "../../../args.ts";
import { command } from "../../../command.ts";

export type Flags = { readonly without: boolean };

export const showShareCommand = command<Flags, [string]>({
  brief: "Show what this party has sealed for the seed, once all auditors have sealed",
  about:
    "Who has not sealed by then can have no part in the seed, so it is refused while one is missing, unless --without says so.",
  examples: ["detente audit seed show 1a2b3c4d5e6f", "detente audit seed show 1a2b3c4d5e6f --without"],
  flags: { without: yes("go on without the auditors that have not sealed; more than half must have") },
  args: one(String, "AUDIT", "the audit's hash, or its first digits"),
  load: () => import("./show.run.ts"),
});
