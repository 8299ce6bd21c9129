import { type Tlp, TLP_LABELS } from "@detente/record/vocabulary";
import { required } from "../../args.ts";
import { command } from "../../command.ts";
import { REMOTE_FLAGS, type RemoteFlags } from "../../taxii/remote-flags.ts";

export type Flags = RemoteFlags & { readonly collection: string; readonly state: string; readonly tlp: Tlp };

export const taxiiPushCommand = command<Flags, [string, ...string[]]>({
  brief: "Send STIX objects of files to a collection of a TAXII 2.1 server",
  about:
    "Objects go in the bytes in which they stand in the files. The state remembers what was sent, so the same files can be " +
    "given again, after an interruption too. What is marked stricter than --tlp, or with a marking whose definition was in " +
    "none of the files so far, stays here; when that changes, all is offered again, which is no error there. A station can send what was shared on a schedule (taxii in station.json). Exit code 2: some " +
    "objects were not sent, or not taken, and were named.",
  examples: [
    "detente block --format stix -o out.json && detente taxii push https://taxii.example/api/ out.json --collection 91a7b528-80eb-42ed-a74d-c6fbd5a26116 --state partner.sqlite --tlp green",
  ],
  flags: {
    ...REMOTE_FLAGS,
    collection: required(String, "id", "the collection, as `detente taxii collections` shows it"),
    state: required(String, "file", "where it is kept what was sent"),
    tlp: { kind: "enum", values: TLP_LABELS, default: "clear", brief: "the strictest label that the server may get" },
  },
  args: {
    kind: "array",
    parameter: { parse: String, placeholder: "URL FILE", brief: "of the API root, then files with STIX objects" },
    minimum: 2,
  },
  load: () => import("./push.run.ts"),
});
