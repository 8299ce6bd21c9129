import { yes } from "../args.ts";
import { command } from "../command.ts";

export const partyCommand = command<{ readonly fingerprint: boolean }, [string?]>({
  brief: "Print this station's party file, or the fingerprint of a party file",
  about:
    "Compare fingerprints by telephone or in person before a charter is drafted: nothing else says whose file it is.",
  examples: ["detente party > alpha.json", "detente party --fingerprint", "detente party bravo.json --fingerprint"],
  flags: { fingerprint: yes("print the fingerprint: six groups of five digits, to be read aloud") },
  args: {
    kind: "tuple",
    parameters: [
      { parse: String, placeholder: "FILE", brief: "a party file (default: this station's)", optional: true },
    ],
  },
  load: () => import("./party.run.ts"),
});
