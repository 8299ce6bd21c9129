import type { Cli } from "../cli.ts";
import type { Answer } from "../command.ts";
import { checkClock, checkDisk, checkKeys, checkPermissions, checkSettings } from "../doctor/directory.ts";
import type { Finding } from "../doctor/finding.ts";
import { checkRunning, checkStatus } from "../doctor/running.ts";
import type { Cell } from "../ui/table.ts";

export async function run(cli: Cli): Promise<Answer> {
  const settings = await checkSettings(cli.dir);
  const findings: Finding[] = [settings];
  // Without settings there is no station to look at.
  if (settings.state === "good") {
    findings.push(
      await checkPermissions(cli.dir),
      await checkKeys(cli.dir),
      await checkDisk(cli.dir),
      await checkClock(cli.dir, cli.context.now()),
    );
    await cli.withStation(async (station) => {
      const { isRunning, ...running } = await checkRunning(cli.dir, station);
      findings.push(running, ...(isRunning ? await checkStatus(station) : []));
    });
  }
  const { good, bad, doubtful } = cli.palette;
  const paint = { good, bad, note: doubtful };
  const rows = findings.map(({ check, state, detail, remedy = "" }): Cell[] => [
    { text: state, paint: paint[state] },
    check,
    remedy === "" ? detail : `${detail} — ${remedy}`,
  ]);
  const isHealthy = findings.every(({ state }) => state !== "bad");
  return { json: { healthy: isHealthy, findings }, text: cli.table(["", "check", "found"], rows), isNo: !isHealthy };
}
