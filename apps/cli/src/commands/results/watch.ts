import { one, seconds, yes } from "../../args.ts";
import { command } from "../../command.ts";

export type Flags = { readonly interval: number; readonly once: boolean };

export const watchResultsCommand = command<Flags, [string]>({
  brief: "Watch a directory of published results as several observers get them",
  about:
    "DIR holds a directory for each observer, with a file for each time the results were got (CSV, Clarity's detail.xml, " +
    "NIST SP 1500-100); a time in the file's name counts, else when it was changed. Each different file is checked by " +
    "itself, against what anybody got before, and against others that say they were made at the same time. Without " +
    "--once it goes on until it is stopped, and says each finding once. Exit code 0: nothing found, 1: findings, 2: a file " +
    "could not be read (or trouble).",
  examples: ["detente results watch snapshots/ --once --json", "detente results watch snapshots/ --interval 30s"],
  flags: {
    interval: {
      kind: "parsed",
      parse: seconds,
      brief: "how often to look for new files",
      placeholder: "time",
      default: "10s",
    },
    once: yes("look once and end"),
  },
  args: one(String, "DIR", "snapshots, a directory for each observer"),
  load: () => import("./watch.run.ts"),
});
