import { optional } from "../../args.ts";
import { command } from "../../command.ts";

export const policyCommand = command<{ readonly charter?: string }, [string]>({
  brief: "Print the policy under which a single statement of a party is verified",
  about:
    "The policy (c2sp.org/tlog-policy) names the party's log and asks for cosignatures of the charter's quorum of other " +
    "parties, by their witness or their mirror. Whoever verifies a .tlog-proof must have it from somebody he trusts, not with the proof. It knows " +
    "the keys of the charter: after a rotation, print it anew.",
  examples: ["detente charter policy bravo > bravo.policy", "detente charter policy bravo --charter charter.json"],
  flags: { charter: optional(String, "file", "a charter document (default: the running station's charter)") },
  args: {
    kind: "tuple",
    parameters: [{ parse: String, placeholder: "PARTY", brief: "whose statements are to be verified" }],
  },
  load: () => import("./policy.run.ts"),
});
