import { several, yes } from "../../args.ts";
import { command } from "../../command.ts";

export type Kind = "cvrs" | "manifest" | "tallies";

export type Flags = { readonly kind?: Kind; readonly phantoms: boolean };

export const readCommand = command<Flags, string[]>({
  brief: "Say what an election office's files hold: contests, cards, faults",
  about:
    "Cast-vote records of Dominion (CSV; JSON with its manifests, loose or as ZIP), ES&S (with its lists of ballots), Hart (ZIP of XML), ClearBallot, " +
    "RAIRE and NIST SP 1500-103 (JSON, XML); ballot manifests as Arlo and Colorado have them; votes of batches. Several " +
    "files are one export. A row that cannot be read ends it, unless --phantoms counts a card of which nothing is known in " +
    "its place. Exit code 0: read whole, 1: with phantoms, 2: trouble.",
  examples: [
    "detente audit read cvr.csv",
    "detente audit read CVR_Export.zip --json",
    "detente audit read CvrExport.json ContestManifest.json CandidateManifest.json --phantoms",
    "detente audit read cvr.csv ballots-1.csv ballots-2.csv",
    "detente audit read manifest.csv",
  ],
  flags: {
    kind: {
      kind: "enum",
      values: ["cvrs", "manifest", "tallies"],
      brief: "what the files are (default: told by how they begin)",
      optional: true,
    },
    phantoms: yes("count rows that cannot be read as cards of which nothing is known"),
  },
  args: several("FILE", "the files of one export"),
  load: () => import("./read.run.ts"),
});
