import { buildRouteMap, type Command, type RouteMap } from "@stricli/core";
import type { Context } from "../../context.ts";
import { agreeCommand } from "./agree.ts";
import { charterCommand } from "./charter.ts";
import { commitCommand } from "./commit.ts";
import { countCommand } from "./count.ts";
import { drawCommand } from "./draw.ts";
import { enterCommand } from "./enter.ts";
import { exportAuditCommand } from "./export.ts";
import { filesCommand } from "./files.ts";
import { nextCommand } from "./next.ts";
import { openCommand } from "./open.ts";
import { riskCommand } from "./risk.ts";
import { chanceCommand } from "./seed/chance.ts";
import { closeCommand } from "./seed/close.ts";
import { sealCommand } from "./seed/seal.ts";
import { showShareCommand } from "./seed/show.ts";
import { statusOfAuditCommand } from "./status.ts";
import { verifyAuditCommand } from "./verify.ts";

/** The commands of an audit on the record, in the order in which it goes. */
export const auditCommands: Readonly<Record<string, Command<Context> | RouteMap<Context>>> = {
  charter: charterCommand,
  commit: commitCommand,
  files: filesCommand,
  seed: buildRouteMap<string, Context>({
    docs: { brief: "Make the seed together: seal, show, close, then dice and beacon" },
    routes: { seal: sealCommand, show: showShareCommand, close: closeCommand, chance: chanceCommand },
  }),
  draw: drawCommand,
  enter: enterCommand,
  agree: agreeCommand,
  open: openCommand,
  risk: riskCommand,
  count: countCommand,
  next: nextCommand,
  status: statusOfAuditCommand,
  export: exportAuditCommand,
  verify: verifyAuditCommand,
};
