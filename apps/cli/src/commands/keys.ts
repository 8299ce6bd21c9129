import { KEY_ROLES, type KeyRole } from "@detente/record/vocabulary";
import { one, optional } from "../args.ts";
import { command } from "../command.ts";

function keyRole(text: string): KeyRole {
  const role = KEY_ROLES.find((candidate) => candidate === text);
  if (role === undefined) throw new Error(`"${text}" is no role; roles are ${KEY_ROLES.join(", ")}`);
  return role;
}

export type Flags = { readonly next?: string };

export const rotateCommand = command<Flags, [KeyRole]>({
  brief: "Replace a key by the one that was committed to as its successor",
  about:
    "The successor is read from keys/next.json in the data directory, or from a copy of that file with --next. A successor of " +
    "the new key comes into keys/next.json: move it to paper or a token. `detente status` shows until when the old key is used too.",
  examples: ["detente keys rotate transport", "detente keys rotate log --next /media/token/next.json"],
  flags: { next: optional(String, "file", "a copy of keys/next.json that was kept elsewhere") },
  args: one(keyRole, "ROLE", KEY_ROLES.join(", ")),
  load: () => import("./keys.run.ts"),
});
