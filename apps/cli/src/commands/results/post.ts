import { one, optional, required, seconds, time } from "../../args.ts";
import { command } from "../../command.ts";
import { TO_FLAG } from "../../statements.ts";

export type Flags = {
  readonly about: string;
  readonly origin: string;
  readonly via: string;
  readonly obtained?: number;
  readonly precision: number;
  readonly to?: readonly string[];
};

export const postResultsCommand = command<Flags, [string]>({
  brief: "Put published results on the record, as this party got them",
  about:
    "Says an exhibit (the file's digest, where and when it was got) about THING, and how the checks of `detente results " +
    "check` came out. The file itself stays here: whoever got other bytes from the same place has another digest, which " +
    "`detente results seen` shows.",
  examples: ["detente results post detail.xml --about 1a2b3c4d5e6f --origin https://results.example/detail.xml"],
  flags: {
    about: required(String, "thing", "what it is about: a statement's hash, or its first digits"),
    origin: required(String, "url", "where the results are published"),
    via: { ...required(String, "text", "how they were got"), default: "downloaded" },
    obtained: optional(time, "time", "when (default: now)"),
    precision: { kind: "parsed", parse: seconds, brief: "how sure that time is", placeholder: "time", default: "1m" },
    to: TO_FLAG,
  },
  args: one(String, "FILE", "CSV, Clarity's detail.xml, or NIST SP 1500-100"),
  load: () => import("./post.run.ts"),
});
