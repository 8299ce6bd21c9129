import type { StatusReport } from "@detente/station";
import type { Station } from "../station.ts";
import { Trouble } from "../trouble.ts";
import { plain } from "../ui/text.ts";

/** Refuses names that no party of the unit has. @param place what a trouble is about */
export async function membersOnly(station: Station, names: readonly string[], place: string): Promise<void> {
  const { unit } = await station.get<StatusReport>("/api/status");
  const stranger = names.find((party) => unit?.members.every((name) => name !== party) === true);
  if (stranger === undefined) return;
  throw new Trouble(
    place,
    `${plain(stranger)} is no member of the unit`,
    "`detente status` names them; nothing was changed",
  );
}
