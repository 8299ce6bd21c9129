import { type Json, utf8 } from "@detente/basics";
import { checkContent, type EquivocationContent } from "@detente/record";
import { formatVkey, parseCheckpointNote, type Policy } from "@detente/tlog";
import { judgeEquivocation } from "@detente/unit";
import { Trouble } from "../trouble.ts";
import { plain } from "../ui/text.ts";
import type { Verdict } from "./verdict.ts";

/** Verifies that a log has signed two versions of itself. */
export function verifyEquivocation(path: string, value: Json, policy: Policy): Verdict {
  const checked = checkContent("observe", "equivocation", value);
  if (!checked.ok) throw new Trouble(path, checked.fault.message);
  const content = checked.value.content as EquivocationContent;
  const keys = policy.logs.filter(({ key }) => key.name === content.log).map(({ key }) => formatVkey(key));
  const judged = judgeEquivocation(content, keys);
  const sizes = [content.first, content.second].map((note) => {
    const parsed = parseCheckpointNote(utf8(note));
    return parsed.ok ? parsed.value.checkpoint.size : null;
  });
  return {
    form: "equivocation",
    checked: judged.ok
      ? [
          `both checkpoints are signed by ${plain(content.log)}`,
          "no one log can have both: its holder has shown different records",
        ]
      : [],
    problems: judged.ok ? [] : [judged.fault.message],
    says: [`an alleged equivocation of ${plain(content.log)} between checkpoints of ${sizes.join(" and ")} entries`],
    details: { log: content.log, sizes },
  };
}
