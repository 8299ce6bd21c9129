import type { BlockList } from "./block-list.ts";
import { headerOf, joinLines, notInFormat, remarkOf, renderEach, type Rendering } from "./rendering.ts";

/**
 * A hosts file (hosts(5)). It names single hosts: names below a listed one are not blocked. Each name is given an
 * address of both families, or the other one would still be asked for.
 */
export function renderHosts(list: BlockList): Rendering {
  const { lines, leftOut } = renderEach(list, (entry) => {
    if (entry.kind !== "domain") return notInFormat("a hosts file holds names only");
    const remark = remarkOf(entry);
    return `0.0.0.0 ${entry.value} # ${remark}\n:: ${entry.value} # ${remark}`;
  });
  const header = headerOf(list, lines.length, leftOut).map((line) => `# ${line}`);
  return { files: [{ name: "detente.hosts", text: joinLines(header, lines) }], leftOut };
}
